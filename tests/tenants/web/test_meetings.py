"""Pages of meetings: planned, entered in one sitting by several people, closed, and their record."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from saas import clock
from saas.events import Event
from saas.policy import Role
from saas.tenancy import CONSOLE
from saas.transaction import within
from tenants.models.action_details import ActionNote, ActionVersion
from tenants.models.meetings import Meeting, MeetingItem
from tenants.models.plans import Action
from tenants.queries.plans import get_action
from tenants.services import plans
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.meetings import close_meeting, make_meeting
from tests.factories.plans import make_action, make_plan
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user

Statements = Callable[[], AbstractContextManager[list[str]]]


@dataclass(frozen=True)
class Sitting:
    """A plan of two lines, a meeting of today about it, and where its pages are."""

    plan: UUID
    first: UUID
    second: UUID
    meeting: UUID
    plan_page: str

    @property
    def page(self) -> str:
        """Where the meeting is."""
        return f"{self.plan_page}/meetings/{self.meeting}"


@pytest.fixture
def sitting(app: Flask, council: MadeCouncil) -> Sitting:
    """Two open lines and a meeting."""
    plan = make_plan(app, council)
    first = make_action(app, council, plan, action="Write roles.", timescale="May 2027", responsibility="The panel")
    second = make_action(app, council, plan, action="Hold a fair.", timescale="Summer", status_text="Working on it")
    meeting = make_meeting(app, council, plan)
    return Sitting(plan, first, second, meeting, f"/councils/{council.slug}/plans/{plan}")


@pytest.fixture
def chair(app: Flask, council: MadeCouncil, client: CheckingClient) -> CheckingClient:
    """The chair of the steering group, signed in."""
    return client.sign_in(make_user(app, council, Role.STEERING_CHAIR))


def typed_on(page: str) -> dict[str, str]:
    """Every field of the sitting's form with what stands in it."""
    form = page.rsplit("<form", maxsplit=1)[-1]
    found = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', form))
    found |= dict(re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>', form, re.DOTALL))
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
        found[name] = chosen[1] if chosen else ""
    return {name: unescape(value) for name, value in found.items() if name != "csrf_token"}


def opened(client: CheckingClient, sitting: Sitting) -> dict[str, str]:
    """The sitting's form as it opens."""
    return typed_on(client.get(f"{sitting.page}/sitting").text)


def lines_of(in_scope: InScope, council: MadeCouncil) -> list[tuple[Any, ...]]:
    """Status, timescale and responsibility of every line."""
    with in_scope(council.scope()) as session:
        wanted = sa.select(Action.status, Action.timescale, Action.responsibility).order_by(Action.position)
        return [tuple(row) for row in session.execute(wanted)]


def change(app: Flask, council: MadeCouncil, action_id: UUID, **values: Any) -> None:
    """Somebody else changes a line."""
    with app.app_context(), within(council.scope()):
        row = get_action(council.id, action_id, lock=True)
        plans.update_action(row, version=row.version, by=CONSOLE, **values)


def test_a_meeting_is_planned_changed_and_called_off(
    chair: CheckingClient, sitting: Sitting, council: MadeCouncil, in_scope: InScope
) -> None:
    day = clock.today() + timedelta(days=11)
    parts = {f"held_on-{part}": str(getattr(day, part)) for part in ("day", "month", "year")}
    refused = chair.post(f"{sitting.plan_page}/meetings/add", data=parts)
    assert (refused.status_code, "Enter who meets" in refused.text) == (422, True)
    answer = chair.post(f"{sitting.plan_page}/meetings/add", data={"body": "The  panel", **parts})
    assert answer.status_code == 303
    page = chair.get(answer.location).text
    assert "Still to come." in page
    assert "Enter its changes" not in page
    assert chair.get(f"{answer.location}/sitting").status_code == 303
    assert chair.post(f"{answer.location}/sitting", data={}).status_code == 409
    typed = {"body": "Another panel", **parts}
    assert chair.post(f"{answer.location}/edit", data={**typed, "version": "1"}).status_code == 303
    stale = chair.post(f"{answer.location}/edit", data={**typed, "body": "A third", "version": "1"})
    assert (stale.status_code, "A third" in stale.text, "Another panel" in stale.text) == (409, True, True)
    assert "Planned" in chair.get(f"{sitting.plan_page}/meetings").text
    assert chair.post(f"{answer.location}/call-off").status_code == 303
    with in_scope(council.scope()) as session:
        assert session.scalars(sa.select(Meeting.body)).all() == ["Steering group"]


def test_a_plan_goes_through_a_meeting_in_one_sitting(
    chair: CheckingClient, sitting: Sitting, council: MadeCouncil, in_scope: InScope
) -> None:
    typed = opened(chair, sitting)
    assert typed[f"status-{sitting.second}"] == ""
    typed |= {
        "head-minute": "14/2027",
        "head-notes": "All groups were there.",
        f"timescale-{sitting.first}": "by June 2027",
        f"responsibility-{sitting.first}": "Head of Democratic Services",
        f"status-{sitting.first}": "in_progress",
        f"note-{sitting.first}": "A first text was read.",
        f"minute-{sitting.first}": "14.2",
        f"status-{sitting.second}": "decided_against",
        f"decision-{sitting.second}": "Not to do: no hall is free.",
    }
    answer = chair.post(f"{sitting.page}/sitting", data=typed)
    assert answer.status_code == 303
    page = chair.get(answer.location).text
    assert "2 lines were entered." in page
    for words in (
        "Not to do: no hall is free.",
        "A first text was read.",
        "Minutes: 14/2027.",
        "All groups were there.",
    ):
        assert words in page
    assert "Timescale: May 2027 → by June 2027" in page
    assert lines_of(in_scope, council) == [
        ("in_progress", "by June 2027", "Head of Democratic Services"),
        ("decided_against", "Summer", ""),
    ]
    with in_scope(council.scope()) as session:
        versions = session.execute(sa.select(ActionVersion.number, ActionVersion.meeting_id)).all()
        assert sorted(versions, key=str) == sorted(
            [(1, None), (1, None), (2, sitting.meeting), (2, sitting.meeting)], key=str
        )
        notes = session.execute(sa.select(ActionNote.meeting_id, ActionNote.minute, ActionNote.noted_on)).all()
        assert notes == [(sitting.meeting, "14.2", clock.today())]
    again = opened(chair, sitting)
    assert again[f"decision-{sitting.second}"] == "Not to do: no hall is free."
    assert again[f"status-{sitting.second}"] == "decided_against"


def test_the_notes_of_a_sitting_are_written_in_one_statement(
    chair: CheckingClient, sitting: Sitting, council: MadeCouncil, in_scope: InScope, statements: Statements
) -> None:
    notes = {f"note-{line}": f"Read {number}." for number, line in enumerate((sitting.first, sitting.second), start=1)}
    typed = opened(chair, sitting) | notes
    with statements() as sql:
        assert chair.post(f"{sitting.page}/sitting", data=typed).status_code == 303
    assert sum(each.startswith("INSERT INTO action_notes") for each in sql) == 1
    with in_scope(council.scope()) as session:
        assert sorted(session.scalars(sa.select(ActionNote.words))) == ["Read 1.", "Read 2."]


def test_what_was_not_touched_stays_whoever_changed_it(
    app: Flask, chair: CheckingClient, sitting: Sitting, council: MadeCouncil, in_scope: InScope
) -> None:
    typed = opened(chair, sitting)
    change(app, council, sitting.first, timescale="July 2027")
    answer = chair.post(f"{sitting.page}/sitting", data={**typed, f"note-{sitting.first}": "Spoken of."})
    assert answer.status_code == 303
    assert lines_of(in_scope, council)[0] == (None, "July 2027", "The panel")
    with in_scope(council.scope()) as session:
        assert session.scalars(sa.select(ActionNote.words)).all() == ["Spoken of."]


def test_a_line_that_somebody_changed_meanwhile_shows_both_texts_and_keeps_all_that_was_typed(
    app: Flask, chair: CheckingClient, sitting: Sitting, council: MadeCouncil, in_scope: InScope
) -> None:
    typed = opened(chair, sitting)
    change(app, council, sitting.first, timescale="July 2027")
    typed |= {f"timescale-{sitting.first}": "June 2027", f"decision-{sitting.second}": "Go on."}
    answer = chair.post(f"{sitting.page}/sitting", data=typed)
    assert answer.status_code == 409
    assert all(words in answer.text for words in ("Where you differ", "July 2027", "June 2027", "Go on."))
    assert lines_of(in_scope, council)[0] == (None, "July 2027", "The panel")
    with in_scope(council.scope()) as session:
        assert session.scalars(sa.select(MeetingItem.decision)).all() == []
    assert chair.post(f"{sitting.page}/sitting", data=typed_on(answer.text)).status_code == 303
    assert lines_of(in_scope, council)[0] == (None, "June 2027", "The panel")
    with in_scope(council.scope()) as session:
        assert sorted(session.scalars(sa.select(MeetingItem.decision))) == ["", "Go on."]


def test_a_line_taken_out_meanwhile_loses_no_word(
    app: Flask, chair: CheckingClient, sitting: Sitting, council: MadeCouncil
) -> None:
    typed = opened(chair, sitting) | {f"decision-{sitting.first}": "Ask the groups."}
    with app.app_context(), within(council.scope()):
        plans.remove_action(get_action(council.id, sitting.first, lock=True), by=CONSOLE)
    answer = chair.post(f"{sitting.page}/sitting", data=typed)
    assert (answer.status_code, "Ask the groups." in answer.text) == (409, True)
    assert chair.post(f"{sitting.page}/sitting", data=typed_on(answer.text)).status_code == 303


def test_two_people_enter_notes_of_the_meeting(chair: CheckingClient, sitting: Sitting) -> None:
    typed = opened(chair, sitting)
    assert chair.post(f"{sitting.page}/sitting", data=typed | {"head-notes": "First."}).status_code == 303
    answer = chair.post(f"{sitting.page}/sitting", data=typed | {"head-notes": "Second."})
    assert (answer.status_code, "First." in answer.text, "Second." in answer.text) == (409, True, True)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("status", "decided_against", "Say why it was decided against."),
        ("status", "somewhere", "Choose a status of the list."),
        ("minute", "m" * 201, "must be 200 characters or fewer"),
    ],
)
def test_a_refusal_stands_beside_its_field_and_nothing_is_saved(
    chair: CheckingClient, sitting: Sitting, council: MadeCouncil, in_scope: InScope, name: str, value: str, words: str
) -> None:
    typed = opened(chair, sitting) | {f"timescale-{sitting.second}": "June 2027", f"{name}-{sitting.first}": value}
    answer = chair.post(f"{sitting.page}/sitting", data=typed)
    assert (answer.status_code, words in answer.text, "June 2027" in answer.text) == (422, True, True)
    assert lines_of(in_scope, council) == [(None, "May 2027", "The panel"), (None, "Summer", "")]


def test_a_closed_record_stands(
    chair: CheckingClient, sitting: Sitting, council: MadeCouncil, in_scope: InScope
) -> None:
    typed = opened(chair, sitting) | {f"decision-{sitting.first}": "Go on."}
    chair.post(f"{sitting.page}/sitting", data=typed)
    page = chair.get(f"{sitting.page}/close").text
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version is not None
    assert chair.post(f"{sitting.page}/close", data={"version": "99"}).status_code == 409
    assert chair.post(f"{sitting.page}/close", data={"version": version[1]}).status_code == 303
    assert "The record was closed by" in chair.get(sitting.page).text
    assert chair.post(f"{sitting.page}/sitting", data=typed).status_code == 409
    assert chair.post(f"{sitting.page}/call-off").status_code == 409
    with in_scope(council.scope()) as session:
        verbs = session.scalars(sa.select(Event.verb).where(Event.subject == "meetings").order_by(Event.at, Event.seq))
        assert list(verbs) == ["meeting.planned", "meeting.recorded", "meeting.closed"]


def test_who_only_reads_sees_the_record_and_enters_nothing(
    app: Flask, client: CheckingClient, sitting: Sitting, council: MadeCouncil, in_scope: InScope
) -> None:
    client.sign_in(make_user(app, council, Role.COUNCIL_VIEWER))
    assert "Enter its changes" not in client.get(sitting.page).text
    assert client.get(f"{sitting.page}/sitting").status_code == 403
    assert client.post(f"{sitting.page}/sitting", data={"head-notes": "I was there."}).status_code == 403
    with in_scope(council.scope()) as session:
        assert session.execute(sa.select(Meeting.notes, Meeting.minute)).all() == [("", "")]
        assert session.scalars(sa.select(MeetingItem.id)).all() == []


def test_another_councils_meeting_and_another_plans_do_not_exist(
    app: Flask, client: CheckingClient, lead: MadeUser, sitting: Sitting, council: MadeCouncil
) -> None:
    other = make_plan(app, council, title="Another plan")
    client.sign_in(lead)
    assert client.get(f"/councils/{council.slug}/plans/{other}/meetings/{sitting.meeting}").status_code == 404
    elsewhere = make_council(app, council.region)
    client.sign_in(make_user(app, elsewhere, Role.COUNCIL_LEAD))
    assert client.get(f"/councils/{elsewhere.slug}/plans/{sitting.plan}/meetings/{sitting.meeting}").status_code == 404


@pytest.mark.parametrize("page", ["/meetings", "/meetings/{}", "/meetings/{}/sitting", "/meetings/{}/close"])
def test_pages_take_as_many_statements_for_three_as_for_one(
    app: Flask, chair: CheckingClient, sitting: Sitting, council: MadeCouncil, statements: Statements, page: str
) -> None:
    address = sitting.plan_page + page.format(sitting.meeting)
    typed = opened(chair, sitting) | {f"decision-{sitting.first}": "Go on.", f"note-{sitting.first}": "Read."}
    chair.post(f"{sitting.page}/sitting", data=typed)
    with statements() as few:
        chair.get(address)
    for number in range(2):
        make_action(app, council, sitting.plan, action=f"Another {number}")
    typed = opened(chair, sitting)
    for key in [name.removeprefix("seen-") for name in typed if name.startswith("seen-")]:
        typed |= {f"decision-{key}": "Go on then.", f"note-{key}": "Read again.", f"timescale-{key}": "2028"}
    assert chair.post(f"{sitting.page}/sitting", data=typed).status_code == 303
    earlier = make_meeting(app, council, sitting.plan, held_on=clock.today() - timedelta(days=90))
    close_meeting(app, council, sitting.plan, earlier)
    chair.get("/account")
    with statements() as many:
        chair.get(address)
    assert len(many) == len(few)


def test_an_impossible_day_is_kept_and_said_after_saving_and_before_closing(
    app: Flask, client: CheckingClient, chair: CheckingClient, sitting: Sitting, council: MadeCouncil, lead: MadeUser
) -> None:
    typed = opened(chair, sitting) | {
        f"timescale-{sitting.first}": "31 June 2027",
        f"timescale-{sitting.second}": "May 2027",
    }
    answer = chair.post(f"{sitting.page}/sitting", data=typed)
    assert answer.status_code == 303
    saved, close = chair.get(answer.location).text, chair.get(f"{sitting.page}/close").text
    assert "Check the timescale of action 1: no sure date could be read." in saved
    for page in (saved, close):
        assert "Action 1, “31 June 2027”: No such date: June 2027 has 30 days, not 31." in page
        assert f"/sitting#line-{sitting.first}" in page
        assert "Action 2, “May 2027”" not in page
    assert "1 timescale to check</a> before you close" in " ".join(close.split())
    client.sign_in(lead)
    assert f"/actions/{sitting.first}/edit#timescale" in client.get(sitting.page).text
    edit = client.get(f"/councils/{council.slug}/actions/{sitting.first}/edit").text
    assert "No such date: June 2027 has 30 days, not 31." in edit
    assert "changing the words here is the way" in edit
    change(app, council, sitting.first, timescale="30 June 2027")
    assert "Timescales to check" not in client.get(sitting.page).text


def test_the_minute_of_the_meeting_stands_beside_each_decision_without_one(
    chair: CheckingClient, sitting: Sitting
) -> None:
    typed = opened(chair, sitting) | {
        "head-minute": "14/2027",
        f"decision-{sitting.first}": "Go on.",
        f"decision-{sitting.second}": "Wait.",
        f"minute-{sitting.second}": "14.2",
    }
    page = chair.get(chair.post(f"{sitting.page}/sitting", data=typed).location).text
    decided = page[page.index(">Decided<") : page.index(">What changed<")]
    assert re.findall(r'<td data-label="Minute">([^<]*)</td>', decided) == ["14/2027", "14.2"]


def test_a_sitting_shows_the_remark_and_the_latest_note(
    app: Flask, chair: CheckingClient, sitting: Sitting, council: MadeCouncil
) -> None:
    change(app, council, sitting.first, remark="Depends on the budget.")
    chair.post(f"{sitting.page}/sitting", data=opened(chair, sitting) | {f"note-{sitting.first}": "Two texts read."})
    page = chair.get(f"{sitting.page}/sitting").text
    assert "Remark and latest note" in page
    assert "Depends on the budget." in page
    assert "Two texts read." in page


def test_a_sitting_adds_lines_with_what_was_decided_of_them(
    chair: CheckingClient, sitting: Sitting, council: MadeCouncil, in_scope: InScope
) -> None:
    typed = opened(chair, sitting) | {
        "head-minute": "14/2027",
        "new-1-action": "Ask every group for a mentor.",
        "new-1-timescale": "31 June 2027",
        "new-1-responsibility": "Group leaders",
        "new-1-decision": "Agreed by all groups.",
        "new-1-minute": "14.5",
        "new-3-action": "Write to the county.",
    }
    answer = chair.post(f"{sitting.page}/sitting", data=typed)
    assert answer.status_code == 303
    with in_scope(council.scope()) as session:
        columns = (Action.position, Action.ref, Action.action, Action.timescale, Action.responsibility)
        rows = session.execute(sa.select(*columns).where(Action.position > 2).order_by(Action.position)).all()
        assert rows == [
            (3, "3", "Ask every group for a mentor.", "31 June 2027", "Group leaders"),
            (4, "4", "Write to the county.", "", ""),
        ]
        items = session.execute(sa.select(MeetingItem.decision, MeetingItem.minute).order_by(MeetingItem.minute)).all()
        assert items == [("", ""), ("Agreed by all groups.", "14.5")]
        meetings = session.scalars(sa.select(ActionVersion.meeting_id).where(ActionVersion.meeting_id.is_not(None)))
        assert list(meetings) == [sitting.meeting] * 2
    page = chair.get(answer.location).text
    assert "2 lines were entered." in page
    assert "Check the timescale of action 3: no sure date could be read." in page
    assert re.findall(r'<td data-label="Before and after" class="words">([^<]*)</td>', page) == ["New", "New"]
    again = opened(chair, sitting)
    assert (again["new-1-action"], "Ask every group" in chair.get(f"{sitting.page}/sitting").text) == ("", True)


@pytest.mark.parametrize(
    ("new", "words"),
    [
        ({"new-2-decision": "Agreed."}, "Enter the action."),
        ({"new-2-action": "write  ROLES."}, "This is in the plan already: action 1."),
        ({"new-1-action": "One more.", "new-2-action": "One more."}, "This is in the plan already: new line 1."),
        ({"new-2-action": "x" * 20_001}, "must be 20000 characters or fewer"),
    ],
)
def test_a_new_line_that_is_refused_keeps_all_that_was_typed_and_saves_nothing(
    chair: CheckingClient, sitting: Sitting, council: MadeCouncil, in_scope: InScope, new: dict[str, str], words: str
) -> None:
    typed = opened(chair, sitting) | {f"timescale-{sitting.second}": "June 2027", "new-3-minute": "14.9"} | new
    answer = chair.post(f"{sitting.page}/sitting", data=typed | {"new-3-action": "Another one."})
    beside = answer.text.split('id="new-2-action-error"')[1].split("</p>")[0]
    assert (answer.status_code, words in beside.replace("&#39;", "'")) == (422, True)
    kept = typed_on(answer.text)
    assert {name: kept[name] for name in (*new, "new-3-action", "new-3-minute", f"timescale-{sitting.second}")} == {
        **new,
        "new-3-action": "Another one.",
        "new-3-minute": "14.9",
        f"timescale-{sitting.second}": "June 2027",
    }
    assert '<details class="govuk-details" open>' in answer.text
    assert lines_of(in_scope, council) == [(None, "May 2027", "The panel"), (None, "Summer", "")]


def test_a_new_line_stays_typed_where_another_line_was_changed_meanwhile(
    app: Flask, chair: CheckingClient, sitting: Sitting, council: MadeCouncil, in_scope: InScope
) -> None:
    typed = opened(chair, sitting) | {f"timescale-{sitting.first}": "June 2027", "new-1-action": "Ask for mentors."}
    change(app, council, sitting.first, timescale="July 2027")
    answer = chair.post(f"{sitting.page}/sitting", data=typed)
    assert (answer.status_code, typed_on(answer.text)["new-1-action"]) == (409, "Ask for mentors.")
    assert len(lines_of(in_scope, council)) == 2
    assert chair.post(f"{sitting.page}/sitting", data=typed_on(answer.text)).status_code == 303
    assert len(lines_of(in_scope, council)) == 3
    twice = chair.post(f"{sitting.page}/sitting", data=typed_on(answer.text))
    assert (twice.status_code, len(lines_of(in_scope, council))) == (422, 3)

"""Pages of one line of a plan: everything on it, its words, its status, what its timescale means."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from flask import Flask

from saas import clock
from tenants.models.plans import Action
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.plans import make_action, make_plan
from tests.factories.tenants import MadeCouncil, MadeUser, make_user

READING = ("timescale", "earliest_on", "latest_on", "timescale_kind", "timescale_confidence")


@pytest.fixture
def base(council: MadeCouncil) -> str:
    """Where the council's pages are."""
    return f"/councils/{council.slug}"


@pytest.fixture
def editor(client: CheckingClient, lead: MadeUser) -> CheckingClient:
    """The council's lead, signed in."""
    return client.sign_in(lead)


def columns(in_scope: InScope, council: MadeCouncil, *names: str) -> list[tuple[Any, ...]]:
    """These columns of every action of the council, in order."""
    with in_scope(council.scope()) as session:
        chosen = [getattr(Action, name) for name in names]
        return [tuple(row) for row in session.execute(sa.select(*chosen).order_by(Action.position))]


def test_an_action_keeps_its_words_and_gets_only_dates_that_are_written(
    app: Flask, editor: CheckingClient, base: str, council: MadeCouncil, in_scope: InScope
) -> None:
    plan = make_plan(app, council)
    typed = {"action": "Rewrite the roles.", "status_text": "Working on it", "officer_days": "2.5", "cost": "900"}
    answer = editor.post(f"{base}/plans/{plan}/actions/add", data={**typed, "timescale": "by December 2027"})
    assert "Its timescale was read as: By 31 December 2027." in editor.get(answer.location).text
    action = UUID(answer.location.rpartition("/")[2])
    assert columns(in_scope, council, *READING) == [("by December 2027", None, date(2027, 12, 31), "deadline", "high")]
    assert columns(in_scope, council, "ref", "status", "status_proposed", "officer_days", "cost") == [
        ("1", None, "in_progress", Decimal("2.50"), Decimal("900.00"))
    ]
    editor.post(f"{base}/actions/{action}/edit", data={**typed, "version": "1", "timescale": "in the spring"})
    assert columns(in_scope, council, *READING)[0][:3] == ("in the spring", None, None)
    flagged = editor.get(f"{base}/plans/{plan}").text
    assert "Check: No year is written, and none may be guessed." in flagged


def test_an_action_needs_words(app: Flask, editor: CheckingClient, base: str, council: MadeCouncil) -> None:
    plan = make_plan(app, council)
    answer = editor.post(f"{base}/plans/{plan}/actions/add", data={"timescale": "May 2027", "cost": "much"})
    assert answer.status_code == 422
    assert ("Enter the action" in answer.text, "The cost must be a number" in answer.text) == (True, True)
    assert 'value="May 2027"' in answer.text


def test_two_people_on_one_action_see_both_texts(
    app: Flask, editor: CheckingClient, base: str, council: MadeCouncil, in_scope: InScope
) -> None:
    action = make_action(app, council, make_plan(app, council))
    path = f"{base}/actions/{action}/edit"
    assert editor.post(path, data={"version": "1", "ref": "1", "action": "Theirs."}).status_code == 303
    answer = editor.post(path, data={"version": "1", "ref": "1", "action": "Mine."})
    cells = answer.text.split("<tbody>")[1].split("</tbody>")[0]
    assert (answer.status_code, "Mine." in cells, "Theirs." in cells) == (409, True, True)
    assert columns(in_scope, council, "action", "version") == [("Theirs.", 2)]
    assert editor.post(path, data={"version": "2", "ref": "1", "action": "Mine."}).status_code == 303
    assert columns(in_scope, council, "action", "version") == [("Mine.", 3)]


def test_a_proposed_status_is_marked_until_a_person_confirms_it_or_chooses_another(
    app: Flask, editor: CheckingClient, base: str, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    plan = make_plan(app, council)
    action = make_action(app, council, plan, status_text="Adopted in May")
    before = editor.get(f"{base}/plans/{plan}").text
    assert '<strong class="govuk-tag tag--done">Completed</strong> <span class="quiet">proposed</span>' in before
    page = editor.get(f"{base}/actions/{action}/status").text
    assert 'value="completed" checked' in page
    answer = editor.post(f"{base}/actions/{action}/status", data={"version": "1", "status": "in_progress"})
    assert columns(in_scope, council, "status", "status_proposed", "status_confirmed_by") == [
        ("in_progress", "completed", lead.name)
    ]
    assert f"In progress</strong> {lead.name} confirmed this on" in editor.get(answer.location).text
    after = editor.get(f"{base}/plans/{plan}").text
    assert f'In progress</strong> <span class="quiet">by {lead.name}</span>' in after
    stale = editor.post(f"{base}/actions/{action}/status", data={"version": "1", "status": "completed"})
    assert stale.status_code == 409
    assert columns(in_scope, council, "status") == [("in_progress",)]


def test_a_line_is_found_by_itself_and_only_in_its_own_plan(
    app: Flask, editor: CheckingClient, base: str, council: MadeCouncil
) -> None:
    plan, other = make_plan(app, council), make_plan(app, council, "Another")
    action = make_action(app, council, plan, action="Write it.", responsibility="Clerk")
    answer = editor.get(f"{base}/actions/{action}")
    assert (answer.status_code, answer.location) == (303, f"{base}/plans/{plan}/actions/{action}")
    assert "Write it." in editor.get(answer.location).text
    assert editor.get(f"{base}/plans/{other}/actions/{action}").status_code == 404
    assert editor.get(f"{base}/actions/{uuid4()}").status_code == 404


def test_a_person_chooses_among_readings_until_the_text_changes(
    app: Flask, editor: CheckingClient, base: str, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    plan = make_plan(app, council)
    action = make_action(app, council, plan, timescale="2019")
    here = f"{base}/plans/{plan}/actions/{action}"
    page = editor.get(here).text
    assert "Which of these is meant?" in page
    year = "financial_year|2019-04-01|2020-03-31"
    assert f'value="{year}"' in page
    chosen = (*READING, "timescale_chosen_by", "timescale_reason")
    assert editor.post(f"{base}/actions/{action}/timescale", data={"version": "1"}).status_code == 422
    made_up = {"version": "1", "reading": "month|2019-05-01|2019-05-31"}
    assert editor.post(f"{base}/actions/{action}/timescale", data=made_up).status_code == 422
    assert editor.post(f"{base}/actions/{action}/timescale", data={"version": "1", "reading": year}).status_code == 303
    kept = ("2019", date(2019, 4, 1), date(2020, 3, 31), "financial_year", "high", lead.name, "")
    assert columns(in_scope, council, *chosen) == [kept]
    assert f"Means, as {lead.name} chose" in editor.get(here).text
    stale = editor.post(f"{base}/actions/{action}/timescale", data={"version": "1", "reading": year})
    assert (stale.status_code, "Somebody changed this action" in stale.text) == (409, True)
    words = {"version": "2", "ref": "1", "action": "Other words.", "timescale": "2019"}
    editor.post(f"{base}/actions/{action}/edit", data=words)
    assert columns(in_scope, council, *chosen) == [kept]
    editor.post(f"{base}/actions/{action}/edit", data=words | {"version": "3", "timescale": "2020"})
    assert columns(in_scope, council, "earliest_on", "timescale_chosen_by") == [(date(2020, 1, 1), "")]


def test_the_day_of_completion_is_asked_never_assumed(
    app: Flask, editor: CheckingClient, base: str, council: MadeCouncil, in_scope: InScope
) -> None:
    action = make_action(app, council, make_plan(app, council), status_text="15/10/2025")
    path = f"{base}/actions/{action}/status"
    page = editor.get(path).text
    assert all(f'value="{part}"' in page for part in ("15", "10", "2025"))
    data = {"version": "1", "status": "completed"}
    late = {"completed_on-day": "1", "completed_on-month": "1", "completed_on-year": "2199"}
    refused = editor.post(path, data=data | late)
    assert (refused.status_code, "must be today or earlier" in refused.text) == (422, True)
    editor.post(path, data=data)
    assert columns(in_scope, council, "status", "completed_on") == [("completed", None)]
    day = {"completed_on-day": "15", "completed_on-month": "10", "completed_on-year": "2025"}
    editor.post(path, data={**data, **day, "version": "2"})
    assert columns(in_scope, council, "status", "completed_on") == [("completed", date(2025, 10, 15))]
    editor.post(path, data={**day, "version": "3", "status": "in_progress"})
    assert columns(in_scope, council, "status", "completed_on") == [("in_progress", None)]


def test_the_history_tells_every_change_in_words(
    app: Flask, editor: CheckingClient, base: str, council: MadeCouncil, lead: MadeUser
) -> None:
    plan = make_plan(app, council)
    with clock.at(datetime(2026, 6, 1, 9, tzinfo=UTC)):
        action = make_action(app, council, plan, timescale="May 2027")
    words = {"version": "1", "ref": "1", "action": "Write role descriptions.", "timescale": "June 2027"}
    with clock.at(datetime(2026, 6, 2, 9, tzinfo=UTC)):
        editor.post(f"{base}/actions/{action}/edit", data=words | {"restricted": "true"})
    with clock.at(datetime(2026, 6, 3, 9, tzinfo=UTC)):
        editor.post(f"{base}/actions/{action}/status", data={"version": "2", "status": "blocked"})
    history = editor.get(f"{base}/plans/{plan}/actions/{action}").text.split('id="history"')[1]
    expected = [
        "3 June 2026",
        lead.name,
        "Status: set to Blocked",
        "2 June 2026",
        "Timescale: May 2027 → June 2027",
        "Read as: 1 May 2027 to 31 May 2027 → 1 June 2027 to 30 June 2027",
        "Kept out of public papers: No → Yes",
        "1 June 2026",
    ]
    places = [history.find(words) for words in expected]
    assert (places == sorted(places), -1 in places) == (True, False)


def test_a_reader_sees_the_line_and_changes_nothing(
    app: Flask, client: CheckingClient, base: str, council: MadeCouncil
) -> None:
    plan = make_plan(app, council)
    action = make_action(app, council, plan, timescale="2019", responsibility="Clerk")
    client.sign_in(make_user(app, council, "council_viewer"))
    page = client.get(f"{base}/plans/{plan}/actions/{action}").text
    assert "It may mean more than one thing" in page
    assert [words for words in ("Edit the words", "Confirm these owners", "Add the note") if words in page] == []
    assert client.post(f"{base}/actions/{action}/timescale", data={"version": "1"}).status_code == 403


@pytest.mark.parametrize("timescale", ["31 June", "Q2"])
def test_a_timescale_without_another_reading_says_that_the_words_are_to_be_changed(
    app: Flask, editor: CheckingClient, base: str, council: MadeCouncil, timescale: str
) -> None:
    plan = make_plan(app, council)
    action = make_action(app, council, plan, timescale=timescale)
    page = editor.get(f"{base}/plans/{plan}/actions/{action}").text
    assert "No other reading can be offered: changing the words is the way." in page
    assert f"/actions/{action}/edit#timescale" in page


def test_a_weekday_that_does_not_fit_offers_both_years(
    app: Flask, editor: CheckingClient, base: str, council: MadeCouncil
) -> None:
    plan = make_plan(app, council)
    action = make_action(app, council, plan, timescale="Wednesday 7 March 2017")
    page = editor.get(f"{base}/plans/{plan}/actions/{action}").text
    assert 'value="session|2017-03-07|2017-03-07"' in page
    assert 'value="session|2018-03-07|2018-03-07"' in page


@pytest.mark.parametrize(
    ("timescale", "words"),
    [
        ("tbc", "To be settled"),
        ("By 2018", "(not certain)"),
        ("31 June 2018", "No such date"),
        ("by 4 May 2027", "By 4 May 2027"),
        ("2019", "(probably)"),
    ],
)
def test_what_was_read_of_a_timescale_is_told_in_plain_words(
    app: Flask, editor: CheckingClient, council: MadeCouncil, base: str, timescale: str, words: str
) -> None:
    action = make_action(app, council, make_plan(app, council), timescale=timescale)
    page = editor.get(editor.get(f"{base}/actions/{action}").location).text
    read = page.split("As written: ")[1].split("</p>")[1]
    assert words in read
    assert [word in read for word in ("confidence", "(tbc", "(impossible", "(deadline", "session")] == [False] * 5

"""The region plans a visit, changes it, invites, calls it off and says that it was held."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, time

import pytest
from flask import Flask
from icalendar import Calendar

from assessment.models.visits import Visit
from assessment.queries.accreditations import get_accreditation
from assessment.queries.visits import find_visit
from assessment.rules.process_words import day_words
from assessment.services import moderations
from saas import clock
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation
from tests.factories.assessors import away, enter
from tests.factories.scores import MadeCase, actor, make_declared, make_scored, make_team
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser, make_region, make_user
from tests.factories.visits import a_day, a_weekend, make_visit, name_people

Statements = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture
def case(app: Flask, council: MadeCouncil, region: MadeRegion) -> MadeCase:
    """A team that has declared."""
    return make_declared(app, council, region)


def page_of(case: MadeCase, rest: str = "") -> str:
    return f"/regions/{case.region.slug}/cases/{case.accreditation_id}/visit{rest}"


def typed(day: date, **more: str) -> dict[str, str]:
    parts = {f"held_on-{name}": str(getattr(day, name)) for name in ("day", "month", "year")}
    usual = {"version": "0", "place": "Town hall", "begins_at": "9:30", "length": "half"}
    return parts | usual | more


def visit_of(in_scope: InScope, case: MadeCase) -> Visit:
    with in_scope(case.region.scope()):
        found = find_visit(case.accreditation_id)
    assert found is not None
    return found


def test_an_officer_plans_a_visit_from_the_page_of_the_case(
    client: CheckingClient, case: MadeCase, in_scope: InScope
) -> None:
    page = client.sign_in(case.officer).get(page_of(case).removesuffix("/visit")).text
    assert f'href="{page_of(case)}"' in page
    assert page_of(case, "/plan") in client.get(page_of(case)).text
    assert "Plan the visit" in client.get(page_of(case, "/plan")).text
    day = a_day()
    saved = client.post(page_of(case, "/plan"), data=typed(day, joining="https://meet.example.org/room"))
    assert (saved.status_code, saved.location) == (303, page_of(case))
    shown = client.get(page_of(case)).text
    for words in ("Planned, invitations not sent", day_words(day), "Town hall", "09:30 to 09:40", "Group leaders"):
        assert words in shown
    visit = visit_of(in_scope, case)
    assert (visit.state, visit.held_on, visit.calendar_sequence, len(visit.timetable)) == ("planned", day, 0, 8)
    assert "A visit was planned" in client.get(page_of(case).removesuffix("/visit")).text


def test_a_day_that_something_speaks_against_stands_only_with_a_reason(
    client: CheckingClient, case: MadeCase, in_scope: InScope
) -> None:
    client.sign_in(case.officer)
    saturday = a_weekend()
    refused = client.post(page_of(case, "/plan"), data=typed(saturday, place="Guildhall"))
    assert refused.status_code == 422
    for words in (f"{day_words(saturday)} is a Saturday.", 'id="reason-error"', 'value="Guildhall"'):
        assert words in refused.text
    with in_scope(case.region.scope()):
        assert find_visit(case.accreditation_id) is None
    kept = client.post(page_of(case, "/plan"), data=typed(saturday, reason="Councillors asked for a weekend."))
    assert kept.status_code == 303
    assert "Councillors asked for a weekend." in client.get(page_of(case)).text
    client.post(page_of(case, "/plan"), data=typed(a_day(), version="1", reason="Not needed any more."))
    assert visit_of(in_scope, case).reason == "Councillors asked for a weekend."  # a length is for a new visit only


def test_a_day_on_which_one_of_the_team_is_away_stands_only_with_a_reason(
    app: Flask, client: CheckingClient, case: MadeCase, in_scope: InScope
) -> None:
    scorer, day = case.scorers[0], a_day()
    enter(app, case.region, scorer)
    away(app, case.region, scorer, day, day)
    days = f"{day_words(day)} to {day_words(day)}"
    client.sign_in(case.officer)
    assert f"Away from the team: {scorer.name}, {days}." in client.get(page_of(case, "/plan")).text
    refused = client.post(page_of(case, "/plan"), data=typed(day))
    said = f"{scorer.name} is away on {day_words(day)} ({days})."
    assert (refused.status_code, said in refused.text, 'id="reason-error"' in refused.text) == (422, True, True)
    kept = client.post(page_of(case, "/plan"), data=typed(day, reason="The others can come."))
    assert (kept.status_code, said in client.get(page_of(case)).text) == (303, True)
    assert visit_of(in_scope, case).reason == "The others can come."


def test_bad_input_is_named_beside_its_field(client: CheckingClient, case: MadeCase) -> None:
    client.sign_in(case.officer)
    wrong = typed(date(2020, 1, 6), begins_at="half past nine", place=" ", length="a week")
    refused = client.post(page_of(case, "/plan"), data=wrong)
    assert refused.status_code == 422
    for words in ("Enter a time like 09:30.", "Enter where the visit takes place.", 'value="half past nine"'):
        assert words in refused.text
    past = client.post(page_of(case, "/plan"), data=typed(date(2020, 1, 6)))
    assert (past.status_code, "The day of the visit must be today or later." in past.text) == (422, True)
    late = client.post(page_of(case, "/plan"), data=typed(a_day(), begins_at="22:30"))
    assert (late.status_code, "The visit must end on the day it begins." in late.text) == (422, True)


def test_two_officers_at_once_see_both_texts(
    app: Flask, client: CheckingClient, case: MadeCase, in_scope: InScope
) -> None:
    make_visit(app, case)
    other = make_user(app, case.region, "region_officer")
    changes = {name: words for name, words in typed(a_day()).items() if name not in ("begins_at", "length")}
    client.sign_in(case.officer).post(page_of(case, "/plan"), data=changes | {"version": "1", "place": "Guildhall"})
    stale = client.sign_in(other).post(page_of(case, "/plan"), data=changes | {"version": "1", "place": "Library"})
    assert stale.status_code == 409
    for words in ("Guildhall", "Library", case.officer.name, 'name="held_on-day"'):
        assert words in stale.text
    assert visit_of(in_scope, case).place == "Guildhall"
    second = client.post(page_of(case, "/plan"), data=typed(a_day(), place="Elsewhere"))
    assert (second.status_code, "Elsewhere" in second.text, "Guildhall" in second.text) == (409, True, True)


def test_moving_a_slot_moves_those_after_it_if_asked(
    app: Flask, client: CheckingClient, case: MadeCase, in_scope: InScope
) -> None:
    make_visit(app, case)
    client.sign_in(case.officer)
    slot = page_of(case, "/timetable/s2")
    assert 'value="09:40"' in client.get(slot).text
    change = {"version": "1", "at": "9.50", "minutes": "30", "title": "Welcome", "who": "Leader", "following": "true"}
    assert client.post(slot, data=change).status_code == 303
    times = [line["at"] for line in visit_of(in_scope, case).timetable]
    assert times == ["09:30", "09:50", "10:20", "11:00", "11:45", "11:55", "12:35", "13:05"]
    stale = client.post(slot, data=change | {"title": "Mine"})
    assert (stale.status_code, 'value="Mine"' in stale.text, "10:20 to 11:00" in stale.text) == (409, True, True)
    assert client.post(slot, data=change | {"version": "2", "at": "soon"}).status_code == 422
    late = client.post(slot, data=change | {"version": "2", "at": "21:00", "minutes": "170"})
    assert (late.status_code, "would" in late.text) == (422, True)
    assert client.get(page_of(case, "/timetable/s99")).status_code == 404
    new = page_of(case, "/timetable/new")
    assert 'value="13:20"' in client.get(new).text
    add = {"version": "2", "at": "8:45", "minutes": "30", "title": "Coffee", "who": ""}
    assert client.post(new, data=add).status_code == 303
    assert visit_of(in_scope, case).timetable[0] == {
        "key": "s9",
        "at": "08:45",
        "minutes": 30,
        "title": "Coffee",
        "who": "",
    }
    assert client.post(page_of(case, "/timetable/s9/remove"), data={"version": "3"}).status_code == 303
    assert visit_of(in_scope, case).timetable[0]["key"] == "s1"


def test_the_visit_is_downloaded_as_a_calendar_entry_in_london_time(
    app: Flask, client: CheckingClient, case: MadeCase, in_scope: InScope
) -> None:
    make_visit(app, case)
    answer = client.sign_in(case.officer).get(page_of(case, ".ics"))
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    event = next(iter(Calendar.from_ical(answer.text).events))
    begins = datetime.combine(visit_of(in_scope, case).held_on, time(9, 30), clock.LONDON).astimezone(UTC)
    assert (event.start, event.sequence, str(event["location"])) == (begins, 0, "Town hall")
    assert [name for name in ("ATTENDEE", "ORGANIZER", "METHOD") if name in answer.text] == []


def test_a_visit_is_held_from_its_day_on(app: Flask, client: CheckingClient, case: MadeCase, in_scope: InScope) -> None:
    make_visit(app, case)
    client.sign_in(case.officer)
    early = client.post(page_of(case, "/held"), data={"version": "1"})
    assert (early.status_code, "Say that it was held when it has been." in early.text) == (409, True)
    with clock.at(datetime.combine(a_day(), time(17), UTC)):
        assert client.post(page_of(case, "/held"), data={"version": "1"}).status_code == 303
    assert visit_of(in_scope, case).state == "held"
    assert client.get(page_of(case, "/plan")).status_code == 409
    assert client.post(page_of(case, "/call-off"), data={"version": "2", "reason": "Snow"}).status_code == 409


def test_a_visit_is_marked_as_held_while_the_report_is_written(
    app: Flask, client: CheckingClient, council: MadeCouncil, region: MadeRegion, in_scope: InScope
) -> None:
    case = make_scored(app, council, region)
    make_visit(app, case)
    by = actor(case.officer)
    with in_scope(region.scope(case.officer.id)):
        accreditation = get_accreditation(case.accreditation_id, lock=True)
        moderations.begin(accreditation, by=by)
        moderations.agree_all(accreditation, by=by)
        moderations.finish(accreditation, by=by)
    with clock.at(datetime.combine(a_day(), time(17), UTC)):
        page = client.sign_in(case.officer).get(page_of(case)).text
        assert ("The visit was held" in page, "Change day or place" in page) == (True, False)
        assert client.post(page_of(case, "/held"), data={"version": "1"}).status_code == 303
    assert visit_of(in_scope, case).state == "held"


def test_a_visit_is_called_off_with_a_reason_and_planned_anew(
    app: Flask, client: CheckingClient, case: MadeCase, in_scope: InScope
) -> None:
    make_visit(app, case)
    client.sign_in(case.officer)
    assert "Nobody has been invited yet" in client.get(page_of(case, "/call-off")).text
    assert client.post(page_of(case, "/call-off"), data={"version": "1", "reason": " "}).status_code == 422
    assert client.post(page_of(case, "/call-off"), data={"version": "9", "reason": "Snow"}).status_code == 409
    assert client.post(page_of(case, "/call-off"), data={"version": "1", "reason": "Snow"}).status_code == 303
    shown = client.get(page_of(case)).text
    assert ("Called off" in shown, "Snow" in shown, "Plan another day" in shown) == (True, True, True)
    assert client.post(page_of(case, "/plan"), data=typed(a_day(30), version="2")).status_code == 303
    visit = visit_of(in_scope, case)
    assert (visit.state, visit.called_off_reason) == ("planned", "")


def test_who_sees_and_who_plans(app: Flask, client: CheckingClient, case: MadeCase, lead: MadeUser) -> None:
    make_visit(app, case)
    decider = make_user(app, case.region, "region_decider")
    assert client.sign_in(decider).get(page_of(case)).status_code == 200
    assert client.get(page_of(case, "/plan")).status_code == 403
    assert client.sign_in(case.scorers[0]).get(page_of(case)).status_code == 403
    for who in (lead, make_user(app, make_region(app), "region_officer")):
        assert client.sign_in(who).get(page_of(case)).status_code == 404


def test_no_visit_before_a_submission_nor_after_moderation(
    app: Flask, client: CheckingClient, council: MadeCouncil, region: MadeRegion, officer: MadeUser
) -> None:
    made = make_accreditation(app, council)
    page = f"/regions/{region.slug}/cases/{made}/visit"
    assert "The visit cannot be planned at the stage" in client.sign_in(officer).get(page).text
    assert client.get(f"{page}/plan").status_code == 409
    assert client.post(f"{page}/plan", data=typed(a_day())).status_code == 409


@pytest.mark.parametrize("rows", [1, 3])
def test_the_number_of_statements_does_not_grow(
    app: Flask, client: CheckingClient, case: MadeCase, lead: MadeUser, statements: Statements, rows: int
) -> None:
    make_visit(app, case)
    name_people(app, case, lead, *[(f"Cllr {number}", "Green") for number in range(rows)])
    client.sign_in(case.officer).get(page_of(case))
    with statements() as sql:
        client.get(page_of(case))
    assert len(sql) == 8


def test_a_team_and_a_scored_file_have_the_line_of_the_visit(
    app: Flask, client: CheckingClient, council: MadeCouncil, region: MadeRegion
) -> None:
    case = make_team(app, council, region)
    page = page_of(case).removesuffix("/visit")
    assert "No visit is planned yet." in client.sign_in(case.officer).get(page).text
    make_visit(app, case)
    assert f"Planned for {day_words(a_day())}, Town hall." in client.get(page).text

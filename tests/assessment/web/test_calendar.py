"""The calendar behind a secret address: days and titles of one council, for as long as its person has access."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from icalendar import Calendar

from assessment.models.accreditations import Accreditation
from assessment.web import calendar as web
from saas import clock
from saas.security import Throttle
from saas.tenancy import CONSOLE
from saas.transaction import within
from tenants.models.access import Access
from tenants.models.evidence import Evidence
from tenants.models.plans import Action
from tenants.queries.plans import find_plan
from tenants.services.calendar_feeds import make_feed, revoke_feed
from tenants.services.plans import put_away
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation
from tests.factories.contributions import make_contribution
from tests.factories.evidence import make_link
from tests.factories.meetings import close_meeting, make_meeting
from tests.factories.plans import make_action, make_plan
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user

Statements = Callable[[], AbstractContextManager[list[str]]]
SOON = clock.today() + timedelta(days=20)


def feed_of(app: Flask, council: MadeCouncil, who: MadeUser) -> str:
    """The path of a person's calendar."""
    with app.app_context(), within(council.scope(who.id)):
        return f"/calendar/{make_feed(council.id, council.region.id, who.id, by=CONSOLE)}.ics"


def dates_in(text: str) -> list[tuple[date, str]]:
    """What a calendar shows."""
    return [(event.start, str(event["summary"])) for event in Calendar.from_ical(text).walk("VEVENT")]


def fill(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    """One date of each of several kinds."""
    made = make_accreditation(app, council)
    make_contribution(app, council, made, due_on=SOON)
    make_link(app, council, title="Strategy")
    plan = make_plan(app, council)
    make_action(app, council, plan)
    make_meeting(app, council, plan, held_on=SOON)
    with in_scope(council.scope()) as session:
        session.execute(sa.update(Accreditation).values(target_on=SOON, deadline_on=None, next_due_on=None))
        session.execute(sa.update(Evidence).values(valid_until_on=SOON))
        session.execute(sa.update(Action).values(latest_on=SOON))


def test_the_calendar_shows_days_and_titles_and_nobodys_name(
    client: CheckingClient, app: Flask, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    fill(app, council, in_scope)
    answer = client.get(feed_of(app, council, lead))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert (answer.headers["Cache-Control"], answer.headers["Referrer-Policy"]) == ("no-store", "strict-origin")
    assert f"X-WR-CALNAME:{council.name}: Charter deadlines" in answer.text
    found = dates_in(answer.text)
    assert {on for on, _ in found} == {SOON}
    assert sorted(title.split(" (")[0].split(" Commitment")[0] for _, title in found) == [
        "1 action of Our plan",
        "Evidence “Strategy”: valid until today",
        "Steering group meets about Our plan",
        "Text about 1.1.1",
        "Your target",
    ]
    assert "Gwen" not in answer.text
    assert answer.text.count("UID:") == len({line for line in answer.text.split("\r\n") if line.startswith("UID:")})


def test_a_signatory_reads_the_journey_and_not_evidence_or_plans(
    client: CheckingClient, app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    fill(app, council, in_scope)
    found = dates_in(client.get(feed_of(app, council, make_user(app, council, "signatory"))).text)
    assert sorted(title.split(" ")[0] for _, title in found) == ["Text", "Your"]


def test_a_calendar_ends_with_its_address_with_the_access_and_with_the_account(
    client: CheckingClient, app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    people = [make_user(app, council, "council_editor") for _ in range(4)]
    feeds = [feed_of(app, council, who) for who in people]
    assert [client.get(feed).status_code for feed in feeds] == [200] * 4
    revoked, left, renewed, stays = people
    with in_scope(council.scope(revoked.id)):
        revoke_feed(council.id, revoked.id, by=CONSOLE)
    with in_scope(council.scope()) as session:
        session.execute(sa.update(Access).where(Access.user_id == left.id).values(ended_at=clock.now()))
    new = feed_of(app, council, renewed)
    assert [client.get(feed).status_code for feed in feeds] == [404, 404, 404, 200]
    assert client.get(new).status_code == 200
    with in_scope(council.scope(stays.id)) as session:
        session.execute(sa.text("update users set disabled_at = now()"))
    assert client.get(feeds[3]).status_code == 404
    assert client.get("/calendar/" + "x" * 43 + ".ics").status_code == 404
    assert client.post(new).status_code == 404


def test_a_calendar_shows_its_own_council_only(
    client: CheckingClient, app: Flask, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    fill(app, make_council(app, council.region), in_scope)
    assert dates_in(client.get(feed_of(app, council, lead)).text) == []


def test_one_client_cannot_try_without_end(client: CheckingClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "BY_CLIENT", Throttle("calendar-client", 1, 900))
    assert [client.get("/calendar/none.ics").status_code for _ in range(2)] == [404, 429]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_number_of_statements_does_not_grow(
    client: CheckingClient,
    app: Flask,
    council: MadeCouncil,
    lead: MadeUser,
    in_scope: InScope,
    statements: Statements,
    rows: int,
) -> None:
    fill(app, council, in_scope)
    for number in range(rows):
        make_link(app, council, url=f"https://www.example.gov.uk/{number}")
    with in_scope(council.scope()) as session:
        session.execute(sa.update(Evidence).values(valid_until_on=SOON))
    feed = feed_of(app, council, lead)
    client.get(feed)
    with statements() as sql:
        client.get(feed)
    assert len(sql) == 16


def test_a_plan_that_was_put_away_is_due_to_nobody(
    client: CheckingClient, app: Flask, council: MadeCouncil, lead: MadeUser
) -> None:
    for title in ("Our plan", "An old plan"):
        make_action(app, council, make_plan(app, council, title=title), timescale=f"{SOON:%d %B %Y}")
    with app.app_context(), within(council.scope()):
        plan = find_plan(council.id, "own", title="An old plan")
        assert plan is not None
        put_away(plan, version=plan.version, by=CONSOLE)
    assert [title for _, title in dates_in(client.get(feed_of(app, council, lead)).text)] == ["1 action of Our plan"]


def test_a_meeting_stands_in_the_calendar_until_its_day_is_over_or_its_record_closed(
    client: CheckingClient, app: Flask, council: MadeCouncil, lead: MadeUser
) -> None:
    plan = make_plan(app, council)
    today = clock.today()
    make_meeting(app, council, plan, body="Held yesterday", held_on=today - timedelta(days=1))
    make_meeting(app, council, plan, body="The panel", held_on=today)
    make_meeting(app, council, plan, body="The group", held_on=SOON)
    close_meeting(app, council, plan, make_meeting(app, council, plan, body="Closed", held_on=today))
    assert dates_in(client.get(feed_of(app, council, lead)).text) == [
        (today, "The panel meets about Our plan"),
        (SOON, "The group meets about Our plan"),
    ]

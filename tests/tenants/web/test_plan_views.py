"""A plan as a board, as a calendar and as one page."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pypdfium2
import pytest
import sqlalchemy as sa
from flask import Flask

from saas import clock
from saas.policy import Role
from saas.templating import day
from tenants.models.plans import Action
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.meetings import close_meeting, make_meeting
from tests.factories.plans import make_action, make_plan
from tests.factories.tenants import MadeCouncil, MadeUser, make_user

Statements = Callable[[], AbstractContextManager[list[str]]]
LATE, SOON = clock.today() - timedelta(days=40), clock.today() + timedelta(days=12)


@pytest.fixture
def plan(app: Flask, council: MadeCouncil) -> UUID:
    """A plan with a line that is late, one due soon, one without a day, and one decided against."""
    plan = make_plan(app, council)
    make_action(app, council, plan, action="Late line.", timescale=day(LATE))
    make_action(app, council, plan, action="Soon line.", timescale=day(SOON), responsibility="The panel")
    make_action(app, council, plan, action="Endless line.", timescale="ongoing")
    make_action(app, council, plan, action="Refused line.", status_text="Decided against: no money")
    return plan


@pytest.fixture
def base(council: MadeCouncil, plan: UUID) -> str:
    """Where the plan is."""
    return f"/councils/{council.slug}/plans/{plan}"


def status_of(in_scope: InScope, council: MadeCouncil, ref: str) -> tuple[Any, ...]:
    """The status, the version and the id of a line."""
    with in_scope(council.scope()) as session:
        wanted = sa.select(Action.status, Action.version, Action.id).where(Action.ref == ref)
        return tuple(session.execute(wanted).one())


def test_the_board_moves_a_line_and_says_who_was_first(
    client: CheckingClient, lead: MadeUser, council: MadeCouncil, base: str, in_scope: InScope
) -> None:
    client.sign_in(lead)
    page = client.get(f"{base}/board").text
    assert page.index("No status yet") < page.index("Late line.") < page.index("Refused line.")
    _, version, action = status_of(in_scope, council, "1")
    typed = {"action_id": str(action), "version": str(version), "status": "blocked"}
    answer = client.post(f"{base}/board", data=typed)
    assert (answer.status_code, answer.location.split("#")[1]) == (303, f"action-{action}")
    assert status_of(in_scope, council, "1")[0] == "blocked"
    stale = client.post(f"{base}/board", data={**typed, "status": "completed"})
    assert stale.status_code == 409
    assert "Its status now: Blocked. You chose: Completed." in stale.text
    assert client.post(f"{base}/board", data={**typed, "status": "elsewhere"}).status_code == 422


def test_the_board_moves_no_line_of_another_plan(
    app: Flask, client: CheckingClient, lead: MadeUser, council: MadeCouncil, base: str
) -> None:
    foreign = make_action(app, council, make_plan(app, council, title="Another"))
    client.sign_in(lead)
    typed = {"action_id": str(foreign), "version": "1", "status": "blocked"}
    assert client.post(f"{base}/board", data=typed).status_code == 404


def test_who_only_reads_sees_the_board_without_its_buttons(
    app: Flask, client: CheckingClient, council: MadeCouncil, base: str
) -> None:
    client.sign_in(make_user(app, council, Role.COUNCIL_VIEWER))
    page = client.get(f"{base}/board").text
    assert ("Late line." in page, "<select" in page) == (True, False)
    assert client.post(f"{base}/board", data={}).status_code == 403


def test_who_may_not_change_a_status_reads_where_and_by_whom_it_is_changed(
    app: Flask, client: CheckingClient, council: MadeCouncil, base: str
) -> None:
    with_line = client.sign_in(make_user(app, council, Role.STEERING_CHAIR)).get(base).text
    line = re.search(rf'href="({base}/actions/[^"]+)"', with_line)
    assert line is not None
    for page in (f"{base}/board", base, line[1]):
        text = client.get(page).text
        assert f'Statuses are changed at a meeting: <a class="govuk-link" href="{base}/meetings">' in text, page
    client.sign_in(make_user(app, council, Role.DEVELOPMENT_OFFICER))
    for page in (f"{base}/board", base, line[1], f"/councils/{council.slug}/plans"):
        assert "Your council’s lead or an editor adds plans and changes their actions." in client.get(page).text, page


def test_a_long_column_shows_the_first_twelve_and_then_all(
    app: Flask, client: CheckingClient, lead: MadeUser, council: MadeCouncil, plan: UUID, base: str
) -> None:
    for number in range(11):
        make_action(app, council, plan, action=f"Line of many {number}.")
    page = client.sign_in(lead).get(f"{base}/board").text
    assert ("Line of many 8." in page, "Line of many 9." in page) == (True, False)
    assert f'href="{base}/board?all=none#column-1">All 14<' in page
    assert "Line of many 10." in client.get(f"{base}/board?all=none").text


def test_the_calendar_has_each_month_and_tells_why_a_line_has_no_day(
    client: CheckingClient, lead: MadeUser, base: str
) -> None:
    page = client.sign_in(lead).get(f"{base}/calendar").text
    assert page.index(f"{LATE:%B %Y}") < page.index("Late line.") < page.index("Soon line.")
    assert page.index("Without a last day") < page.index("Endless line.") < page.index("Ongoing.")
    assert "Refused line." not in page
    assert "Refused line." in client.get(f"{base}/calendar?show=all").text


def test_the_one_page_tells_what_a_meeting_needs(
    app: Flask, client: CheckingClient, lead: MadeUser, council: MadeCouncil, plan: UUID, base: str
) -> None:
    client.sign_in(lead)
    page = client.get(f"{base}/brief").text
    for words in ("Overdue: 1", "Due within 30 days: 1", "Changed in the last 30 days: 4", "Decided against: 1"):
        assert words in page
    assert "Waiting for an owner: 3" in page
    assert "Decided against: no money" in page
    held = make_meeting(app, council, plan)
    close_meeting(app, council, plan, held)
    make_meeting(app, council, plan, body="The panel", held_on=clock.today() + timedelta(days=3))
    page = client.get(f"{base}/brief").text
    assert "Due before the next meeting: 0" in page
    assert "Changed since the last meeting: 0" in page


def test_the_one_page_is_one_sheet_however_long_the_plan(
    app: Flask, client: CheckingClient, lead: MadeUser, council: MadeCouncil, plan: UUID, base: str
) -> None:
    for number in range(12):
        late = number % 2 == 0
        make_action(
            app,
            council,
            plan,
            action=f"{number} " + "Rewrite every role description and consult the groups about it. " * 4,
            timescale=day(LATE if late else SOON),
            responsibility="Head of Democratic Services, with the Monitoring Officer and every group leader",
        )
    answer = client.sign_in(lead).get(f"{base}/brief.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    with pypdfium2.PdfDocument(answer.data) as read:
        assert len(read) == 1
        text = read[0].get_textpage().get_text_bounded()
    for words in ("Overdue: 7", "not for publication", "more: see the plan", council.name):
        assert words in text


@pytest.mark.parametrize("page", ["board", "calendar", "brief"])
def test_views_take_as_many_statements_for_three_more_lines(
    app: Flask,
    client: CheckingClient,
    lead: MadeUser,
    council: MadeCouncil,
    plan: UUID,
    base: str,
    statements: Statements,
    page: str,
) -> None:
    client.sign_in(lead)
    client.get(f"{base}/{page}")
    with statements() as few:
        client.get(f"{base}/{page}")
    for text in (day(LATE), "ongoing", day(SOON)):
        make_action(app, council, plan, timescale=text, status_text="Decided against")
    with statements() as many:
        client.get(f"{base}/{page}")
    assert len(many) == len(few)


def test_lines_without_numbers_are_told_apart_by_their_words(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    plan = make_plan(app, council)
    texts = {"action": "Write role descriptions.", "timescale": day(SOON), "responsibility": "Clerk"}
    action = make_action(app, council, plan, **texts)
    with in_scope(council.scope()) as session:
        session.execute(sa.update(Action).values(ref=""))
        session.commit()
    here, name = f"/councils/{council.slug}/plans/{plan}", "“Write role descriptions.”"
    client.sign_in(lead)
    said = {
        "": f"the status of {name}</span>",
        "/board": f"Status of action {name}</label>",
        "/calendar": '<th data-label="No." scope="row" class="narrow">–</th>',
        "/brief": '<th data-label="No." scope="row" class="narrow">–</th>',
        "/owners": f'href="{here}/actions/{action}">Write role descriptions.</a>',
        f"/actions/{action}": f"Action {name}</h1>",
    }
    assert [page for page, words in said.items() if words not in client.get(here + page).text] == []

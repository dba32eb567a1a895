"""Pages of action plans: the working table, an action's form, its status."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from saas import clock
from tenants.models.plans import Action
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.plans import make_action, make_plan
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user

Statements = Callable[[], AbstractContextManager[list[str]]]
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


def shown_refs(page: str) -> list[str]:
    """The numbers in the table's first column."""
    return [part.split("</a>")[0].rpartition(">")[2] for part in page.split('<th scope="row" class="narrow">')[1:]]


def test_a_plan_is_added_named_once_and_watched_over(editor: CheckingClient, base: str) -> None:
    answer = editor.post(f"{base}/plans/add", data={"title": "Members first", "monitor": "The panel"})
    assert answer.status_code == 303
    assert "Monitored by The panel." in editor.get(answer.location).text
    again = editor.post(f"{base}/plans/add", data={"title": "Members first"})
    assert (again.status_code, "There is a plan of this title already" in again.text) == (422, True)


def test_an_action_keeps_its_words_and_gets_only_dates_that_are_written(
    app: Flask, editor: CheckingClient, base: str, council: MadeCouncil, in_scope: InScope
) -> None:
    plan = make_plan(app, council)
    typed = {"action": "Rewrite the roles.", "status_text": "Working on it", "officer_days": "2.5", "cost": "900"}
    answer = editor.post(f"{base}/plans/{plan}/actions/add", data={**typed, "timescale": "by December 2027"})
    assert "Its timescale was read as: By 31 December 2027." in editor.get(answer.location).text
    action = UUID(editor.get(answer.location).text.split("/actions/")[2].split("/")[0])
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
    assert f'In progress</strong> {lead.name} confirmed this on' in editor.get(answer.location).text
    after = editor.get(f"{base}/plans/{plan}").text
    assert f'In progress</strong> <span class="quiet">by {lead.name}</span>' in after
    stale = editor.post(f"{base}/actions/{action}/status", data={"version": "1", "status": "completed"})
    assert stale.status_code == 409
    assert columns(in_scope, council, "status") == [("in_progress",)]


def test_the_table_is_filtered_by_status_and_overdue_in_the_address(
    app: Flask, editor: CheckingClient, base: str, council: MadeCouncil
) -> None:
    plan = make_plan(app, council)
    make_action(app, council, plan, ref="late", timescale="May 2026")
    make_action(app, council, plan, ref="done", timescale="May 2026", status_text="Completed")
    make_action(app, council, plan, ref="open", timescale="May 2028", status_text="Not started")
    with clock.at(datetime(2026, 6, 1, tzinfo=UTC)):
        pages = {
            query: shown_refs(editor.get(f"{base}/plans/{plan}{query}").text)
            for query in ("", "?due=overdue", "?status=completed", "?status=not_started", "?status=to_confirm")
        }
        lines = editor.get(f"{base}/plans/{plan}/actions.csv?due=overdue").data.decode("utf-8-sig").splitlines()
        overview = editor.get(f"{base}/plans").text
    assert pages == {
        "": ["late", "done", "open"],
        "?due=overdue": ["late"],
        "?status=completed": ["done"],
        "?status=not_started": ["open"],
        "?status=to_confirm": ["late", "done", "open"],
    }
    assert lines[1:] == [
        "late,Write role descriptions.,May 2026,1 May 2026 to 31 May 2026,2026-05-01,2026-05-31,,,,,,,,,,,,,Yes,No,,,No,,"
    ]
    assert '1<span class="govuk-visually-hidden"> overdue in Our plan</span>' in overview


def test_a_plan_is_renamed_but_not_over_somebody_else(
    app: Flask, editor: CheckingClient, base: str, council: MadeCouncil
) -> None:
    path = f"{base}/plans/{make_plan(app, council)}/edit"
    assert editor.post(path, data={"version": "1", "title": "Theirs", "monitor": "Cllr Moss"}).status_code == 303
    stale = editor.post(path, data={"version": "1", "title": "Mine", "monitor": ""})
    cells = stale.text.split("<tbody>")[1].split("</tbody>")[0]
    assert (stale.status_code, "Mine" in cells, "Theirs" in cells, "Cllr Moss" in cells) == (409, True, True, True)


def test_other_councils_and_readers_are_kept_out(
    app: Flask, client: CheckingClient, base: str, council: MadeCouncil, officer: MadeUser
) -> None:
    plan = make_plan(app, council)
    action = make_action(app, council, plan)
    other = make_council(app, council.region)
    client.sign_in(make_user(app, other, "council_lead"))
    paths = (f"/plans/{plan}", f"/plans/{plan}/actions.csv", f"/actions/{action}/edit", f"/actions/{action}/status")
    assert [client.get(f"/councils/{other.slug}{path}").status_code for path in paths] == [404] * 4
    assert [client.get(f"{base}{path}").status_code for path in paths] == [404] * 4
    assert client.sign_in(officer).get(f"{base}/plans").status_code == 404
    client.sign_in(make_user(app, council, "council_viewer"))
    assert client.get(f"{base}/plans/{plan}").status_code == 200
    assert (
        client.post(f"{base}/actions/{action}/status", data={"version": "1", "status": "completed"}).status_code == 403
    )


def test_lists_take_the_same_statements_for_one_and_for_three(
    app: Flask, editor: CheckingClient, base: str, council: MadeCouncil, statements: Statements
) -> None:
    plan = make_plan(app, council)
    counts = []
    for more in (1, 2):
        for _ in range(more):
            make_action(app, council, plan)
            make_plan(app, council, f"Plan {more} {_}")
        pair = []
        for path in (f"plans/{plan}", "plans"):
            with statements() as sql:
                assert editor.get(f"{base}/{path}").status_code == 200
            pair.append(len(sql))
        counts.append(pair)
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 12

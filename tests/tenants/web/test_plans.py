"""Pages of action plans: all of them, and one as a working table."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime

import pytest
from flask import Flask

from saas import clock
from tenants.queries.action_details import Owner
from tests.checking_client import CheckingClient
from tests.factories.plans import make_action, make_plan, make_priority, name_owners, serve
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user

Statements = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture
def base(council: MadeCouncil) -> str:
    """Where the council's pages are."""
    return f"/councils/{council.slug}"


@pytest.fixture
def editor(client: CheckingClient, lead: MadeUser) -> CheckingClient:
    """The council's lead, signed in."""
    return client.sign_in(lead)


def shown_refs(page: str) -> list[str]:
    """The numbers in the table's first column."""
    return [part.split("</a>")[0].rpartition(">")[2] for part in page.split('scope="row" class="narrow"')[1:]]


def test_a_plan_is_added_named_once_and_watched_over(editor: CheckingClient, base: str) -> None:
    answer = editor.post(f"{base}/plans/add", data={"title": "Members first", "monitor": "The panel"})
    assert answer.status_code == 303
    assert "Monitored by The panel." in editor.get(answer.location).text
    again = editor.post(f"{base}/plans/add", data={"title": "Members first"})
    assert (again.status_code, "There is a plan of this title already" in again.text) == (422, True)


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
        "late,Write role descriptions.,May 2026,1 May 2026 to 31 May 2026,2026-05-01,2026-05-31"
        ",,,,,,,,,,,,,Yes,No,,,No,,"
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


def test_filters_stand_open_on_a_phone_only_while_there_are_any(
    app: Flask, editor: CheckingClient, base: str, council: MadeCouncil
) -> None:
    plan = make_plan(app, council)
    make_action(app, council, plan)
    pages = [editor.get(f"{base}/plans/{plan}{query}").text for query in ("", "?due=soon")]
    assert [('<details class="fold">' in page, '<details class="fold" open>' in page) for page in pages] == [
        (True, False),
        (False, True),
    ]


def test_the_table_is_narrowed_by_owner_source_priority_and_day_and_ordered(
    app: Flask, editor: CheckingClient, base: str, council: MadeCouncil
) -> None:
    plan = make_plan(app, council)
    first = make_action(app, council, plan, ref="a", timescale="June 2026", responsibility="Clerk", source="Report")
    second = make_action(app, council, plan, ref="b", timescale="by May 2026", responsibility="Clerk")
    make_action(app, council, plan, ref="c", timescale="ongoing", responsibility="Group leaders", source="Report")
    name_owners(app, council, second, Owner("post", "Leader", accountable=True))
    roads = make_priority(app, council, "Roads")
    serve(app, council, first, roads)
    with clock.at(datetime(2026, 6, 10, tzinfo=UTC)):
        found = {
            query: shown_refs(editor.get(f"{base}/plans/{plan}?{query}").text)
            for query in (
                "due=soon",
                "due=undated",
                "owner=clerk",
                "owner=lead",
                "unowned=true",
                "source=Report",
                f"priority={roads}",
                "sort=-due",
                "status=open&owner=nobody",
            )
        }
        rows = editor.get(f"{base}/plans/{plan}/actions.csv?owner=leader").data.decode("utf-8-sig").splitlines()
    assert found == {
        "due=soon": ["a"],
        "due=undated": ["c"],
        "owner=clerk": ["a"],
        "owner=lead": ["b", "c"],
        "unowned=true": ["a", "c"],
        "source=Report": ["a", "c"],
        f"priority={roads}": ["a"],
        "sort=-due": ["a", "b", "c"],
        "status=open&owner=nobody": [],
    }
    assert [row.split(",")[12] for row in rows[1:]] == ["Leader (accountable)", ""]


def test_each_count_says_what_it_counts_and_opens_its_rows(
    app: Flask, editor: CheckingClient, base: str, council: MadeCouncil
) -> None:
    plan = make_plan(app, council)
    make_action(app, council, plan, timescale="May 2026")
    make_action(app, council, plan, timescale="ongoing", status_text="Completed")
    with clock.at(datetime(2026, 6, 10, tzinfo=UTC)):
        page = editor.get(f"{base}/plans/{plan}").text
    assert '?due=overdue">1 overdue</a>: open after the last day of the timescale' in page
    assert '?unowned=true">1 waiting for an owner</a>: open, and nobody has confirmed who does it' in page
    assert "1 closed: completed, decided against or transferred" in page


def test_a_plan_is_put_away_and_brought_back(
    app: Flask, editor: CheckingClient, base: str, council: MadeCouncil
) -> None:
    plan = make_plan(app, council)
    make_action(app, council, plan, timescale="May 2026")
    stale = editor.post(f"{base}/plans/{plan}/put-away", data={"version": "7"})
    assert (stale.status_code, "Put away" in editor.get(f"{base}/plans").text) == (409, False)
    assert editor.post(f"{base}/plans/{plan}/put-away", data={"version": "1"}).status_code == 303
    page = editor.get(f"{base}/plans").text
    assert ("Put away" in page, "Overdue" in page.split("Put away")[0]) == (True, False)
    assert "Bring it back" in editor.get(f"{base}/plans/{plan}").text
    editor.post(f"{base}/plans/{plan}/bring-back")
    assert "Put this plan away" in editor.get(f"{base}/plans/{plan}").text


def test_a_long_plan_is_shown_a_page_at_a_time_and_opened_where_a_line_is(
    app: Flask, editor: CheckingClient, base: str, council: MadeCouncil, statements: Statements
) -> None:
    plan = make_plan(app, council)
    ids = {ref: make_action(app, council, plan, ref=ref) for ref in (f"L{number}" for number in range(1, 78))}
    address = f"{base}/plans/{plan}"
    editor.get(address)
    with statements() as for_many:
        first = editor.get(address).text
    with statements() as for_two:
        editor.get(f"{address}?page=2")
    pages = {
        query: shown_refs(editor.get(f"{address}{query}").text)
        for query in ("?page=2", "?page=9", "?page=-1", "?page=x", f"?at={ids['L76']}", f"?page=1&at={ids['L76']}")
    }
    one_to_75, rest = [f"L{number}" for number in range(1, 76)], ["L76", "L77"]
    assert (shown_refs(first), len(for_many)) == (one_to_75, len(for_two))
    assert "Showing 75 of 77 actions" in first
    assert pages == {
        "?page=2": rest,
        "?page=9": rest,
        "?page=-1": one_to_75,
        "?page=x": one_to_75,
        f"?at={ids['L76']}": rest,
        f"?page=1&at={ids['L76']}": one_to_75,
    }
    assert len(editor.get(f"{address}/actions.csv?page=2").data.decode("utf-8-sig").splitlines()) == 78

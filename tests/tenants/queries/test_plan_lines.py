"""The lines of a plan: narrowed, in order, a page at a time, and the page where one of them is."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from uuid import uuid4

import pytest
from flask import Flask

from tenants.queries import plan_lines
from tenants.queries.action_details import Owner
from tenants.queries.plan_lines import Narrowed, list_actions, list_actions_page
from tenants.queries.plans import get_plan
from tests.conftest import InScope
from tests.factories.plans import make_action, make_plan, make_priority, name_owners, serve
from tests.factories.tenants import MadeCouncil

TODAY = date(2026, 6, 1)
LINES = (
    {"action": "Late", "timescale": "31 March 2026", "responsibility": "Head of HR", "source": "Survey"},
    {"action": "Soon", "timescale": "30 June 2026", "responsibility": "Clerk"},
    {"action": "Far", "timescale": "31 March 2028"},
    {"action": "Some day", "timescale": "when funds allow", "responsibility": "the Clerk and the Leader"},
)


@pytest.mark.parametrize(
    ("narrowed", "found"),
    [
        (Narrowed(), ["Late", "Soon", "Far", "Some day"]),
        (Narrowed(due="overdue", today=TODAY), ["Late"]),
        (Narrowed(due="soon", today=TODAY), ["Soon"]),
        (Narrowed(due="undated"), ["Some day"]),
        (Narrowed(owner="clerk"), ["Some day"]),
        (Narrowed(owner="Ann"), ["Soon"]),
        (Narrowed(unowned=True), ["Late", "Far", "Some day"]),
        (Narrowed(source="Survey"), ["Late"]),
        (Narrowed(status="to_confirm", sort="-due"), ["Far", "Soon", "Late", "Some day"]),
        (Narrowed(sort="who"), ["Far", "Soon", "Late", "Some day"]),
    ],
)
def test_lines_are_narrowed_and_put_in_order(
    app: Flask, council: MadeCouncil, in_scope: InScope, narrowed: Narrowed, found: list[str]
) -> None:
    plan = make_plan(app, council)
    ids = {line["action"]: make_action(app, council, plan, **line) for line in LINES}
    name_owners(app, council, ids["Soon"], Owner("person", "Ann Hall"))
    with in_scope(council.scope()):
        assert [row.action for row in list_actions(get_plan(council.id, plan), narrowed)] == found


def test_the_lines_that_serve_a_priority(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    plan, roads = make_plan(app, council), make_priority(app, council, "Roads")
    first, _ = (make_action(app, council, plan) for _ in range(2))
    serve(app, council, first, roads)
    with in_scope(council.scope()):
        lines = list_actions(get_plan(council.id, plan), Narrowed(priority_id=roads))
        assert [row.id for row in lines] == [first]


def test_a_page_tells_how_many_there_are_and_a_line_leads_to_its_own(
    app: Flask,
    council: MadeCouncil,
    in_scope: InScope,
    statements: Callable[[], AbstractContextManager[list[str]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(plan_lines, "LINES_ON_A_PAGE", 2)
    plan_id = make_plan(app, council)
    ids = [make_action(app, council, plan_id) for _ in range(5)]
    asked: list[tuple[dict[str, object], list[int], int, int]] = [
        ({}, [0, 1], 1, 1),
        ({"page": 2}, [2, 3], 2, 1),
        ({"page": 9}, [4], 3, 3),
        ({"page": -1}, [0, 1], 1, 1),
        ({"at": ids[4]}, [4], 3, 2),
        ({"at": uuid4(), "page": 2}, [2, 3], 2, 2),
    ]
    with in_scope(council.scope()):
        plan = get_plan(council.id, plan_id)
        for where, shown, number, most in asked:
            with statements() as sent:
                page = list_actions_page(plan, Narrowed(), **where)  # type: ignore[arg-type]
            told = ([row.id for row in page.rows], page.found, page.page, page.pages, len(sent))
            assert told == ([ids[at] for at in shown], 5, number, 3, most), where


def test_a_plan_without_lines_has_one_empty_page(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    plan_id = make_plan(app, council)
    with in_scope(council.scope()):
        page = list_actions_page(get_plan(council.id, plan_id), Narrowed(), page=4)
        assert (list(page.rows), page.found, page.page, page.pages) == ([], 0, 1, 1)

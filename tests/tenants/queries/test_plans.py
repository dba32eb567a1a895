"""A plan with what its page offers: asked for at once, whatever hangs on it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from uuid import UUID

import pytest
from flask import Flask

from saas.errors import NotFound
from tenants.queries.action_details import Details, Owner, load_owners
from tenants.queries.plans import get_plan_page
from tests.conftest import InScope
from tests.factories.plans import make_action, make_plan, make_priority, name_owners
from tests.factories.tenants import MadeCouncil

TODAY = date(2026, 6, 1)


def test_a_plans_page_offers_the_sources_of_its_lines_and_the_councils_priorities(
    app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    plan, other = make_plan(app, council), make_plan(app, council, "Another")
    for source in ("Survey", "Appraisals", "Survey", ""):
        make_action(app, council, plan, source=source)
    make_action(app, council, other, source="Elsewhere")
    roads, homes = make_priority(app, council, "Roads"), make_priority(app, council, "Homes")
    with in_scope(council.scope()):
        page = get_plan_page(council.id, plan, today=TODAY)
        bare = get_plan_page(council.id, other, today=TODAY)
    assert (page.line.plan.id, page.line.total, page.imported) == (plan, 4, False)
    assert page.sources == ["Appraisals", "Survey"]
    assert page.priorities == [(roads, "Roads"), (homes, "Homes")]
    assert bare.sources == ["Elsewhere"]


def test_a_plan_that_is_not_there_is_not_found(council: MadeCouncil, in_scope: InScope) -> None:
    with in_scope(council.scope()), pytest.raises(NotFound):
        get_plan_page(council.id, UUID(int=1), today=TODAY)


def test_the_owners_of_any_number_of_lines_take_one_statement(
    app: Flask,
    council: MadeCouncil,
    in_scope: InScope,
    statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    plan = make_plan(app, council)
    lines = [make_action(app, council, plan) for _ in range(3)]
    name_owners(app, council, lines[0], Owner("person", "Ann", True), Owner("post", "Clerk"))
    with in_scope(council.scope()), statements() as sent:
        found = load_owners(council.id, lines)
    assert found == {
        lines[0]: Details((Owner("person", "Ann", True), Owner("post", "Clerk"))),
        lines[1]: Details(),
        lines[2]: Details(),
    }
    assert len([each for each in sent if "action_owners" in each]) == len(sent) - 1 == 1

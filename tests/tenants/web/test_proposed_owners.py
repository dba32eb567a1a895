"""The page that confirms the proposed owners of many lines."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID

import pytest
from flask import Flask

from tenants.queries.action_details import Owner, load_details
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.plans import make_action, make_plan, name_owners
from tests.factories.tenants import MadeCouncil, MadeUser

Statements = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture
def plan(app: Flask, council: MadeCouncil) -> UUID:
    """A plan without lines."""
    return make_plan(app, council)


@pytest.fixture
def page(council: MadeCouncil, plan: UUID) -> str:
    """Where its proposed owners are."""
    return f"/councils/{council.slug}/plans/{plan}/owners"


@pytest.fixture
def editor(client: CheckingClient, lead: MadeUser) -> CheckingClient:
    """The council's lead, signed in."""
    return client.sign_in(lead)


def ticks(text: str) -> list[str]:
    """What the ticks of the page send."""
    return [part.split('"')[0] for part in text.split('name="lines" value="')[1:]]


def test_the_ticked_owners_are_confirmed_and_the_others_wait(
    app: Flask, editor: CheckingClient, page: str, plan: UUID, council: MadeCouncil, in_scope: InScope
) -> None:
    first = make_action(app, council, plan, responsibility="Clerk")
    second = make_action(app, council, plan, responsibility="Group leaders")
    make_action(app, council, plan)
    offered = ticks(editor.get(page).text)
    assert [value.partition(":")[0] for value in offered] == [str(first), str(second)]
    none = editor.post(page, data={})
    assert (none.status_code, "Tick at least one action." in none.text) == (422, True)
    assert editor.post(page, data={"lines": offered[:1]}).status_code == 303
    with in_scope(council.scope()):
        found = load_details(council.id, [first, second])
    assert (found[first].owners, found[second].owners) == ((Owner("post", "Clerk", accountable=True),), ())


def test_nothing_is_confirmed_where_somebody_was_first(
    app: Flask, editor: CheckingClient, page: str, plan: UUID, council: MadeCouncil, in_scope: InScope
) -> None:
    first = make_action(app, council, plan, responsibility="Clerk", ref="7")
    second = make_action(app, council, plan, responsibility="Group leaders")
    offered = ticks(editor.get(page).text)
    name_owners(app, council, first, Owner("person", "Bo Fern"))
    answer = editor.post(page, data={"lines": offered})
    assert (answer.status_code, "Somebody else changed action 7" in answer.text) == (409, True)
    with in_scope(council.scope()):
        found = load_details(council.id, [first, second])
    assert (found[first].owners, found[second].owners) == ((Owner("person", "Bo Fern"),), ())


def test_confirming_takes_the_same_statements_for_one_and_for_three(
    app: Flask, editor: CheckingClient, page: str, plan: UUID, council: MadeCouncil, statements: Statements
) -> None:
    counts = []
    for more in (1, 3):
        for _ in range(more):
            make_action(app, council, plan, responsibility="Clerk")
        offered = ticks(editor.get(page).text)
        with statements() as sql:
            assert editor.post(page, data={"lines": offered}).status_code == 303
        counts.append((len(offered), len(sql)))
    assert counts == [(1, counts[0][1]), (3, counts[0][1])]
    assert counts[0][1] <= 14


def test_the_page_takes_the_same_statements_for_one_and_for_three(
    app: Flask, editor: CheckingClient, page: str, plan: UUID, council: MadeCouncil, statements: Statements
) -> None:
    counts = []
    for more in (1, 2):
        for _ in range(more):
            make_action(app, council, plan, responsibility="Clerk")
        with statements() as sql:
            assert editor.get(page).status_code == 200
        counts.append(len(sql))
    assert counts[0] == counts[1] <= 9

"""Who does a line, as a person says."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask

from tenants.queries.action_details import Details, Owner, load_details
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.plans import make_action, make_plan
from tests.factories.tenants import MadeCouncil, MadeUser


@pytest.fixture
def base(council: MadeCouncil) -> str:
    """Where the council's pages are."""
    return f"/councils/{council.slug}"


@pytest.fixture
def editor(client: CheckingClient, lead: MadeUser) -> CheckingClient:
    """The council's lead, signed in."""
    return client.sign_in(lead)


@pytest.fixture
def action(app: Flask, council: MadeCouncil) -> UUID:
    """A line whose words name two posts."""
    return make_action(app, council, make_plan(app, council), responsibility="Clerk/Training Manager")


def details_of(in_scope: InScope, council: MadeCouncil, action: UUID) -> Details:
    """What hangs on the line."""
    with in_scope(council.scope()):
        return load_details(council.id, [action])[action]


def seen_on(page: str, name: str = "seen") -> str:
    """The mark of what a page showed."""
    return page.split(f'name="{name}" value="')[1].split('"', maxsplit=1)[0]


def test_proposed_owners_are_confirmed_as_they_are(
    editor: CheckingClient, base: str, council: MadeCouncil, action: UUID, in_scope: InScope
) -> None:
    page = editor.get(editor.get(f"{base}/actions/{action}").location).text
    assert "Nobody has confirmed who does it. From “Clerk/Training Manager” this is proposed:" in page
    marks = {"seen": seen_on(page), "proposed": seen_on(page, "proposed")}
    assert editor.post(f"{base}/actions/{action}/owners/confirm", data=marks).status_code == 303
    found = details_of(in_scope, council, action).owners
    assert found == (Owner("post", "Clerk"), Owner("post", "Training Manager"))
    again = editor.post(f"{base}/actions/{action}/owners/confirm", data=marks)
    assert (again.status_code, "Somebody else changed this action" in again.text) == (409, True)


def test_owners_are_corrected_and_one_is_accountable(
    editor: CheckingClient, base: str, council: MadeCouncil, action: UUID, in_scope: InScope
) -> None:
    path = f"{base}/actions/{action}/owners"
    page = editor.get(path).text
    assert ('value="Clerk"' in page, 'value="Training Manager"' in page) == (True, True)
    typed = {"seen": seen_on(page), "name_1": "Clerk", "kind_1": "post", "name_2": "Bo Fern", "kind_2": "person"}
    more = editor.post(path, data=typed | {"more": "true"})
    assert (more.status_code, 'name="name_5"' in more.text) == (200, True)
    lacking = editor.post(path, data=typed | {"name_3": "The panel"})
    assert (lacking.status_code, "Choose what each owner is." in lacking.text) == (422, True)
    assert 'value="The panel"' in lacking.text
    editor.post(path, data=typed | {"kind_3": "to_be_agreed", "accountable": "2"})
    wanted = (Owner("person", "Bo Fern", accountable=True), Owner("post", "Clerk"), Owner("to_be_agreed", ""))
    assert details_of(in_scope, council, action).owners == wanted
    stale = editor.post(path, data=typed)
    assert (stale.status_code, "Bo Fern (accountable)" in stale.text) == (409, True)
    assert details_of(in_scope, council, action).owners == wanted
    editor.post(path, data={"seen": seen_on(stale.text), "name_1": "Clerk", "kind_1": "post"})
    assert details_of(in_scope, council, action).owners == (Owner("post", "Clerk"),)


def test_who_is_to_be_agreed_cannot_be_accountable(editor: CheckingClient, base: str, action: UUID) -> None:
    path = f"{base}/actions/{action}/owners"
    data = {"seen": seen_on(editor.get(path).text), "kind_1": "to_be_agreed", "accountable": "1"}
    answer = editor.post(path, data=data)
    assert (answer.status_code, "cannot be accountable" in answer.text) == (422, True)

"""Two invitations of one person accepted at the same moment: threads with connections of their own that commit."""

from __future__ import annotations

import threading
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from saas.tenancy import Scope
from saas.transaction import within
from tenants.models.access import Credential, Invitation, User
from tenants.services import invitations
from tests.factories.invitations import make_invitation
from tests.factories.tenants import MadeCouncil, make_council, make_region

PATIENCE_SECONDS = 30.0


@pytest.fixture
def council(built_app: Flask, owner: sa.Engine) -> MadeCouncil:
    """A council, committed."""
    return make_council(built_app, make_region(built_app))


def offered(app: Flask, council: MadeCouncil, role: str) -> str:
    """The hash of the secret of a new invitation of one and the same person."""
    invitation_id = make_invitation(app, council, role)
    with app.app_context(), within(council.scope()) as session:
        invitation = session.get_one(Invitation, invitation_id)
        invitations.give_secret(invitation)
        assert invitation.key_hash is not None
        return invitation.key_hash


def test_the_second_waits_and_then_asks_for_the_password_of_the_first(built_app: Flask, council: MadeCouncil) -> None:
    lead, editor = (offered(built_app, council, role) for role in ("council_lead", "council_editor"))
    first_accepted, users = threading.Event(), dict[str, UUID | None]()

    def accept_second() -> None:
        first_accepted.wait(PATIENCE_SECONDS)
        with built_app.app_context(), within(Scope.bearer(key_hash=editor)):
            users["second"] = invitations.accept(editor, name="Nia", hashed="hash of the second")

    second = threading.Thread(target=accept_second)
    second.start()
    with built_app.app_context(), within(Scope.bearer(key_hash=lead)):
        users["first"] = invitations.accept(lead, name="Nia", hashed="hash of the first")
        first_accepted.set()
        second.join(0.5)  # it is waiting for this transaction to end
        assert "second" not in users
    second.join(PATIENCE_SECONDS)
    user_id = users["first"]
    assert user_id is not None
    assert users == {"first": user_id, "second": None}
    with built_app.app_context(), within(Scope.person(user_id), read_only=True) as session:
        assert session.scalars(sa.select(User.email)).all() == ["new@example.org"]
        assert session.scalars(sa.select(Credential.password_hash)).all() == ["hash of the first"]

"""The mail of an invitation: sent once, tried again while the server is away, never told apart in a log."""

from __future__ import annotations

import re
from dataclasses import replace
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from saas import jobs
from saas.events import Outbox
from saas.mail import MailServer
from saas.security import digest
from saas.tenancy import CONSOLE, Scope
from saas.transaction import within
from tenants.jobs.invitations import send_invitation
from tenants.services import invitations
from tests.conftest import InScope
from tests.factories.invitations import Postbox, make_invitation, read_invitation
from tests.factories.tenants import MadeCouncil


def mailed_to(app: Flask, monkeypatch: pytest.MonkeyPatch, server: MailServer) -> None:
    """Let mail go to another server than the console."""
    environment = app.extensions["charterway_mail"][1]
    monkeypatch.setitem(app.extensions, "charterway_mail", (server, environment))


def test_the_mail_says_who_invites_to_what_and_until_when(app: Flask, council: MadeCouncil, postbox: Postbox) -> None:
    invitation_id = make_invitation(app, council, "council_editor")
    text = postbox.empty()
    for words in ("To: new@example.org", "Charterway has given you access", council.name, "Council editor"):
        assert words in text
    secret = re.search(r"/invitations/([\w-]{43})", text)
    assert secret
    assert read_invitation(app, council, invitation_id).key_hash == digest(secret[1])


def test_running_twice_sends_once(app: Flask, council: MadeCouncil, postbox: Postbox) -> None:
    invitation_id = make_invitation(app, council, "member")
    link = postbox.link()
    with app.app_context(), within(council.scope()):
        send_invitation(invitation_id)
    assert postbox.empty() == ""
    assert app.test_client().get(link).status_code == 200


def test_a_mail_sent_again_after_its_job_was_cut_off_is_the_same_mail(
    app: Flask, council: MadeCouncil, postbox: Postbox, in_scope: InScope
) -> None:
    invitation_id = make_invitation(app, council, "member")
    first = postbox.empty()
    with in_scope(council.scope()) as session:  # as the database stands when the process ends before its commit
        session.get_one(invitations.Invitation, invitation_id).key_hash = None
    with app.app_context(), within(council.scope()):
        send_invitation(invitation_id)
    assert postbox.empty() == first


def test_a_withdrawn_invitation_is_not_sent(
    app: Flask, council: MadeCouncil, postbox: Postbox, in_scope: InScope
) -> None:
    invitation_id = make_invitation(app, council, "member")
    with in_scope(council.scope()) as session:
        invitations.withdraw(session.get_one(invitations.Invitation, invitation_id), by=CONSOLE)
    assert postbox.empty() == ""


def outbox(in_scope: InScope) -> list[tuple[str, int]]:
    """What is still to be done, with how often it was tried."""
    with in_scope(Scope.nobody(), read_only=True) as session:
        return [tuple(row) for row in session.execute(sa.select(Outbox.job, Outbox.attempts))]


def test_a_server_that_is_away_is_tried_again(
    app: Flask, council: MadeCouncil, monkeypatch: pytest.MonkeyPatch, in_scope: InScope, postbox: Postbox
) -> None:
    away = replace(app.extensions["charterway_mail"][0], scheme="smtp", host="127.0.0.1", port=1)
    with monkeypatch.context() as patched:
        mailed_to(app, patched, away)
        invitation_id = make_invitation(app, council, "member")
        postbox.empty()
    assert read_invitation(app, council, invitation_id).key_hash is None
    assert outbox(in_scope) == [("send_invitation", 1)]
    with in_scope(Scope.nobody()) as session:
        session.execute(sa.update(Outbox).values(due_at=sa.func.now() - sa.text("interval '1 second'")))
    assert app.test_client().get(postbox.link()).status_code == 200
    assert outbox(in_scope) == []


def test_an_address_that_takes_no_mail_is_not_tried_again(
    app: Flask, council: MadeCouncil, in_scope: InScope, postbox: Postbox
) -> None:
    invitation_id: UUID = make_invitation(app, council, "member")
    with in_scope(council.scope()) as session:
        session.execute(sa.text("update invitations set email = 'nobody at all'"))
    with app.app_context():
        jobs.run_all()
    assert read_invitation(app, council, invitation_id).key_hash is None
    assert outbox(in_scope) == []

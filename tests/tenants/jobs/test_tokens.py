"""A week before a token ends its user is told, once."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from flask import Flask

from saas import clock, jobs, rounds
from saas.security import digest
from saas.tenancy import Actor, Scope
from saas.transaction import within
from tenants.jobs.tokens import mail_token_ends
from tenants.models.tokens import Token
from tenants.queries.tokens import take_ending
from tenants.services import tokens
from tests.conftest import InScope
from tests.factories.invitations import Postbox
from tests.factories.tenants import MadeCouncil, MadeUser, make_token
from tests.factories.webhooks import target_of


def morning(app: Flask, postbox: Postbox, days: int) -> list[str]:
    """The mails of the daily rounds so many days from now."""
    with app.app_context(), clock.at((clock.now() + timedelta(days=days)).replace(hour=9)):
        rounds.start_rounds()
        jobs.run_all()
    return postbox.empty().split("To: ")[1:]


def test_its_user_is_told_a_week_before_and_once(
    app: Flask, council: MadeCouncil, lead: MadeUser, postbox: Postbox
) -> None:
    make_token(app, lead, council)
    postbox.empty()
    assert morning(app, postbox, 82) == []
    (mail,) = morning(app, postbox, 84)
    assert mail.startswith(lead.email)
    assert "Subject: Your token “For a test” ends on" in mail
    assert "http://localhost/account/tokens" in mail
    assert morning(app, postbox, 85) == []


def test_a_token_of_a_few_days_is_not_spoken_of_and_one_that_was_ended_neither(
    app: Flask, council: MadeCouncil, lead: MadeUser, postbox: Postbox, in_scope: InScope
) -> None:
    by, target = Actor(lead.id, lead.name), target_of(council)
    with in_scope(council.scope(lead.id)):
        tokens.make(target, name="Short", days=7, by=by)
        ended, _ = tokens.make(target, name="Ended", days=20, by=by)
        tokens.revoke(target, ended, by=by)
    postbox.empty()
    assert [day for day in (1, 6, 7, 12, 13, 14, 20) if morning(app, postbox, day)] == []


def test_one_that_was_ended_meanwhile_is_not_mailed_about(
    app: Flask, council: MadeCouncil, lead: MadeUser, postbox: Postbox, in_scope: InScope
) -> None:
    secret = make_token(app, lead, council).removeprefix("Bearer ")
    with in_scope(council.scope(lead.id)) as session:
        token = session.scalars(sa.select(Token).where(Token.key_hash == digest(secret))).one()
        tokens.revoke(target_of(council), token, by=Actor(lead.id, lead.name))
        token_id = token.id
    postbox.empty()
    with app.app_context(), within(Scope.person(lead.id)):
        mail_token_ends(token_id)
    assert postbox.empty() == ""


def test_only_the_console_learns_which_tokens_end(
    app: Flask, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    make_token(app, lead, council)
    late = clock.now() + timedelta(days=365)
    for scope in (Scope.nobody(), council.scope(lead.id), council.region.scope(), Scope.operator(lead.id)):
        with in_scope(scope):
            assert take_ending(late) == []

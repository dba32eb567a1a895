"""Jobs about tokens: a person is told in time that one ends."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask import current_app

from saas import clock, mail
from saas.db import db
from saas.jobs import job, put
from saas.rounds import daily_on_platform
from saas.templating import moment
from saas.tenancy import Scope
from tenants.models.access import User
from tenants.queries.tokens import find_token, take_ending

DAYS_BEFORE = timedelta(days=7)


@daily_on_platform
@job()
def tell_tokens_end(_: UUID) -> None:
    """One job for each token that ends within a week and was not spoken of: a mail that fails is tried alone."""
    for token_id, user_id in take_ending(clock.now() + DAYS_BEFORE):
        put(mail_token_ends, token_id, Scope.person(user_id))


@job()
def mail_token_ends(token_id: UUID) -> None:
    """Mail its user that a token ends; nothing when it has ended meanwhile, or the user has left."""
    token = find_token(token_id)
    user = db.session.get(User, token.user_id) if token is not None else None
    if token is None or user is None or user.disabled_at is not None or token.revoked_at is not None:
        return
    context = {
        "name": user.name,
        "token": token.name,
        "expires": moment(token.expires_at),
        "link": f"{current_app.config['CHARTERWAY'].base_url}/account/tokens",
    }
    mail.deliver("token_ends", to=user.email, context=context, key=f"token {token.id} ends")

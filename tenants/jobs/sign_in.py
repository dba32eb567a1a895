"""Jobs about sign-in: the mail that leads to a new password, and the one that links a single sign-on."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import current_app

from saas import mail
from saas.db import db
from saas.jobs import job
from saas.templating import moment
from tenants.models.access import Link, User
from tenants.services import sign_in, single_sign_on


@job()
def send_reset_link(link_id: UUID) -> None:
    """Make the link's secret and mail it to its user; nothing when it was sent before or has expired."""
    _mail(db.session.get(Link, link_id), sign_in.give_secret, "password_reset", "/reset-password/")


@job()
def send_identity_link(link_id: UUID) -> None:
    """Make the link's secret and mail it to the address of the account; nothing when it was sent or has expired."""
    _mail(db.session.get(Link, link_id), single_sign_on.give_secret, "identity_link", "/sign-in/link/")


def _mail(link: Link | None, give_secret: Callable[[Link], str | None], name: str, path: str) -> None:
    """Mail the address that the secret makes; the secret is forgotten when the mail did not go out."""
    secret = link and give_secret(link)
    if link is None or secret is None:
        return
    user = db.session.get_one(User, link.user_id)
    context = {
        "link": f"{current_app.config['CHARTERWAY'].base_url}{path}{secret}",
        "expires": moment(link.expires_at),
    }
    if not mail.deliver(name, to=user.email, context=context, key=f"{name.replace('_', ' ')} {link.id}"):
        link.key_hash = None

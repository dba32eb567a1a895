"""Jobs about sign-in: the mail that leads to a new password, and the one that links a single sign-on."""

from __future__ import annotations

from uuid import UUID

from flask import current_app

from saas import mail
from saas.db import db
from saas.jobs import job
from saas.templating import moment
from tenants.models.access import Link, User
from tenants.services import mailed_links


@job(waited_for=True)
def send_reset_link(link_id: UUID) -> None:
    """Make the link's secret and mail it to its user; nothing when it was sent before or has expired."""
    _mail(link_id, "/reset-password/")


@job(waited_for=True)
def send_identity_link(link_id: UUID) -> None:
    """Make the link's secret and mail it to the address of the account; nothing when it was sent or has expired."""
    _mail(link_id, "/sign-in/link/")


def _mail(link_id: UUID, path: str) -> None:
    """Mail the address that the secret makes; the secret is forgotten when the mail did not go out."""
    link = db.session.get(Link, link_id)
    secret = link and mailed_links.give_secret(link)
    if link is None or secret is None:
        return
    user = db.session.get_one(User, link.user_id)
    context = {
        "link": f"{current_app.config['CHARTERWAY'].base_url}{path}{secret}",
        "expires": moment(link.expires_at),
    }
    key = f"{link.purpose.replace('_', ' ')} {link.id}"
    if not mail.deliver(link.purpose, to=user.email, context=context, key=key):
        link.key_hash = None

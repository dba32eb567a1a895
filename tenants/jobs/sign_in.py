"""Jobs about sign-in: the mail that leads to a new password, and the one that links a single sign-on."""

from __future__ import annotations

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
    link = db.session.get(Link, link_id)
    secret = link and sign_in.give_secret(link)
    if link is None or secret is None:
        return
    user = db.session.get_one(User, link.user_id)
    context = {
        "link": f"{current_app.config['CHARTERWAY'].base_url}/reset-password/{secret}",
        "expires": moment(link.expires_at),
    }
    if not mail.deliver("password_reset", to=user.email, context=context, key=f"password reset {link.id}"):
        link.key_hash = None


@job()
def send_identity_link(link_id: UUID) -> None:
    """Make the link's secret and mail it to the address of the account; nothing when it was sent or has expired."""
    link = db.session.get(Link, link_id)
    secret = link and single_sign_on.give_secret(link)
    if link is None or secret is None:
        return
    user = db.session.get_one(User, link.user_id)
    context = {
        "link": f"{current_app.config['CHARTERWAY'].base_url}/sign-in/link/{secret}",
        "expires": moment(link.expires_at),
    }
    if not mail.deliver("identity_link", to=user.email, context=context, key=f"identity link {link.id}"):
        link.key_hash = None

"""Mailed links: secrets that prove once, and for one purpose, that somebody reads the mailbox of an account."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from saas import clock, events
from saas.db import db, new_id
from saas.security import digest, secret_for
from saas.tenancy import Actor
from tenants.models.access import IDENTITY_LINK, PASSWORD_RESET, Link

LIVES = {PASSWORD_RESET: timedelta(hours=1), IDENTITY_LINK: timedelta(minutes=30)}
"""Purpose → how long a link can be used."""


def ask(user_id: UUID, purpose: str, *, by: Actor) -> Link:
    """Ask for a link to be mailed to the account's address, sent by a job; in the person's scope."""
    now = clock.now()
    link = Link(
        id=new_id(), user_id=user_id, purpose=purpose, key_hash=None, asked_at=now, expires_at=now + LIVES[purpose]
    )
    db.session.add(link)
    db.session.flush()
    events.record(f"{purpose}.asked", link, by=by, audience="person")
    return link


def give_secret(link: Link) -> str | None:
    """Make the secret of the mail and keep its SHA-256; None when one was given before or the link has ended.

    A mail that is sent once more, because its job was cut off after the first, leads to the same place.
    """
    if link.key_hash is not None or not is_open(link):
        return None
    secret = secret_for(f"{link.purpose.replace('_', ' ')} {link.id}")
    link.key_hash = digest(secret)
    return secret


def is_open(link: Link | None) -> bool:
    """Whether the link can still be used."""
    return link is not None and link.used_at is None and link.expires_at > clock.now()

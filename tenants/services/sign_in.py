"""Sign-in: what is kept when somebody signs in, asks for a new password or chooses one."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import text, update

from saas import clock, events
from saas.db import db, new_id
from saas.security import digest, secret_for
from saas.tenancy import Actor
from tenants.models.access import PASSWORD_RESET, Credential, Link, User

RESET_LIFE = timedelta(hours=1)
USE_RESET_LINK = text("select tenancy.use_reset_link(:hashed)")


def record_sign_in(user_id: UUID, *, rehashed: str | None, by: Actor) -> None:
    """Record that somebody signed in; `rehashed` is kept when the password's hash was made at an old cost."""
    if rehashed is not None:
        keep_rehashed(user_id, rehashed)
    events.record("user.signed_in", User(id=user_id), by=by, audience="person")


def keep_rehashed(user_id: UUID, hashed: str) -> None:
    """Keep the same password's hash, made at today's cost. In the person's scope."""
    _keep(user_id, hashed)


def record_session_end(user_id: UUID, browser: str, *, by: Actor) -> None:
    """Record that somebody ended one of the own sessions. browser: in words, or empty."""
    events.record("session.ended", User(id=user_id), by=by, audience="person", payload={"browser": browser})


def ask_reset(user_id: UUID, *, by: Actor) -> Link:
    """Ask for a link to choose a new password, sent by a job; in the person's scope."""
    now = clock.now()
    link = Link(
        id=new_id(), user_id=user_id, purpose=PASSWORD_RESET, key_hash=None, asked_at=now, expires_at=now + RESET_LIFE
    )
    db.session.add(link)
    db.session.flush()
    events.record("password_reset.asked", link, by=by, audience="person")
    return link


def give_secret(link: Link) -> str | None:
    """Make the secret of the mail and keep its SHA-256; None when one was given before or the link has ended.

    A mail that is sent once more, because its job was cut off after the first, leads to the same place.
    """
    if link.key_hash is not None or not is_open(link):
        return None
    secret = secret_for(f"password reset {link.id}")
    link.key_hash = digest(secret)
    return secret


def is_open(link: Link | None) -> bool:
    """Whether the link can still be used."""
    return link is not None and link.used_at is None and link.expires_at > clock.now()


def use_reset_link(hashed: str) -> UUID | None:
    """Keep a new password by the link whose secret the scope bears, and end every session of its user.

    The user; None when the link was used or has expired.
    """
    user_id: UUID | None = db.session.scalar(USE_RESET_LINK, {"hashed": hashed})
    if user_id is not None:
        by = Actor(user_id, "The holder of a reset link")
        events.record("password.changed", User(id=user_id), by=by, audience="person")
    return user_id


def change_password(user_id: UUID, *, hashed: str, by: Actor) -> int:
    """Keep a new password and end every session: the epoch that sessions now need. In the person's scope."""
    _keep(user_id, hashed)
    events.record("password.changed", User(id=user_id), by=by, audience="person")
    return _next_epoch(user_id)


def end_sessions(user_id: UUID, *, by: Actor) -> int:
    """End every session of the user, wherever it is open: the epoch that sessions now need."""
    events.record("user.signed_out_everywhere", User(id=user_id), by=by, audience="person")
    return _next_epoch(user_id)


def _keep(user_id: UUID, hashed: str) -> None:
    values = {"password_hash": hashed, "changed_at": clock.now()}
    db.session.execute(update(Credential).where(Credential.user_id == user_id).values(values))


def _next_epoch(user_id: UUID) -> int:
    grown = update(User).where(User.id == user_id).values(epoch=User.epoch + 1).returning(User.epoch)
    return db.session.execute(grown).scalar_one()

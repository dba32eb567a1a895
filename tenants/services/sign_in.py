"""Sign-in: what is kept when somebody signs in or chooses a new password."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import text, update

from saas import clock, events
from saas.db import db
from saas.tenancy import Actor
from tenants.models.access import Credential, User

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

"""Tokens of programs: a person's own, and those that were made for a place."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text

from saas import clock
from saas.db import db
from saas.errors import NotFound
from tenants.models.tokens import Token
from tenants.queries.access import Target

ENDING = text("select id, user_id from tenancy.tokens_ending(:present, :before)")


def list_own(user_id: UUID) -> list[Token]:
    """Everything the person made in any place, the newest first; in the person's scope."""
    return list(db.session.scalars(select(Token).where(Token.user_id == user_id).order_by(Token.made_at.desc())))


def get_own(user_id: UUID, token_id: UUID) -> Token:
    """One of a person's own tokens; raises NotFound."""
    return _one(Token.user_id == user_id, Token.id == token_id)


def list_of_place(target: Target, *, user_id: UUID | None = None) -> list[Token]:
    """The tokens of a place that still work, by their users' names. user_id: those of one person."""
    works = (target.holds(Token), Token.revoked_at.is_(None), Token.expires_at > clock.now())
    rows = select(Token).where(*works).order_by(Token.user_name, Token.made_at, Token.id)
    return list(db.session.scalars(rows if user_id is None else rows.where(Token.user_id == user_id)))


def get_of_place(target: Target, token_id: UUID) -> Token:
    """One token of the place; raises NotFound."""
    return _one(target.holds(Token), Token.id == token_id)


def find_token(token_id: UUID) -> Token | None:
    """A token of this scope."""
    return db.session.get(Token, token_id)


def take_ending(before: datetime) -> list[tuple[UUID, UUID]]:
    """(token, user) of those that end before then, each once and never again; the console's, for the whole service."""
    rows = db.session.execute(ENDING, {"present": clock.now(), "before": before})
    return [(row.id, row.user_id) for row in rows]


def _one(*conditions: object) -> Token:
    found = db.session.scalar(select(Token).where(*conditions))  # type: ignore[arg-type]
    if found is None:
        raise NotFound
    return found

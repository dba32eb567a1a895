"""Calendar feeds: a person's own, and the one a secret address opens."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from saas.db import db
from tenants.models.notices import CalendarFeed


def list_current(council_id: UUID, user_id: UUID) -> list[CalendarFeed]:
    """The person's feeds of the council that work, the newest first; usually one or none."""
    mine = (CalendarFeed.council_id == council_id, CalendarFeed.user_id == user_id, CalendarFeed.revoked_at.is_(None))
    return list(db.session.scalars(select(CalendarFeed).where(*mine).order_by(CalendarFeed.made_at.desc())))


def find_borne_feed(key_hash: str) -> CalendarFeed | None:
    """The feed whose secret's hash the scope bears, while it is not revoked."""
    borne = (CalendarFeed.key_hash == key_hash, CalendarFeed.revoked_at.is_(None))
    return db.session.scalar(select(CalendarFeed).where(*borne))

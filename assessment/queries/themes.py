"""Themes of a region's improvements."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import func, select

from assessment.models.themes import Theme
from saas.db import db
from saas.errors import NotFound


def list_themes(region_id: UUID) -> list[Theme]:
    """Every theme of a region in its order, those put away as well."""
    wanted = select(Theme).where(Theme.region_id == region_id)
    return list(db.session.scalars(wanted.order_by(Theme.past, Theme.position, Theme.title)))


def list_held_themes(region_id: UUID, theme_ids: Collection[UUID]) -> list[Theme]:
    """These themes of a region in the order of their ids, each held for a change; raises NotFound unless all are."""
    wanted = select(Theme).where(Theme.region_id == region_id, Theme.id.in_(theme_ids))
    found = list(db.session.scalars(wanted.order_by(Theme.id).with_for_update()))
    if len(found) < len(set(theme_ids)):
        raise NotFound
    return found


def next_position(region_id: UUID) -> int:
    """The place after the last theme."""
    last = db.session.scalar(select(func.max(Theme.position)).where(Theme.region_id == region_id))
    return (last or 0) + 1


def get_theme(region_id: UUID, theme_id: UUID, *, lock: bool = False) -> Theme:
    """One theme of a region; raises NotFound. lock: held against other changes."""
    wanted = select(Theme).where(Theme.region_id == region_id, Theme.id == theme_id)
    found = db.session.scalar(wanted.with_for_update() if lock else wanted)
    if found is None:
        raise NotFound
    return found

"""Filters that the region's people keep under a name."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from assessment.models.region_views import SavedFilter
from saas.db import db
from saas.errors import NotFound


def list_filters(region_id: UUID, page: str) -> list[SavedFilter]:
    """The viewer's own filters of a page and those that colleagues share, by name; in the region's scope."""
    wanted = select(SavedFilter).where(SavedFilter.region_id == region_id, SavedFilter.page == page)
    return list(db.session.scalars(wanted.order_by(func.lower(SavedFilter.name), SavedFilter.saved_at)))


def get_own_filter(region_id: UUID, filter_id: UUID, user_id: UUID | None) -> SavedFilter:
    """One of the user's own filters; raises NotFound, also for one that a colleague shares."""
    wanted = select(SavedFilter).where(
        SavedFilter.region_id == region_id, SavedFilter.id == filter_id, SavedFilter.user_id == user_id
    )
    found = db.session.scalar(wanted)
    if found is None:
        raise NotFound
    return found

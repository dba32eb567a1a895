"""Filters that the region's people keep under a name."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, bindparam, func, select

from assessment.models.region_views import SavedFilter
from saas.db import db
from saas.errors import NotFound


def list_filters(region_id: UUID, page: str) -> Sequence[Any]:
    """The viewer's own filters of a page and those that colleagues share, by name; in the region's scope.

    Rows of id, name, query, shared, user_id and saved_by_name: every page with a list asks for them.
    """
    return db.session.connection().execute(_filters(), {"region": region_id, "page": page}).all()


@cache
def _filters() -> Select[*tuple[Any, ...]]:
    one = SavedFilter
    return (
        select(one.id, one.name, one.query, one.shared, one.user_id, one.saved_by_name)
        .where(one.region_id == bindparam("region", type_=Uuid()), one.page == bindparam("page"))
        .order_by(func.lower(one.name), one.saved_at)
    )


def get_own_filter(region_id: UUID, filter_id: UUID, user_id: UUID | None) -> SavedFilter:
    """One of the user's own filters; raises NotFound, also for one that a colleague shares."""
    wanted = select(SavedFilter).where(
        SavedFilter.region_id == region_id, SavedFilter.id == filter_id, SavedFilter.user_id == user_id
    )
    found = db.session.scalar(wanted)
    if found is None:
        raise NotFound
    return found

"""What this council's people said headings mean."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from saas.db import db
from tenants.models.imports import RememberedColumn


def list_remembered(council_id: UUID, kind: str) -> list[RememberedColumn]:
    """What is remembered for this kind of document, by heading."""
    wanted = select(RememberedColumn).where(RememberedColumn.council_id == council_id, RememberedColumn.kind == kind)
    return [*db.session.scalars(wanted.order_by(RememberedColumn.heading))]


def remembered_meanings(council_id: UUID, kind: str) -> dict[str, str]:
    """The same as plain heading → meaning."""
    return {row.heading: row.meaning for row in list_remembered(council_id, kind)}

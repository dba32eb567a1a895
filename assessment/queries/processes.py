"""Versions of a region's process."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from assessment.models.processes import ProcessVersion
from saas.db import db


def list_versions(region_id: UUID) -> list[ProcessVersion]:
    """Every version of a region's process, newest first."""
    wanted = select(ProcessVersion).where(ProcessVersion.region_id == region_id)
    return list(db.session.scalars(wanted.order_by(ProcessVersion.version.desc())))

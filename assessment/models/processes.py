"""A region's process settings, one row a version; an accreditation keeps the version it began with."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from saas.db import Base, new_id
from saas.tenancy import visible_to


@visible_to(region="si", home="s")
class ProcessVersion(Base):
    """The validated document of `assessment.rules.processes`; version 1 is written with the region's first use."""

    __tablename__ = "process_versions"
    __table_args__ = (UniqueConstraint("region_id", "version"), UniqueConstraint("region_id", "id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    region_id: Mapped[UUID] = mapped_column(ForeignKey("regions.id"))
    version: Mapped[int]
    document: Mapped[dict[str, Any]]
    changed_at: Mapped[datetime]
    changed_by: Mapped[UUID | None]
    changed_by_name: Mapped[str]

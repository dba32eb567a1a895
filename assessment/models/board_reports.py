"""Board reports: what a region tells its board, frozen on the day it was made."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from saas.db import Base, new_id
from saas.tenancy import visible_to


@visible_to(region="si")
class BoardReport(Base):
    """One report: the figures, their sentences and definitions as a document. Append-only."""

    __tablename__ = "board_reports"
    __table_args__ = (UniqueConstraint("region_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    region_id: Mapped[UUID] = mapped_column(ForeignKey("regions.id"))
    number: Mapped[int]
    period_from: Mapped[date]
    period_to: Mapped[date]
    document: Mapped[dict[str, Any]]
    hash: Mapped[str]
    made_at: Mapped[datetime]
    made_by_name: Mapped[str]


@visible_to(region="siu")
class BoardSchedule(Base):
    """Whether a region's report is made by itself after each quarter, and for which one next."""

    __tablename__ = "board_schedules"

    region_id: Mapped[UUID] = mapped_column(ForeignKey("regions.id"), primary_key=True)
    quarterly: Mapped[bool]
    next_on: Mapped[date | None]
    """The day on which the next one is made; None while it is not scheduled."""
    set_at: Mapped[datetime]
    set_by_name: Mapped[str]

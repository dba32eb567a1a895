"""Successions: a council that merged into another, which reads its record from that day on."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from saas.db import Base, TenantKeyed
from saas.tenancy import Policy, visible_to

SUCCESSOR = Policy("successor_select", "select", "council_id = any((select tenancy.predecessors())::uuid[])")
"""What a council sent and was given, its successor reads. Drafts, evidence and people stay behind."""


@visible_to(
    Policy("heir_select", "select", "council_id = any((select tenancy.predecessors())::uuid[])"),
    council="s",
    region="si",
)
class Succession(TenantKeyed, Base):
    """The council named by the key ended on a day; its successor is of the same region."""

    __tablename__ = "successions"
    __table_args__ = (
        ForeignKeyConstraint(["successor_id", "region_id"], ["councils.id", "councils.region_id"]),
        UniqueConstraint("council_id"),
        CheckConstraint("council_id <> successor_id", name="two_councils"),
    )

    region_id: Mapped[UUID]
    successor_id: Mapped[UUID]
    council_name: Mapped[str]
    successor_name: Mapped[str]
    ended_on: Mapped[date]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[UUID | None]
    recorded_by_name: Mapped[str]

"""Meetings that go through an action plan: what was decided on each line, entered in one sitting."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from saas.db import Base, TenantKeyed, Versioned, same_council
from saas.tenancy import visible_to


@visible_to(council="siud")
class Meeting(TenantKeyed, Versioned, Base):
    """One meeting of a steering group or another body about one plan. `minute` is the reference of its minutes.

    Its changes are entered until `closed_at`; then the record of the meeting stands.
    """

    __tablename__ = "meetings"
    __table_args__ = (
        same_council("plan_id", "plans", ondelete="CASCADE"),
        Index("ix_meetings_council_id_plan_id_held_on", "council_id", "plan_id", "held_on"),
    )

    plan_id: Mapped[UUID]
    body: Mapped[str]
    held_on: Mapped[date]
    minute: Mapped[str]
    notes: Mapped[str]
    opened_at: Mapped[datetime]
    opened_by_name: Mapped[str]
    closed_at: Mapped[datetime | None]
    closed_by_name: Mapped[str]


@visible_to(council="siud")
class MeetingItem(TenantKeyed, Base):
    """What a meeting decided on one line, in its words. What it changed stands in the line's versions."""

    __tablename__ = "meeting_items"
    __table_args__ = (
        same_council("meeting_id", "meetings", ondelete="CASCADE"),
        same_council("action_id", "actions", ondelete="CASCADE"),
        UniqueConstraint("council_id", "meeting_id", "action_id"),
    )

    meeting_id: Mapped[UUID]
    action_id: Mapped[UUID]
    decision: Mapped[str]
    minute: Mapped[str]
    recorded_at: Mapped[datetime]
    recorded_by_name: Mapped[str]

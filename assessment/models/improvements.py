"""Improvements: issued with a report, replied to by the council, done, and verified by the region."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assessment.models.successions import SUCCESSOR
from saas.db import Base, TenantKeyed, Versioned, same_council
from saas.tenancy import visible_to

REPLIES = ("accepted", "accepted_in_part", "decided_against")
PROGRESS = ("in_progress", "claimed_complete")
ENDINGS = ("verified", "superseded", "carried_forward")


@visible_to(SUCCESSOR, council="s", region="siu")
class Improvement(TenantKeyed, Base):
    """One numbered improvement of an issued report. What the council does with it stands in replies and progress.

    `ending` is the region's last word: verified, superseded, carried forward.
    """

    __tablename__ = "improvements"
    __table_args__ = (
        same_council("accreditation_id", "accreditations"),
        same_council("report_id", "reports"),
        UniqueConstraint("council_id", "report_id", "number"),
        CheckConstraint(f"ending is null or ending in {ENDINGS}", name="ending"),
        Index("ix_improvements_region_id_criterion_code", "region_id", "criterion_code"),
        Index("ix_improvements_accreditation_id", "accreditation_id"),
    )

    region_id: Mapped[UUID]
    accreditation_id: Mapped[UUID]
    report_id: Mapped[UUID]
    number: Mapped[int]
    requirement_id: Mapped[UUID | None] = mapped_column(ForeignKey("requirements.id"))
    criterion_code: Mapped[str]
    criterion_title: Mapped[str]
    action: Mapped[str]
    reason: Mapped[str]
    remark: Mapped[str]
    timescale: Mapped[str]
    mandatory: Mapped[bool]
    issued_at: Mapped[datetime]
    reply_due_on: Mapped[date]
    ending: Mapped[str | None]
    ended_at: Mapped[datetime | None]


@visible_to(council="siud")
class ReplyDraft(TenantKeyed, Versioned, Base):
    """A reply while the council writes it."""

    __tablename__ = "reply_drafts"
    __table_args__ = (
        same_council("improvement_id", "improvements"),
        UniqueConstraint("council_id", "improvement_id"),
    )

    improvement_id: Mapped[UUID]
    answer: Mapped[str]
    body: Mapped[str]
    decided_on: Mapped[date | None]
    minute: Mapped[str]
    reason: Mapped[str]
    updated_at: Mapped[datetime]


@visible_to(SUCCESSOR, council="si", region="s")
class Reply(TenantKeyed, Base):
    """The council's reply as sent: who decided (body, date, minute) and why. Append-only; the newest counts."""

    __tablename__ = "replies"
    __table_args__ = (
        same_council("improvement_id", "improvements"),
        same_council("accreditation_id", "accreditations"),
        CheckConstraint(f"answer in {REPLIES}", name="answer"),
        CheckConstraint("answer = 'accepted' or reason <> ''", name="has_reason"),
        CheckConstraint(
            "answer <> 'decided_against' or (body <> '' and decided_on is not null)", name="decision_is_by_a_body"
        ),
        Index("ix_replies_council_id_improvement_id", "council_id", "improvement_id"),
        Index("ix_replies_region_id", "region_id"),
    )

    region_id: Mapped[UUID]
    accreditation_id: Mapped[UUID]
    improvement_id: Mapped[UUID]
    answer: Mapped[str]
    body: Mapped[str]
    decided_on: Mapped[date | None]
    minute: Mapped[str]
    reason: Mapped[str]
    replied_at: Mapped[datetime]
    replied_by: Mapped[UUID | None]
    replied_by_name: Mapped[str]


@visible_to(SUCCESSOR, council="si", region="s")
class ImprovementProgress(TenantKeyed, Base):
    """What the council reports of an improvement. Append-only; the newest counts."""

    __tablename__ = "improvement_progress"
    __table_args__ = (
        same_council("improvement_id", "improvements"),
        CheckConstraint(f"state in {PROGRESS}", name="state"),
        Index("ix_improvement_progress_council_id_improvement_id", "council_id", "improvement_id"),
    )

    region_id: Mapped[UUID]
    accreditation_id: Mapped[UUID]
    improvement_id: Mapped[UUID]
    state: Mapped[str]
    words: Mapped[str]
    reported_at: Mapped[datetime]
    reported_by: Mapped[UUID | None]
    reported_by_name: Mapped[str]


@visible_to(council="siud")
class ImprovementAction(TenantKeyed, Base):
    """An improvement stands in the council's plan as this action."""

    __tablename__ = "improvement_actions"
    __table_args__ = (
        same_council("improvement_id", "improvements"),
        same_council("action_id", "actions", ondelete="CASCADE"),
        UniqueConstraint("council_id", "improvement_id", "action_id"),
    )

    improvement_id: Mapped[UUID]
    action_id: Mapped[UUID]

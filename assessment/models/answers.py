"""Answers: the council's drafts. No region and no assessor has any policy here."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from saas.db import Base, TenantKeyed, Versioned, same_council
from saas.tenancy import visible_to


@visible_to(council="siud")
class Answer(TenantKeyed, Versioned, Base):
    """A council's reply to one requirement. `judgement` is a step of the framework's scale, or None while open."""

    __tablename__ = "answers"
    __table_args__ = (
        same_council("accreditation_id", "accreditations"),
        UniqueConstraint("council_id", "accreditation_id", "requirement_id"),
    )

    accreditation_id: Mapped[UUID]
    requirement_id: Mapped[UUID] = mapped_column(ForeignKey("requirements.id"))
    judgement: Mapped[str | None]
    narrative: Mapped[str]
    not_applicable_reason: Mapped[str]
    updated_at: Mapped[datetime]
    updated_by: Mapped[UUID | None]
    updated_by_name: Mapped[str]


@visible_to(council="siud")
class Citation(TenantKeyed, Base):
    """An answer cites a piece of evidence: where in it (page or paragraph), and why."""

    __tablename__ = "citations"
    __table_args__ = (
        same_council("answer_id", "answers", ondelete="CASCADE"),
        same_council("evidence_id", "evidence"),
        UniqueConstraint("council_id", "answer_id", "evidence_id"),
        Index("ix_citations_council_id_evidence_id", "council_id", "evidence_id"),
    )

    answer_id: Mapped[UUID]
    evidence_id: Mapped[UUID]
    pinpoint: Mapped[str]
    why: Mapped[str]
    cited_at: Mapped[datetime]


@visible_to(council="siud")
class AnswerAction(TenantKeyed, Base):
    """An answer needs an action of the gap plan."""

    __tablename__ = "answer_actions"
    __table_args__ = (
        same_council("answer_id", "answers", ondelete="CASCADE"),
        same_council("action_id", "actions", ondelete="CASCADE"),
        UniqueConstraint("council_id", "answer_id", "action_id"),
    )

    answer_id: Mapped[UUID]
    action_id: Mapped[UUID]

"""Clarifications: what the team asks the council about one requirement, and what it answers. All are kept."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from saas.db import Base, TenantKeyed, Versioned, same_council
from saas.tenancy import visible_to

ASKED_AS = ("assessor", "region")


@visible_to(council="s", region="si", file="si")
class Clarification(TenantKeyed, Base):
    """One dated question about one requirement of a submission. It opens nothing but its own answer."""

    __tablename__ = "clarifications"
    __table_args__ = (
        same_council("accreditation_id", "accreditations"),
        same_council("submission_id", "submissions"),
        UniqueConstraint("council_id", "accreditation_id", "number"),
        CheckConstraint(f"asked_as in {ASKED_AS}", name="asked_as"),
        CheckConstraint("question <> ''", name="has_question"),
        Index("ix_clarifications_accreditation_id", "accreditation_id"),
    )

    region_id: Mapped[UUID]
    accreditation_id: Mapped[UUID]
    submission_id: Mapped[UUID]
    requirement_id: Mapped[UUID] = mapped_column(ForeignKey("requirements.id"))
    number: Mapped[int]
    question: Mapped[str]
    due_on: Mapped[date]
    asked_at: Mapped[datetime]
    asked_by: Mapped[UUID]
    asked_by_name: Mapped[str]
    asked_as: Mapped[str]


@visible_to(council="siud")
class ClarificationDraft(TenantKeyed, Versioned, Base):
    """The council's answer while it is written."""

    __tablename__ = "clarification_drafts"
    __table_args__ = (
        same_council("clarification_id", "clarifications"),
        UniqueConstraint("council_id", "clarification_id"),
    )

    clarification_id: Mapped[UUID]
    words: Mapped[str]
    evidence: Mapped[list[Any]]
    """Ids of the council's evidence that goes with the answer when it is sent."""
    updated_at: Mapped[datetime]
    updated_by_name: Mapped[str]


@visible_to(council="si", region="s", file="s")
class ClarificationAnswer(TenantKeyed, Base):
    """The council's answer as sent. `hash` covers submission, question, words and files, in canonical JSON."""

    __tablename__ = "clarification_answers"
    __table_args__ = (
        same_council("accreditation_id", "accreditations"),
        same_council("clarification_id", "clarifications"),
        UniqueConstraint("council_id", "clarification_id"),
        CheckConstraint("words <> ''", name="has_words"),
        Index("ix_clarification_answers_accreditation_id", "accreditation_id"),
    )

    region_id: Mapped[UUID]
    accreditation_id: Mapped[UUID]
    clarification_id: Mapped[UUID]
    words: Mapped[str]
    hash: Mapped[str]
    answered_at: Mapped[datetime]
    answered_by: Mapped[UUID | None]
    answered_by_name: Mapped[str]


@visible_to(council="si", region="s", file="s")
class ClarificationFile(TenantKeyed, Base):
    """One file sent with an answer; its bytes stay in the council's storage under their SHA-256."""

    __tablename__ = "clarification_files"
    __table_args__ = (
        same_council("accreditation_id", "accreditations"),
        same_council("answer_id", "clarification_answers"),
        Index("ix_clarification_files_accreditation_id", "accreditation_id"),
    )

    region_id: Mapped[UUID]
    accreditation_id: Mapped[UUID]
    answer_id: Mapped[UUID]
    title: Mapped[str]
    filename: Mapped[str]
    content_type: Mapped[str]
    sha256: Mapped[str]
    size: Mapped[int]

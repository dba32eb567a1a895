"""Answers: the council's drafts. No region and no assessor has any policy here."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from saas.db import Base, TenantKeyed, Versioned, same_council
from saas.tenancy import Policy, visible_to

WORDS = "(narrative || ' ') || not_applicable_reason"
"""What is searched of an answer, in the brackets that PostgreSQL gives it."""


@visible_to(council="siud")
class Answer(TenantKeyed, Versioned, Base):
    """A council's reply to one requirement. `judgement` is a step of the framework's scale, or None while open.

    `carried` is set on an answer that came from the last cycle: {"submission_id", "number", "sealed_on", "codes"}. It
    holds only once somebody confirmed it (`confirmed_at`).
    """

    __tablename__ = "answers"
    __table_args__ = (
        same_council("accreditation_id", "accreditations"),
        UniqueConstraint("council_id", "accreditation_id", "requirement_id"),
        Index("ix_answers_words", text(f"tenancy.indexed(council_id, {WORDS})"), postgresql_using="gin"),
    )

    accreditation_id: Mapped[UUID]
    requirement_id: Mapped[UUID] = mapped_column(ForeignKey("requirements.id"))
    judgement: Mapped[str | None]
    narrative: Mapped[str]
    not_applicable_reason: Mapped[str]
    updated_at: Mapped[datetime]
    updated_by: Mapped[UUID | None]
    updated_by_name: Mapped[str]
    sitting: Mapped[UUID | None]
    """What one person types without a pause keeps one value: it is one version of the history."""
    carried: Mapped[dict[str, Any] | None]
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[UUID | None]
    confirmed_by_name: Mapped[str] = mapped_column(default="")
    imported: Mapped[dict[str, Any] | None]
    """Where an answer came from a document; it too holds once confirmed.

    {"import_id", "filename", "place", "version" (of the answer, as it was taken in), "before" (what it said until then,
    its own `imported` among it)}.
    """


@visible_to(council="siu")
class AnswerVersion(TenantKeyed, Base):
    """What an answer said, and who wrote it when.

    Written by the database itself at every change of an answer (trigger `keep_answer_version`), so that no way of
    saving can forget it. Changes with the same `sitting` are one version.
    """

    __tablename__ = "answer_versions"
    __table_args__ = (
        same_council("answer_id", "answers", ondelete="CASCADE"),
        UniqueConstraint("council_id", "answer_id", "number"),
    )

    answer_id: Mapped[UUID]
    number: Mapped[int]
    judgement: Mapped[str | None]
    narrative: Mapped[str]
    not_applicable_reason: Mapped[str]
    begun_at: Mapped[datetime]
    written_at: Mapped[datetime]
    written_by: Mapped[UUID | None]
    written_by_name: Mapped[str]
    sitting: Mapped[UUID | None]


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


@visible_to(council="siud")
class ElementOwner(TenantKeyed, Versioned, Base):
    """The colleague who answers the requirements of one element, and by when."""

    __tablename__ = "element_owners"
    __table_args__ = (
        same_council("accreditation_id", "accreditations"),
        UniqueConstraint("council_id", "accreditation_id", "element_code"),
    )

    accreditation_id: Mapped[UUID]
    element_code: Mapped[str]
    user_id: Mapped[UUID | None]
    name: Mapped[str]
    due_on: Mapped[date | None]
    named_at: Mapped[datetime]
    named_by_name: Mapped[str]


@visible_to(council="siud")
class AnswerComment(TenantKeyed, Base):
    """What colleagues say to each other about one requirement; never sent. `mentions` are ids of users, as text."""

    __tablename__ = "answer_comments"
    __table_args__ = (
        same_council("accreditation_id", "accreditations"),
        Index("ix_answer_comments_requirement", "council_id", "accreditation_id", "requirement_id"),
    )

    accreditation_id: Mapped[UUID]
    requirement_id: Mapped[UUID] = mapped_column(ForeignKey("requirements.id"))
    words: Mapped[str]
    mentions: Mapped[list[Any]]
    written_at: Mapped[datetime]
    written_by: Mapped[UUID | None]
    written_by_name: Mapped[str]
    settled_at: Mapped[datetime | None]
    settled_by_name: Mapped[str] = mapped_column(default="")


CONTRIBUTION_OPEN = (
    "key_hash = (select tenancy.key_hash()) and sent_at is null and declined_at is null"
    " and withdrawn_at is null and expires_at > now()"
)


@visible_to(
    Policy("bearer_update", "update", CONTRIBUTION_OPEN, check="key_hash = (select tenancy.key_hash())"),
    council="siu",
    bearer="s",
    gate="su",
)
class ContributionRequest(TenantKeyed, Base):
    """Somebody without an account was asked for a piece about one requirement, by a link that does only this.

    `shown` is what the page behind the link says: {"code", "title", "practice", "council", "framework"}. The bearer
    writes `words` until it is sent or the link has ended; the council then takes them into the answer or sets them
    aside. The secret itself is only in the mail.
    """

    __tablename__ = "contribution_requests"
    __table_args__ = (
        same_council("accreditation_id", "accreditations"),
        CheckConstraint("taken_at is null or sent_at is not null", name="taken_once_sent"),
        Index("ix_contribution_requests_requirement", "council_id", "accreditation_id", "requirement_id"),
        Index("ix_contribution_requests_key_hash", "key_hash"),
    )

    region_id: Mapped[UUID]
    accreditation_id: Mapped[UUID]
    requirement_id: Mapped[UUID] = mapped_column(ForeignKey("requirements.id"))
    name: Mapped[str]
    email: Mapped[str]
    question: Mapped[str]
    shown: Mapped[dict[str, Any]]
    due_on: Mapped[date | None]
    key_hash: Mapped[str | None]
    asked_at: Mapped[datetime]
    asked_by: Mapped[UUID | None]
    asked_by_name: Mapped[str]
    expires_at: Mapped[datetime]
    words: Mapped[str] = mapped_column(default="")
    saved_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]
    decline_reason: Mapped[str] = mapped_column(default="")
    withdrawn_at: Mapped[datetime | None]
    taken_at: Mapped[datetime | None]
    set_aside_at: Mapped[datetime | None]
    settled_by_name: Mapped[str] = mapped_column(default="")

"""Reports: the region's draft, what was opened to the council for its facts, and what was issued."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assessment.models.successions import SUCCESSOR
from saas.db import Base, TenantKeyed, Versioned, same_council
from saas.tenancy import visible_to

REPORT_KINDS = ("fact_check", "issued")


@visible_to(region="siu", gate="sd", outsiders_only=True)
class ReportDraft(TenantKeyed, Versioned, Base):
    """The report while it is written: one row per accreditation, the region's alone.

    `improvements` are proposals: list of {key, number, action, reason, remark, timescale, requirement_code,
    criterion_code, mandatory, extra}, where extra holds (heading, text) of a document's other columns.
    `pending_import` holds what was read from a document until it is taken in.
    """

    __tablename__ = "report_drafts"
    __table_args__ = (
        same_council("accreditation_id", "accreditations"),
        UniqueConstraint("council_id", "accreditation_id"),
    )

    region_id: Mapped[UUID]
    accreditation_id: Mapped[UUID]
    summary: Mapped[str]
    strengths: Mapped[list[Any]]
    improvements: Mapped[list[Any]]
    pending_import: Mapped[dict[str, Any] | None]
    good_practice: Mapped[list[Any]] = mapped_column(default=list)
    """List of {key, requirement_code, criterion_code, text}."""
    updated_at: Mapped[datetime]
    updated_by_name: Mapped[str]


@visible_to(region="si", outsiders_only=True)
class ReportDraftVersion(TenantKeyed, Base):
    """The draft as it stood after one change, kept by the database."""

    __tablename__ = "report_draft_versions"
    __table_args__ = (
        same_council("draft_id", "report_drafts", ondelete="CASCADE"),
        UniqueConstraint("council_id", "draft_id", "number"),
    )

    region_id: Mapped[UUID]
    accreditation_id: Mapped[UUID]
    draft_id: Mapped[UUID]
    number: Mapped[int]
    """The version of the draft this was."""
    summary: Mapped[str]
    strengths: Mapped[list[Any]]
    good_practice: Mapped[list[Any]]
    improvements: Mapped[list[Any]]
    saved_at: Mapped[datetime]
    saved_by_name: Mapped[str]


@visible_to(SUCCESSOR, council="s", region="si", file="s")
class Report(TenantKeyed, Base):
    """One version that left the region: for the fact check, or issued. Its document never changes."""

    __tablename__ = "reports"
    __table_args__ = (
        same_council("accreditation_id", "accreditations"),
        CheckConstraint(f"kind in {REPORT_KINDS}", name="kind"),
        UniqueConstraint("council_id", "accreditation_id", "kind", "number"),
        Index("ix_reports_accreditation_id", "accreditation_id"),
    )

    region_id: Mapped[UUID]
    accreditation_id: Mapped[UUID]
    kind: Mapped[str]
    number: Mapped[int]
    document: Mapped[dict[str, Any]]
    hash: Mapped[str]
    opened_at: Mapped[datetime]
    closes_on: Mapped[date | None]
    opened_by_name: Mapped[str]


@visible_to(council="si", region="s")
class ReportComment(TenantKeyed, Base):
    """What the council says about the facts: a comment on one paragraph or on the whole, or that it has none.

    `paragraph` is the key of a paragraph of the version's document ("" for the whole), `quoted` its words as they were.
    """

    __tablename__ = "report_comments"
    __table_args__ = (
        same_council("report_id", "reports"),
        same_council("accreditation_id", "accreditations"),
        UniqueConstraint("council_id", "report_id", "number"),
        Index(
            "uq_report_comments_one_none",
            "council_id",
            "report_id",
            unique=True,
            postgresql_where="has_none",
        ),
        CheckConstraint("has_none or words <> ''", name="says_something"),
    )

    region_id: Mapped[UUID]
    accreditation_id: Mapped[UUID]
    report_id: Mapped[UUID]
    has_none: Mapped[bool]
    words: Mapped[str]
    commented_at: Mapped[datetime]
    commented_by: Mapped[UUID | None]
    commented_by_name: Mapped[str]
    number: Mapped[int] = mapped_column(default=1)
    paragraph: Mapped[str] = mapped_column(default="")
    quoted: Mapped[str] = mapped_column(default="")


@visible_to(council="s", region="si")
class ReportCommentAnswer(TenantKeyed, Base):
    """The region's answer that resolves the council's comment, and whether the report was changed for it."""

    __tablename__ = "report_comment_answers"
    __table_args__ = (
        same_council("comment_id", "report_comments"),
        UniqueConstraint("council_id", "comment_id"),
    )

    region_id: Mapped[UUID]
    accreditation_id: Mapped[UUID]
    comment_id: Mapped[UUID]
    words: Mapped[str]
    answered_at: Mapped[datetime]
    answered_by_name: Mapped[str]
    changed: Mapped[bool] = mapped_column(default=False)

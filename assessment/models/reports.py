"""Reports: the region's draft, what was opened to the council for its facts, and what was issued."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from saas.db import Base, TenantKeyed, Versioned, same_council
from saas.tenancy import visible_to

REPORT_KINDS = ("fact_check", "issued")


@visible_to(region="siu", outsiders_only=True)
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
    updated_at: Mapped[datetime]
    updated_by_name: Mapped[str]


@visible_to(council="s", region="si", file="s")
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
    """What the council says about the facts: a comment, or that it has none."""

    __tablename__ = "report_comments"
    __table_args__ = (
        same_council("report_id", "reports"),
        same_council("accreditation_id", "accreditations"),
        UniqueConstraint("council_id", "report_id"),
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


@visible_to(council="s", region="si")
class ReportCommentAnswer(TenantKeyed, Base):
    """The region's answer that resolves the council's comment."""

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

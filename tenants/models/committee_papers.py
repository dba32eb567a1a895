"""Committee papers: the cover under which a plan or a self-assessment goes to a committee."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from saas.db import Base, TenantKeyed, Versioned
from saas.tenancy import visible_to

SUBJECTS = ("plan", "self_assessment")


@visible_to(council="siud")
class CommitteePaper(TenantKeyed, Versioned, Base):
    """The cover of one plan (`subject_id` its id) or self-assessment (the accreditation's id).

    recommendations: texts, numbered when printed. implications: list of {heading, text}.
    """

    __tablename__ = "committee_papers"
    __table_args__ = (
        UniqueConstraint("council_id", "subject", "subject_id"),
        CheckConstraint(f"subject in {SUBJECTS}", name="subject"),
    )

    subject: Mapped[str]
    subject_id: Mapped[UUID]
    title: Mapped[str]
    committee: Mapped[str]
    meets_on: Mapped[date | None]
    author: Mapped[str]
    purpose: Mapped[str]
    background: Mapped[str]
    recommendations: Mapped[list[Any]]
    implications: Mapped[list[Any]]
    updated_at: Mapped[datetime]
    updated_by_name: Mapped[str]

"""The interim review: the council's short return on every improvement, and what the region says of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assessment.models.successions import SUCCESSOR
from assessment.rules.interim import STATES as INTERIM_STATES
from saas.db import Base, TenantKeyed, Versioned, same_council
from saas.tenancy import visible_to


@visible_to(council="siud")
class InterimDraft(TenantKeyed, Versioned, Base):
    """What the council writes of one improvement, by its number, until it sends the return; 0 is the return as a whole.

    `evidence`: ids of the council's evidence as texts, in the order it was added. `state` is "" while none is chosen.
    """

    __tablename__ = "interim_drafts"
    __table_args__ = (
        same_council("accreditation_id", "accreditations"),
        UniqueConstraint("council_id", "accreditation_id", "number"),
        CheckConstraint(f"state = '' or state in {INTERIM_STATES}", name="state"),
    )

    accreditation_id: Mapped[UUID]
    number: Mapped[int]
    state: Mapped[str]
    words: Mapped[str]
    evidence: Mapped[list[Any]]
    updated_at: Mapped[datetime]
    updated_by_name: Mapped[str]


@visible_to(SUCCESSOR, council="s", region="si")
class InterimReview(TenantKeyed, Base):
    """The region has looked at the return (a submission of kind interim): its letter to the council, for good."""

    __tablename__ = "interim_reviews"
    __table_args__ = (
        same_council("accreditation_id", "accreditations"),
        same_council("submission_id", "submissions"),
        UniqueConstraint("council_id", "submission_id"),
    )

    region_id: Mapped[UUID]
    accreditation_id: Mapped[UUID]
    submission_id: Mapped[UUID]
    letter: Mapped[str]
    verified: Mapped[int] = mapped_column(default=0)
    """How many improvements were verified with this review."""
    reviewed_on: Mapped[date]
    reviewed_at: Mapped[datetime]
    reviewed_by: Mapped[UUID | None]
    reviewed_by_name: Mapped[str]

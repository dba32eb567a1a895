"""Confirmations by the steering group's chair, before a plan or the readiness is sent, where the process asks so."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped

from saas.db import Base, TenantKeyed, same_council
from saas.tenancy import visible_to

CONFIRMED = ("plan", "readiness")


@visible_to(council="si", region="s")
class ChairConfirmation(TenantKeyed, Base):
    """The chair confirms what is about to be sent. It counts until the next submission of the same kind is sealed."""

    __tablename__ = "chair_confirmations"
    __table_args__ = (
        same_council("accreditation_id", "accreditations"),
        CheckConstraint(f"about in {CONFIRMED}", name="about"),
        Index("ix_chair_confirmations_accreditation", "council_id", "accreditation_id"),
    )

    region_id: Mapped[UUID]
    accreditation_id: Mapped[UUID]
    about: Mapped[str]
    words: Mapped[str]
    confirmed_at: Mapped[datetime]
    confirmed_by: Mapped[UUID | None]
    confirmed_by_name: Mapped[str]

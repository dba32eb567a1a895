"""Issued judgements: what each issued report says of each requirement, one row each, for the region's reports."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assessment.models.successions import SUCCESSOR
from saas.db import Base, TenantKeyed, same_council
from saas.tenancy import visible_to


@visible_to(SUCCESSOR, council="s", region="si")
class IssuedJudgement(TenantKeyed, Base):
    """The judgement of one requirement in an issued report. Append-only, written with the report at its release."""

    __tablename__ = "issued_judgements"
    __table_args__ = (
        same_council("accreditation_id", "accreditations"),
        same_council("report_id", "reports"),
        UniqueConstraint("council_id", "report_id", "requirement_id"),
        Index("ix_issued_judgements_region_id_council_id", "region_id", "council_id", "requirement_id"),
    )

    region_id: Mapped[UUID]
    accreditation_id: Mapped[UUID]
    report_id: Mapped[UUID]
    requirement_id: Mapped[UUID] = mapped_column(ForeignKey("requirements.id"))
    judgement: Mapped[str]
    issued_at: Mapped[datetime]

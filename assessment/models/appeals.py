"""Appeals: a council asks others to look at a decision again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from saas.db import Base, TenantKeyed, same_council
from saas.tenancy import visible_to

APPEAL_OUTCOMES = ("upheld", "dismissed")


@visible_to(council="si", region="su", update_columns=("ended_at", "ended_reason"))
class Appeal(TenantKeyed, Base):
    """The council's grounds against the decision of one accreditation: one appeal each.

    `ended_at` where nobody decides it any more, with the reason: the council merged.
    """

    __tablename__ = "appeals"
    __table_args__ = (
        same_council("accreditation_id", "accreditations"),
        UniqueConstraint("council_id", "accreditation_id"),
        CheckConstraint("grounds <> ''", name="has_grounds"),
        Index("ix_appeals_region_id", "region_id"),
    )

    region_id: Mapped[UUID]
    accreditation_id: Mapped[UUID]
    grounds: Mapped[str]
    lodged_at: Mapped[datetime]
    lodged_by: Mapped[UUID | None]
    lodged_by_name: Mapped[str]
    ended_at: Mapped[datetime | None]
    ended_reason: Mapped[str] = mapped_column(default="")


@visible_to(council="s", region="si")
class AppealDecision(TenantKeyed, Base):
    """What somebody who neither decided first nor sat in the team decided of the appeal, with the reason."""

    __tablename__ = "appeal_decisions"
    __table_args__ = (
        same_council("accreditation_id", "accreditations"),
        same_council("appeal_id", "appeals"),
        UniqueConstraint("council_id", "appeal_id"),
        CheckConstraint(f"outcome in {APPEAL_OUTCOMES}", name="outcome"),
        CheckConstraint("reason <> ''", name="has_reason"),
    )

    region_id: Mapped[UUID]
    accreditation_id: Mapped[UUID]
    appeal_id: Mapped[UUID]
    outcome: Mapped[str]
    reason: Mapped[str]
    decided_at: Mapped[datetime]
    decided_by: Mapped[UUID | None]
    decided_by_name: Mapped[str]

"""Decisions, awards, and the public register."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assessment.models.successions import SUCCESSOR
from saas.db import Base, TenantKeyed, new_id, same_council
from saas.tenancy import visible_to

OUTCOMES = ("awarded", "not_yet")
ENDINGS = ("surrendered", "ended", "expired")


@visible_to(region="si", outsiders_only=True)
class Decision(TenantKeyed, Base):
    """The outcome one person decided, against what the award rule proposed. The region's until release.

    The highest `number` counts: a second one is made when an appeal was upheld.
    """

    __tablename__ = "decisions"
    __table_args__ = (
        same_council("accreditation_id", "accreditations"),
        UniqueConstraint("council_id", "accreditation_id", "number"),
        CheckConstraint(f"outcome in {OUTCOMES} and proposed in {OUTCOMES}", name="outcome"),
        CheckConstraint("outcome = proposed or reason <> ''", name="difference_has_reason"),
    )

    region_id: Mapped[UUID]
    accreditation_id: Mapped[UUID]
    proposed: Mapped[str]
    rule_lines: Mapped[list[Any]]
    outcome: Mapped[str]
    conditions: Mapped[str]
    reason: Mapped[str]
    """Why it differs from the proposal. It stays with the region."""
    words: Mapped[str] = mapped_column(default="")
    """What the council reads about the outcome, from its release on."""
    decided_at: Mapped[datetime]
    decided_by: Mapped[UUID | None]
    decided_by_name: Mapped[str]
    number: Mapped[int] = mapped_column(default=1)


@visible_to(SUCCESSOR, council="s", region="siu")
class Award(TenantKeyed, Base):
    """A held award. Its state (current, interim due …) follows from the dates; only an early end is stored."""

    __tablename__ = "awards"
    __table_args__ = (
        same_council("accreditation_id", "accreditations"),
        UniqueConstraint("council_id", "accreditation_id"),
        CheckConstraint(f"ending is null or ending in {ENDINGS}", name="ending"),
        Index("ix_awards_region_id_valid_to_on", "region_id", "valid_to_on"),
    )

    region_id: Mapped[UUID]
    accreditation_id: Mapped[UUID]
    certificate_number: Mapped[str]
    level: Mapped[str]
    level_title: Mapped[str]
    framework_title: Mapped[str]
    conditions: Mapped[str]
    awarded_on: Mapped[date]
    interim_due_on: Mapped[date | None]
    reassessment_opens_on: Mapped[date]
    valid_to_on: Mapped[date]
    grace_to_on: Mapped[date]
    released_at: Mapped[datetime]
    released_by_name: Mapped[str]
    ending: Mapped[str | None]
    ended_on: Mapped[date | None]
    interim_reviewed_on: Mapped[date | None]


@visible_to(everyone="s", region="iu")
class RegisterEntry(Base):
    """One line of the public register: names as snapshots, no pointer to the council, so it outlives the tenant."""

    __tablename__ = "register_entries"
    __table_args__ = (
        UniqueConstraint("certificate_number"),
        Index("ix_register_entries_region_id", "region_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    region_id: Mapped[UUID]
    certificate_number: Mapped[str]
    council_name: Mapped[str]
    region_name: Mapped[str]
    level_title: Mapped[str]
    framework_title: Mapped[str]
    awarded_on: Mapped[date]
    valid_to_on: Mapped[date]
    grace_to_on: Mapped[date]
    ending: Mapped[str | None]
    ended_on: Mapped[date | None]
    with_conditions: Mapped[bool] = mapped_column(default=False)
    """Whether the award is held under conditions. What they say is between the council and its region."""
    accent: Mapped[str] = mapped_column(default="harbour")
    """The region's colour on the day of the award, for the certificate."""
    county: Mapped[str] = mapped_column(default="")
    council_kind: Mapped[str] = mapped_column(default="")
    level: Mapped[str] = mapped_column(default="")
    """The framework's code of the level."""

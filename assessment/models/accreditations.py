"""Accreditations: one council's way to, and holding of, one level of one framework version."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from assessment.models.successions import SUCCESSOR
from assessment.rules.stages import Stage
from saas.db import Base, TenantKeyed, Versioned, same_council
from saas.tenancy import Policy, visible_to

STAGES = tuple(stage.value for stage in Stage)
SIGNED = ("commitment", "readiness")


@visible_to(
    Policy("file_select", "select", "id = (select tenancy.open_file())"),
    Policy("region_record", "insert", "region_id = (select tenancy.region()) and recorded_from <> ''"),
    SUCCESSOR,
    council="siu",
    region="su",
)
class Accreditation(TenantKeyed, Versioned, Base):
    """What both sides see of the journey: stage, dates, the framework and process it is pinned to.

    The stage a council reads changes to awarded or not yet only at release.
    """

    __tablename__ = "accreditations"
    __table_args__ = (
        ForeignKeyConstraint(["council_id", "region_id"], ["councils.id", "councils.region_id"]),
        CheckConstraint(f"stage in {STAGES}", name="stage"),
        Index("ix_accreditations_region_id_stage", "region_id", "stage"),
        Index("ix_accreditations_id", "id"),
        Index(
            "uq_accreditations_one_under_way",
            "council_id",
            "framework_id",
            "level",
            unique=True,
            postgresql_where="stage not in ('awarded', 'not_yet', 'withdrawn', 'lapsed', 'ended')",
        ),
    )

    region_id: Mapped[UUID]
    council_name: Mapped[str]
    framework_id: Mapped[UUID] = mapped_column(ForeignKey("frameworks.id"))
    process: Mapped[dict[str, Any]]
    """The region's process document as it stood at commitment (version 0: the product's defaults)."""
    process_version: Mapped[int]
    level: Mapped[str]
    cycle: Mapped[int]
    stage: Mapped[str]
    stage_since: Mapped[datetime]
    committed_at: Mapped[datetime]
    target_on: Mapped[date | None]
    deadline_on: Mapped[date | None]
    next_due_on: Mapped[date | None]
    """The next date anybody waits for, in any stage: shown in lists."""
    reopened: Mapped[list[Any] | None]
    """Codes of the requirements the region asked to have changed: only these are open. None: all of them are."""
    moderation_began_at: Mapped[datetime | None]
    """Agreed judgements older than this are void: they came from a team that has changed since."""
    recorded_from: Mapped[str] = mapped_column(default="")
    """The file of the region's own records it was taken in from, for an award older than its use of this service."""


@visible_to(council="si", region="s")
class DeclarationSignature(TenantKeyed, Base):
    """One office's name under the commitment, or under the submission before it was sealed.

    `text` is what was signed to the word and `signed_at` when, where it was signed here; a signature on paper has its
    day alone.
    """

    __tablename__ = "declaration_signatures"
    __table_args__ = (
        same_council("accreditation_id", "accreditations"),
        CheckConstraint(f"about in {SIGNED}", name="about"),
        Index("ix_declaration_signatures_accreditation", "council_id", "accreditation_id"),
    )

    region_id: Mapped[UUID]
    accreditation_id: Mapped[UUID]
    office: Mapped[str]
    name: Mapped[str]
    signed_on: Mapped[date]
    recorded_by: Mapped[UUID | None]
    recorded_at: Mapped[datetime]
    about: Mapped[str] = mapped_column(default="commitment")
    signing_id: Mapped[UUID | None]
    text: Mapped[str] = mapped_column(default="")
    signed_at: Mapped[datetime | None]

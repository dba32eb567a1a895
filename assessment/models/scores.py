"""Scores: each assessor's own until every scorer has submitted. Councils have no policy here at all."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from saas.db import Base, TenantKeyed, Versioned, same_council
from saas.tenancy import Policy, visible_to

OWN_OPEN = "user_id = (select tenancy.user_id()) and accreditation_id = (select tenancy.open_file())"
NOT_HELD = "id <> all ((select tenancy.held_scores())::uuid[])"
"""What is scored again stays with its scorer until every scorer has done so, or the region waits for no more."""
OTHERS_REVEALED = "accreditation_id = (select tenancy.revealed_file())"
REGION_REVEALED = (
    "region_id = (select tenancy.region()) and accreditation_id = any((select tenancy.revealed())::uuid[])"
)


@visible_to(
    Policy("own_all", "all", OWN_OPEN),
    gate="sud",
    outsiders_only=True,
)
class ScoreDraft(TenantKeyed, Versioned, Base):
    """A scorer's working judgement of one requirement, and a note that stays private."""

    __tablename__ = "score_drafts"
    __table_args__ = (
        same_council("accreditation_id", "accreditations"),
        same_council("assignment_id", "assignments"),
        UniqueConstraint("council_id", "assignment_id", "requirement_id"),
        Index("ix_score_drafts_accreditation_id_user_id", "accreditation_id", "user_id"),
    )

    region_id: Mapped[UUID]
    accreditation_id: Mapped[UUID]
    assignment_id: Mapped[UUID]
    user_id: Mapped[UUID]
    requirement_id: Mapped[UUID] = mapped_column(ForeignKey("requirements.id"))
    judgement: Mapped[str | None]
    """None while it is only typed at, or where it cannot be assessed."""
    reason: Mapped[str]
    strength: Mapped[str]
    improvement: Mapped[str]
    note: Mapped[str]
    cannot_assess: Mapped[bool] = mapped_column(default=False)
    flagged: Mapped[bool] = mapped_column(default=False)
    """To be talked over with the others, whatever they say."""
    good_practice: Mapped[bool] = mapped_column(default=False)
    mandatory: Mapped[bool] = mapped_column(default=False)
    """Whether the improvement must be made."""
    updated_at: Mapped[datetime]


@visible_to(
    Policy("own_select", "select", OWN_OPEN),
    Policy("own_insert", "insert", OWN_OPEN),
    Policy("others_select", "select", f"{OTHERS_REVEALED} and {NOT_HELD}"),
    Policy("region_select", "select", f"{REGION_REVEALED} and {NOT_HELD}"),
    outsiders_only=True,
)
class Score(TenantKeyed, Base):
    """One assessor's submitted judgement of one requirement. Append-only: the highest `number` counts."""

    __tablename__ = "scores"
    __table_args__ = (
        same_council("accreditation_id", "accreditations"),
        same_council("assignment_id", "assignments"),
        UniqueConstraint("council_id", "assignment_id", "requirement_id", "number"),
        CheckConstraint("reason <> ''", name="has_reason"),
        CheckConstraint("(judgement is null) = cannot_assess", name="judged_or_not"),
        Index("ix_scores_accreditation_id", "accreditation_id"),
        Index("ix_scores_region_id_requirement_id", "region_id", "requirement_id"),
    )

    region_id: Mapped[UUID]
    accreditation_id: Mapped[UUID]
    assignment_id: Mapped[UUID]
    user_id: Mapped[UUID]
    name: Mapped[str]
    requirement_id: Mapped[UUID] = mapped_column(ForeignKey("requirements.id"))
    judgement: Mapped[str | None]
    reason: Mapped[str]
    strength: Mapped[str]
    improvement: Mapped[str]
    submitted_at: Mapped[datetime]
    cannot_assess: Mapped[bool] = mapped_column(default=False)
    flagged: Mapped[bool] = mapped_column(default=False)
    good_practice: Mapped[bool] = mapped_column(default=False)
    mandatory: Mapped[bool] = mapped_column(default=False)
    number: Mapped[int] = mapped_column(default=1)


@visible_to(
    Policy("region_select", "select", "region_id = (select tenancy.region())"),
    Policy("region_insert", "insert", REGION_REVEALED),
    outsiders_only=True,
)
class Moderation(TenantKeyed, Base):
    """The agreed judgement of one requirement, with the reason. Append-only: the newest counts, all remain."""

    __tablename__ = "moderations"
    __table_args__ = (
        same_council("accreditation_id", "accreditations"),
        UniqueConstraint("council_id", "accreditation_id", "requirement_id", "number", name="uq_moderations_number"),
        CheckConstraint("reason <> '' or agreed", name="has_reason"),
        Index("ix_moderations_accreditation_id", "accreditation_id"),
    )

    region_id: Mapped[UUID]
    accreditation_id: Mapped[UUID]
    requirement_id: Mapped[UUID] = mapped_column(ForeignKey("requirements.id"))
    judgement: Mapped[str]
    reason: Mapped[str]
    agreed: Mapped[bool]
    """True where both scorers said the same and the step needed no words."""
    moderated_at: Mapped[datetime]
    moderated_by: Mapped[UUID | None]
    moderated_by_name: Mapped[str]
    number: Mapped[int]
    """1, 2 … for each requirement: two moderators at once cannot both write the next."""


@visible_to(
    Policy("region_select", "select", "region_id = (select tenancy.region())"),
    Policy("region_insert", "insert", REGION_REVEALED),
    Policy("region_update", "update", REGION_REVEALED),
    Policy("file_select", "select", "accreditation_id = (select tenancy.revealed_file())"),
    outsiders_only=True,
)
class ScoreReopening(TenantKeyed, Base):
    """A requirement opened to be scored again after the scores were shown, with the reason; until `closed_at`."""

    __tablename__ = "score_reopenings"
    __table_args__ = (
        same_council("accreditation_id", "accreditations"),
        CheckConstraint("reason <> ''", name="has_reason"),
        Index("ix_score_reopenings_accreditation_id", "accreditation_id"),
        Index(
            "uq_score_reopenings_one_open",
            "council_id",
            "accreditation_id",
            "requirement_id",
            unique=True,
            postgresql_where="closed_at is null",
        ),
    )

    region_id: Mapped[UUID]
    accreditation_id: Mapped[UUID]
    requirement_id: Mapped[UUID] = mapped_column(ForeignKey("requirements.id"))
    reason: Mapped[str]
    reopened_at: Mapped[datetime]
    reopened_by: Mapped[UUID | None]
    reopened_by_name: Mapped[str]
    closed_at: Mapped[datetime | None]

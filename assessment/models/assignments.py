"""Assignments: who assesses which file, declared, withdrawn, closed. Lead and scorer are properties of these."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped

from assessment.rules.teams import CAPACITIES
from saas.db import Base, TenantKeyed, same_council
from saas.tenancy import Policy, visible_to

DUTIES = ("lead", "scorer")
INTERESTS = ("none", "conflict")
OWN_STANDING = "user_id = (select tenancy.user_id()) and withdrawn_at is null and closed_at is null"
"""Nobody takes back a withdrawal or opens a closed file for himself or herself: that is the region's."""
OWN = "user_id = (select tenancy.user_id())"
"""Whoever finds a conflict later leaves at once, without waiting for the region; a trigger holds all else."""


@visible_to(Policy("user_update", "update", OWN_STANDING, check=OWN), region="siu", user="s")
class Assignment(TenantKeyed, Base):
    """One person's part in one assessment. Names are snapshots, so that an undeclared assessor needs no other table.

    The file is open to a scorer from `declared_at` (interest "none") until `withdrawn_at` or `closed_at`, and never
    after `closes_on`. `conflicted_at` is when a conflict was declared that was not known at first: before the decision
    with `withdrawn_at`, after it with `closed_at`, so that what was decided on stays in sight. The database lets no
    row become another's, no conflict or withdrawal be taken back, and nobody score who declared a conflict before.
    The region follows progress by `scored` and `to_score` (requirements) without seeing a score.
    """

    __tablename__ = "assignments"
    __table_args__ = (
        same_council("accreditation_id", "accreditations"),
        CheckConstraint(f"duty in {DUTIES}", name="duty"),
        CheckConstraint(f"capacity in {CAPACITIES}", name="capacity"),
        CheckConstraint(f"interest is null or interest in {INTERESTS}", name="interest"),
        CheckConstraint("(interest is null) = (declared_at is null)", name="declared_with_interest"),
        Index("ix_assignments_user_id", "user_id"),
        Index("ix_assignments_accreditation_id", "accreditation_id"),
        Index(
            "uq_assignments_current",
            "council_id",
            "accreditation_id",
            "user_id",
            unique=True,
            postgresql_where="withdrawn_at is null",
        ),
    )

    region_id: Mapped[UUID]
    accreditation_id: Mapped[UUID]
    submission_id: Mapped[UUID]
    user_id: Mapped[UUID]
    name: Mapped[str]
    home_council: Mapped[str]
    council_name: Mapped[str]
    framework_title: Mapped[str]
    duty: Mapped[str]
    capacity: Mapped[str]
    assigned_at: Mapped[datetime]
    assigned_by: Mapped[UUID | None]
    interest: Mapped[str | None]
    interest_words: Mapped[str]
    declared_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str]
    scored: Mapped[int]
    to_score: Mapped[int]
    submitted_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closes_on: Mapped[date | None]
    """The last day on which the file is open, set at release."""
    home_council_id: Mapped[UUID | None]
    conflicted_at: Mapped[datetime | None]

"""Data protection: how long what is kept, what those rules did, files made for one person, and rehearsed backups."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from saas.db import Base, new_id
from saas.tenancy import Policy, visible_to
from tenants.models.access import of_own_scope


@visible_to(
    *of_own_scope("select", "insert", "update"),
    Policy("home_select", "select", "region_id = (select tenancy.home_region()) and council_id is null"),
    gate="s",
)
class RetentionRule(Base):
    """How many months one kind of record is kept: a region's for all its councils, or a council's own, shorter or not.

    `kind` is one of `tenants.rules.retention`; `months` counts from the event that the kind names.
    """

    __tablename__ = "retention_rules"
    __table_args__ = (
        ForeignKeyConstraint(["council_id", "region_id"], ["councils.id", "councils.region_id"]),
        Index(
            "uq_retention_rules_kind",
            "region_id",
            "council_id",
            "kind",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    region_id: Mapped[UUID] = mapped_column(ForeignKey("regions.id"))
    council_id: Mapped[UUID | None]
    kind: Mapped[str]
    months: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)
    set_at: Mapped[datetime]
    set_by_name: Mapped[str]


@visible_to(*of_own_scope("select", "insert"), gate="s")
class RetentionRun(Base):
    """What the rules did on one day: kind → how many rows were removed, emptied or anonymised, never which."""

    __tablename__ = "retention_runs"
    __table_args__ = (
        ForeignKeyConstraint(["council_id", "region_id"], ["councils.id", "councils.region_id"]),
        Index("ix_retention_runs_council_id", "council_id"),
        Index("ix_retention_runs_region_id", "region_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    region_id: Mapped[UUID] = mapped_column(ForeignKey("regions.id"))
    council_id: Mapped[UUID | None]
    ran_at: Mapped[datetime]
    counts: Mapped[dict[str, Any]]


@visible_to(user="siu", gate="s")
class PreparedFile(Base):
    """A file made at one person's wish, for that person alone: everything about him or her, or a whole council.

    `file` names it in the storage; it can be fetched until `expires_at`, and only while the person still has the
    access he or she had when asking (`place`).
    """

    __tablename__ = "prepared_files"
    __table_args__ = (
        CheckConstraint("kind in ('person', 'council')", name="kind"),
        ForeignKeyConstraint(["council_id", "region_id"], ["councils.id", "councils.region_id"]),
        Index("ix_prepared_files_user_id", "user_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    region_id: Mapped[UUID | None] = mapped_column(ForeignKey("regions.id"))
    council_id: Mapped[UUID | None]
    kind: Mapped[str]
    file: Mapped[str | None]
    size: Mapped[int | None]
    sha256: Mapped[str | None]
    asked_at: Mapped[datetime]
    ready_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]
    failure: Mapped[str] = mapped_column(default="")


@visible_to(region="iu", everyone="s")
class PrivacyNotice(Base):
    """Who is responsible for what a region keeps about people, in its own words: for everybody to read.

    `contact` is how to reach the controller; `protection_officer`, `processor` and `words` may be empty.
    """

    __tablename__ = "privacy_notices"

    region_id: Mapped[UUID] = mapped_column(ForeignKey("regions.id"), primary_key=True)
    controller: Mapped[str]
    contact: Mapped[str]
    protection_officer: Mapped[str]
    processor: Mapped[str]
    words: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    set_at: Mapped[datetime]
    set_by_name: Mapped[str]


@visible_to(Policy("operator_insert", "insert", "(select tenancy.is_operator())"), everyone="s")
class Rehearsal(Base):
    """A backup that was made and restored into an empty place, to see that it can be: result and counts, no content."""

    __tablename__ = "rehearsals"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    at: Mapped[datetime]
    holds: Mapped[bool]
    seconds: Mapped[int]
    document: Mapped[dict[str, Any]]

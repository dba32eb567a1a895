"""The pool of assessors: where each comes from, until when trained, when away; and which councils are neighbours."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assessment.rules.teams import CAPACITIES
from saas.db import Base, Versioned, new_id
from saas.tenancy import visible_to

RELATIONS = ("member", "officer")


@visible_to(region="siu", user="s")
class Assessor(Versioned, Base):
    """Somebody the region may ask: in which capacity, trained until when, and how many files at once."""

    __tablename__ = "assessors"
    __table_args__ = (
        UniqueConstraint("region_id", "id"),
        UniqueConstraint("region_id", "user_id"),
        CheckConstraint(f"capacity in {CAPACITIES}", name="capacity"),
        CheckConstraint("most_at_once between 1 and 20", name="most_at_once"),
        Index("ix_assessors_user_id", "user_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    region_id: Mapped[UUID] = mapped_column(ForeignKey("regions.id"))
    user_id: Mapped[UUID]
    name: Mapped[str]
    capacity: Mapped[str]
    trained_until_on: Mapped[date | None]
    most_at_once: Mapped[int] = mapped_column(default=2)
    left_on: Mapped[date | None]
    """The last day this person is asked and sees anything; a guest has one from the start, it may lie ahead."""
    updated_at: Mapped[datetime]
    updated_by_name: Mapped[str]


@visible_to(region="siud", user="s")
class AssessorCouncil(Base):
    """A council an assessor serves or served, as a member or an officer; `council_id` where it is in the service."""

    __tablename__ = "assessor_councils"
    __table_args__ = (
        ForeignKeyConstraint(["region_id", "assessor_id"], ["assessors.region_id", "assessors.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["council_id", "region_id"], ["councils.id", "councils.region_id"]),
        CheckConstraint(f"relation in {RELATIONS}", name="relation"),
        CheckConstraint("ended_on is null or from_on is null or ended_on >= from_on", name="ends_after_start"),
        Index("ix_assessor_councils_assessor", "region_id", "assessor_id"),
        Index("ix_assessor_councils_user_id", "user_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    region_id: Mapped[UUID]
    assessor_id: Mapped[UUID]
    user_id: Mapped[UUID]
    council_id: Mapped[UUID | None]
    name: Mapped[str]
    relation: Mapped[str]
    from_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    """None: still there, so this is a home council."""


@visible_to(region="siud", user="siud")
class AssessorAbsence(Base):
    """Days on which an assessor cannot be asked, entered by the region or by himself or herself."""

    __tablename__ = "assessor_absences"
    __table_args__ = (
        ForeignKeyConstraint(["region_id", "user_id"], ["assessors.region_id", "assessors.user_id"]),
        CheckConstraint("to_on >= from_on", name="ends_after_start"),
        Index("ix_assessor_absences_user", "region_id", "user_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    region_id: Mapped[UUID]
    user_id: Mapped[UUID]
    from_on: Mapped[date]
    to_on: Mapped[date]
    entered_at: Mapped[datetime]
    entered_by_name: Mapped[str]


@visible_to(region="sid")
class CouncilNeighbour(Base):
    """Two councils the region declares neighbours, once for the pair: `council_id` is the smaller of the two ids."""

    __tablename__ = "council_neighbours"
    __table_args__ = (
        ForeignKeyConstraint(["council_id", "region_id"], ["councils.id", "councils.region_id"]),
        ForeignKeyConstraint(["neighbour_id", "region_id"], ["councils.id", "councils.region_id"]),
        UniqueConstraint("region_id", "council_id", "neighbour_id"),
        CheckConstraint("council_id < neighbour_id", name="once_for_the_pair"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    region_id: Mapped[UUID]
    council_id: Mapped[UUID]
    neighbour_id: Mapped[UUID]
    declared_at: Mapped[datetime]
    declared_by_name: Mapped[str]

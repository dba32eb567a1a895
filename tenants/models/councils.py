"""Regions and councils, and the slugs that name them in addresses."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from saas.db import Base, new_id
from saas.tenancy import Policy, visible_to

COUNCIL_KINDS = ("county", "district", "unitary", "metropolitan", "london_borough", "fire", "police", "national_park")


@visible_to(
    Policy("region_select", "select", "id = (select tenancy.region())"),
    Policy("home_select", "select", "id = (select tenancy.home_region())"),
    gate="siu",
)
class Region(Base):
    """A regional employers' body. Added by the operator through a gate function."""

    __tablename__ = "regions"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    accent: Mapped[str] = mapped_column(default="teal")
    created_at: Mapped[datetime]
    logo: Mapped[bytes | None] = mapped_column(deferred=True)
    """A PNG for papers."""


@visible_to(
    Policy("council_select", "select", "id = (select tenancy.council())"),
    region="s",
    gate="siu",
)
class Council(Base):
    """An authority, the tenant. `county` is the area by which the region prints its lists."""

    __tablename__ = "councils"
    __table_args__ = (
        UniqueConstraint("id", "region_id"),
        CheckConstraint(f"kind in {COUNCIL_KINDS}", name="kind"),
        Index("ix_councils_region_id_name", "region_id", "name"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    region_id: Mapped[UUID] = mapped_column(ForeignKey("regions.id"))
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(default="district")
    county: Mapped[str] = mapped_column(default="")
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    seats: Mapped[int | None]
    """How many councillors it has: its size in comparisons."""
    logo: Mapped[bytes | None] = mapped_column(deferred=True)
    """A PNG for papers."""


@visible_to(gate="si")
class Slug(Base):
    """One name space for regions and councils; `platform` is taken."""

    __tablename__ = "slugs"

    slug: Mapped[str] = mapped_column(primary_key=True)

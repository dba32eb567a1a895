"""Releases: decided outcomes that go out together at a set time."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from saas.db import Base, TenantKeyed, new_id, same_council
from saas.tenancy import visible_to


@visible_to(region="siu")
class Release(Base):
    """A moment at which several outcomes are released."""

    __tablename__ = "releases"
    __table_args__ = (UniqueConstraint("region_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    region_id: Mapped[UUID] = mapped_column(ForeignKey("regions.id"))
    release_at: Mapped[datetime]
    set_at: Mapped[datetime]
    set_by: Mapped[UUID | None]
    set_by_name: Mapped[str]
    called_off_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]


@visible_to(region="siu")
class ReleaseItem(TenantKeyed, Base):
    """One outcome in a release, with what was seen of it: the decision, and the report's version.

    `failure` says why it stayed back.
    """

    __tablename__ = "release_items"
    __table_args__ = (
        same_council("accreditation_id", "accreditations"),
        same_council("decision_id", "decisions"),
        ForeignKeyConstraint(["region_id", "release_id"], ["releases.region_id", "releases.id"]),
        UniqueConstraint("council_id", "release_id", "accreditation_id"),
        Index("ix_release_items_release", "region_id", "release_id"),
    )

    region_id: Mapped[UUID]
    release_id: Mapped[UUID]
    accreditation_id: Mapped[UUID]
    decision_id: Mapped[UUID]
    draft_version: Mapped[int]
    released_at: Mapped[datetime | None]
    failure: Mapped[str] = mapped_column(default="")

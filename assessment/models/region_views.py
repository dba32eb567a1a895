"""What a region keeps of its own views: saved filters, and its councils' history taken in from one file."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from saas.db import Base, new_id
from saas.tenancy import Policy, visible_to

FILTERED_PAGES = ("pipeline", "improvements", "matrix")
OWN_OR_SHARED = "region_id = (select tenancy.region()) and (shared or user_id = (select tenancy.user_id()))"
OWN = "region_id = (select tenancy.region()) and user_id = (select tenancy.user_id())"


@visible_to(
    Policy("kept_select", "select", OWN_OR_SHARED),
    Policy("own_insert", "insert", OWN),
    Policy("own_delete", "delete", OWN),
)
class SavedFilter(Base):
    """A filter of one page under a name: one person's own, or shared with the region's colleagues.

    `query` is the page's query string as it stands in the address, sorted by name and without the page number.
    """

    __tablename__ = "saved_filters"
    __table_args__ = (
        CheckConstraint(f"page in {FILTERED_PAGES}", name="page"),
        UniqueConstraint("region_id", "user_id", "page", "name"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    region_id: Mapped[UUID] = mapped_column(ForeignKey("regions.id"))
    user_id: Mapped[UUID]
    page: Mapped[str]
    name: Mapped[str]
    query: Mapped[str]
    shared: Mapped[bool]
    saved_at: Mapped[datetime]
    saved_by_name: Mapped[str]


@visible_to(region="siu")
class CouncilImport(Base):
    """One file of councils and their history of awards, as it was read; taken in as a whole or not at all."""

    __tablename__ = "council_imports"
    __table_args__ = (Index("ix_council_imports_region_id_sha256", "region_id", "sha256"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    region_id: Mapped[UUID] = mapped_column(ForeignKey("regions.id"))
    filename: Mapped[str]
    sha256: Mapped[str]
    rows: Mapped[list[Any]]
    leftovers: Mapped[list[Any]]
    warnings: Mapped[list[Any]]
    read_at: Mapped[datetime]
    read_by: Mapped[UUID | None]
    read_by_name: Mapped[str]
    taken_in_at: Mapped[datetime | None]

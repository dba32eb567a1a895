"""Published frameworks and their requirements. A published version never changes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from saas.db import Base, new_id
from saas.tenancy import Policy, visible_to

PUBLISHED = "published_at is not null"
LOADS = "(select tenancy.is_operator()) or region_id = (select tenancy.region())"


@visible_to(
    Policy("published_select", "select", PUBLISHED),
    Policy("loader_insert", "insert", LOADS),
)
class Framework(Base):
    """A version of the standard as a whole document; `region_id` is set when a region loaded its own."""

    __tablename__ = "frameworks"
    __table_args__ = (UniqueConstraint("code", "region_id", postgresql_nulls_not_distinct=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    region_id: Mapped[UUID | None] = mapped_column(ForeignKey("regions.id"))
    code: Mapped[str]
    title: Mapped[str]
    version: Mapped[str]
    starter: Mapped[bool]
    in_force_from: Mapped[date | None]
    document: Mapped[dict[str, Any]]
    digest: Mapped[str]
    published_at: Mapped[datetime | None]


@visible_to(
    Policy("published_select", "select", "true"),
    Policy("loader_insert", "insert", "tenancy.may_load(framework_id)"),
)
class Requirement(Base):
    """One requirement of a framework: what answers, scores and reports of all councils have in common."""

    __tablename__ = "requirements"
    __table_args__ = (
        UniqueConstraint("framework_id", "code"),
        Index("ix_requirements_framework_id_position", "framework_id", "position"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    framework_id: Mapped[UUID] = mapped_column(ForeignKey("frameworks.id"))
    position: Mapped[int]
    code: Mapped[str]
    criterion_code: Mapped[str]
    element_code: Mapped[str]
    title: Mapped[str]
    key_indicator: Mapped[bool]

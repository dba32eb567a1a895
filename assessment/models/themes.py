"""Themes: what improvements of many councils have in common, in the region's words."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from saas.db import Base, TenantKeyed, Versioned, new_id, same_council
from saas.tenancy import visible_to


@visible_to(region="siu")
class Theme(Versioned, Base):
    """One theme. `words`: what an improvement says that suggests it. `training`: what the region could offer."""

    __tablename__ = "themes"
    __table_args__ = (
        UniqueConstraint("region_id", "id"),
        UniqueConstraint("region_id", "title"),
        CheckConstraint("title <> ''", name="is_named"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    region_id: Mapped[UUID] = mapped_column(ForeignKey("regions.id"))
    title: Mapped[str]
    words: Mapped[list[Any]]
    training: Mapped[str]
    position: Mapped[int]
    past: Mapped[bool]
    """Not offered any more. What stands under it stays there."""
    updated_at: Mapped[datetime]
    updated_by_name: Mapped[str]


@visible_to(region="sid")
class ImprovementTheme(TenantKeyed, Base):
    """The region's officer put an improvement under a theme."""

    __tablename__ = "improvement_themes"
    __table_args__ = (
        same_council("improvement_id", "improvements"),
        ForeignKeyConstraint(["region_id", "theme_id"], ["themes.region_id", "themes.id"]),
        UniqueConstraint("council_id", "improvement_id", "theme_id"),
        Index("ix_improvement_themes_region_id_theme_id", "region_id", "theme_id"),
    )

    region_id: Mapped[UUID]
    improvement_id: Mapped[UUID]
    theme_id: Mapped[UUID]
    assigned_at: Mapped[datetime]
    assigned_by_name: Mapped[str]

"""Published frameworks, as trees. A published version never changes, so a process keeps what it has read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from sqlalchemy import ColumnElement, select

from assessment.models.frameworks import Framework as FrameworkRow
from assessment.models.frameworks import Requirement as RequirementRow
from assessment.rules import frameworks
from saas.db import db
from saas.errors import NotFound

_kept: dict[UUID, PublishedFramework] = {}


@dataclass(frozen=True)
class PublishedFramework:
    """A framework's tree with the ids its requirements have in the database."""

    id: UUID
    tree: frameworks.Framework
    ids: dict[str, UUID]
    """Requirement code → id."""

    @cached_property
    def codes(self) -> dict[UUID, str]:
        """Requirement id → code."""
        return {requirement_id: code for code, requirement_id in self.ids.items()}

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the tree, as sealed documents name it."""
        return frameworks.digest(self.tree)

    def requirement(self, requirement_id: UUID) -> frameworks.Requirement:
        """The requirement of this id; raises NotFound when it is of another framework."""
        if requirement_id not in self.codes:
            raise NotFound
        return self.tree.requirement(self.codes[requirement_id])


def get_framework(framework_id: UUID) -> PublishedFramework:
    """The published framework of this id; no statement once read. Raises NotFound."""
    if framework_id not in _kept:
        rows = db.session.execute(
            select(FrameworkRow.document, RequirementRow.code, RequirementRow.id)
            .join(RequirementRow, RequirementRow.framework_id == FrameworkRow.id)
            .where(FrameworkRow.id == framework_id, FrameworkRow.published_at.is_not(None))
        ).all()
        if not rows:
            raise NotFound
        tree = frameworks.from_document(rows[0].document)
        _kept[framework_id] = PublishedFramework(framework_id, tree, {row.code: row.id for row in rows})
    return _kept[framework_id]


def find_by_digest(code: str, digest: str) -> PublishedFramework | None:
    """The published framework that a document names by its code and the SHA-256 of its tree, or None."""
    wanted = select(FrameworkRow.id).where(FrameworkRow.code == code, FrameworkRow.published_at.is_not(None))
    found = (get_framework(framework_id) for framework_id in db.session.scalars(wanted).all())
    return next((each for each in found if each.digest == digest), None)


def list_published(region_id: UUID | None = None) -> list[FrameworkRow]:
    """Every published framework a region offers: those of all, and its own; newest in force first."""
    offered: ColumnElement[bool] = FrameworkRow.region_id.is_(None)
    if region_id is not None:
        offered = offered | (FrameworkRow.region_id == region_id)
    rows = select(FrameworkRow).where(FrameworkRow.published_at.is_not(None), offered)
    return list(db.session.scalars(rows.order_by(FrameworkRow.in_force_from.desc().nulls_last(), FrameworkRow.code)))


def find_by_code(code: str, region_id: UUID | None = None) -> FrameworkRow | None:
    """The published framework of this code: the region's own before the one of all."""
    return next(
        iter(
            sorted(
                (row for row in list_published(region_id) if row.code == code),
                key=lambda row: row.region_id is None,
            )
        ),
        None,
    )

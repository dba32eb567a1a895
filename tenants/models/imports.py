"""Imports: a document that was read, shown in a preview, and taken in as a whole or not at all."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from saas.db import Base, TenantKeyed
from saas.tenancy import visible_to

IMPORT_KINDS = ("action_plan", "members", "self_assessment")


@visible_to(council="siud")
class Import(TenantKeyed, Base):
    """What was read from one file. `rows` are as the reader gave them; `leftovers` every word outside the rows.

    `warnings` are the reader's sentences about places to look at. `plan_id` is the plan the rows go into (None until
    taken in: a plan of their own). Undoing empties `taken_in_at` again. `grid` is the opened document, so that a person
    may correct what a column means (`columns`: list of {table, name, at, heading, meaning, corrected}). `document_on`
    is its own date. `outside` counts the leftovers that stood in no table. `plan_title` names the plan that is made for
    the rows, "" for the document's own name; `made_plan` says that the import made it, so that undoing takes it out.
    """

    __tablename__ = "imports"
    __table_args__ = (
        CheckConstraint(f"kind in {IMPORT_KINDS}", name="kind"),
        Index("ix_imports_council_id_sha256", "council_id", "sha256"),
    )

    kind: Mapped[str]
    plan_id: Mapped[UUID | None]
    filename: Mapped[str]
    sha256: Mapped[str]
    rows: Mapped[list[Any]]
    leftovers: Mapped[list[Any]]
    warnings: Mapped[list[Any]]
    read_at: Mapped[datetime]
    read_by: Mapped[UUID | None]
    taken_in_at: Mapped[datetime | None]
    grid: Mapped[dict[str, Any] | None] = mapped_column(deferred=True)
    columns: Mapped[list[Any]] = mapped_column(default=list)
    document_on: Mapped[date | None]
    accreditation_id: Mapped[UUID | None]
    """The self-assessment that its answers go into."""
    read_by_name: Mapped[str] = mapped_column(default="")
    outside: Mapped[int] = mapped_column(default=0)
    plan_title: Mapped[str] = mapped_column(default="")
    made_plan: Mapped[bool] = mapped_column(default=False)


@visible_to(council="siud")
class RememberedColumn(TenantKeyed, Base):
    """What this council's people said a heading means, for the next document. `heading` as `rules.headings.plain`."""

    __tablename__ = "remembered_columns"
    __table_args__ = (
        CheckConstraint(f"kind in {IMPORT_KINDS}", name="kind"),
        UniqueConstraint("council_id", "kind", "heading"),
    )

    kind: Mapped[str]
    heading: Mapped[str]
    meaning: Mapped[str]
    """A key of `rules.headings.HEADINGS`, or "" for a column that is kept as it stands."""
    remembered_at: Mapped[datetime]
    remembered_by_name: Mapped[str]

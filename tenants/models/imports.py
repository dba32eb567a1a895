"""Imports: a document that was read, shown in a preview, and taken in as a whole or not at all."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped

from saas.db import Base, TenantKeyed
from saas.tenancy import visible_to

IMPORT_KINDS = ("action_plan", "members")


@visible_to(council="siud")
class Import(TenantKeyed, Base):
    """What was read from one file. `rows` are as the reader gave them; `leftovers` every word outside the rows.

    `warnings` are the reader's sentences about places to look at. `plan_id` is the plan the rows go into (None until
    taken in: a plan of their own). Undoing empties `taken_in_at` again.
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

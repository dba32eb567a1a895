"""Documents that were read and shown, and those that were taken in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import aliased

from saas.db import db
from saas.errors import NotFound
from tenants.models.imports import Import
from tenants.models.plans import Plan


def get_import(council_id: UUID, import_id: UUID, *, kind: str, lock: bool = False) -> Import:
    """One import of this kind; raises NotFound. `lock` holds it for taking in or undoing."""
    wanted = select(Import).where(Import.council_id == council_id, Import.id == import_id, Import.kind == kind)
    found = db.session.scalar(wanted.with_for_update() if lock else wanted)
    if found is None:
        raise NotFound
    return found


def find_taken_in(council_id: UUID, sha256: str, *, kind: str) -> Import | None:
    """The import by which this very file was taken in, if it was."""
    wanted = select(Import).where(
        Import.council_id == council_id,
        Import.sha256 == sha256,
        Import.kind == kind,
        Import.taken_in_at.is_not(None),
    )
    return db.session.scalar(wanted.order_by(Import.taken_in_at.desc()).limit(1))


def list_plan_imports(
    council_id: UUID, plan_id: UUID | None = None
) -> Sequence[Row[UUID, str, datetime | None, UUID | None, str]]:
    """Action plans taken in, newest first: import_id, filename, taken_in_at, plan_id and the plan's title."""
    plan = aliased(Plan)
    wanted = (
        select(Import.id.label("import_id"), Import.filename, Import.taken_in_at, Import.plan_id, plan.title)
        .outerjoin(plan, (plan.council_id == Import.council_id) & (plan.id == Import.plan_id))
        .where(Import.council_id == council_id, Import.kind == "action_plan", Import.taken_in_at.is_not(None))
    )
    if plan_id is not None:
        wanted = wanted.where(Import.plan_id == plan_id)
    return db.session.execute(wanted.order_by(Import.taken_in_at.desc())).all()

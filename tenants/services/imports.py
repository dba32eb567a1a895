"""Taking documents in: read and shown first, then all of it or nothing, once, and undone as a whole."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import delete, func, select

from saas import clock, events
from saas.db import db, new_id
from saas.errors import Conflict, Invalid
from saas.tenancy import Actor
from tenants.models.imports import Import
from tenants.models.plans import Action, Plan
from tenants.queries.imports import find_taken_in
from tenants.queries.locks import hold
from tenants.queries.plans import find_plan, get_plan
from tenants.rules import action_plans, import_rows
from tenants.services.plans import find_or_create, last_position

ACTION_PLAN = "action_plan"
IMPROVEMENTS_TITLE = "Improvement plan"


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What taking a document in came to: the plan, how many actions were added, and whether it was there already."""

    plan: Plan
    added: int
    already: bool


def read_action_plan(data: bytes, filename: str, *, document_on: date | None = None) -> action_plans.Reading:
    """Read a document. Raises Invalid (file), saying what was looked for, when there is no plan in it."""
    try:
        return action_plans.read_document(data, filename, document_on=document_on)
    except action_plans.UnreadableDocument as unreadable:
        raise Invalid({"file": [str(unreadable)]}) from unreadable


def keep_action_plan(council_id: UUID, data: bytes, filename: str, *, plan_id: UUID | None = None, by: Actor) -> Import:
    """Read a document and keep what was read for the preview; nothing enters a plan yet.

    plan_id: the plan that it is meant for, None for one of its own. Raises Invalid (file) or NotFound.
    """
    reading = read_action_plan(data, filename)
    if plan_id is not None:
        get_plan(council_id, plan_id)
    kept = Import(
        council_id=council_id,
        kind=ACTION_PLAN,
        plan_id=plan_id,
        filename=filename,
        rows=[import_rows.kept(row) for row in reading.rows],
        leftovers=list(reading.leftovers),
        warnings=list(reading.warnings),
    )
    return keep(kept, data, count=len(kept.rows), by=by)


def keep(kept: Import, data: bytes, *, count: int, by: Actor) -> Import:
    """Keep what was read of a document, for its preview. data: the document; count: how many rows it has."""
    kept.id, kept.sha256 = new_id(), hashlib.sha256(data).hexdigest()
    kept.read_at, kept.read_by, kept.taken_in_at = clock.now(), by.id, None
    db.session.add(kept)
    db.session.flush()
    payload = {"filename": kept.filename, "rows": count}
    events.record("import.read", kept, by=by, audience="council", payload=payload)
    return kept


def import_action_plan(
    council_id: UUID, data: bytes, filename: str, *, improvements: bool = False, by: Actor
) -> TakenIn:
    """Read a document and take it in at once; nothing is kept of a file that was taken in before.

    improvements: into the council's plan of improvements, not into one named after the document. Raises Invalid (file).
    """
    hold(f"imports:{council_id}")
    there = _taken_in_before(council_id, hashlib.sha256(data).hexdigest())
    if there is not None:
        return there
    kept = keep_action_plan(council_id, data, filename, by=by)
    if improvements:
        kept.plan_id = improvements_plan(council_id, by=by).id
    return take_in(kept, by=by)


def take_in(kept: Import, *, by: Actor) -> TakenIn:
    """Put every row into the plan, as one change. The same file is taken in once: again adds nothing.

    Rows with no action written are taken in as they are; the warnings name them.
    """
    hold(f"imports:{kept.council_id}")
    there = _taken_in_before(kept.council_id, kept.sha256)
    if there is not None:
        return there
    plan = _plan_for(kept, by)
    position = last_position(plan)
    now = clock.now()
    for number, row in enumerate(kept.rows, start=position + 1):
        columns = import_rows.columns_of(row)
        db.session.add(
            Action(
                council_id=kept.council_id,
                id=new_id(),
                plan_id=plan.id,
                position=number,
                status=None,
                status_confirmed_by=None,
                import_id=kept.id,
                created_at=now,
                updated_at=now,
                **columns,
            )
        )
    kept.plan_id, kept.taken_in_at = plan.id, now
    db.session.flush()
    payload = {"filename": kept.filename, "plan": plan.title, "actions": len(kept.rows)}
    events.record("import.taken_in", kept, by=by, audience="council", payload=payload)
    return TakenIn(plan, len(kept.rows), already=False)


def _taken_in_before(council_id: UUID, sha256: str) -> TakenIn | None:
    there = find_taken_in(council_id, sha256, kind=ACTION_PLAN)
    if there is None or there.plan_id is None:
        return None
    return TakenIn(get_plan(council_id, there.plan_id), 0, already=True)


def _plan_for(kept: Import, by: Actor) -> Plan:
    if kept.plan_id is not None:
        return get_plan(kept.council_id, kept.plan_id)
    title = import_rows.title_of(kept.filename)
    return find_or_create(kept.council_id, kind="own", accreditation_id=None, title=title, by=by)


def improvements_plan(council_id: UUID, *, by: Actor) -> Plan:
    """The council's newest plan of improvements, made when there is none."""
    there = find_plan(council_id, "improvements")
    if there is not None:
        return there
    return find_or_create(council_id, kind="improvements", accreditation_id=None, title=IMPROVEMENTS_TITLE, by=by)


def undo(kept: Import, *, by: Actor) -> int:
    """Take the import's actions out again; how many. Raises Conflict when one of them was changed since.

    The plan stays, and what was read stays too, to be taken in again.
    """
    if kept.taken_in_at is None:
        raise Conflict("This document is not taken in: there is nothing to undo.")
    mine = (Action.council_id == kept.council_id) & (Action.import_id == kept.id)
    changed = db.session.scalar(select(func.count()).where(mine, Action.version > 1))
    if changed:
        words = "1 of its actions was" if changed == 1 else f"{changed} of its actions were"
        raise Conflict(f"{words} changed since the document was taken in, so it cannot be undone.")
    removed = len(db.session.scalars(delete(Action).where(mine).returning(Action.id)).all())
    kept.taken_in_at = None
    payload = {"filename": kept.filename, "actions": removed}
    events.record("import.undone", kept, by=by, audience="council", payload=payload)
    return removed

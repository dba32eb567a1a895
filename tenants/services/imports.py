"""Taking documents in: read and shown first, then all of it or nothing, once, and undone as a whole."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import delete

from saas import clock, events
from saas.db import db, new_id
from saas.errors import Conflict, Invalid
from saas.tenancy import Actor
from tenants.models.imports import Import
from tenants.models.plans import Action, Plan
from tenants.queries.imports import count_worked_on, find_taken_in, is_plan_bare, list_lines, list_titles
from tenants.queries.locks import hold
from tenants.queries.plans import find_plan, get_plan
from tenants.rules import document_titles, import_columns, import_repeats, import_rows
from tenants.services.import_readings import ACTION_PLAN, MOST_TITLE, keep_action_plan, read_action_plan
from tenants.services.plans import find_or_create, last_position
from tenants.services.remembered_columns import remember

__all__ = [
    "ACTION_PLAN",
    "TakenIn",
    "Undone",
    "free_title",
    "import_action_plan",
    "improvements_plan",
    "keep_action_plan",
    "read_action_plan",
    "repeats",
    "take_in",
    "take_out_actions",
    "title_of",
    "undo",
]
IMPROVEMENTS_TITLE = "Improvement plan"


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What taking a document in came to: the plan, how many actions were added, and whether it was there already.

    `read` is what was read of it, now or then. `remembered` are the headings whose meaning is now known for the next
    document. `left_out`: so many of its lines the plan had already.
    """

    plan: Plan
    added: int
    already: bool
    read: Import
    remembered: tuple[str, ...] = ()
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Undone:
    """What undoing came to: how many actions went, and the title of the plan that went with them, "" for none."""

    removed: int
    plan: str


def import_action_plan(
    council_id: UUID,
    data: bytes,
    filename: str,
    *,
    improvements: bool = False,
    plan_id: UUID | None = None,
    plan_title: str = "",
    document_on: date | None = None,
    by: Actor,
) -> TakenIn:
    """Read a document and take it in at once; nothing is kept of a file that was taken in before.

    plan_id: into this plan; improvements: into the council's plan of improvements; else into a new one, called
    `plan_title` or else after the document. document_on: the document's own day. Raises Invalid (file), NotFound.
    """
    hold(f"imports:{council_id}")
    there = _taken_in_before(council_id, hashlib.sha256(data).hexdigest())
    if there is not None:
        return there
    kept = keep_action_plan(
        council_id, data, filename, plan_id=plan_id, plan_title=plan_title, document_on=document_on, by=by
    )
    if not kept.rows:
        raise Invalid({"file": kept.warnings[:1]})
    if improvements:
        kept.plan_id = improvements_plan(council_id, by=by).id
    return take_in(kept, by=by)


def take_in(kept: Import, *, again: Collection[int] = (), by: Actor) -> TakenIn:
    """Put the rows into the plan, as one change. The same file is taken in once: again adds nothing.

    A line that the plan has already, word for word, is left out unless its number (from 0) is in `again`.
    Rows with no action written are taken in as they are; the warnings name them. What people said of the columns is
    remembered for the council's next document. Statuses stay proposals, and so do owners. Raises Conflict while
    nothing in the document is read as an action, or the plan has all of it.
    """
    hold(f"imports:{kept.council_id}")
    there = _taken_in_before(kept.council_id, kept.sha256)
    if there is not None:
        return there
    if not kept.rows:
        raise Conflict("No action is read in this document yet. Say first which column holds the actions.")
    hold(f"plans:{kept.council_id}")
    if kept.plan_id is not None:
        hold(f"actions:{kept.plan_id}")
    left_out = set(repeats(kept).get(kept.plan_id, ())) - set(again) if kept.plan_id is not None else set()
    rows = [row for at, row in enumerate(kept.rows) if at not in left_out]
    if not rows:
        raise Conflict("The plan has every line of this document already, word for word. Nothing was added.")
    plan = _plan_for(kept, by)
    hold(f"actions:{plan.id}")
    now = clock.now()
    for number, row in enumerate(rows, start=last_position(plan) + 1):
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
                updated_by_name=by.name,
                **import_rows.columns_of(row),
            )
        )
    kept.plan_id, kept.taken_in_at = plan.id, now
    db.session.flush()
    payload = {"filename": kept.filename, "plan": plan.title, "actions": len(rows)}
    events.record("import.taken_in", kept, by=by, audience="council", payload=payload)
    remembered = remember(kept, import_columns.to_remember(kept.columns), by=by)
    return TakenIn(plan, len(rows), already=False, read=kept, remembered=tuple(remembered), left_out=len(left_out))


def repeats(kept: Import) -> dict[UUID, list[int]]:
    """For each plan of the council, numbers (from 0) of the rows that it has already, word for word."""
    return import_repeats.repeated(kept.rows, list_lines(kept.council_id))


def free_title(kept: Import) -> str:
    """What a new plan for the rows is called: its title, numbered where the council has a plan of that title."""
    titles = (title for _, title in list_titles(kept.council_id))
    return import_repeats.free_title(title_of(kept), titles, MOST_TITLE)


def _taken_in_before(council_id: UUID, sha256: str) -> TakenIn | None:
    there = find_taken_in(council_id, sha256, kind=ACTION_PLAN)
    if there is None or there.plan_id is None:
        return None
    return TakenIn(get_plan(council_id, there.plan_id), 0, already=True, read=there)


def _plan_for(kept: Import, by: Actor) -> Plan:
    """The plan that was chosen; else a new one, with a title that no other plan of the council has."""
    if kept.plan_id is not None:
        return get_plan(kept.council_id, kept.plan_id)
    kept.made_plan, title = True, free_title(kept)
    return find_or_create(kept.council_id, kind="own", accreditation_id=None, title=title, by=by)


def title_of(kept: Import) -> str:
    """What the plan for the rows is to be called."""
    return kept.plan_title or document_titles.propose(kept.leftovers) or import_rows.title_of(kept.filename)


def improvements_plan(council_id: UUID, *, by: Actor) -> Plan:
    """The council's newest plan of improvements, made when there is none."""
    there = find_plan(council_id, "improvements")
    if there is not None:
        return there
    return find_or_create(council_id, kind="improvements", accreditation_id=None, title=IMPROVEMENTS_TITLE, by=by)


def undo(kept: Import, *, by: Actor) -> Undone:
    """Take the import's actions out again, and the plan that it made while nothing else is in it.

    What was read stays, to be taken in again. Raises Conflict when somebody has worked on one of its actions since.
    """
    if kept.taken_in_at is None:
        raise Conflict("This document is not taken in: there is nothing to undo.")
    changed = count_worked_on(kept)
    if changed:
        words = "1 of its actions was" if changed == 1 else f"{changed} of its actions were"
        raise Conflict(f"{words} worked on since the document was taken in, so it cannot be undone.")
    removed, gone = take_out_actions(kept, by=by)
    kept.taken_in_at = None
    payload = {"filename": kept.filename, "actions": removed}
    events.record("import.undone", kept, by=by, audience="council", payload=payload)
    return Undone(removed, gone)


def take_out_actions(kept: Import, *, by: Actor) -> tuple[int, str]:
    """Take an import's actions out, and the plan that it made where nothing else is in it: how many, and its title."""
    mine = (Action.council_id == kept.council_id) & (Action.import_id == kept.id)
    removed = len(db.session.scalars(delete(Action).where(mine).returning(Action.id)).all())
    return removed, _take_out_plan(kept, by)


def _take_out_plan(kept: Import, by: Actor) -> str:
    """The title of the plan that the import made, where it is gone now; then the rows wait for a plan again."""
    if not kept.made_plan or kept.plan_id is None or not is_plan_bare(kept.council_id, kept.plan_id):
        return ""
    plan = get_plan(kept.council_id, kept.plan_id, lock=True)
    kept.plan_id, kept.made_plan = None, False
    events.record("plan.removed", plan, by=by, audience="council", payload={"title": plan.title})
    db.session.delete(plan)
    db.session.flush()
    return plan.title

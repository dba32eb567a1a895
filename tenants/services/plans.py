"""Action plans and their lines: what was written is kept to the word, what is read from it stands beside it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from saas import clock, events
from saas.db import db, new_id
from saas.errors import Conflict, Invalid
from saas.tenancy import Actor
from tenants.models.plans import ACTION_STATUSES, PLAN_KINDS, Action, Plan
from tenants.queries.locks import hold
from tenants.queries.plans import find_plan
from tenants.rules import progress, timescales
from tenants.rules.action_words import STATUS_LABELS

LONGEST_TITLE = 300
LONGEST_TEXT = 20_000
MOST_POUNDS_OR_DAYS = Decimal("9999999999.99")
TEXTS = ("ref", "action", "timescale", "reason", "remark", "responsibility", "status_text", "source")
FIGURES = ("officer_days", "cost")
FLAGS = ("restricted",)


def find_or_create(council_id: UUID, *, kind: str, accreditation_id: UUID | None, title: str, by: Actor) -> Plan:
    """The council's plan of this kind, made when there is none; one that was put away is brought back.

    A plan of kind own is known by its title, any other by its accreditation; without one, the newest of its kind.
    """
    if kind not in PLAN_KINDS:
        raise ValueError(f"a plan is one of {', '.join(PLAN_KINDS)}, not {kind!r}")
    title = _titled(title)
    hold(f"plans:{council_id}")
    there = find_plan(council_id, kind, accreditation_id=accreditation_id, title=title if kind == "own" else None)
    if there is not None:
        bring_back(there, by=by)
        return there
    plan = Plan(
        council_id=council_id,
        id=new_id(),
        kind=kind,
        title=title,
        monitor="",
        accreditation_id=accreditation_id,
        created_at=clock.now(),
    )
    db.session.add(plan)
    db.session.flush()
    events.record("plan.added", plan, by=by, audience="council", payload={"title": title, "kind": kind})
    return plan


def add_plan(council_id: UUID, *, title: str, monitor: str = "", by: Actor) -> Plan:
    """Make a plan of the council's own. Raises Invalid (title), also where a plan of this title is there."""
    title = _titled(title)
    hold(f"plans:{council_id}")
    if find_plan(council_id, "own", title=title) is not None:
        raise Invalid({"title": ["There is a plan of this title already."]})
    plan = find_or_create(council_id, kind="own", accreditation_id=None, title=title, by=by)
    plan.monitor = " ".join(monitor.split())
    db.session.flush()
    return plan


def change_plan(plan: Plan, *, title: str, monitor: str, version: int, by: Actor) -> None:
    """Rename a plan or name who watches over it. Raises Conflict when stale, Invalid naming the field."""
    if plan.version != version:
        raise Conflict(theirs=plan)
    plan.title, plan.monitor = _titled(title), " ".join(monitor.split())
    db.session.flush()
    events.record("plan.changed", plan, by=by, audience="council", payload={"title": plan.title})


def put_away(plan: Plan, *, version: int, by: Actor) -> None:
    """Put a plan that is over among those that are kept. Raises Conflict when stale."""
    if plan.version != version:
        raise Conflict(theirs=plan)
    if plan.put_away_at is None:
        plan.put_away_at = clock.now()
        events.record("plan.put_away", plan, by=by, audience="council", payload={"title": plan.title})


def bring_back(plan: Plan, *, by: Actor) -> None:
    """Work on a plan again that was put away."""
    if plan.put_away_at is not None:
        plan.put_away_at = None
        events.record("plan.brought_back", plan, by=by, audience="council", payload={"title": plan.title})


def add_action(
    plan: Plan,
    *,
    action: str,
    ref: str = "",
    timescale: str = "",
    reason: str = "",
    remark: str = "",
    responsibility: str = "",
    status_text: str = "",
    officer_days: Decimal | None = None,
    cost: Decimal | None = None,
    source: str = "",
    restricted: bool = False,
    meeting_id: UUID | None = None,
    by: Actor,
) -> Action:
    """Add a line at the end of the plan; without a reference it gets its number. Raises Invalid naming the field.

    restricted: it stays out of what is made for the public. meeting_id: the meeting in whose sitting it is added.
    """
    hold(f"actions:{plan.id}")
    position = 1 + (db.session.scalar(_last_position(plan)) or 0)
    row = new_action(
        plan,
        position,
        {
            "ref": ref or str(position),
            "action": action,
            "timescale": timescale,
            "reason": reason,
            "remark": remark,
            "responsibility": responsibility,
            "status_text": status_text,
            "source": source,
            "officer_days": officer_days,
            "cost": cost,
            "restricted": restricted,
        },
    )
    row.meeting_id, row.updated_by_name = meeting_id, by.name
    db.session.add(row)
    db.session.flush()
    events.record("action.added", row, by=by, audience="council", payload={"ref": row.ref})
    return row


def last_position(plan: Plan) -> int:
    """The place of the plan's last line, 0 where it has none."""
    return db.session.scalar(_last_position(plan)) or 0


def _last_position(plan: Plan) -> Any:
    return select(func.max(Action.position)).where(Action.council_id == plan.council_id, Action.plan_id == plan.id)


def new_action(plan: Plan, position: int, values: dict[str, Any], *, document_on: date | None = None) -> Action:
    """A line with its readings, not yet in the session. values: the texts and figures of a line."""
    _check(values)
    now = clock.now()
    row = Action(
        council_id=plan.council_id,
        id=new_id(),
        plan_id=plan.id,
        position=position,
        status=None,
        status_confirmed_by=None,
        import_id=None,
        created_at=now,
        updated_at=now,
        **values,
    )
    read_timescale(row, document_on=document_on)
    row.status_proposed = progress.propose(row.status_text)
    return row


def read_timescale(row: Action, *, document_on: date | None = None) -> None:
    """Read the timescale's text again; what it does not say stays empty."""
    reading = timescales.read(row.timescale, document_on=document_on)
    row.earliest_on, row.latest_on = reading.earliest, reading.latest
    row.timescale_kind, row.timescale_confidence = reading.kind, reading.confidence
    row.timescale_reason, row.timescale_chosen_by = reading.reason, ""


def update_action(row: Action, *, version: int, by: Actor, meeting_id: UUID | None = None, **values: Any) -> None:
    """Change texts, figures and `restricted` of a line (those given); its timescale and status words are read again.

    meeting_id: the meeting in whose sitting it is changed. A reading that a person chose stays until the timescale
    changes. Raises Conflict with the line as it stands when somebody else changed it since, Invalid naming the field,
    and TypeError for a name that no line has.
    """
    unknown = set(values) - {*TEXTS, *FIGURES, *FLAGS}
    if unknown:
        raise TypeError(f"an action has no {', '.join(sorted(unknown))}")
    if row.version != version:
        raise Conflict(theirs=row)
    _check(values, whole=False)
    changed = sorted(name for name, value in values.items() if getattr(row, name) != value)
    for name in changed:
        setattr(row, name, values[name])
    if "timescale" in changed:
        read_timescale(row)
    if "status_text" in changed:
        row.status_proposed = progress.propose(row.status_text)
    if changed:
        mark_change(row, meeting_id=meeting_id, by=by)
        payload = {"ref": row.ref, "fields": changed}
        events.record("action.changed", row, by=by, audience="council", payload=payload)


def remove_action(row: Action, *, by: Actor) -> None:
    """Take a line out of its plan; the numbers of the others stay."""
    events.record("action.removed", row, by=by, audience="council", payload={"ref": row.ref})
    db.session.delete(row)
    db.session.flush()


def confirm_status(
    row: Action,
    *,
    status: str,
    completed_on: date | None = None,
    version: int | None = None,
    meeting_id: UUID | None = None,
    by: Actor,
) -> None:
    """A person says how far the line is, as proposed or otherwise; his or her name and the moment are kept.

    completed_on: the day of a completed line, kept for no other; never assumed. version: the one that was seen, where
    the page carried it. meeting_id: the meeting in whose sitting it is said. Raises Conflict when stale, Invalid
    (status, completed_on).
    """
    if status not in ACTION_STATUSES:
        raise Invalid({"status": [f"Choose one of: {', '.join(STATUS_LABELS.values())}."]})
    if version is not None and row.version != version:
        raise Conflict(theirs=row)
    if status != "completed":
        completed_on = None
    if completed_on is not None and completed_on > clock.today():
        raise Invalid({"completed_on": ["The day it was completed must be today or earlier."]})
    if (row.status, row.completed_on) == (status, completed_on):
        return
    row.status, row.completed_on = status, completed_on
    row.status_confirmed_by, row.status_confirmed_at = by.name, clock.now()
    mark_change(row, meeting_id=meeting_id, by=by)
    payload = {"ref": row.ref, "status": status}
    events.record("action.status_confirmed", row, by=by, audience="council", payload=payload)


def mark_change(row: Action, *, by: Actor, meeting_id: UUID | None = None) -> None:
    """Say who changes a line now and in which meeting; the database keeps its version by that."""
    row.updated_at, row.updated_by_name, row.meeting_id = clock.now(), by.name, meeting_id


def _titled(title: str) -> str:
    title = " ".join(title.split())
    if not title:
        raise Invalid({"title": ["Enter the title."]})
    if len(title) > LONGEST_TITLE:
        raise Invalid({"title": [f"The title must be {LONGEST_TITLE} characters or fewer."]})
    return title


def _check(values: dict[str, Any], *, whole: bool = True) -> None:
    messages: dict[str, list[str]] = {}
    if (whole or "action" in values) and not values.get("action", "").strip():
        messages["action"] = ["Enter the action."]
    for name in TEXTS:
        if len(values.get(name, "")) > LONGEST_TEXT:
            messages[name] = [f"The text must be {LONGEST_TEXT:,} characters or fewer."]
    for name in FIGURES:
        figure = values.get(name)
        if figure is not None and not 0 <= figure <= MOST_POUNDS_OR_DAYS:
            messages[name] = ["The figure must be 0 or more, and not so large."]
    if messages:
        raise Invalid(messages)

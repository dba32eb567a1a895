"""Meetings about a plan: when they are, what each decided, and what changed in it or since."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, or_, select

from saas.db import db
from saas.errors import NotFound
from tenants.models.action_details import ActionNote, ActionVersion
from tenants.models.meetings import Meeting, MeetingItem
from tenants.models.plans import Action, Plan
from tenants.queries.plans import is_open
from tenants.rules.action_history import Change, changes


@dataclass(frozen=True, slots=True)
class LineChange:
    """What changed on one line over all its versions that were asked for; `added`: it is new, with no `changes`."""

    action_id: UUID
    ref: str
    action: str
    added: bool
    changes: tuple[Change, ...]
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Reason:
    """What a meeting said last of a line; `minute` is the line's own or, where it has none, the meeting's."""

    words: str
    body: str
    held_on: date
    minute: str


def list_meetings(plan: Plan) -> Sequence[Row[Any]]:
    """The meetings about a plan, the latest first: Meeting, decided (lines on which something was decided)."""
    decided = (
        select(func.count())
        .where(
            MeetingItem.council_id == Meeting.council_id,
            MeetingItem.meeting_id == Meeting.id,
            MeetingItem.decision != "",
        )
        .scalar_subquery()
        .label("decided")
    )
    return db.session.execute(
        select(Meeting, decided)
        .where(Meeting.council_id == plan.council_id, Meeting.plan_id == plan.id)
        .order_by(Meeting.held_on.desc(), Meeting.opened_at.desc())
    ).all()


def get_meeting(plan: Plan, meeting_id: UUID, *, lock: bool = False) -> Meeting:
    """A meeting about this plan; raises NotFound. `lock` holds it for a change."""
    wanted = select(Meeting).where(
        Meeting.council_id == plan.council_id, Meeting.plan_id == plan.id, Meeting.id == meeting_id
    )
    found = db.session.scalar(wanted.with_for_update() if lock else wanted)
    if found is None:
        raise NotFound
    return found


def find_next(plan: Plan, today: date) -> Meeting | None:
    """The next meeting that is planned, today's among them, None where there is none."""
    mine = (Meeting.council_id == plan.council_id, Meeting.plan_id == plan.id)
    wanted = select(Meeting).where(*mine, Meeting.held_on >= today, Meeting.closed_at.is_(None))
    return db.session.scalar(wanted.order_by(Meeting.held_on, Meeting.opened_at).limit(1))


def find_last(plan: Plan) -> Meeting | None:
    """The last meeting whose record is closed, None where there is none."""
    mine = (Meeting.council_id == plan.council_id, Meeting.plan_id == plan.id)
    wanted = select(Meeting).where(*mine, Meeting.closed_at.is_not(None))
    return db.session.scalar(wanted.order_by(Meeting.held_on.desc(), Meeting.closed_at.desc()).limit(1))


def list_items(meeting: Meeting) -> dict[UUID, MeetingItem]:
    """What the meeting decided, by line."""
    wanted = select(MeetingItem).where(
        MeetingItem.council_id == meeting.council_id, MeetingItem.meeting_id == meeting.id
    )
    return {each.action_id: each for each in db.session.scalars(wanted)}


def list_lines(
    meeting: Meeting, *, more: Collection[UUID] = (), ended: bool = False, lock: bool = False
) -> list[Action]:
    """The lines a sitting goes through: every open one, those the meeting has entered already, and those of `more`.

    ended: only those that the meeting entered. lock: held for a change, in the order of the plan.
    """
    entered = select(MeetingItem.action_id).where(
        MeetingItem.council_id == meeting.council_id, MeetingItem.meeting_id == meeting.id
    )
    chosen = Action.id.in_(entered) if ended else or_(is_open(), Action.id.in_(entered), Action.id.in_(more))
    wanted = select(Action).where(Action.council_id == meeting.council_id, Action.plan_id == meeting.plan_id, chosen)
    wanted = wanted.order_by(Action.position, Action.id)
    return list(db.session.scalars(wanted.with_for_update(of=Action) if lock else wanted))


def list_meeting_changes(meeting: Meeting) -> list[LineChange]:
    """What the meeting changed, line by line in the order of the plan; one statement."""
    return _changes(meeting.council_id, meeting.plan_id, ActionVersion.meeting_id == meeting.id)


def list_changes_since(plan: Plan, since: datetime) -> list[LineChange]:
    """What changed on the lines of a plan after this moment, in the order of the plan; one statement."""
    return _changes(plan.council_id, plan.id, ActionVersion.written_at > since)


def _changes(council_id: UUID, plan_id: UUID, which: Any) -> list[LineChange]:
    before = func.lag(ActionVersion.document).over(partition_by=ActionVersion.action_id, order_by=ActionVersion.number)
    told = (
        select(
            ActionVersion.action_id,
            ActionVersion.number,
            ActionVersion.document,
            before.label("before"),
            ActionVersion.written_by_name,
            ActionVersion.written_at,
            Action.ref,
            Action.action,
            Action.position,
            which.label("wanted"),
        )
        .join(Action, (Action.council_id == ActionVersion.council_id) & (Action.id == ActionVersion.action_id))
        .where(ActionVersion.council_id == council_id, Action.plan_id == plan_id)
        .subquery()
    )
    rows = db.session.execute(select(told).where(told.c.wanted).order_by(told.c.position, told.c.number))
    by_line: dict[UUID, list[Any]] = {}
    for row in rows:
        by_line.setdefault(row.action_id, []).append(row)
    found = [_over_all(of_one) for of_one in by_line.values()]
    return [each for each in found if each.added or each.changes]


def _over_all(rows: list[Any]) -> LineChange:
    first, last = rows[0], rows[-1]
    added = first.before is None
    told = () if added else changes(first.before, last.document)
    return LineChange(last.action_id, last.ref, last.action, added, told, last.written_by_name, last.written_at)


def list_notes(meeting: Meeting) -> Sequence[Row[Any]]:
    """The notes that the meeting took, in the order of the plan: ref, action_id, words, minute."""
    wanted: Any = (
        select(Action.ref, ActionNote.action_id, ActionNote.words, ActionNote.minute)
        .join(Action, (Action.council_id == ActionNote.council_id) & (Action.id == ActionNote.action_id))
        .where(ActionNote.council_id == meeting.council_id, ActionNote.meeting_id == meeting.id)
        .order_by(Action.position, ActionNote.written_at)
    )
    return db.session.execute(wanted).all()


def find_reasons(council_id: UUID, action_ids: Collection[UUID]) -> dict[UUID, Reason]:
    """What a meeting decided last on each of these lines, in words; one statement, none for no line."""
    if not action_ids:
        return {}
    wanted: Any = (
        select(
            MeetingItem.action_id,
            MeetingItem.decision,
            Meeting.body,
            Meeting.held_on,
            func.coalesce(func.nullif(MeetingItem.minute, ""), Meeting.minute),
        )
        .join(Meeting, (Meeting.council_id == MeetingItem.council_id) & (Meeting.id == MeetingItem.meeting_id))
        .where(MeetingItem.council_id == council_id, MeetingItem.action_id.in_(action_ids), MeetingItem.decision != "")
        .order_by(Meeting.held_on, MeetingItem.recorded_at)
    )
    return {row[0]: Reason(*row[1:]) for row in db.session.execute(wanted)}

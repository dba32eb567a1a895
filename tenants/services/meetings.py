"""Meetings about a plan: planned, entered in one sitting, and closed; then their record stands."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from saas import clock, events
from saas.db import db, new_id
from saas.errors import Conflict, Invalid
from saas.tenancy import Actor
from tenants.models.meetings import Meeting, MeetingItem
from tenants.models.plans import Action, Plan
from tenants.queries.meetings import list_items, list_lines
from tenants.queries.plans import get_plan
from tenants.rules.action_words import STATUS_LABELS
from tenants.rules.meetings import (
    HEAD_LABELS,
    LABELS,
    changed,
    field_of,
    lacks_reason,
    mark,
    refused_lines,
    tidy,
)
from tenants.services import action_notes, plans

LONGEST_BODY = 200
LONGEST_MINUTE = action_notes.LONGEST_MINUTE
LONGEST_WORDS = 10_000
CLOSED = "The record of this meeting is closed. What it decided stands."
EMPTY = "(empty)"


@dataclass(frozen=True, slots=True)
class Entry:
    """What was entered on one line. texts: by the names of LABELS. seen: the mark of the texts that the page showed."""

    texts: Mapping[str, str]
    note: str
    seen: str


@dataclass(frozen=True, slots=True)
class Clash:
    """One text that two people entered differently; `line_id` and `ref` are none and "" for the meeting's own."""

    line_id: UUID | None
    ref: str
    label: str
    mine: str
    theirs: str
    by: str
    at: datetime | None


def plan_meeting(plan: Plan, *, body: str, held_on: date, by: Actor) -> Meeting:
    """Name a day on which a body goes through the plan, to come or past. Raises Invalid (body)."""
    meeting = Meeting(
        council_id=plan.council_id,
        id=new_id(),
        plan_id=plan.id,
        body=_named(body),
        held_on=held_on,
        minute="",
        notes="",
        opened_at=clock.now(),
        opened_by_name=by.name,
        closed_at=None,
        closed_by_name="",
    )
    db.session.add(meeting)
    db.session.flush()
    _record("meeting.planned", meeting, by)
    return meeting


def change_meeting(meeting: Meeting, *, body: str, held_on: date, version: int, by: Actor) -> None:
    """Name another body or day. Raises Conflict when stale or closed, Invalid (body, held_on)."""
    _check_open(meeting)
    if meeting.version != version:
        raise Conflict(theirs=meeting)
    body = _named(body)
    if held_on > clock.today() and list_items(meeting):
        raise Invalid({"held_on": ["Its changes are entered, so the day must be today or earlier."]})
    meeting.body, meeting.held_on = body, held_on
    _record("meeting.changed", meeting, by)


def call_off(meeting: Meeting, *, by: Actor) -> None:
    """Take out a meeting in which nothing was entered. Raises Conflict otherwise."""
    _check_open(meeting)
    if list_items(meeting) or meeting.minute or meeting.notes:
        raise Conflict("Something of this meeting is entered. It stays, and can only be closed.")
    _record("meeting.called_off", meeting, by)
    db.session.delete(meeting)
    db.session.flush()


def stored_texts(row: Action, item: MeetingItem | None) -> dict[str, str]:
    """What stands on a line before a sitting enters it, by the names of LABELS."""
    return {
        "status": row.status or "",
        "timescale": row.timescale,
        "responsibility": row.responsibility,
        "decision": item.decision if item else "",
        "minute": item.minute if item else "",
    }


def head_texts(meeting: Meeting) -> dict[str, str]:
    """What stands on the meeting itself, by the names of HEAD_LABELS."""
    return {"minute": meeting.minute, "notes": meeting.notes}


def record_sitting(
    meeting: Meeting,
    entries: Mapping[UUID, Entry],
    *,
    head: Mapping[str, str],
    head_seen: str,
    added: Sequence[Mapping[str, str]] = (),
    by: Actor,
) -> int:
    """Keep everything that was entered for a meeting (locked), or nothing; how many lines were entered or added.

    head: the meeting's own texts by the names of HEAD_LABELS. added: lines that the meeting adds at the end of the
    plan, by the names of NEW_LABELS; an empty one is none. A line of which nothing was entered stays as it is,
    whoever changed it since. Raises Conflict with every Clash as `theirs` where somebody changed a line since the page
    was seen, Conflict for a closed meeting or one still to come, Invalid by `field_of` the line and its text or by
    `rules.meetings.new_field`.
    """
    _check_open(meeting)
    if meeting.held_on > clock.today():
        raise Conflict("This meeting is still to come. Its changes can be entered from its day on.")
    rows = {row.id: row for row in list_lines(meeting, more=entries, lock=True)}
    items = list_items(meeting)
    touched = _touched(entries, rows, items)
    clashes = [*_head_clashes(meeting, head, head_seen), *_clashes(touched, rows, items)]
    if clashes:
        raise Conflict(theirs=tuple(clashes))
    wanted = {number: texts for number, texts in enumerate(added, start=1) if any(map(str.strip, texts.values()))}
    _check(touched, rows, items, wanted)
    if changed(head_texts(meeting), head):
        meeting.minute, meeting.notes = tidy(head["minute"]), head["notes"].strip()
    for key, entry in touched.items():
        _enter(meeting, rows[key], items.get(key), entry, by=by)
    _add(meeting, wanted.values(), by=by)
    db.session.flush()
    _record("meeting.recorded", meeting, by, lines=len(touched) + len(wanted))
    return len(touched) + len(wanted)


def close_meeting(meeting: Meeting, *, version: int, by: Actor) -> None:
    """Close the record of a meeting that was held. Raises Conflict when stale, closed or still to come."""
    _check_open(meeting)
    if meeting.version != version:
        raise Conflict(theirs=meeting)
    if meeting.held_on > clock.today():
        raise Conflict("This meeting is still to come. It can be closed from its day on.")
    meeting.closed_at, meeting.closed_by_name = clock.now(), by.name
    _record("meeting.closed", meeting, by)


def _touched(
    entries: Mapping[UUID, Entry], rows: Mapping[UUID, Action], items: Mapping[UUID, MeetingItem]
) -> dict[UUID, Entry]:
    """The lines of which something was entered; beside a note alone, the line's texts stay as they are."""
    found = {}
    for key, entry in entries.items():
        if mark(entry.texts) != entry.seen:
            found[key] = entry
        elif entry.note.strip():
            stored = stored_texts(rows[key], items.get(key)) if key in rows else entry.texts
            found[key] = replace(entry, texts=stored, seen=mark(stored))
    return found


def _enter(meeting: Meeting, row: Action, item: MeetingItem | None, entry: Entry, *, by: Actor) -> None:
    before, texts = stored_texts(row, item), entry.texts
    names = changed(before, texts)
    written = {name: texts[name] for name in ("timescale", "responsibility") if name in names}
    if written:
        plans.update_action(row, version=row.version, meeting_id=meeting.id, by=by, **written)
    if "status" in names:
        plans.confirm_status(row, status=texts["status"], meeting_id=meeting.id, by=by)
    if entry.note.strip():
        minute = texts["minute"]
        action_notes.add_note(
            row, noted_on=meeting.held_on, words=entry.note, minute=minute, meeting_id=meeting.id, by=by
        )
    _decide(meeting, row, item, texts, by=by)


def _add(meeting: Meeting, lines: Collection[Mapping[str, str]], *, by: Actor) -> None:
    for texts in lines:
        plan = get_plan(meeting.council_id, meeting.plan_id)
        row = plans.add_action(
            plan,
            action=texts["action"].strip(),
            timescale=texts["timescale"].strip(),
            responsibility=texts["responsibility"].strip(),
            meeting_id=meeting.id,
            by=by,
        )
        _decide(meeting, row, None, texts, by=by)


def _decide(meeting: Meeting, row: Action, item: MeetingItem | None, texts: Mapping[str, str], *, by: Actor) -> None:
    if item is None:
        item = MeetingItem(council_id=row.council_id, id=new_id(), meeting_id=meeting.id, action_id=row.id)
        db.session.add(item)
    item.decision, item.minute = texts["decision"].strip(), tidy(texts["minute"])
    item.recorded_at, item.recorded_by_name = clock.now(), by.name


def _head_clashes(meeting: Meeting, head: Mapping[str, str], seen: str) -> list[Clash]:
    stored = head_texts(meeting)
    if mark(head) == seen or mark(stored) == seen:
        return []
    return [
        Clash(None, "", HEAD_LABELS[name], head[name] or EMPTY, stored[name] or EMPTY, "", None)
        for name in changed(stored, head)
    ]


def _clashes(
    touched: Mapping[UUID, Entry], rows: Mapping[UUID, Action], items: Mapping[UUID, MeetingItem]
) -> list[Clash]:
    found = []
    for key, entry in touched.items():
        row, item = rows.get(key), items.get(key)
        if row is None:
            said = "; ".join(filter(None, (*list(entry.texts.values())[1:], entry.note)))
            found.append(Clash(key, "", "Line", said or EMPTY, "(taken out of the plan)", "", None))
            continue
        stored = stored_texts(row, item)
        if mark(stored) == entry.seen:
            continue
        by, at = row.updated_by_name, row.updated_at
        if item is not None and item.recorded_at >= at:
            by, at = item.recorded_by_name, item.recorded_at
        found += [
            Clash(key, row.ref, LABELS[name], _shown(name, entry.texts[name]), _shown(name, stored[name]), by, at)
            for name in changed(stored, entry.texts)
        ]
    return found


def _shown(name: str, text: str) -> str:
    return (STATUS_LABELS.get(text, text) if name == "status" else text) or EMPTY


def _check(
    touched: Mapping[UUID, Entry],
    rows: Mapping[UUID, Action],
    items: Mapping[UUID, MeetingItem],
    added: Mapping[int, Mapping[str, str]],
) -> None:
    messages: dict[str, list[str]] = {}
    for key, entry in touched.items():
        stored, texts = stored_texts(rows[key], items.get(key)), entry.texts
        if texts["status"] not in STATUS_LABELS and texts["status"] != stored["status"]:
            messages[field_of("status", key)] = ["Choose a status of the list."]
        if lacks_reason(stored, texts):
            messages[field_of("decision", key)] = ["Say why it was decided against."]
    there = {f"action {row.ref or f'“{row.action}”'}": row.action for row in rows.values()}
    messages |= {name: [why] for name, why in refused_lines(added, there).items()}
    if messages:
        raise Invalid(messages)


def _check_open(meeting: Meeting) -> None:
    if meeting.closed_at is not None:
        raise Conflict(CLOSED)


def _named(body: str) -> str:
    body = tidy(body)
    if not body:
        raise Invalid({"body": ["Enter who meets."]})
    if len(body) > LONGEST_BODY:
        raise Invalid({"body": [f"Who meets must be {LONGEST_BODY} characters or fewer."]})
    return body


def _record(verb: str, meeting: Meeting, by: Actor, **more: int) -> None:
    payload = {"body": meeting.body, "on": meeting.held_on.isoformat()} | more
    events.record(verb, meeting, by=by, audience="council", payload=payload)

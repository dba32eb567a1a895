"""Dated notes on the progress of a line."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from saas import clock, events
from saas.db import db, new_id
from saas.errors import Conflict, Invalid
from saas.tenancy import Actor
from tenants.models.action_details import ActionNote
from tenants.models.plans import Action

LONGEST_NOTE = 10_000
LONGEST_MINUTE = 200


def add_note(
    row: Action, *, noted_on: date, words: str, minute: str = "", meeting_id: UUID | None = None, by: Actor
) -> ActionNote:
    """Write a note on a line. noted_on: the day it speaks of. minute: the reference of the minute that records it.

    meeting_id: the meeting that took it. It is written with the next flush.

    Raises Invalid (noted_on, words, minute).
    """
    words, minute = words.strip(), " ".join(minute.split())
    messages = {}
    if not words:
        messages["words"] = ["Enter the note."]
    elif len(words) > LONGEST_NOTE:
        messages["words"] = [f"The note must be {LONGEST_NOTE:,} characters or fewer."]
    if len(minute) > LONGEST_MINUTE:
        messages["minute"] = [f"The minute must be {LONGEST_MINUTE} characters or fewer."]
    if noted_on > clock.today():
        messages["noted_on"] = ["The day of the note must be today or earlier."]
    if messages:
        raise Invalid(messages)
    note = ActionNote(
        council_id=row.council_id,
        id=new_id(),
        action_id=row.id,
        meeting_id=meeting_id,
        noted_on=noted_on,
        words=words,
        minute=minute,
        written_at=clock.now(),
        written_by=by.id,
        written_by_name=by.name,
    )
    db.session.add(note)
    payload = {"ref": row.ref, "on": noted_on.isoformat()}
    events.record("action.note_added", row, by=by, audience="council", payload=payload)
    return note


def remove_note(row: Action, note: ActionNote, *, by: Actor) -> None:
    """Take a note out again. Raises Conflict where a meeting took it: that is the record of the meeting."""
    if note.meeting_id is not None:
        raise Conflict("A meeting took this note. It stays with the record of the meeting.")
    db.session.delete(note)
    db.session.flush()
    payload = {"ref": row.ref, "on": note.noted_on.isoformat()}
    events.record("action.note_removed", row, by=by, audience="council", payload=payload)

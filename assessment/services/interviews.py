"""Notes of interviews: begun, written and thrown away by one of the team; whoever reads them is recorded."""

from __future__ import annotations

from datetime import timedelta

from assessment.models.accreditations import Accreditation
from assessment.models.visits import InterviewNote
from assessment.rules import visits as rules
from assessment.rules.stages import LABELS, Stage
from saas import clock, events
from saas.db import db, new_id
from saas.errors import Conflict, Invalid
from saas.tenancy import Actor

LONGEST_PERSON = 120
LONGEST_WORDS = 20_000
SITTING = timedelta(minutes=30)
"""Saving while typing is one event for as long as no longer pause lies between."""
STALE = "This note was changed elsewhere after you opened it."


def why_not(accreditation: Accreditation) -> str:
    """Why nothing can be noted now, in words for the page; "" where it can."""
    stage = Stage(accreditation.stage)
    return "" if rules.may_note(stage) else f"Interviews cannot be noted at the stage “{LABELS[stage]}”."


def begin(accreditation: Accreditation, *, person: str, by: Actor) -> InterviewNote:
    """Begin a note of an interview with somebody; in the file's scope, or the region's for the lead.

    Raises Invalid (person) or Conflict.
    """
    _check(accreditation)
    if by.id is None:
        raise ValueError("a note is somebody's own")
    person = _person(person)
    now = clock.now()
    note = InterviewNote(
        council_id=accreditation.council_id,
        id=new_id(),
        region_id=accreditation.region_id,
        accreditation_id=accreditation.id,
        user_id=by.id,
        name=by.name,
        person=person,
        words="",
        written_at=now,
    )
    db.session.add(note)
    db.session.flush()
    events.record("interview.noted", note, by=by, audience="region")
    return note


def save(
    accreditation: Accreditation,
    note: InterviewNote,
    *,
    person: str,
    words: str,
    version: int,
    while_typing: bool = False,
    by: Actor,
) -> None:
    """Save the note. Raises Invalid (person, words); Conflict with `theirs` where it was changed in another window."""
    _check(accreditation)
    if note.version != version:
        raise Conflict(STALE, theirs=note)
    person = person if while_typing and not person.strip() else _person(person)
    if len(words) > LONGEST_WORDS:
        raise Invalid({"words": [f"A note must have at most {LONGEST_WORDS:,} characters."]})
    if (person, words) == (note.person, note.words):
        return
    paused = clock.now() - note.written_at > SITTING
    note.person, note.words, note.written_at = person.strip() or note.person, words, clock.now()
    db.session.flush()
    if paused or not while_typing:
        events.record("interview.noted", note, by=by, audience="region")


def throw_away(accreditation: Accreditation, note: InterviewNote, *, by: Actor) -> None:
    """Delete one's own note for good. Raises Conflict."""
    _check(accreditation)
    events.record("interview.deleted", note, by=by, audience="region")
    db.session.delete(note)
    db.session.flush()


def record_reading(accreditation: Accreditation, *, by: Actor) -> None:
    """Record that somebody opened the team's notes; in a transaction of its own, before the page's."""
    events.record("interview.read", accreditation, by=by, audience="region")


def _check(accreditation: Accreditation) -> None:
    refusal = why_not(accreditation)
    if refusal:
        raise Conflict(refusal)


def _person(words: str) -> str:
    person = " ".join(words.split())
    if not person:
        raise Invalid({"person": ["Enter whom the interview was with."]})
    if len(person) > LONGEST_PERSON:
        raise Invalid({"person": [f"The name must have at most {LONGEST_PERSON} characters."]})
    return person

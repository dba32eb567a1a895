"""Notes of interviews, for programs: the team's alone, each written by one of the team; every reading is recorded."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from assessment.api.visits import OF_FILE, VISIT
from assessment.models.accreditations import Accreditation
from assessment.models.visits import InterviewNote
from assessment.queries import interviews as queries
from assessment.queries.accreditations import get_accreditation
from assessment.queries.visits import get_led
from assessment.services import interviews
from assessment.services.interviews import LONGEST_PERSON, LONGEST_WORDS
from saas.api import ApiSchema, Listed, Operations
from saas.guard import actor, place_id, requires, viewer
from saas.policy import Permission

operations = Operations("interviews", "Visits")
OF_TEAM = f"{OF_FILE}/notes"
OF_LEAD = f"{VISIT}/notes"
NOTE = "/<uuid:note_id>"


class InterviewNoteSchema(ApiSchema):
    """What one of the team noted of one interview. Deleted when the file closes."""

    id = fields.UUID(required=True)
    user_id = fields.UUID(required=True, metadata={"description": "Who wrote it, and alone can change it."})
    name = fields.String(required=True, metadata={"description": "Of who wrote it."})
    person = fields.String(required=True, metadata={"description": "Whom the interview was with."})
    words = fields.String(required=True)
    written_at = fields.AwareDateTime(required=True)
    version = fields.Integer(required=True)


class BegunInterviewNoteSchema(ApiSchema):
    """Whom the interview is with."""

    person = fields.String(
        required=True, validate=validate.Length(1, LONGEST_PERSON), metadata={"example": "Cllr Sam Okoro"}
    )


class WrittenInterviewNoteSchema(ApiSchema):
    """What can be written of an interview."""

    person = fields.String(validate=validate.Length(1, LONGEST_PERSON))
    words = fields.String(validate=validate.Length(max=LONGEST_WORDS))


def _record_reading() -> None:
    interviews.record_reading(get_accreditation(place_id()), by=actor())


def _record_reading_of_lead(accreditation_id: UUID) -> None:
    interviews.record_reading(_led(accreditation_id), by=actor())


@operations.get(OF_TEAM, "listInterviewNotes", answers=Listed(InterviewNoteSchema))
@requires(Permission.INTERVIEW_NOTE, reading=_record_reading)
def list_interview_notes() -> list[InterviewNote]:
    """List the team's notes of interviews. By person; that they were read is recorded."""
    return queries.list_notes(get_accreditation(place_id()).id)


@operations.get(OF_LEAD, "listCaseInterviewNotes", answers=Listed(InterviewNoteSchema))
@requires(Permission.INTERVIEW_NOTE, reading=_record_reading_of_lead)
def list_case_interview_notes(accreditation_id: UUID) -> list[InterviewNote]:
    """List the team's notes of interviews. For who leads the assessment; that they were read is recorded."""
    return queries.list_notes(_led(accreditation_id).id)


@operations.post(OF_TEAM, "beginInterviewNote", takes=BegunInterviewNoteSchema, answers=InterviewNoteSchema)
@requires(Permission.INTERVIEW_NOTE)
def begin_interview_note(given: dict[str, Any]) -> InterviewNote:
    """Begin a note of an interview. The whole team reads it, the caller alone writes it."""
    return interviews.begin(get_accreditation(place_id()), **given, by=actor())


@operations.post(OF_LEAD, "beginCaseInterviewNote", takes=BegunInterviewNoteSchema, answers=InterviewNoteSchema)
@requires(Permission.INTERVIEW_NOTE)
def begin_case_interview_note(accreditation_id: UUID, given: dict[str, Any]) -> InterviewNote:
    """Begin a note of an interview. For who leads the assessment."""
    return interviews.begin(_led(accreditation_id), **given, by=actor())


@operations.patch(
    f"{OF_TEAM}{NOTE}", "updateInterviewNote", takes=WrittenInterviewNoteSchema, answers=InterviewNoteSchema
)
@requires(Permission.INTERVIEW_NOTE)
def update_interview_note(note_id: UUID, given: dict[str, Any], version: int) -> InterviewNote:
    """Save one's own note. What is not named stays."""
    return _update(get_accreditation(place_id()), note_id, given, version)


@operations.patch(
    f"{OF_LEAD}{NOTE}", "updateCaseInterviewNote", takes=WrittenInterviewNoteSchema, answers=InterviewNoteSchema
)
@requires(Permission.INTERVIEW_NOTE)
def update_case_interview_note(
    accreditation_id: UUID, note_id: UUID, given: dict[str, Any], version: int
) -> InterviewNote:
    """Save one's own note. For who leads the assessment; what is not named stays."""
    return _update(_led(accreditation_id), note_id, given, version)


@operations.delete(f"{OF_TEAM}{NOTE}", "removeInterviewNote")
@requires(Permission.INTERVIEW_NOTE)
def remove_interview_note(note_id: UUID) -> None:
    """Delete one's own note. For good."""
    _remove(get_accreditation(place_id()), note_id)


@operations.delete(f"{OF_LEAD}{NOTE}", "removeCaseInterviewNote")
@requires(Permission.INTERVIEW_NOTE)
def remove_case_interview_note(accreditation_id: UUID, note_id: UUID) -> None:
    """Delete one's own note. For who leads the assessment; for good."""
    _remove(_led(accreditation_id), note_id)


def _led(accreditation_id: UUID) -> Accreditation:
    return get_led(accreditation_id, viewer().id)


def _update(accreditation: Accreditation, note_id: UUID, given: dict[str, Any], version: int) -> InterviewNote:
    note = queries.get_own_note(accreditation.id, note_id, viewer().id, lock=True)
    written = {"person": note.person, "words": note.words} | given
    interviews.save(accreditation, note, **written, version=version, by=actor())
    return note


def _remove(accreditation: Accreditation, note_id: UUID) -> None:
    note = queries.get_own_note(accreditation.id, note_id, viewer().id, lock=True)
    interviews.throw_away(accreditation, note, by=actor())

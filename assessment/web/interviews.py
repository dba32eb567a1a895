"""The team's pages of a visit: the day as the assessors read it, and the notes of interviews that stay in the team."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response as Answer

from assessment.models.accreditations import Accreditation
from assessment.models.visits import InterviewNote
from assessment.queries import interviews as queries
from assessment.queries import visits as visit_queries
from assessment.queries.accreditations import get_accreditation
from assessment.services import interviews
from assessment.web.both_texts import pair_of
from assessment.web.visit_views import about, calendar_response
from saas import guard
from saas.errors import Conflict, Invalid
from saas.forms import Bound, bind
from saas.guard import actor, requires, viewer
from saas.policy import Permission
from saas.templating import time_of_day

blueprint = Blueprint("interviews", __name__)
FILE = "/files/<uuid:file>/visit"
CASE = "/regions/<region>/cases/<uuid:accreditation_id>/visit"
NOTE = "/notes/<uuid:note_id>"
WHO = "the team alone: never the council, nor anybody else of the region"
FIELDS = ("version", "person", "words")


class BeginForm(Schema):
    """With whom the interview is."""

    person = fields.String(
        required=True,
        validate=validate.Length(max=interviews.LONGEST_PERSON),
        metadata={
            "label": "Whom you talk to",
            "subject": "The name",
            "required": "Enter whom you talk to.",
            "who": WHO,
        },
    )


class NoteForm(Schema):
    """One's own note."""

    version = fields.Integer(required=True)
    person = fields.String(
        required=True,
        validate=validate.Length(max=interviews.LONGEST_PERSON),
        metadata={"label": "Whom you talked to", "subject": "The name", "required": "Enter whom you talked to."},
    )
    words = fields.String(
        validate=validate.Length(max=interviews.LONGEST_WORDS),
        metadata={"label": "Your note", "subject": "The note", "who": WHO, "quiet": True},
    )


@blueprint.get(FILE)
@requires(Permission.FILE_READ)
def visit() -> str:
    """The day, the place, the timetable and the people, for an assessor who has declared."""
    accreditation = _opened(None)
    found = visit_queries.find_visit(accreditation.id)
    return render_template(
        "assessment/visits/file.html",
        accreditation=accreditation,
        visit=found,
        about=about(found, visit_queries.find_people(accreditation.id)),
    )


@blueprint.get("/files/<uuid:file>/visit.ics")
@requires(Permission.FILE_READ)
def download() -> Answer:
    """The visit as a calendar entry."""
    accreditation = _opened(None)
    return calendar_response(accreditation, visit_queries.get_visit(accreditation.id), url_for("interviews.visit"))


def record_reading(accreditation_id: UUID | None = None) -> None:
    """Record that the notes are read, before the page is."""
    interviews.record_reading(_opened(accreditation_id), by=actor())


@blueprint.get(f"{FILE}/notes")
@blueprint.get(f"{CASE}/notes")
@requires(Permission.INTERVIEW_NOTE, reading=record_reading)
def index(accreditation_id: UUID | None = None) -> str:
    """Every note of the team, and the way to begin one."""
    return _index(_opened(accreditation_id), Bound.empty(BeginForm))


@blueprint.post(f"{FILE}/notes")
@blueprint.post(f"{CASE}/notes")
@requires(Permission.INTERVIEW_NOTE)
def begin(accreditation_id: UUID | None = None) -> ResponseReturnValue:
    """Begin a note, and go to its page."""
    accreditation = _opened(accreditation_id)
    form = bind(BeginForm, request.form)
    if form.valid:
        try:
            note = interviews.begin(accreditation, person=form.values["person"], by=actor())
        except Invalid as refusal:
            form.add_errors(refusal.messages)
        else:
            return redirect(_to("interviews.edit", accreditation, note_id=note.id), code=303)
    interviews.record_reading(accreditation, by=actor())
    return _index(accreditation, form), 422


@blueprint.get(f"{FILE}{NOTE}")
@blueprint.get(f"{CASE}{NOTE}")
@requires(Permission.INTERVIEW_NOTE)
def edit(note_id: UUID, accreditation_id: UUID | None = None) -> str:
    """One's own note, to be written."""
    accreditation = _opened(accreditation_id)
    note = queries.get_own_note(accreditation.id, note_id, viewer().id)
    return _page(accreditation, note, Bound.empty(NoteForm, {name: getattr(note, name) for name in FIELDS}))


@blueprint.post(f"{FILE}{NOTE}")
@blueprint.post(f"{CASE}{NOTE}")
@requires(Permission.INTERVIEW_NOTE)
def save(note_id: UUID, accreditation_id: UUID | None = None) -> ResponseReturnValue:
    """Save the note."""
    accreditation = _opened(accreditation_id)
    note = queries.get_own_note(accreditation.id, note_id, viewer().id, lock=True)
    form = bind(NoteForm, request.form)
    if form.valid:
        try:
            interviews.save(accreditation, note, by=actor(), **form.values)
        except Invalid as refusal:
            form.add_errors(refusal.messages)
        except Conflict as refusal:
            if not isinstance(refusal.theirs, InterviewNote):
                raise
            return _both_page(accreditation, note, form), 409
        else:
            flash(f"Saved at {time_of_day(note.written_at)}.", "success")
            return redirect(_to("interviews.index", accreditation), code=303)
    return _page(accreditation, note, form), 422


@blueprint.post(f"{FILE}{NOTE}/autosave")
@blueprint.post(f"{CASE}{NOTE}/autosave")
@requires(Permission.INTERVIEW_NOTE)
def autosave(note_id: UUID, accreditation_id: UUID | None = None) -> Response:
    """Save the note while it is typed."""
    accreditation = _opened(accreditation_id)
    note = queries.get_own_note(accreditation.id, note_id, viewer().id, lock=True)
    form = bind(NoteForm, request.form)
    if not form.valid:
        return _told(422, "Not saved. " + " ".join(problem.message for problem in form))
    try:
        interviews.save(accreditation, note, by=actor(), while_typing=True, **form.values)
    except Conflict as refusal:
        return _told(409, refusal.message, both=refusal.theirs is not None)
    return jsonify(version=note.version, words=f"Saved at {time_of_day(note.written_at)}")


@blueprint.post(f"{FILE}{NOTE}/delete")
@blueprint.post(f"{CASE}{NOTE}/delete")
@requires(Permission.INTERVIEW_NOTE)
def throw_away(note_id: UUID, accreditation_id: UUID | None = None) -> Answer:
    """Delete one's own note for good."""
    accreditation = _opened(accreditation_id)
    note = queries.get_own_note(accreditation.id, note_id, viewer().id, lock=True)
    interviews.throw_away(accreditation, note, by=actor())
    flash("The note is deleted.", "success")
    return redirect(_to("interviews.index", accreditation), code=303)


def _opened(accreditation_id: UUID | None) -> Accreditation:
    """The accreditation of the open file, or the one this viewer leads; 404 for everybody else."""
    if accreditation_id is None:
        return get_accreditation(guard.place_id())
    return visit_queries.get_led(accreditation_id, viewer().id)


def _to(endpoint: str, accreditation: Accreditation, **values: Any) -> str:
    """The address of a page on the side the viewer is on."""
    if guard.place().kind == "region":
        values["accreditation_id"] = accreditation.id
    return url_for(endpoint, **values)


def _told(status: int, words: str, **more: bool) -> Response:
    answer = jsonify(words=words, **more)
    answer.status_code = status
    return answer


def _index(accreditation: Accreditation, form: Bound) -> str:
    people = visit_queries.find_people(accreditation.id)
    return render_template(
        "assessment/visits/notes.html",
        accreditation=accreditation,
        notes=queries.list_notes(accreditation.id),
        people=about(visit_queries.find_visit(accreditation.id), people).people,
        form=form,
        refusal=interviews.why_not(accreditation),
        own=viewer().id,
        to=lambda endpoint, **values: _to(endpoint, accreditation, **values),
        back=_back(accreditation),
    )


def _page(accreditation: Accreditation, note: InterviewNote, form: Bound) -> str:
    return render_template(
        "assessment/visits/note.html",
        accreditation=accreditation,
        note=note,
        form=form,
        refusal=interviews.why_not(accreditation),
        draft=_draft_key(note),
        to=lambda endpoint, **values: _to(endpoint, accreditation, **values),
        back=_back(accreditation),
    )


def _both_page(accreditation: Accreditation, note: InterviewNote, form: Bound) -> str:
    return render_template(
        "assessment/visits/note_conflict.html",
        accreditation=accreditation,
        note=note,
        pairs=[pair_of(form, name, note) for name in ("person", "words")],
        by=viewer().name,
        action=_to("interviews.save", accreditation, note_id=note.id),
        theirs_href=_to("interviews.edit", accreditation, note_id=note.id),
        back=_back(accreditation),
    )


def _back(accreditation: Accreditation) -> str:
    """The page of the visit on the viewer's side."""
    if guard.place().kind == "region":
        return url_for("visits.show", accreditation_id=accreditation.id)
    return url_for("interviews.visit")


def _draft_key(note: InterviewNote) -> str:
    """Under which name the device keeps what was typed and not saved: one person's, at one note."""
    return f"{note.user_id}/{note.council_id}/{note.accreditation_id}/note/{note.id}"

"""What a council writes for its interim return: a page for each improvement and the whole, saved while typed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from marshmallow import Schema, fields, validate
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from assessment.models.accreditations import Accreditation
from assessment.models.interim import InterimDraft
from assessment.queries import interim as queries
from assessment.queries.accreditations import get_accreditation
from assessment.queries.improvements import get_improvement, list_improvements
from assessment.rules import interim as rules
from assessment.rules.improvements import PROGRESS_LABELS, REPLY_LABELS
from assessment.rules.interim import LABELS, STATES, WHOLE
from assessment.services import interim
from assessment.web.both_texts import pair_of
from assessment.web.citing_forms import CitingForm
from assessment.web.report_pages import reading_of
from saas import clock, files, uploads
from saas.errors import Conflict, Invalid
from saas.forms import Bound, bind
from saas.guard import actor, requires, viewer
from saas.policy import Permission
from saas.templating import time_of_day
from tenants.models.evidence import Evidence
from tenants.queries.evidence import get_evidence, list_evidence
from tenants.services import evidence as library

blueprint = Blueprint("interim_drafts", __name__)
uploads.read_whole(blueprint, "save")
PAGE = "/councils/<council>/accreditations/<uuid:accreditation_id>/interim/<int:number>"
WHO = "your council; the region, once you send the return"
TEXTS = ("state", "words")


class WordsForm(Schema):
    """How far one improvement is; `version` is 0 for what nobody began."""

    version = fields.Integer(load_default=0, validate=validate.Range(min=0))
    state = fields.String(
        load_default="",
        validate=validate.OneOf(["", *STATES], error="Choose how far it is."),
        metadata={"label": "How far is it?", "quiet": True},
    )
    words = fields.String(
        load_default="",
        validate=validate.Length(max=rules.LONGEST_WORDS),
        metadata={
            "label": "What has been done, and what is still to do",
            "subject": "The text",
            "who": WHO,
            "quiet": True,
        },
    )


class WholeForm(WordsForm):
    """The return as a whole."""

    words = fields.String(
        load_default="",
        validate=validate.Length(max=rules.LONGEST_WORDS),
        metadata={
            "label": "About the return as a whole",
            "subject": "The text",
            "hint": "How your council keeps the standard, and what has changed since the award.",
            "who": WHO,
            "quiet": True,
        },
    )


class PageForm(CitingForm, WordsForm):
    """The page of one improvement: the words, and one more piece of evidence or one less."""

    do = fields.String(load_default="save", validate=validate.OneOf(("save", "next")))


@blueprint.get(PAGE)
@requires(Permission.IMPROVEMENT_REPLY)
def edit(accreditation_id: UUID, number: int) -> str:
    """What is said of one improvement, or with number 0 of the return as a whole."""
    accreditation = get_accreditation(accreditation_id)
    draft = queries.find_draft(accreditation, number)
    if draft is not None:
        initial = {"version": draft.version, "state": draft.state, "words": draft.words}
    else:
        told = get_improvement(accreditation_id, number).progress if number != WHOLE else None
        initial = {"version": 0} | ({"state": told.state, "words": told.words} if told else {})
    return _page(accreditation, number, draft, Bound.empty(_form_of(number), initial))


@blueprint.post(PAGE)
@requires(Permission.IMPROVEMENT_REPLY)
def save(accreditation_id: UUID, number: int) -> BaseResponse | tuple[str, int]:
    """Save the words, with the evidence that was added or taken out."""
    accreditation = get_accreditation(accreditation_id, share=True)
    form = uploads.bind_upload(_form_of(number))
    if form.valid:
        given = dict(form.values)
        try:
            interim.save(accreditation, number, **{name: given[name] for name in ("version", *TEXTS)}, by=actor())
            if number != WHOLE:
                _carry_out(accreditation, number, given)
            flash(f"Saved at {time_of_day(clock.now())}.", "success")
            return redirect(_after(accreditation_id, number, given), code=303)
        except Invalid as error:
            form.add_errors(error.messages)
        except files.FileRefused as error:
            form.add_error("file", error.message)
        except Conflict as error:
            if not isinstance(error.theirs, InterimDraft):
                raise
            return _both_texts(accreditation, number, form, error.theirs), 409
    return _page(accreditation, number, queries.find_draft(accreditation, number), form), 422


@blueprint.post(PAGE + "/autosave")
@requires(Permission.IMPROVEMENT_REPLY)
def autosave(accreditation_id: UUID, number: int) -> Response:
    """Save the words while they are typed; evidence waits for a button."""
    accreditation = get_accreditation(accreditation_id, share=True)
    form = bind(WordsForm, MultiDict((name, request.form.get(name, "")) for name in ("version", *TEXTS)))
    told: dict[str, Any]
    if not form.valid:
        told, status = {"words": "Not saved. " + " ".join(problem.message for problem in form)}, 422
    else:
        try:
            saved = interim.save(accreditation, number, **form.values, by=actor())
            told, status = {"version": saved.version, "words": f"Saved at {time_of_day(saved.updated_at)}"}, 200
        except Invalid as error:
            said = " ".join(text for texts in error.messages.values() for text in texts)
            told, status = {"words": f"Not saved. {said}"}, 422
        except Conflict as error:
            theirs = error.theirs
            told, status = {"words": f"Not saved. {error.message}", "both": False}, 409
            if isinstance(theirs, InterimDraft):
                told = {"words": f"Not saved: {theirs.updated_by_name} changed this.", "both": True}
    answer = jsonify(told)
    answer.status_code = status
    return answer


def _form_of(number: int) -> type[Schema]:
    return WholeForm if number == WHOLE else PageForm


def _page(accreditation: Accreditation, number: int, draft: InterimDraft | None, form: Bound) -> str:
    line = get_improvement(accreditation.id, number) if number != WHOLE else None
    cited = queries.list_cited({number: draft})[number] if draft else []
    told = line.progress.state if line and line.progress else None
    closed = interim.why_not(accreditation, queries.find_standing(accreditation))
    if closed:
        raise Conflict(closed)
    return render_template(
        "assessment/interim/edit.html",
        accreditation=accreditation,
        number=number,
        line=line,
        draft=draft,
        cited=cited,
        offered=_offered(accreditation, cited) if line else [],
        states=[(state, LABELS[state]) for state in rules.states_of(told)],
        form=form,
        kept_as=f"{viewer().id}/{accreditation.council_id}/{accreditation.id}/interim-{number}",
        reading_of=reading_of,
        reply_labels=REPLY_LABELS,
        progress_labels=PROGRESS_LABELS,
    )


def _offered(accreditation: Accreditation, cited: list[Evidence]) -> list[tuple[str, str]]:
    """What can be added from the library."""
    there = {each.id for each in cited}
    return [
        (str(each.id), each.title)
        for each in list_evidence(accreditation.council_id, sort="title")
        if each.id not in there and each.kind != "measure" and each.scan != "quarantined"
    ]


def _carry_out(accreditation: Accreditation, number: int, given: dict[str, Any]) -> None:
    """Add or take out evidence; a file goes into the library first."""
    if given["uncite"]:
        interim.uncite(accreditation, number, given["uncite"], by=actor())
    if given["evidence_id"]:
        evidence = get_evidence(accreditation.council_id, given["evidence_id"])
        interim.cite(accreditation, number, evidence, by=actor())
    if given["file"]:
        with uploads.receive_upload(given["file"]) as received:
            added = library.add_file(
                accreditation.council_id, received=received, title="", speaks_for_on=None, by=actor()
            )
        interim.cite(accreditation, number, added, by=actor())


def _after(accreditation_id: UUID, number: int, given: dict[str, Any]) -> str:
    """Back to the page, or on to the next improvement that is asked for; after the last, to the overview."""
    if number == WHOLE:
        return url_for("interim.show", accreditation_id=accreditation_id)
    if given["do"] == "save":
        return url_for("interim_drafts.edit", accreditation_id=accreditation_id, number=number)
    following = [
        line.improvement.number
        for line in list_improvements(accreditation_id)
        if line.improvement.number > number and not line.is_closed
    ]
    if not following:
        return url_for("interim.show", accreditation_id=accreditation_id)
    return url_for("interim_drafts.edit", accreditation_id=accreditation_id, number=following[0])


def _both_texts(accreditation: Accreditation, number: int, form: Bound, theirs: InterimDraft) -> str:
    return render_template(
        "assessment/interim/conflict.html",
        accreditation=accreditation,
        number=number,
        pairs=[pair_of(form, "words", theirs)],
        theirs=theirs,
        states=[(form.typed("state"), "yours"), (theirs.state, f"saved by {theirs.updated_by_name}")],
        labels=LABELS,
    )

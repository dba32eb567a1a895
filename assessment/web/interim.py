"""The council's interim return: improvement by improvement, saved while it is typed, checked and sent."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, flash, jsonify, redirect, render_template, request, url_for
from marshmallow import Schema, fields, validate
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from assessment.models.accreditations import Accreditation
from assessment.models.interim import InterimDraft
from assessment.queries import interim as queries
from assessment.queries.accreditations import get_accreditation
from assessment.queries.improvements import get_improvement, list_improvements
from assessment.queries.submissions import find_latest_request
from assessment.rules import interim as rules
from assessment.rules.improvements import PROGRESS_LABELS, REPLY_LABELS
from assessment.rules.interim import LABELS, STATES, WHOLE
from assessment.rules.lateness import days_late
from assessment.services import interim
from assessment.services.interim_letters import letter
from assessment.services.submissions import Incomplete
from assessment.web.both_texts import pair_of
from assessment.web.report_pages import reading_of
from saas import clock, files
from saas.errors import Conflict, Invalid
from saas.forms import Bound, Upload, bind
from saas.guard import actor, requires, viewer
from saas.policy import Permission
from saas.progress import look
from saas.templating import filesize, plural, time_of_day
from tenants.models.evidence import Evidence
from tenants.queries.evidence import get_evidence, list_evidence
from tenants.services import evidence as library

blueprint = Blueprint("interim", __name__)
HOME = "/councils/<council>/accreditations/<uuid:accreditation_id>/interim"
PAGE = HOME + "/<int:number>"
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
        validate=validate.Length(max=10_000),
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
        validate=validate.Length(max=10_000),
        metadata={
            "label": "About the return as a whole",
            "subject": "The text",
            "hint": "How your council keeps the standard, and what has changed since the award.",
            "who": WHO,
            "quiet": True,
        },
    )


class PageForm(WordsForm):
    """The page of one improvement: the words, and one more piece of evidence or one less."""

    evidence_id = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"quiet": True, "label": "From your library", "subject": "The evidence"},
    )
    file = Upload(
        load_default=None,
        metadata={"quiet": True, "label": "Or upload a file", "subject": "The file", "accept": files.ACCEPTED},
    )
    uncite = fields.UUID(load_default=None, allow_none=True)
    do = fields.String(load_default="save", validate=validate.OneOf(("save", "next")))


class SendForm(Schema):
    """What stood on the page that was checked: `number:hash` for each part of the return."""

    checked = fields.String(validate=validate.Length(max=20_000))


@blueprint.get(HOME)
@requires(Permission.ACCREDITATION_READ)
def show(accreditation_id: UUID) -> str:
    """Where the interim review stands: what is written, what is missing, and the way to send it."""
    accreditation = get_accreditation(accreditation_id)
    standing = queries.find_standing(accreditation)
    asked = find_latest_request(accreditation_id, "interim") if standing.is_sealing else None
    if asked is not None:
        done, total, words = _how_far(asked.id)
        return render_template(
            "assessment/interim/sealing.html",
            accreditation=accreditation,
            asked=asked,
            so_far=(done, total, words),
        )
    return _overview(accreditation, standing)


@blueprint.post(HOME)
@requires(Permission.SUBMISSION_SEAL)
def send(accreditation_id: UUID) -> BaseResponse | tuple[str, int]:
    """Ask for the seal of what was checked; of anything else, show the check again and say what changed."""
    accreditation = get_accreditation(accreditation_id, lock=True)
    form = bind(SendForm, request.form)
    try:
        interim.request_seal(accreditation, checked=_checked(form.typed("checked")), by=actor())
    except Incomplete as error:
        return _overview(accreditation, queries.find_standing(accreditation), error.message), 409
    except interim.Unchecked as error:
        return _check_page(accreditation, error.message), 409
    return redirect(url_for("interim.show", accreditation_id=accreditation_id), code=303)


@blueprint.get(HOME + "/check")
@requires(Permission.SUBMISSION_SEAL)
def check(accreditation_id: UUID) -> BaseResponse | str:
    """What will be sent, before it is; back to the overview while something is missing."""
    accreditation = get_accreditation(accreditation_id)
    refusal = interim.why_not(accreditation, queries.find_standing(accreditation))
    if refusal:
        raise Conflict(refusal)
    if interim.look_over(accreditation):
        return redirect(url_for("interim.show", accreditation_id=accreditation_id), code=303)
    return _check_page(accreditation)


@blueprint.get(HOME + "/progress")
@requires(Permission.ACCREDITATION_READ)
def progress(accreditation_id: UUID) -> Response:
    """How far the seal is, for the page that waits for it."""
    asked = find_latest_request(get_accreditation(accreditation_id).id, "interim")
    finished = asked is None or asked.done_at is not None or asked.failed_at is not None
    done, total, words = (1, 1, "This is done.") if asked is None or finished else _how_far(asked.id)
    here = url_for("interim.show", accreditation_id=accreditation_id)
    return jsonify(done=done, total=total, words=words, finished=finished, href=here)


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
    form = bind(_form_of(number), request.form, request.files)
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


@blueprint.get(HOME + "/letter.pdf")
@requires(Permission.ACCREDITATION_READ)
def download_letter(accreditation_id: UUID) -> Response:
    """The region's letter after the review, to be printed and kept."""
    answer = Response(letter(get_accreditation(accreditation_id)), content_type="application/pdf")
    answer.headers["Content-Disposition"] = files.content_disposition("attachment", "interim-review.pdf")
    return answer


def _check_page(accreditation: Accreditation, refusal: str = "") -> str:
    drafts = queries.list_drafts(accreditation)
    improvements = list_improvements(accreditation.id)
    lines = queries.lines_of(improvements, drafts, queries.list_cited(drafts))
    return render_template(
        "assessment/interim/check.html",
        accreditation=accreditation,
        entries=[(each.improvement, line) for each, line in zip(improvements, lines, strict=True)],
        whole=queries.words_of(drafts),
        checked=" ".join(f"{number}:{said}" for number, said in interim.fingerprints(accreditation).items()),
        labels=LABELS,
        refusal=refusal,
    )


def _checked(typed: str) -> dict[int, str]:
    """The fingerprints as the check page carries them; what is no such pair is left out."""
    pairs = (each.partition(":") for each in typed.split())
    return {int(number): said for number, _, said in pairs if re.fullmatch("[0-9]{1,6}", number) and said}


def _overview(accreditation: Accreditation, standing: queries.Standing, refusal: str = "") -> str:
    drafts = queries.list_drafts(accreditation)
    improvements = list_improvements(accreditation.id)
    cited = queries.list_cited(drafts)
    lines = {line.number: line for line in queries.lines_of(improvements, drafts, cited)}
    problems = rules.problems_of(list(lines.values()), queries.words_of(drafts))
    asked = find_latest_request(accreditation.id, "interim")
    due_on = standing.award.interim_due_on if standing.award else None
    closed = interim.why_not(accreditation, standing)
    return render_template(
        "assessment/interim/show.html",
        accreditation=accreditation,
        standing=standing,
        closed=closed,
        improvements=improvements,
        lines=lines,
        whole=drafts.get(WHOLE),
        problems=problems,
        whole_optional=not closed and any(line.is_asked for line in lines.values()),
        failure=asked.failure if asked is not None and asked.failed_at is not None and not refusal else "",
        late=days_late(clock.today(), due_on),
        due_on=due_on,
        labels=LABELS,
        refusal=refusal,
    )


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
        limit = current_app.config["CHARTERWAY"].upload_limit_mb * 1024 * 1024
        sent = given["file"]
        with files.receive(sent.stream, sent.filename or "", limit_bytes=limit) as received:
            added = library.add_file(
                accreditation.council_id, received=received, title="", speaks_for_on=None, by=actor()
            )
        interim.cite(accreditation, number, added, by=actor())


def _after(accreditation_id: UUID, number: int, given: dict[str, Any]) -> str:
    """Back to the page, or on to the next improvement that is asked for; after the last, to the overview."""
    if number == WHOLE:
        return url_for("interim.show", accreditation_id=accreditation_id)
    if given["do"] == "save":
        return url_for("interim.edit", accreditation_id=accreditation_id, number=number)
    following = [
        line.improvement.number
        for line in list_improvements(accreditation_id)
        if line.improvement.number > number and not line.is_closed
    ]
    if not following:
        return url_for("interim.show", accreditation_id=accreditation_id)
    return url_for("interim.edit", accreditation_id=accreditation_id, number=following[0])


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


def _how_far(request_id: UUID) -> tuple[int, int, str]:
    known = look(f"seal:{request_id}")
    if known is None or not known["of_files"]:
        return 0, 0, "Being sealed: every file is read and checked."
    count = f"{known['files']} of {plural(known['of_files'], 'file')} read"
    words = f"{count}, {filesize(known['bytes'])} of {filesize(known['of_bytes'])}."
    return known["bytes"], known["of_bytes"], words

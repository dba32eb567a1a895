"""The council's side of clarifications: what it was asked, its answer as a draft, checked, and sent once."""

from __future__ import annotations

from contextlib import closing
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate
from werkzeug.datastructures import MultiDict

from assessment.models.accreditations import Accreditation
from assessment.models.clarifications import ClarificationDraft
from assessment.queries import clarifications as queries
from assessment.queries.accreditations import get_accreditation
from assessment.queries.clarifications import Item
from assessment.rules.clarifications import LONGEST_ANSWER, may_ask
from assessment.rules.differences import compare
from assessment.rules.stages import Stage
from assessment.services import clarifications
from assessment.web.clarifications import record_response, send_file
from saas import clock, files, uploads
from saas.errors import Conflict, Forbidden, Invalid
from saas.forms import Bound, Upload, bind
from saas.guard import actor, may, place, place_id, requires, viewer
from saas.policy import Permission
from saas.templating import time_of_day
from tenants.models.evidence import Evidence
from tenants.services import evidence as library_of

blueprint = Blueprint("clarification_answers", __name__)
uploads.read_whole(blueprint, "save")
LIST = "/councils/<council>/accreditations/<uuid:accreditation_id>/questions"
ONE = LIST + "/<uuid:clarification_id>"
WHO = "your council while you write; the team and the region once you send it"
TYPED = ("version", "words")


class DraftForm(Schema):
    """The answer as far as it is; `add` and `take_out` are files of the library, `file` goes into it."""

    version = fields.Integer(required=True, validate=validate.Range(min=0))
    words = fields.String(
        validate=validate.Length(max=LONGEST_ANSWER),
        metadata={"label": "Your answer", "subject": "Your answer", "quiet": True, "who": WHO},
    )
    add = fields.UUID(metadata={"label": "Add a file of your library", "subject": "The file"})
    file = Upload(metadata={"quiet": True, "label": "Upload a file", "subject": "The file", "accept": files.ACCEPTED})
    take_out = fields.UUID(metadata={"label": "Take out"})
    do = fields.String(load_default="save", validate=validate.OneOf(["save", "check"]))


class AnswerForm(DraftForm):
    """The answer that goes to the check before it is sent."""

    words = fields.String(
        required=True,
        validate=validate.Length(max=LONGEST_ANSWER),
        metadata={"label": "Your answer", "subject": "Your answer", "required": "Enter your answer.", "who": WHO},
    )


class SendForm(Schema):
    """The draft that was checked, with the contents of its files."""

    version = fields.Integer(required=True)
    files = fields.String()


@blueprint.get(LIST)
@requires(Permission.ACCREDITATION_READ)
def list_questions(accreditation_id: UUID) -> str:
    """Everything the council was asked, and what it answered."""
    accreditation = get_accreditation(accreditation_id)
    return render_template(
        "assessment/clarifications/list.html",
        accreditation=accreditation,
        items=queries.list_for(accreditation_id),
        drafts=queries.list_drafted(accreditation_id),
        may_answer=may_ask(Stage(accreditation.stage)),
        today=clock.today(),
    )


@blueprint.get(LIST + "/record.json")
@requires(Permission.ACCREDITATION_READ)
def download_record(accreditation_id: UUID) -> Response:
    """Questions and answers with their hashes, as JSON."""
    return record_response(accreditation_id)


@blueprint.get(LIST + "/files/<uuid:file_id>")
@requires(Permission.ACCREDITATION_READ)
def download(accreditation_id: UUID, file_id: UUID) -> Response:
    """One file as the council sent it with an answer."""
    return send_file(accreditation_id, file_id)


@blueprint.get(ONE)
@requires(Permission.QUESTION_ANSWER)
def edit(accreditation_id: UUID, clarification_id: UUID) -> ResponseReturnValue:
    """Write the answer to one question; one that was answered stands in the list."""
    accreditation, item = _asked(accreditation_id, clarification_id)
    if item.answered_at is not None or not may_ask(Stage(accreditation.stage)):
        return redirect(_list_of(accreditation_id, item), 303)
    draft = queries.find_draft(clarification_id)
    initial = {"version": draft.version, "words": draft.words} if draft else {"version": 0}
    return _page(accreditation, item, draft, Bound.empty(DraftForm, initial))


@blueprint.post(ONE)
@requires(Permission.QUESTION_ANSWER)
def save(accreditation_id: UUID, clarification_id: UUID) -> ResponseReturnValue:
    """Keep the draft, with a file more or less; or go on to the check."""
    accreditation, item = _asked(accreditation_id, clarification_id, share=True)
    form = uploads.bind_upload(AnswerForm if request.form.get("do") == "check" else DraftForm)
    draft = queries.find_draft(clarification_id)
    if form.valid:
        given = dict(form.values)
        try:
            clarifications.save_draft(
                accreditation,
                item,
                words=given["words"],
                version=given["version"],
                evidence=_wanted(draft, given),
                by=actor(),
            )
        except files.FileRefused as refusal:
            form.add_error("file", refusal.message)
        except Invalid as refusal:
            beside = "file" if given["file"] else "add"
            form.add_errors({beside if name == "evidence" else name: said for name, said in refusal.messages.items()})
        except Conflict as stale:
            if not isinstance(stale.theirs, ClarificationDraft):
                raise
            return _both_texts(accreditation, item, form, stale.theirs)
        else:
            to = "check" if given["do"] == "check" else "edit"
            there = url_for(f".{to}", accreditation_id=accreditation_id, clarification_id=clarification_id)
            if to == "edit":
                flash("Your draft is kept. Only your council sees it.", "success")
            return redirect(there, 303)
    return _page(accreditation, item, draft, form), 422


@blueprint.post(ONE + "/autosave")
@requires(Permission.QUESTION_ANSWER)
def autosave(accreditation_id: UUID, clarification_id: UUID) -> Response:
    """Keep the words while they are typed; files wait for a button."""
    accreditation, item = _asked(accreditation_id, clarification_id, share=True)
    form = bind(DraftForm, MultiDict((name, request.form[name]) for name in TYPED if name in request.form))
    if not form.valid:
        return _told({"words": "Not saved. " + " ".join(problem.message for problem in form)}, 422)
    try:
        draft = clarifications.save_draft(
            accreditation, item, words=form.values["words"], version=form.values["version"], by=actor()
        )
    except Conflict as error:
        theirs = error.theirs
        if not isinstance(theirs, ClarificationDraft):
            return _told({"words": f"Not saved. {error.message}", "both": False}, 409)
        first = f"{theirs.updated_by_name} changed this answer at {time_of_day(theirs.updated_at)}"
        return _told({"words": f"Not saved: {first}.", "both": True}, 409)
    return _told({"version": draft.version, "words": f"Saved at {time_of_day(draft.updated_at)}"}, 200)


@blueprint.get(ONE + "/check")
@requires(Permission.QUESTION_ANSWER)
def check(accreditation_id: UUID, clarification_id: UUID) -> ResponseReturnValue:
    """What will be sent, before it is sent."""
    accreditation, item = _asked(accreditation_id, clarification_id)
    draft = queries.find_draft(clarification_id)
    if item.answered_at is not None or draft is None or not draft.words:
        return redirect(_list_of(accreditation_id, item), 303)
    return _check_page(accreditation, item, draft, None)


@blueprint.post(ONE + "/send")
@requires(Permission.QUESTION_ANSWER)
def send(accreditation_id: UUID, clarification_id: UUID) -> ResponseReturnValue:
    """Send the answer for good."""
    accreditation, item = _asked(accreditation_id, clarification_id, share=True)
    form = bind(SendForm, request.form)
    draft = queries.find_draft(clarification_id)
    if form.valid:
        try:
            clarifications.answer(accreditation, item, **dict(form.values), by=actor())
        except Invalid as refusal:
            for said in refusal.messages.values():
                form.add_error(None, " ".join(said))
        except Conflict as stale:
            if not isinstance(stale.theirs, ClarificationDraft):
                raise
            flash(f"{stale.message} Check it again.", "notice")
            return redirect(
                url_for(".check", accreditation_id=accreditation_id, clarification_id=clarification_id), 303
            )
        else:
            flash(f"Your answer to question {item.number} is sent.", "success")
            return redirect(_list_of(accreditation_id, item), 303)
    if draft is None:
        return redirect(_list_of(accreditation_id, item), 303)
    return _check_page(accreditation, item, draft, form), 422


def _asked(accreditation_id: UUID, clarification_id: UUID, *, share: bool = False) -> tuple[Accreditation, Item]:
    accreditation = get_accreditation(accreditation_id, share=share)
    return accreditation, queries.get_item(accreditation_id, clarification_id)


def _list_of(accreditation_id: UUID, item: Item) -> str:
    return url_for(".list_questions", accreditation_id=accreditation_id, _anchor=f"question-{item.number}")


def _wanted(draft: ClarificationDraft | None, given: dict[str, Any]) -> list[UUID]:
    """What goes with the answer from now on; a file that was sent goes into the library first."""
    attached = [UUID(each) for each in draft.evidence] if draft else []
    wanted = [each for each in attached if each != given["take_out"]]
    added = [given["add"]] if given["add"] else []
    if given["file"]:
        if not may(Permission.EVIDENCE_WRITE):
            raise Forbidden
        with closing(given["file"]) as sent, uploads.receive_upload(sent) as received:
            kept = library_of.add_file(place_id(), received=received, title="", speaks_for_on=None, by=actor())
        added.append(kept.id)
    return [*wanted, *(each for each in dict.fromkeys(added) if each not in wanted)]


def _attached(draft: ClarificationDraft | None) -> list[Evidence]:
    return queries.list_attached(place_id(), [UUID(each) for each in draft.evidence]) if draft else []


def _page(accreditation: Accreditation, item: Item, draft: ClarificationDraft | None, form: Bound) -> str:
    attached = _attached(draft)
    taken = {each.id for each in attached}
    library = [each for each in queries.list_files_to_attach(place_id()) if each.id not in taken]
    return render_template(
        "assessment/clarifications/answer.html",
        accreditation=accreditation,
        item=item,
        draft=draft,
        attached=attached,
        library=[(each.id, each.title) for each in library],
        limit=uploads.limit_words(),
        kept_as=f"{viewer().id}/{place().slug}/question/{item.id}",
        today=clock.today(),
        form=form,
    )


def _check_page(accreditation: Accreditation, item: Item, draft: ClarificationDraft, form: Bound | None) -> str:
    attached = _attached(draft)
    return render_template(
        "assessment/clarifications/check.html",
        accreditation=accreditation,
        item=item,
        draft=draft,
        attached=attached,
        checked=clarifications.fingerprint(attached),
        form=form,
    )


def _both_texts(accreditation: Accreditation, item: Item, form: Bound, theirs: ClarificationDraft) -> tuple[str, int]:
    mine = form.typed("words")
    pair = {"label": "The answer", "name": "words", "mine": mine, "theirs": theirs.words}
    page = render_template(
        "assessment/clarifications/conflict.html",
        accreditation=accreditation,
        item=item,
        pairs=[pair | {"pieces": compare(theirs.words, mine)}],
        hidden={name: form.typed(name) for name in ("add", "take_out") if form.typed(name)},
        theirs=theirs,
        left_out=bool(request.files.get("file")),
    )
    return page, 409


def _told(words: dict[str, Any], status: int) -> Response:
    answer = jsonify(words)
    answer.status_code = status
    return answer

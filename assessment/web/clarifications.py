"""Asking the council: from the assessor's screen, and from the region's case; with the answers and their files."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from assessment.models.accreditations import Accreditation
from assessment.models.clarifications import Clarification
from assessment.queries import clarifications as queries
from assessment.queries.accreditations import get_accreditation, process_of
from assessment.queries.frameworks import PublishedFramework, get_framework
from assessment.rules.clarifications import LONGEST_QUESTION, may_ask
from assessment.rules.sealing import canonical_json
from assessment.rules.stages import Stage
from assessment.services import clarifications
from saas import clock, files
from saas.downloads import JSON, file_response
from saas.errors import Conflict, Invalid, NotFound
from saas.forms import Bound, bind
from saas.guard import actor, may, place_id, requires
from saas.policy import Permission
from saas.templating import day

blueprint = Blueprint("clarifications", __name__)
FILE = "/files/<uuid:file>"
CASE = "/regions/<region>/cases/<uuid:accreditation_id>/questions"
WHO = "the council, the region and the team. Your name goes with it."


class QuestionForm(Schema):
    """One question about one requirement."""

    question = fields.String(
        required=True,
        validate=validate.Length(max=LONGEST_QUESTION),
        metadata={"label": "Your question", "required": "Enter your question.", "who": WHO},
    )


class CaseQuestionForm(QuestionForm):
    """One question, and the requirement it is about."""

    code = fields.String(
        required=True, metadata={"label": "Requirement", "required": "Choose the requirement you ask about."}
    )


@blueprint.get(FILE + "/requirements/<code>/questions")
@requires(Permission.FILE_READ)
def show_asked(code: str) -> str:
    """What was asked about one requirement, for the team."""
    accreditation, framework = _opened(place_id())
    return _team_page(accreditation, framework, code, Bound.empty(QuestionForm))


@blueprint.post(FILE + "/requirements/<code>/questions")
@requires(Permission.QUESTION_ASK)
def ask(code: str) -> ResponseReturnValue:
    """Ask the council about this requirement, and go back to its score."""
    accreditation, framework = _opened(place_id())
    form = bind(QuestionForm, request.form)
    if form.valid:
        try:
            asked = clarifications.ask(
                accreditation, _id_of(framework, code), **form.values, asked_as="assessor", by=actor()
            )
        except Invalid as refusal:
            form.add_errors(refusal.messages)
        except Conflict as refusal:
            form.add_error("question", refusal.message)
            return _team_page(accreditation, framework, code, form), 409
        else:
            _say_asked(asked)
            return redirect(url_for("scores.edit", code=code, _anchor="questions"), 303)
    return _team_page(accreditation, framework, code, form), 422


@blueprint.get(FILE + "/questions/files/<uuid:file_id>")
@requires(Permission.FILE_READ)
def download(file_id: UUID) -> Response:
    """One file that came with an answer, for the team."""
    return send_file(place_id(), file_id)


@blueprint.get(FILE + "/questions")
@requires(Permission.FILE_READ)
def list_of_file() -> str:
    """Everything the council was asked about this file, for the team."""
    accreditation = get_accreditation(place_id())
    return render_template(
        "assessment/clarifications/of_file.html",
        accreditation=accreditation,
        items=queries.list_for(accreditation.id),
        today=clock.today(),
    )


@blueprint.get(FILE + "/questions/record.json")
@requires(Permission.FILE_READ)
def download_record() -> Response:
    """Questions and answers with their hashes, as JSON, for the team."""
    return record_response(place_id())


@blueprint.get(CASE)
@requires(Permission.CASE_READ)
def show_case(accreditation_id: UUID) -> str:
    """Everything one council was asked, for the region, and a form to ask."""
    accreditation, framework = _opened(accreditation_id)
    return _case_page(accreditation, framework, Bound.empty(CaseQuestionForm))


@blueprint.post(CASE)
@requires(Permission.QUESTION_ASK)
def ask_for_region(accreditation_id: UUID) -> ResponseReturnValue:
    """The region's officer asks the council about one requirement."""
    accreditation, framework = _opened(accreditation_id)
    form = bind(CaseQuestionForm, request.form)
    if form.valid and form.values["code"] not in framework.ids:
        form.add_error("code", "Choose the requirement you ask about.")
    if form.valid:
        requirement_id = framework.ids[form.values["code"]]
        try:
            asked = clarifications.ask(
                accreditation, requirement_id, question=form.values["question"], asked_as="region", by=actor()
            )
        except Invalid as refusal:
            form.add_errors(refusal.messages)
        except Conflict as refusal:
            form.add_error("question", refusal.message)
            return _case_page(accreditation, framework, form), 409
        else:
            _say_asked(asked)
            there = url_for("clarifications.show_case", accreditation_id=accreditation_id)
            return redirect(f"{there}#question-{asked.number}", 303)
    return _case_page(accreditation, framework, form), 422


@blueprint.get(CASE + "/record.json")
@requires(Permission.CASE_READ)
def download_case_record(accreditation_id: UUID) -> Response:
    """Questions and answers with their hashes, as JSON, for the region."""
    return record_response(accreditation_id)


@blueprint.get(CASE + "/files/<uuid:file_id>")
@requires(Permission.CASE_READ)
def download_for_region(accreditation_id: UUID, file_id: UUID) -> Response:
    """One file that came with an answer, for the region."""
    return send_file(accreditation_id, file_id)


def record_response(accreditation_id: UUID) -> Response:
    """Everything asked and answered, as canonical JSON with the hash of each answer."""
    get_accreditation(accreditation_id)
    document = clarifications.record_of(queries.list_for(accreditation_id))
    return file_response(canonical_json(document), "questions-and-answers.json", JSON)


def send_file(accreditation_id: UUID, file_id: UUID) -> Response:
    """One file as it was sent with an answer, in whatever scope sees it."""
    file = queries.get_sent_file(accreditation_id, file_id)
    return files.attachment_response(
        str(file.council_id), file.sha256, filename=file.filename, content_type=file.content_type
    )


def _opened(accreditation_id: UUID) -> tuple[Accreditation, PublishedFramework]:
    accreditation = get_accreditation(accreditation_id)
    return accreditation, get_framework(accreditation.framework_id)


def _id_of(framework: PublishedFramework, code: str) -> UUID:
    if code not in framework.ids:
        raise NotFound
    return framework.ids[code]


def _say_asked(asked: Clarification) -> None:
    flash(f"Question {asked.number} is with the council. The answer is due {day(asked.due_on)}.", "success")


def _team_page(accreditation: Accreditation, framework: PublishedFramework, code: str, form: Bound) -> str:
    requirement_id = _id_of(framework, code)
    return render_template(
        "assessment/clarifications/ask.html",
        requirement=framework.tree.requirement(code),
        items=queries.list_for(accreditation.id, requirement_id),
        may_ask=may(Permission.QUESTION_ASK) and (may_ask(Stage(accreditation.stage)) or bool(form.typed("question"))),
        today=clock.today(),
        form=form,
    )


def _case_page(accreditation: Accreditation, framework: PublishedFramework, form: Bound) -> str:
    return render_template(
        "assessment/clarifications/of_case.html",
        accreditation=accreditation,
        items=queries.list_for(accreditation.id),
        requirements=[
            (each.code, f"{each.code} {each.title}") for each in framework.tree.requirements_of(accreditation.level)
        ],
        may_ask=may(Permission.QUESTION_ASK) and (may_ask(Stage(accreditation.stage)) or bool(form.typed("question"))),
        days=process_of(accreditation).clarification_days,
        today=clock.today(),
        form=form,
    )

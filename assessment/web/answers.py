"""A council's self-assessment: the list of requirements, and the page of each."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from assessment.models.accreditations import Accreditation
from assessment.models.answers import Answer
from assessment.queries import answers as queries
from assessment.queries import submissions
from assessment.queries.accreditations import get_accreditation
from assessment.queries.carried import find_next_to_confirm
from assessment.queries.contributions import list_contributions
from assessment.queries.earlier import previous_answers
from assessment.queries.frameworks import PublishedFramework, get_framework
from assessment.queries.returned import find_asked
from assessment.rules import stages
from assessment.rules.framework_tree import Framework, Requirement
from assessment.rules.signings import AT_REST
from assessment.rules.stages import Stage
from assessment.services import answers, carried
from assessment.web import answer_lists
from assessment.web.answer_forms import (
    ACTION_FIELDS,
    ANSWER_FIELDS,
    EVIDENCE_FIELDS,
    AnswerForm,
    RequirementForm,
    form_for,
)
from assessment.web.comments import discussion_of
from saas import clock, files
from saas.errors import Conflict, Invalid, NotFound
from saas.files import FileRefused
from saas.forms import Bound, bind
from saas.guard import actor, may, requires
from saas.policy import Permission
from saas.templating import time_of_day
from tenants.queries.evidence import get_evidence, list_evidence
from tenants.rules.action_words import words_of_reading
from tenants.services import evidence as library

blueprint = Blueprint("answers", __name__)
HOME = "/councils/<council>/accreditations/<uuid:accreditation_id>/"
PAGE = HOME + "requirements/<code>"
LINK_FIELDS = {"url": "link", "title": "evidence_title"}


@blueprint.get(HOME)
@requires(Permission.ACCREDITATION_READ)
def task_list(accreditation_id: UUID) -> str:
    """Every requirement by criterion and element, how far each is, and what is next."""
    return answer_lists.page(accreditation_id)


@blueprint.get(PAGE)
@requires(Permission.ACCREDITATION_READ)
def edit(accreditation_id: UUID, code: str) -> str:
    """One requirement: question, guidance, judgement, words, evidence and actions."""
    accreditation = get_accreditation(accreditation_id)
    framework, requirement = _requirement(accreditation, code)
    answer = queries.find_answer(accreditation, framework.ids[code])
    initial: dict[str, Any] = {"version": answer.version if answer else 0}
    if answer is not None:
        initial |= {name: getattr(answer, name) for name in ANSWER_FIELDS}
    form = Bound.empty(form_for(RequirementForm, framework.tree), initial)
    return _page(accreditation, framework, requirement, answer, form)


@blueprint.post(PAGE)
@requires(Permission.ANSWER_WRITE)
def save(accreditation_id: UUID, code: str) -> BaseResponse | tuple[str, int]:
    """Save what was typed, with the evidence and the action that were given; refuse what somebody else changed."""
    accreditation = get_accreditation(accreditation_id, share=True)
    framework, requirement = _requirement(accreditation, code)
    form = bind(form_for(RequirementForm, framework.tree), request.form, request.files)
    answer: Answer | None = None
    try:
        if form.valid:
            given = dict(form.values)
            answer = answers.save(
                accreditation,
                framework.ids[code],
                **{name: given[name] for name in ANSWER_FIELDS},
                by=actor(),
            )
            _work(answer, given)
            if given["do"] == "confirm":
                carried.confirm(answer, by=actor())
            flash(_said(given), "success")
            return _after(accreditation, framework, code, given["do"])
    except Invalid as error:
        form.add_errors({LINK_FIELDS.get(name, name): texts for name, texts in error.messages.items()})
    except FileRefused as error:
        form.add_error("file", error.message)
    except Conflict as error:
        if not isinstance(error.theirs, Answer):
            return _resting(accreditation, framework, requirement, form, error.message)
        return _conflict(accreditation, framework, requirement, form, error.theirs)
    answer = queries.find_answer(accreditation, framework.ids[code])
    return _page(accreditation, framework, requirement, answer, form), 422


@blueprint.post(PAGE + "/autosave")
@requires(Permission.ANSWER_WRITE)
def autosave(accreditation_id: UUID, code: str) -> Response:
    """Save judgement and words while they are typed; evidence and actions wait for a button."""
    accreditation = get_accreditation(accreditation_id, share=True)
    framework, _ = _requirement(accreditation, code)
    typed = MultiDict((name, request.form[name]) for name in ANSWER_FIELDS if name in request.form)
    form = bind(form_for(AnswerForm, framework.tree), typed)
    if not form.valid:
        answer = jsonify(words="Not saved: " + " ".join(problem.message for problem in form))
        answer.status_code = 422
        return answer
    saved = answers.save(accreditation, framework.ids[code], **form.values, while_typing=True, by=actor())
    return jsonify(version=saved.version, words=f"Saved at {time_of_day(saved.updated_at)}")


def _work(answer: Answer, given: dict[str, Any]) -> None:
    """Take out, cite and plan what the page asked for beside the answer itself."""
    if given["uncite"]:
        answers.uncite(answer, given["uncite"], by=actor())
    evidence = None
    if given["evidence_id"]:
        evidence = get_evidence(answer.council_id, given["evidence_id"])
    elif given["file"]:
        limit = current_app.config["CHARTERWAY"].upload_limit_mb * 1024 * 1024
        with files.receive(given["file"].stream, given["file"].filename or "", limit_bytes=limit) as received:
            evidence = library.add_file(
                answer.council_id, received=received, title=given["evidence_title"], speaks_for_on=None, by=actor()
            )
    elif given["link"]:
        evidence = library.add_link(answer.council_id, url=given["link"], title=given["evidence_title"], by=actor())
    if evidence is not None:
        answers.cite(answer, evidence, pinpoint=given["pinpoint"], why=given["why"], by=actor())
    if given["action"]:
        answers.plan_action(answer, **{name: given[name] for name in ACTION_FIELDS}, by=actor())


def _said(given: dict[str, Any]) -> str:
    """What was done beside the answer, and when all of it was saved."""
    done = []
    if given["uncite"]:
        done.append("The evidence is taken out.")
    if any(given[name] for name in EVIDENCE_FIELDS):
        done.append("The evidence is added.")
    if given["action"]:
        done.append("The action is in your plan.")
    if given["do"] == "confirm":
        done.append("The answer is confirmed.")
    return " ".join([*done, f"Saved at {time_of_day(clock.now())}."])


def _after(accreditation: Accreditation, framework: PublishedFramework, code: str, do: str) -> BaseResponse:
    """Back to the page, or on to the next requirement, or the next to confirm; after the last one, to the list."""
    if do == "save":
        return redirect(url_for("answers.edit", accreditation_id=accreditation.id, code=code), code=303)
    if do == "confirm" and (waiting := find_next_to_confirm(accreditation, code)):
        return redirect(url_for("answers.edit", accreditation_id=accreditation.id, code=waiting), code=303)
    codes = [each.code for each in framework.tree.requirements_of(accreditation.level)]
    following = codes[codes.index(code) + 1 :]
    if not following:
        return redirect(url_for("answers.task_list", accreditation_id=accreditation.id), code=303)
    return redirect(url_for("answers.edit", accreditation_id=accreditation.id, code=following[0]), code=303)


def _page(
    accreditation: Accreditation,
    framework: PublishedFramework,
    requirement: Requirement,
    answer: Answer | None,
    form: Bound,
) -> str:
    stage = Stage(accreditation.stage)
    resting = AT_REST.get(submissions.find_rest(accreditation.id), "")
    asked = find_asked(accreditation, requirement.code)
    editable = (
        stages.may_edit_answers(stage) and not resting and not asked.closed_words and may(Permission.ANSWER_WRITE)
    )
    earlier = previous_answers(accreditation)
    cited = queries.list_citations(accreditation, answer.id).get(answer.id, []) if answer else []
    planned = queries.list_planned_actions(accreditation, answer.id).get(answer.id, []) if answer else []
    codes = [each.code for each in framework.tree.requirements_of(accreditation.level)]
    at = codes.index(requirement.code)
    criterion, element = framework.tree.place_of(requirement.code)
    return render_template(
        "assessment/answers/edit.html",
        accreditation=accreditation,
        requirement=requirement,
        criterion=criterion,
        element=element,
        framework=framework.tree,
        number=at + 1,
        total=len(codes),
        before=codes[at - 1] if at else None,
        following=codes[at + 1] if at + 1 < len(codes) else None,
        answer=answer,
        asked=asked,
        carried_on=date.fromisoformat(answer.carried["sealed_on"]) if answer and answer.carried else None,
        form=form,
        editable=editable,
        resting=resting,
        stage=stage,
        citations=cited,
        actions=[(row.Action, _reading(row.Action)) for row in planned],
        library=_options(accreditation.council_id, cited) if editable else [],
        earlier=earlier.get(framework.ids[requirement.code]),
        discussion=discussion_of(accreditation, framework.ids[requirement.code]),
        contributions=list_contributions(accreditation, framework.ids[requirement.code]),
        today=clock.today(),
        largest=f"{current_app.config['CHARTERWAY'].upload_limit_mb} MB",
    )


def _reading(action: Any) -> str:
    return words_of_reading(action.timescale_kind, action.earliest_on, action.latest_on)


def _options(council_id: UUID, cited: list[Any]) -> list[tuple[UUID, str]]:
    """The council's library for the select; what is cited already says so, choosing it again changes the words."""
    there = {row.Evidence.id for row in cited}
    today = clock.today()
    return [
        (item.id, item.title + (" (cited already)" if item.id in there else _expiry(item.valid_until_on, today)))
        for item in list_evidence(council_id, sort="title")
    ]


def _expiry(valid_until_on: date | None, today: date) -> str:
    return " (no longer in force)" if valid_until_on is not None and valid_until_on < today else ""


def _conflict(
    accreditation: Accreditation,
    framework: PublishedFramework,
    requirement: Requirement,
    form: Bound,
    theirs: Answer,
) -> tuple[str, int]:
    """Both texts, what was typed kept, and the choice."""
    kept = {
        name: form.typed(name)
        for name in ("judgement", "evidence_id", "link", "evidence_title", "pinpoint", "why", *ACTION_FIELDS)
        if form.typed(name)
    }
    pairs = [
        {"label": form.label(name), "name": name, "mine": form.typed(name), "theirs": getattr(theirs, name)}
        for name in ("narrative", "not_applicable_reason")
        if name == "narrative" or form.typed(name) or getattr(theirs, name)
    ]
    page = render_template(
        "assessment/answers/conflict.html",
        accreditation=accreditation,
        requirement=requirement,
        pairs=pairs,
        kept=kept,
        theirs=theirs,
        mine_label=_label(framework.tree, form.typed("judgement") or None),
        theirs_label=_label(framework.tree, theirs.judgement),
        file_lost="file" in request.files and bool(request.files["file"].filename),
    )
    return page, 409


def _resting(
    accreditation: Accreditation, framework: PublishedFramework, requirement: Requirement, form: Bound, words: str
) -> tuple[str, int]:
    """It cannot be saved now: why, and what was typed, to be copied."""
    page = render_template(
        "assessment/answers/resting.html",
        accreditation=accreditation,
        requirement=requirement,
        words=words,
        judgement=_label(framework.tree, form.typed("judgement") or None),
        typed=[
            (form.label(name), form.typed(name))
            for name in ("narrative", "not_applicable_reason", *ACTION_FIELDS)
            if form.typed(name)
        ],
    )
    return page, 409


def _label(framework: Framework, judgement: str | None) -> str:
    if judgement is None or not framework.has_step(judgement):
        return "Not judged"
    return framework.step(judgement).label


def _requirement(accreditation: Accreditation, code: str) -> tuple[PublishedFramework, Requirement]:
    """The requirement of this code, when the accreditation's level asks for it; raises NotFound."""
    framework = get_framework(accreditation.framework_id)
    if code not in framework.ids:
        raise NotFound
    return framework, answers.requirement_of(accreditation, framework.ids[code])

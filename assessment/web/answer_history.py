"""The history of an answer: every version with who, when and what changed, and the way back to any of them."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields

from assessment.models.accreditations import Accreditation
from assessment.models.answers import Answer, AnswerVersion
from assessment.queries import answers as queries
from assessment.queries import submissions
from assessment.queries.accreditations import get_accreditation
from assessment.queries.answer_versions import get_version, list_versions
from assessment.queries.frameworks import PublishedFramework
from assessment.rules import stages
from assessment.rules.differences import compare
from assessment.rules.framework_tree import Requirement, Step
from assessment.rules.marks import shape_of
from assessment.rules.returning import is_open
from assessment.rules.stages import Stage
from assessment.services import answers
from assessment.web.answers import PAGE, requirement_named
from saas.errors import Conflict, NotFound
from saas.forms import Bound, bind
from saas.guard import actor, may, requires
from saas.policy import Permission
from saas.templating import time_of_day

blueprint = Blueprint("answer_history", __name__)
HISTORY = PAGE + "/history"
SHOWN = 10


class PageForm(Schema):
    """Where the list goes on: below this number."""

    below = fields.Integer(load_default=None, allow_none=True)


class RestoreForm(Schema):
    """The answer's version as it was read."""

    version = fields.Integer(required=True)


@blueprint.get(HISTORY)
@requires(Permission.ACCREDITATION_READ)
def index(accreditation_id: UUID, code: str) -> str:
    """The newest versions, each with its difference to the one before."""
    accreditation, framework, requirement, answer = _answer(accreditation_id, code)
    below = bind(PageForm, request.args).values.get("below")
    versions = list_versions(answer, below=below, most=SHOWN + 1) if answer else []
    return render_template(
        "assessment/answers/history.html",
        accreditation=accreditation,
        requirement=requirement,
        shapes=_shapes(framework),
        lines=[
            {
                "version": version,
                "step": _step(framework, version),
                "before": _step(framework, versions[at + 1]) if at + 1 < len(versions) else None,
                "pieces": compare(versions[at + 1].narrative if at + 1 < len(versions) else "", version.narrative),
                "first": version.number == 1,
                "latest": below is None and at == 0,
            }
            for at, version in enumerate(versions[:SHOWN])
        ],
        older=versions[SHOWN - 1].number if len(versions) > SHOWN else None,
        below=below,
    )


@blueprint.get(HISTORY + "/<int:number>")
@requires(Permission.ACCREDITATION_READ)
def show(accreditation_id: UUID, code: str, number: int) -> str:
    """One version whole, how the answer differs from it now, and the way back to it."""
    accreditation, framework, requirement, answer = _answer(accreditation_id, code)
    if answer is None:
        raise NotFound
    return _page(accreditation, framework, requirement, answer, number, stopped="")


@blueprint.post(HISTORY + "/<int:number>/restore")
@requires(Permission.ANSWER_WRITE)
def restore(accreditation_id: UUID, code: str, number: int) -> ResponseReturnValue:
    """Let the answer say again what this version said; refused when somebody wrote since the page was opened."""
    accreditation, framework, requirement, answer = _answer(accreditation_id, code, share=True)
    if answer is None:
        raise NotFound
    form = bind(RestoreForm, request.form)
    if not form.valid:
        return _page(accreditation, framework, requirement, answer, number, stopped="", form=form), 422
    try:
        answers.restore(accreditation, answer, number, version=form.values["version"], by=actor())
    except Conflict as refusal:
        by, at = answer.updated_by_name, time_of_day(answer.updated_at)
        written = f"{by} changed this answer at {at}, after you opened this page. Nothing was brought back."
        stopped = written if isinstance(refusal.theirs, Answer) else f"Nothing was brought back. {refusal.message}"
        return _page(accreditation, framework, requirement, answer, number, stopped=stopped), 409
    flash(f"The answer says again what version {number} said.", "success")
    return redirect(url_for("answers.edit", accreditation_id=accreditation.id, code=code), code=303)


def _answer(
    accreditation_id: UUID, code: str, *, share: bool = False
) -> tuple[Accreditation, PublishedFramework, Requirement, Answer | None]:
    accreditation = get_accreditation(accreditation_id, share=share)
    framework, requirement = requirement_named(accreditation, code)
    return accreditation, framework, requirement, queries.find_answer(accreditation, framework.ids[code])


def _page(
    accreditation: Accreditation,
    framework: PublishedFramework,
    requirement: Requirement,
    answer: Answer,
    number: int,
    *,
    stopped: str,
    form: Bound | None = None,
) -> str:
    version = get_version(answer, number)
    said = (version.judgement, version.narrative, version.not_applicable_reason)
    open_now = (
        stages.may_edit_answers(Stage(accreditation.stage))
        and is_open(requirement.code, accreditation.reopened)
        and not submissions.find_rest(accreditation.id)
    )
    return render_template(
        "assessment/answers/version.html",
        accreditation=accreditation,
        requirement=requirement,
        shapes=_shapes(framework),
        version=version,
        step=_step(framework, version),
        answer=answer,
        now=_step(framework, answer),
        pieces=compare(version.narrative, answer.narrative),
        same=said == (answer.judgement, answer.narrative, answer.not_applicable_reason),
        may_restore=open_now and may(Permission.ANSWER_WRITE),
        stopped=stopped,
        form=form,
    )


def _step(framework: PublishedFramework, said: Answer | AnswerVersion) -> Step | None:
    return framework.tree.step(said.judgement) if said.judgement else None


def _shapes(framework: PublishedFramework) -> dict[str, str]:
    return {step.code: shape_of(framework.tree, step) for step in framework.tree.scale}

"""The page with the list of requirements, and what it is narrowed to."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import current_app, render_template, request
from marshmallow import Schema, fields, validate

from assessment.models.accreditations import Accreditation
from assessment.queries import answers as queries
from assessment.queries import submissions
from assessment.queries.accreditations import process_of
from assessment.queries.cases import get_case
from assessment.queries.frameworks import get_framework
from assessment.rules import stages
from assessment.rules.answering import Status, progress_of
from assessment.rules.signings import AT_REST
from assessment.rules.stages import Stage
from assessment.rules.waiting import whose_turn
from assessment.web.answer_tasks import Task, first_waiting, group, tasks_of
from saas import clock
from saas.forms import bind
from saas.guard import viewer

SHOWS = {
    "mine": "Mine",
    "unanswered": "Unanswered",
    "carried": "To be confirmed",
    "changes": "Changes asked for",
    "without_evidence": "Without evidence",
    "comments": "With open comments",
}
"""What the list can be narrowed to, as the address and the page say it."""
ALWAYS = ("mine", "unanswered", "without_evidence")
"""What is offered even where it holds nothing."""
CARRYING = "carried.preview"


class ShowForm(Schema):
    """What the list is narrowed to."""

    show = fields.String(validate=validate.OneOf(list(SHOWS)))


def page(accreditation_id: UUID) -> str:
    """The page with the list, narrowed to what the address asks for; raises NotFound."""
    accreditation, sealing = queries.get_accreditation_and_rest(accreditation_id)
    framework = get_framework(accreditation.framework_id)
    tasks = tasks_of(accreditation, framework, queries.list_answer_lines(accreditation))
    stage, me = Stage(accreditation.stage), viewer().id
    show = bind(ShowForm, request.args).values.get("show") or ""
    numbers = {name: sum(each.is_shown(name, me) for each in tasks) for name in SHOWS}
    return render_template(
        "assessment/answers/task_list.html",
        accreditation=accreditation,
        framework=framework.tree,
        level=framework.tree.level(accreditation.level),
        stage=stage,
        next_step=None if stages.may_edit_answers(stage) else whose_turn(get_case(accreditation_id).facts),
        criteria=group(framework, tasks, show, me, clock.today()),
        progress=progress_of(framework.tree, accreditation.level, {each.requirement.code: each.line for each in tasks}),
        show=show,
        shows=[(name, words, numbers[name]) for name, words in SHOWS.items() if numbers[name] or name in ALWAYS],
        next_open=first_waiting(tasks),
        next_mine=first_waiting(tasks, me),
        doors=_doors(accreditation, tasks),
        editable=stages.may_edit_answers(stage),
        nameable=stage in stages.BEFORE_DECISION,
        sealing=AT_REST.get(sealing, ""),
        sendable=sendable(stage),
        signatories=process_of(accreditation).signatories,
        sent=submissions.list_submissions(accreditation_id),
    )


def _doors(accreditation: Accreditation, tasks: list[Task]) -> dict[str, Any] | None:
    """Where one can begin, as long as nobody has."""
    if any(each.status is not Status.NOT_STARTED for each in tasks):
        return None
    return {
        "carries": (accreditation.cycle > 1 or _is_upper(accreditation)) and CARRYING in current_app.view_functions,
        "first": tasks[0].requirement,
    }


def _is_upper(accreditation: Accreditation) -> bool:
    """Whether the level comes after another, of which there are answers then."""
    return get_framework(accreditation.framework_id).tree.level(accreditation.level).requires is not None


def sendable(stage: Stage) -> str | None:
    """Which kind of submission this stage is waiting for."""
    if stages.may_send_plan(stage):
        return "plan"
    return "readiness" if stages.may_send_readiness(stage) else None

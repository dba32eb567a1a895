"""A council's accreditations: where each stands, what is next, what happened, and giving one up."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from assessment.queries.accreditations import get_accreditation
from assessment.queries.cases import Case, get_case, list_cases_of_council
from assessment.queries.chair_confirmations import list_confirmations
from assessment.queries.clarifications import count_questions
from assessment.queries.extensions import list_extensions
from assessment.queries.signings import find_current, list_signatures
from assessment.queries.states import since_of, state_of
from assessment.queries.submissions import list_submissions
from assessment.queries.successions import list_predecessors
from assessment.queries.timeline import list_timeline
from assessment.queries.visits import find_visit
from assessment.rules import stages
from assessment.rules.awards import AwardState
from assessment.rules.lateness import words as late_words
from assessment.rules.process_words import day_words
from assessment.rules.stages import Stage
from assessment.rules.waiting import Task, for_council, next_date, whose_turn
from assessment.services import accreditations
from assessment.services.appeals import standing_of
from assessment.web.tasks import OF_CHAIR, step_of
from saas import clock
from saas.errors import Conflict
from saas.guard import actor, place_id, requires
from saas.policy import Permission

blueprint = Blueprint("accreditations", __name__)


OVER: dict[str, str] = {
    AwardState.EXPIRED: "This award has expired: your council no longer holds it.",
    AwardState.SURRENDERED: "Your council gave this award back.",
    AwardState.ENDED: "This award has ended.",
}
OF_HELD_AWARD = (Task.SEND_INTERIM, Task.BEGIN_AGAIN)
"""What is asked only of a council that still holds the award."""


@blueprint.get("/councils/<council>/accreditations")
@requires(Permission.ACCREDITATION_READ)
def index() -> str:
    """Every accreditation of the council."""
    cases = list_cases_of_council(place_id())
    rows = [
        {"case": case, "state": state_of(case), "award": case.award, "next_on": next_date(case.facts)} for case in cases
    ]
    return render_template(
        "assessment/accreditations/index.html", predecessors=list_predecessors(place_id()), rows=rows
    )


@blueprint.get("/councils/<council>/accreditations/<uuid:accreditation_id>/journey")
@requires(Permission.ACCREDITATION_READ)
def show(accreditation_id: UUID) -> str:
    """Where one accreditation stands, what is next, and what happened."""
    case = get_case(accreditation_id)
    stage = Stage(case.accreditation.stage)
    steps = [step_of(case, waiting) for waiting in for_council(case.facts, clock.today())]
    steps.sort(key=lambda step: not (step.href and step.task in OF_CHAIR))
    over = _over(case)
    if over:
        steps = [step for step in steps if step.task not in OF_HELD_AWARD]
    # A reply is asked for improvements alone: an award without any that waits leaves nothing to do.
    settled = stage is Stage.AWARDED and not case.facts.replies_missing
    return render_template(
        "assessment/accreditations/show.html",
        case=case,
        accreditation=case.accreditation,
        state=state_of(case),
        since=since_of(case),
        next_on=next_date(case.facts),
        steps=steps,
        next_step=None if over or settled else whose_turn(case.facts),
        over=over,
        closed=stages.is_closed(stage),
        signatures=list_signatures(accreditation_id, "commitment"),
        signing=find_current(case.accreditation, "commitment") or find_current(case.accreditation, "readiness"),
        submissions=list_submissions(accreditation_id),
        confirmations=list_confirmations(case.accreditation),
        late_words=late_words,
        extensions=list_extensions(accreditation_id),
        timeline=list_timeline(accreditation_id),
        visit=find_visit(accreditation_id),
        names_people=stage in (Stage.SUBMITTED, Stage.ASSESSING) and case.accreditation.process.get("visit", True),
        questions=count_questions(accreditation_id),
        has_report=stage in (Stage.FACT_CHECK, Stage.AWARDED, Stage.NOT_YET)
        and not any(step.task is Task.READ_REPORT for step in steps),
        decided=stage in stages.DECIDED,
        appealing=standing_of(case.accreditation) if stage in stages.DECIDED else None,
        withdrawable=stages.may_withdraw(stage),
        today=clock.today(),
    )


def _over(case: Case) -> str:
    """How an award that is over stands today, in a sentence; "" for one that is held, and without one."""
    award, state = case.award, state_of(case)
    if award is None or state not in OVER:
        return ""
    return f"{OVER[state]} It was awarded on {day_words(award.awarded_on)}, until {day_words(award.valid_to_on)}."


@blueprint.get("/councils/<council>/accreditations/<uuid:accreditation_id>/withdraw")
@requires(Permission.SUBMISSION_SEAL)
def ask_withdrawal(accreditation_id: UUID) -> str:
    """What withdrawing does, before it is done."""
    case = get_case(accreditation_id)
    stage = Stage(case.accreditation.stage)
    if not stages.may_withdraw(stage):
        raise Conflict(str(stages.OutOfTurn(stage, stages.Verb.WITHDRAW)))
    return render_template("assessment/accreditations/withdraw.html", case=case)


@blueprint.post("/councils/<council>/accreditations/<uuid:accreditation_id>/withdraw")
@requires(Permission.SUBMISSION_SEAL)
def withdraw(accreditation_id: UUID) -> Response:
    """Give up before a decision."""
    accreditations.withdraw(get_accreditation(accreditation_id, lock=True), by=actor())
    flash("The accreditation is withdrawn.", "success")
    return redirect(url_for("accreditations.show", accreditation_id=accreditation_id), code=303)

"""The region's page of one council's accreditation: where it stands, and the ways to everything about it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template

from assessment.queries.accreditations import process_of
from assessment.queries.appeals import find_appeal, find_appeal_decision
from assessment.queries.assignments import list_team, list_withdrawn
from assessment.queries.cases import get_case
from assessment.queries.chair_confirmations import list_confirmations
from assessment.queries.clarifications import count_questions
from assessment.queries.decisions import find_decision
from assessment.queries.extensions import list_extensions
from assessment.queries.improvements import list_improvements
from assessment.queries.releases import find_standing
from assessment.queries.reports import list_versions
from assessment.queries.signings import list_signatures
from assessment.queries.states import since_of, state_of
from assessment.queries.submissions import list_submissions
from assessment.queries.timeline import list_timeline
from assessment.queries.visits import find_visit
from assessment.rules import stages
from assessment.rules.awards import OVER
from assessment.rules.clarifications import may_ask
from assessment.rules.improvements import LABELS
from assessment.rules.lateness import words as late_words
from assessment.rules.stages import Stage
from assessment.rules.waiting import for_region, next_date, whose_turn
from assessment.services.extensions import why_not
from assessment.web.tasks import step_of
from saas import clock
from saas.guard import requires
from saas.policy import Permission

blueprint = Blueprint("cases", __name__)
AFTER_TEAM = frozenset(
    {Stage.ASSESSING, Stage.MODERATING, Stage.REPORTING, Stage.FACT_CHECK, Stage.AWARDED, Stage.NOT_YET}
)


@blueprint.get("/regions/<region>/cases/<uuid:accreditation_id>")
@requires(Permission.CASE_READ)
def show(accreditation_id: UUID) -> str:
    """Everything the region knows of one accreditation."""
    case = get_case(accreditation_id)
    stage = Stage(case.accreditation.stage)
    team = list_team(accreditation_id)
    return render_template(
        "assessment/cases/show.html",
        case=case,
        accreditation=case.accreditation,
        stage=stage.value,
        state=state_of(case),
        since=since_of(case),
        next_on=next_date(case.facts),
        steps=[step_of(case, waiting) for waiting in for_region(case.facts)],
        next_step=whose_turn(case.facts),
        closed=stages.is_closed(stage),
        award_over=state_of(case) in OVER,
        signatures=list_signatures(accreditation_id, "commitment"),
        submissions=list_submissions(accreditation_id),
        confirmations=list_confirmations(case.accreditation),
        late_words=late_words,
        extensions=list_extensions(accreditation_id),
        extendable=not why_not(case.accreditation),
        team=team,
        conflicted=[each for each in (*list_withdrawn(accreditation_id), *team) if each.conflicted_at],
        team_open=stages.may_change_team(stage) and case.facts.sent_outcome == "accepted",
        visit=find_visit(accreditation_id),
        has_visit=process_of(case.accreditation).visit,
        questions=count_questions(accreditation_id),
        asking=may_ask(stage),
        has_scores=stage in AFTER_TEAM,
        versions=list_versions(accreditation_id),
        has_report=stage in AFTER_TEAM - {Stage.ASSESSING, Stage.MODERATING},
        decision=find_decision(accreditation_id),
        decidable=stages.may_decide(stage),
        release=find_standing(accreditation_id) if stages.may_decide(stage) else None,
        appeal=find_appeal(accreditation_id) if stage in stages.DECIDED else None,
        appeal_decision=find_appeal_decision(accreditation_id) if stage in stages.DECIDED else None,
        improvements=list_improvements(accreditation_id),
        state_labels=LABELS,
        timeline=list_timeline(accreditation_id),
        today=clock.today(),
    )

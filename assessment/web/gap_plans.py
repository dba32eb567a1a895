"""The plan of an accreditation as it grows from the answers, with what the region said of it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template

from assessment.queries.accreditations import get_accreditation
from assessment.queries.frameworks import get_framework
from assessment.queries.gap_plans import list_plan_lines
from assessment.queries.submissions import list_submissions
from assessment.rules import stages
from assessment.rules.marks import shape_of
from assessment.rules.stages import Stage
from assessment.web.public_lines import lines_of, read_lines
from saas.guard import requires
from saas.policy import Permission
from tenants.queries.plans import find_plan

blueprint = Blueprint("gap_plans", __name__)


@blueprint.get("/councils/<council>/accreditations/<uuid:accreditation_id>/plan")
@requires(Permission.ACCREDITATION_READ)
def show(accreditation_id: UUID) -> str:
    """Every requirement that is below met with its actions, and the region's words beside each."""
    accreditation = get_accreditation(accreditation_id)
    framework = get_framework(accreditation.framework_id).tree
    sent = next((row for row in list_submissions(accreditation_id) if row.kind == "plan"), None)
    lines = list_plan_lines(accreditation)
    read = read_lines(accreditation.council_id, [action for line in lines for action in line.actions])
    return render_template(
        "assessment/gap_plans/show.html",
        accreditation=accreditation,
        framework=framework,
        level=framework.level(accreditation.level),
        shapes={step.code: shape_of(framework, step) for step in framework.scale},
        lines=[(line, *lines_of(read, line.actions)) for line in lines],
        uncovered=sum(not line.is_covered for line in lines),
        plan=find_plan(accreditation.council_id, "gap", accreditation_id=accreditation.id),
        sent=sent,
        sendable=stages.may_send_plan(Stage(accreditation.stage)),
    )

"""The decision: the award rule's lines, what they propose, and what somebody from outside decides."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

from assessment.models.accreditations import Accreditation
from assessment.queries.accreditations import get_accreditation
from assessment.queries.cases import get_case
from assessment.queries.decisions import find_decision, list_decisions
from assessment.queries.frameworks import get_framework
from assessment.queries.reports import list_versions
from assessment.rules import outcomes, stages
from assessment.rules.stages import Stage
from assessment.services import decisions
from saas import guard
from saas.errors import Invalid
from saas.forms import Bound, bind
from saas.guard import requires
from saas.policy import Permission

blueprint = Blueprint("decisions", __name__)
OUTCOME_LABELS = {
    outcomes.AWARDED: "Make the award",
    outcomes.WITH_CONDITIONS: "Make the award, with conditions",
    outcomes.NOT_YET: "Not yet",
}


class DecisionForm(Schema):
    """The outcome, and why where it differs from the rule."""

    outcome = fields.String(
        required=True,
        validate=validate.OneOf(list(OUTCOME_LABELS)),
        metadata={"label": "Your decision", "required": "Choose whether the award is made."},
    )
    reason = fields.String(
        validate=validate.Length(max=outcomes.LONGEST_TEXT),
        metadata={
            "label": "Reason for deciding otherwise",
            "subject": "The reason",
            "hint": "Needed when you decide otherwise than the rule proposes. The council does not read it.",
            "who": "your region",
            "quiet": True,
        },
    )
    words = fields.String(
        validate=validate.Length(max=outcomes.LONGEST_TEXT),
        metadata={
            "label": "What the council reads about the outcome",
            "subject": "What the council reads",
            "hint": "Needed when the award is not made, and when you decide otherwise than the rule proposes.",
            "who": "your region; the council once the outcome is released",
            "quiet": True,
        },
    )
    conditions = fields.String(
        validate=validate.Length(max=outcomes.LONGEST_TEXT),
        metadata={
            "label": "Conditions of the award",
            "quiet": True,
            "hint": "Needed when the award has conditions. For example what has to be shown, and by when.",
            "who": "your region; the council once the outcome is released",
        },
    )


@blueprint.route("/regions/<region>/cases/<uuid:accreditation_id>/decision", methods=["GET", "POST"])
@requires(Permission.OUTCOME_DECIDE)
def edit(accreditation_id: UUID) -> Response | str | tuple[str, int]:
    """Read what the rule says, and decide once."""
    accreditation = get_accreditation(accreditation_id)
    if request.method == "GET":
        return _page(accreditation, Bound.empty(DecisionForm))
    form = bind(DecisionForm, request.form)
    if form.valid:
        _check_conditions(form)
    if form.valid:
        outcome, by = outcomes.as_recorded(form.values["outcome"]), guard.actor()
        written = {name: form.values[name] for name in ("reason", "words", "conditions")}
        try:
            decisions.decide(accreditation_id, outcome=outcome, **written, by=by)
        except Invalid as refusal:
            form.add_errors(refusal.messages)
        else:
            flash("The decision is kept. The council learns of it when an officer releases it.", "success")
            return redirect(url_for("decisions.edit", accreditation_id=accreditation_id), 303)
    return _page(accreditation, form), 422


def _check_conditions(form: Bound) -> None:
    """Conditions and the outcome that has them come together or not at all."""
    wrong = outcomes.problem_with_conditions(form.values["outcome"], form.values["conditions"])
    if wrong:
        form.add_error("conditions", wrong)


def _page(accreditation: Accreditation, form: Bound) -> str:
    decided = find_decision(accreditation.id)
    decidable = stages.may_decide(Stage(accreditation.stage))
    refusal = decisions.why_not(accreditation, guard.viewer().id)
    proposal = decisions.propose(accreditation) if decidable and decided is None and refusal is None else None
    return render_template(
        "assessment/decisions/edit.html",
        accreditation=accreditation,
        level=get_framework(accreditation.framework_id).tree.level(accreditation.level).title,
        decided=decided,
        refusal=refusal,
        proposal=proposal,
        checking_until=get_case(accreditation.id).facts.checking_until,
        lines=decided.rule_lines if decided else decisions.lines_of(proposal) if proposal else [],
        versions=list_versions(accreditation.id),
        earlier=[each for each in list_decisions(accreditation.id) if decided is None or each.id != decided.id],
        words=outcomes.outcome_words,
        outcomes=OUTCOME_LABELS,
        form=form,
    )

"""Appeals: the council lodges one and reads what came of it; the region decides it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

from assessment.models.accreditations import Accreditation
from assessment.queries.accreditations import get_accreditation
from assessment.queries.appeals import find_first_issued
from assessment.queries.awards import find_award
from assessment.queries.decisions import list_decisions
from assessment.queries.frameworks import get_framework
from assessment.rules import appeals as rules
from assessment.rules import outcomes, stages
from assessment.rules.stages import Stage
from assessment.services import appeals
from assessment.services.appeals import LONGEST
from saas import guard
from saas.errors import Invalid
from saas.forms import Bound, bind
from saas.guard import requires
from saas.policy import Permission

blueprint = Blueprint("appeals", __name__)


class AppealForm(Schema):
    """The council's grounds."""

    grounds = fields.String(
        required=True,
        validate=validate.Length(max=LONGEST),
        metadata={
            "label": "Grounds of the appeal",
            "required": "Enter the grounds of your appeal.",
            "hint": "Say what was overlooked or misread, and where your submission shows it.",
            "who": "your council and your region",
        },
    )


class AppealDecisionForm(Schema):
    """What becomes of the appeal."""

    outcome = fields.String(
        required=True,
        validate=validate.OneOf(list(rules.LABELS)),
        metadata={"label": "Your decision", "required": "Choose whether the appeal is upheld."},
    )
    conditions = fields.String(
        validate=validate.Length(max=LONGEST),
        metadata={
            "label": "Conditions of the award",
            "hint": "Leave empty where the award has none.",
            "who": "your region and the council",
        },
    )
    reason = fields.String(
        required=True,
        validate=validate.Length(max=LONGEST),
        metadata={
            "label": "Reason",
            "subject": "The reason",
            "required": "Enter the reason. The council reads it.",
            "who": "your region and the council",
        },
    )


@blueprint.get("/councils/<council>/accreditations/<uuid:accreditation_id>/appeal")
@requires(Permission.ACCREDITATION_READ)
def show(accreditation_id: UUID) -> str:
    """The council's appeal, or until when and how it can appeal."""
    return _council_page(get_accreditation(accreditation_id), Bound.empty(AppealForm))


@blueprint.post("/councils/<council>/accreditations/<uuid:accreditation_id>/appeal")
@requires(Permission.APPEAL_LODGE)
def lodge(accreditation_id: UUID) -> Response | tuple[str, int]:
    """Appeal, once and for good."""
    form = bind(AppealForm, request.form)
    if form.valid:
        try:
            appeals.lodge(accreditation_id, grounds=form.values["grounds"], by=guard.actor())
        except Invalid as refusal:
            form.add_errors(refusal.messages)
        else:
            flash("Your appeal is with the region. Somebody who had no part in the assessment decides it.", "success")
            return redirect(url_for("appeals.show", accreditation_id=accreditation_id), 303)
    return _council_page(get_accreditation(accreditation_id), form), 422


@blueprint.get("/regions/<region>/cases/<uuid:accreditation_id>/appeal")
@requires(Permission.CASE_READ)
def read(accreditation_id: UUID) -> str:
    """The council's grounds, and the decision."""
    return _region_page(get_accreditation(accreditation_id), Bound.empty(AppealDecisionForm))


@blueprint.post("/regions/<region>/cases/<uuid:accreditation_id>/appeal")
@requires(Permission.APPEAL_DECIDE)
def decide(accreditation_id: UUID) -> Response | tuple[str, int]:
    """Uphold or dismiss, once and for good."""
    form = bind(AppealDecisionForm, request.form)
    if form.valid:
        try:
            decided = appeals.decide(accreditation_id, **dict(form.values), by=guard.actor())
        except Invalid as refusal:
            form.add_errors(refusal.messages)
        else:
            flash(f"The appeal is {rules.LABELS[decided.outcome].lower()}. The council reads it now.", "success")
            return redirect(url_for("appeals.read", accreditation_id=accreditation_id), 303)
    return _region_page(get_accreditation(accreditation_id), form), 422


def _council_page(accreditation: Accreditation, form: Bound) -> str:
    return render_template(
        "assessment/appeals/show.html",
        accreditation=accreditation,
        level=get_framework(accreditation.framework_id).tree.level(accreditation.level).title,
        standing=appeals.standing_of(accreditation),
        award=find_award(accreditation.id),
        labels=rules.LABELS,
        form=form,
    )


def _region_page(accreditation: Accreditation, form: Bound) -> str:
    standing = appeals.standing_of_lodged(accreditation)
    issued = find_first_issued(accreditation.id)
    return render_template(
        "assessment/appeals/decide.html",
        accreditation=accreditation,
        level=get_framework(accreditation.framework_id).tree.level(accreditation.level).title,
        standing=standing,
        decisions=list_decisions(accreditation.id),
        words=outcomes.outcome_words,
        issued=issued,
        refusal=appeals.why_not(accreditation, guard.viewer().id) if guard.may(Permission.APPEAL_DECIDE) else "",
        not_yet=Stage(accreditation.stage) is Stage.NOT_YET,
        open=stages.is_closed(Stage(accreditation.stage)) and standing.is_open,
        labels=rules.LABELS,
        form=form,
    )

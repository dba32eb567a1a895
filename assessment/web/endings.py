"""The region ends something before its time: an accreditation that lapses, or an award that was given back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from assessment.queries.accreditations import get_accreditation
from assessment.queries.awards import get_award
from assessment.rules.process_words import day_words
from assessment.services import endings
from saas.errors import Conflict, Invalid
from saas.forms import Bound, bind
from saas.guard import actor, requires
from saas.policy import Permission

blueprint = Blueprint("endings", __name__)
CASE = "/regions/<region>/cases/<uuid:accreditation_id>"
REASON = {
    "label": "Why",
    "subject": "The reason",
    "required": "Enter the reason.",
    "who": "the council and your region",
}


class LapseForm(Schema):
    """Why it lapses; `version` is the accreditation's."""

    version = fields.Integer(required=True)
    reason = fields.String(required=True, validate=validate.Length(max=endings.LONGEST_REASON), metadata=REASON)


class SurrenderForm(Schema):
    """From which day the award is given back, and why."""

    on = fields.Date(
        required=True,
        metadata={
            "label": "Day on which the award ends",
            "subject": "The day",
            "required": "Enter the day on which the award ends.",
        },
    )
    reason = fields.String(
        required=True,
        validate=validate.Length(max=endings.LONGEST_REASON),
        metadata={**REASON, "hint": "Who told you, and why the council gives it back."},
    )


@blueprint.route(CASE + "/lapse", methods=["GET", "POST"])
@requires(Permission.READINESS_DECIDE)
def lapse(accreditation_id: UUID) -> ResponseReturnValue:
    """Let an accreditation lapse whose last day is over."""
    accreditation = get_accreditation(accreditation_id, lock=request.method == "POST")
    if refusal := endings.why_no_lapse(accreditation):
        raise Conflict(refusal)
    if request.method == "GET":
        form = Bound.empty(LapseForm, {"version": accreditation.version})
        return render_template("assessment/endings/lapse.html", accreditation=accreditation, form=form)
    form, status = bind(LapseForm, request.form), 422
    if form.valid:
        try:
            endings.lapse(accreditation, form.values["reason"], version=form.values["version"], by=actor())
        except Invalid as error:
            form.add_errors(error.messages)
        except Conflict as error:
            form.raw["version"] = str(accreditation.version)
            form.add_error(None, error.message)
            status = 409
        else:
            flash("The accreditation has lapsed. The council reads your reason.", "success")
            return redirect(url_for("cases.show", accreditation_id=accreditation_id), code=303)
    return render_template("assessment/endings/lapse.html", accreditation=accreditation, form=form), status


@blueprint.route(CASE + "/surrender", methods=["GET", "POST"])
@requires(Permission.AWARD_RELEASE)
def surrender(accreditation_id: UUID) -> ResponseReturnValue:
    """Record that the council gave its award back."""
    accreditation, award = get_accreditation(accreditation_id), get_award(accreditation_id)
    page: dict[str, Any] = {"accreditation": accreditation, "award": award}
    if request.method == "GET":
        if award.ending is not None:
            raise Conflict("The award has ended already.")
        form = Bound.empty(SurrenderForm)
        return render_template("assessment/endings/surrender.html", form=form, **page)
    form = bind(SurrenderForm, request.form)
    if form.valid:
        given = form.values
        try:
            endings.surrender(accreditation_id, on=given["on"], reason=given["reason"], by=actor())
        except Invalid as error:
            form.add_errors(error.messages)
        else:
            flash(f"The award ended on {day_words(given['on'])}, here and in the register.", "success")
            return redirect(url_for("cases.show", accreditation_id=accreditation_id), code=303)
    return render_template("assessment/endings/surrender.html", form=form, **page), 422

"""The page on which a region gives one council more time."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from assessment.models.accreditations import Accreditation
from assessment.queries.accreditations import get_accreditation, process_of
from assessment.queries.extensions import list_extensions
from assessment.rules.process_words import day_words
from assessment.rules.processes import REFUSED
from assessment.services import extensions
from saas.errors import Conflict, Invalid
from saas.forms import Bound, bind
from saas.guard import actor, requires
from saas.policy import Permission

blueprint = Blueprint("extensions", __name__)
PAGE = "/regions/<region>/cases/<uuid:accreditation_id>/last-day"


class ExtensionForm(Schema):
    """The new last day and why; `version` is the accreditation's."""

    version = fields.Integer(required=True)
    deadline_on = fields.Date(
        required=True,
        metadata={"label": "New last day", "subject": "The new last day", "required": "Enter the new last day."},
    )
    reason = fields.String(
        required=True,
        validate=validate.Length(max=extensions.LONGEST_REASON),
        metadata={
            "label": "Why it gets more time",
            "subject": "The reason",
            "required": "Tell the council why it gets more time.",
            "who": "the council and your region",
        },
    )


@blueprint.get(PAGE)
@requires(Permission.READINESS_DECIDE)
def edit(accreditation_id: UUID) -> str:
    """Ask for the new last day and the reason."""
    accreditation = get_accreditation(accreditation_id)
    refusal = extensions.why_not(accreditation)
    if refusal:
        raise Conflict(refusal)
    return _page(accreditation, Bound.empty(ExtensionForm, {"version": accreditation.version}))


@blueprint.post(PAGE)
@requires(Permission.READINESS_DECIDE)
def save(accreditation_id: UUID) -> ResponseReturnValue:
    """Move the last day."""
    accreditation = get_accreditation(accreditation_id, lock=True)
    form = bind(ExtensionForm, request.form)
    if not form.valid:
        return _page(accreditation, form), 422
    given = form.values
    try:
        extensions.extend(accreditation, given["deadline_on"], given["reason"], version=given["version"], by=actor())
    except Invalid as refusal:
        form.add_errors(refusal.messages)
        return _page(accreditation, form), 422
    except Conflict as refusal:
        if extensions.why_not(accreditation):
            raise
        form.raw["version"] = str(accreditation.version)
        form.add_error(None, refusal.message)
        return _page(accreditation, form), 409
    flash(f"The last day is {day_words(given['deadline_on'])} now. The council sees your reason.", "success")
    return redirect(url_for("cases.show", accreditation_id=accreditation_id), code=303)


def _page(accreditation: Accreditation, form: Bound) -> str:
    return render_template(
        "assessment/extensions/edit.html",
        accreditation=accreditation,
        refuses=process_of(accreditation).late_submissions == REFUSED,
        earlier=list_extensions(accreditation.id),
        form=form,
    )

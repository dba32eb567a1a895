"""A region adds a council, and invites its first lead at once."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

from saas.errors import Invalid
from saas.forms import Bound, bind
from saas.guard import actor, place, requires
from saas.policy import Permission
from saas.tenancy import Actor
from tenants.models.councils import COUNCIL_KINDS
from tenants.rules.council_kinds import KIND_LABELS
from tenants.rules.slugs import LONGEST
from tenants.services import councils as service
from tenants.services import invitations

blueprint = Blueprint("councils", __name__)


class CouncilForm(Schema):
    """A council and the first person who works for it."""

    name = fields.String(
        required=True,
        validate=validate.Length(max=service.LONGEST_NAME),
        metadata={"label": "Name of the council", "subject": "The name of the council"},
    )
    slug = fields.String(
        validate=validate.Length(max=LONGEST),
        metadata={
            "label": "Short name in addresses",
            "hint": "Small letters, digits and hyphens. Leave it empty and we make it from the name.",
        },
    )
    kind = fields.String(
        required=True,
        validate=validate.OneOf(COUNCIL_KINDS),
        metadata={"label": "Kind of authority", "required": "Choose the kind of authority."},
    )
    county = fields.String(
        validate=validate.Length(max=service.LONGEST_COUNTY),
        metadata={"label": "County or area", "hint": "Your lists are grouped by this."},
    )
    seats = fields.Integer(
        validate=validate.Range(1, service.MOST_SEATS),
        metadata={"label": "Seats", "hint": "How many councillors it has when every seat is filled."},
    )
    lead_name = fields.String(
        required=True,
        validate=validate.Length(max=invitations.LONGEST_NAME),
        metadata={"label": "Name", "subject": "The name of the first lead"},
    )
    lead_email = fields.Email(
        required=True,
        validate=validate.Length(max=invitations.LONGEST_EMAIL),
        metadata={"label": "Email address", "subject": "The email address of the first lead"},
    )


KINDS = [(kind, KIND_LABELS[kind]) for kind in COUNCIL_KINDS]


@blueprint.get("/regions/<region>/councils/new")
@requires(Permission.COUNCIL_ADD)
def show_add() -> str:
    """The form to add a council."""
    return render_template("tenants/councils/add.html", form=Bound.empty(CouncilForm), kinds=KINDS)


@blueprint.post("/regions/<region>/councils/new")
@requires(Permission.COUNCIL_ADD)
def add() -> str | Response:
    """Add the council and invite its first lead; both or neither."""
    form = bind(CouncilForm, request.form)
    if form.valid and add_with_lead(form, cast(UUID, place().region_id), by=actor()):
        flash(f"{form.typed('name')} is added. An invitation is on its way to {form.typed('lead_email')}.", "success")
        return redirect(url_for("access.list_people"), code=303)
    return make_response(render_template("tenants/councils/add.html", form=form, kinds=KINDS), 422)


def add_with_lead(form: Bound, region_id: UUID, *, by: Actor) -> bool:
    """Add the form's council and invite its lead; False when the form now says why not."""
    try:
        service.add_with_lead(region_id, **form.values, by=by)
    except Invalid as refusal:
        form.add_errors(refusal.messages)
        return False
    return True

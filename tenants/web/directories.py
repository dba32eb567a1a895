"""The page on which a council lets its directory keep its people here (SCIM): address, token, role, who was named."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from saas import sessions
from saas.errors import Conflict, Invalid
from saas.forms import Bound, bind
from saas.guard import actor, place, place_id, requires
from saas.policy import DIRECTORY_ROLES, ROLE_LABELS, Permission, Role
from saas.scim import PREFIX
from saas.security import private
from tenants.models.tokens import PROVISIONING
from tenants.queries import tokens as queries
from tenants.queries.access import Target
from tenants.queries.directories import find_directory, list_provisioned, role_of_directory
from tenants.services import tokens
from tenants.services.directories import choose_role
from tenants.web.invitations import ROLE_HINTS

blueprint = Blueprint("directories", __name__)
PAGE = "/councils/<council>/access/directory"


class DirectoryTokenForm(Schema):
    """How long a directory's token lives."""

    days = fields.Integer(
        required=True,
        validate=validate.Range(1, tokens.LONGEST_DAYS),
        metadata={
            "label": "Days until the token ends",
            "required": "Enter a number of days.",
            "hint": f"At most {tokens.LONGEST_DAYS}. We email you a week before.",
        },
    )


class DirectoryRoleForm(Schema):
    """What everybody may do whom the directory names."""

    version = fields.Integer(required=True)
    role = fields.String(
        required=True,
        validate=validate.OneOf([role.value for role in DIRECTORY_ROLES]),
        metadata={
            "label": "Role of people it names",
            "required": "Choose a role.",
            "hint": "It counts for whoever is named from now on. Whoever was named before keeps the role.",
        },
    )


@blueprint.get(PAGE)
@requires(Permission.ACCESS_GRANT)
def show() -> str:
    """How it stands."""
    return _page()


@blueprint.post(f"{PAGE}/role")
@requires(Permission.ACCESS_GRANT)
def set_role() -> ResponseReturnValue:
    """Choose what people whom it names may do."""
    form = bind(DirectoryRoleForm, request.form)
    if not form.valid:
        return _page(role_form=form), 422
    try:
        choose_role(place_id(), form.values["role"], version=form.values["version"], by=actor())
    except Invalid as refusal:
        form.add_errors(refusal.messages)
        return _page(role_form=form), 422
    except Conflict as refusal:
        chosen = find_directory(place_id())
        form.raw["version"] = str(chosen.version if chosen else 0)
        form.add_error(None, refusal.message)
        return _page(role_form=form, stale=True), 409
    flash(f"Whoever is named from now on becomes {ROLE_LABELS[Role(form.values['role'])].lower()}.", "success")
    return redirect(url_for("directories.show"), code=303)


@blueprint.post(PAGE)
@requires(Permission.ACCESS_GRANT)
def make_token() -> ResponseReturnValue:
    """Make a token for the directory and show it, this once."""
    form = bind(DirectoryTokenForm, request.form)
    if not form.valid:
        return _page(form), 422
    _, secret = tokens.make(
        Target.of(place()),
        name="Directory",
        days=form.values["days"],
        purpose=PROVISIONING,
        with_factor=sessions.has_factor(),
        provider_id=sessions.find_sign_on(),
        by=actor(),
    )
    return private(_page(secret=secret))


def _page(form: Bound | None = None, *, role_form: Bound | None = None, secret: str = "", stale: bool = False) -> str:
    people, total = list_provisioned(place_id())
    chosen, role = find_directory(place_id()), role_of_directory(place_id())
    kept = {"version": chosen.version if chosen else 0, "role": role.value}
    return render_template(
        "tenants/directories/show.html",
        form=role_form or form,
        token_form=form or Bound.empty(DirectoryTokenForm, {"days": tokens.LONGEST_DAYS}),
        role_form=role_form or Bound.empty(DirectoryRoleForm, kept),
        roles=[(each.value, ROLE_LABELS[each], ROLE_HINTS[each]) for each in DIRECTORY_ROLES],
        chosen=chosen,
        stale=stale,
        secret=secret,
        address=f"{current_app.config['CHARTERWAY'].base_url}{PREFIX}/{place().slug}",
        tokens=[row for row in queries.list_of_place(Target.of(place())) if row.purpose == PROVISIONING],
        people=people,
        total=total,
        role=ROLE_LABELS[role].lower(),
        role_labels=ROLE_LABELS,
    )

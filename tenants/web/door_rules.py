"""The page on which a region says which roles need a second step at sign-in."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from saas.errors import Conflict
from saas.forms import Bound, bind
from saas.guard import actor, place_id, requires
from saas.policy import COUNCIL_ROLES, REGION_ROLES, ROLE_LABELS, Permission, Role
from tenants.queries.second_factors import find_rule
from tenants.services.door_rules import set_rule

blueprint = Blueprint("door_rules", __name__)
PAGE = "/regions/<region>/access/second-step"


def _roles(label: str, roles: tuple[Role, ...]) -> fields.List:
    known = fields.String(validate=validate.OneOf([role.value for role in roles]))
    return fields.List(known, metadata={"label": label, "subject": label, "quiet": True})


class DoorRuleForm(Schema):
    """The roles, ticked."""

    version = fields.Integer(required=True)
    region_roles = _roles("Roles in the region", REGION_ROLES)
    council_roles = _roles("Roles in its councils", COUNCIL_ROLES)


@blueprint.get(PAGE)
@requires(Permission.ACCESS_GRANT)
def edit() -> str:
    """What holds now."""
    rule = find_rule(place_id())
    chosen = set(rule.roles) if rule else set()
    shown = {
        "version": rule.version if rule else 0,
        "region_roles": [role.value for role in REGION_ROLES if role in chosen],
        "council_roles": [role.value for role in COUNCIL_ROLES if role in chosen],
    }
    return _page(Bound.empty(DoorRuleForm, shown))


@blueprint.post(PAGE)
@requires(Permission.ACCESS_GRANT)
def save() -> ResponseReturnValue:
    """Keep it."""
    form = bind(DoorRuleForm, request.form)
    if not form.valid:
        return _page(form), 422
    chosen = [*(form.values["region_roles"] or []), *(form.values["council_roles"] or [])]
    try:
        set_rule(place_id(), chosen, version=form.values["version"], by=actor())
    except Conflict as refusal:
        rule = find_rule(place_id())
        form.raw["version"] = str(rule.version if rule else 0)
        form.add_error(None, refusal.message)
        return _page(form, stale=True), 409
    flash("Saved. It holds from the next page that somebody opens.", "success")
    return redirect(url_for("door_rules.edit"), code=303)


def _page(form: Bound, *, stale: bool = False) -> str:
    rule = find_rule(place_id())
    return render_template(
        "tenants/door_rules/edit.html",
        form=form,
        rule=rule,
        stale=stale,
        saved=[ROLE_LABELS[Role(role)] for role in rule.roles] if rule else [],
        region_roles=[(role.value, ROLE_LABELS[role]) for role in REGION_ROLES],
        council_roles=[(role.value, ROLE_LABELS[role]) for role in COUNCIL_ROLES],
    )

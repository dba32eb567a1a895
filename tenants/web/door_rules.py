"""The pages on which a region, and the platform for its operators, says who needs a second step at sign-in."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from saas.errors import Conflict
from saas.forms import Bound, bind
from saas.guard import actor, place_id, requires
from saas.overtaken import Stale, compare
from saas.policy import COUNCIL_ROLES, REGION_ROLES, ROLE_LABELS, Permission, Role
from tenants.models.second_factors import DoorRule
from tenants.queries.history import Change
from tenants.queries.second_factors import find_platform_rule, find_rule
from tenants.services.door_rules import set_operators_rule, set_rule

blueprint = Blueprint("door_rules", __name__)
PAGE = "/regions/<region>/access/second-step"
OF_OPERATORS = "/platform/access/second-step"


def _roles(label: str, roles: tuple[Role, ...]) -> fields.List:
    known = fields.String(validate=validate.OneOf([role.value for role in roles]))
    return fields.List(known, metadata={"label": label, "subject": label, "quiet": True})


class DoorRuleForm(Schema):
    """The roles, ticked."""

    version = fields.Integer(required=True)
    region_roles = _roles("Roles in the region", REGION_ROLES)
    council_roles = _roles("Roles in its councils", COUNCIL_ROLES)


class OperatorsRuleForm(Schema):
    """Whether operators need one."""

    version = fields.Integer(required=True)
    wanted = fields.Boolean(load_default=False, metadata={"label": "Every operator needs a second step"})


@blueprint.get(PAGE)
@requires(Permission.ACCESS_GRANT)
def edit() -> str:
    """What holds now."""
    rule = find_rule(place_id())
    return _page(Bound.empty(DoorRuleForm, _kept(rule) | {"version": rule.version if rule else 0}))


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
    except Conflict:
        rule = find_rule(place_id())
        change = Change(rule.set_by_name, rule.set_at) if rule else None
        words = {role.value: ROLE_LABELS[role] for role in REGION_ROLES + COUNCIL_ROLES}
        return _page(form, compare(form, _kept(rule), words, version=rule.version if rule else 0, change=change)), 409
    flash("Saved. It holds from the next page that somebody opens.", "success")
    return redirect(url_for("door_rules.edit"), code=303)


@blueprint.get(OF_OPERATORS)
@requires(Permission.PLATFORM_RUN)
def edit_of_operators() -> str:
    """What holds for operators now."""
    rule = find_platform_rule()
    shown = {"version": rule.version if rule else 0, "wanted": bool(rule and rule.wanted)}
    return render_template("tenants/door_rules/operators.html", form=Bound.empty(OperatorsRuleForm, shown), rule=rule)


@blueprint.post(OF_OPERATORS)
@requires(Permission.PLATFORM_RUN)
def save_of_operators() -> ResponseReturnValue:
    """Demand it of operators, or no longer."""
    form = bind(OperatorsRuleForm, request.form)
    if form.valid:
        try:
            set_operators_rule(form.values["wanted"], version=form.values["version"], by=actor())
        except Conflict:
            rule = find_platform_rule()
            page = Bound.empty(OperatorsRuleForm, form.values | {"version": rule.version if rule else 0})
            page.add_error(None, "Somebody else changed this after you opened the page. What is saved stands above.")
            return render_template("tenants/door_rules/operators.html", form=page, rule=rule), 409
        flash("Saved. It holds from the next page that an operator opens.", "success")
        return redirect(url_for("door_rules.edit_of_operators"), code=303)
    return render_template("tenants/door_rules/operators.html", form=form, rule=find_platform_rule()), 422


def _kept(rule: DoorRule | None) -> dict[str, list[str]]:
    chosen = set(rule.roles) if rule else set()
    return {
        "region_roles": [role.value for role in REGION_ROLES if role in chosen],
        "council_roles": [role.value for role in COUNCIL_ROLES if role in chosen],
    }


def _page(form: Bound, stale: Stale | None = None) -> str:
    rule = find_rule(place_id())
    return render_template(
        "tenants/door_rules/edit.html",
        form=form,
        rule=rule,
        stale=stale,
        region_roles=[(role.value, ROLE_LABELS[role]) for role in REGION_ROLES],
        council_roles=[(role.value, ROLE_LABELS[role]) for role in COUNCIL_ROLES],
    )

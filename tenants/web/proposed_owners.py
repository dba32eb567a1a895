"""The page on which a person confirms the proposed owners of many lines of a plan at once."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields

from saas import guard
from saas.errors import Conflict
from saas.forms import Bound, bind
from saas.guard import requires
from saas.policy import Permission
from saas.templating import plural
from tenants.models.plans import Plan
from tenants.queries.plan_lines import list_actions
from tenants.queries.plans import get_plan
from tenants.rules.owners import KIND_LABELS
from tenants.services import action_owners
from tenants.services.action_owners import Proposal

blueprint = Blueprint("proposed_owners", __name__)


class LinesForm(Schema):
    """The lines whose proposals are right, each as its id and the mark of what was proposed."""

    lines = fields.List(fields.String(), required=True, metadata={"required": "Tick at least one action."})


def _proposals(plan: Plan) -> list[Proposal]:
    return action_owners.list_proposals(plan.council_id, list_actions(plan))


def _changed(conflict: Conflict) -> tuple[str, ...]:
    """The numbers of the lines that somebody changed, as the page says them."""
    return conflict.theirs if isinstance(conflict.theirs, tuple) and conflict.theirs else ("that is gone",)


@blueprint.get("/councils/<council>/plans/<uuid:plan_id>/owners")
@requires(Permission.ACTION_WRITE)
def show(plan_id: UUID) -> str:
    """Every line without confirmed owners, with what its words propose."""
    plan = get_plan(guard.place_id(), plan_id)
    proposals = _proposals(plan)
    form = Bound.empty(LinesForm, {"lines": [each.value for each in proposals]})
    return _page(plan, proposals, form)


def _page(plan: Plan, proposals: list[Proposal], form: Bound, changed: tuple[str, ...] = ()) -> str:
    return render_template(
        "tenants/plans/owners.html", plan=plan, proposals=proposals, form=form, changed=changed, kinds=KIND_LABELS
    )


@blueprint.post("/councils/<council>/plans/<uuid:plan_id>/owners")
@requires(Permission.ACTION_WRITE)
def confirm(plan_id: UUID) -> ResponseReturnValue:
    """Confirm the owners of the ticked lines, all of them or none."""
    plan = get_plan(guard.place_id(), plan_id, lock=True)
    form = bind(LinesForm, request.form)
    if not form.valid:
        return _page(plan, _proposals(plan), form), 422
    try:
        confirmed = action_owners.confirm_many(plan, form.values["lines"], by=guard.actor())
    except Conflict as conflict:
        return _page(plan, _proposals(plan), form, _changed(conflict)), 409
    flash(f"The owners of {plural(confirmed, 'action')} were confirmed.", "success")
    return redirect(url_for("plans.show", plan_id=plan.id), code=303)

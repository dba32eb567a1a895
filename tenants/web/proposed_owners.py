"""The page on which a person confirms the proposed owners of many lines of a plan at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields

from saas import guard
from saas.forms import Bound, bind
from saas.guard import requires
from saas.policy import Permission
from tenants.models.plans import Plan
from tenants.queries.action_details import Owner, load_details
from tenants.queries.plans import get_action, get_plan, list_actions
from tenants.rules.owners import KIND_LABELS
from tenants.services import action_owners

blueprint = Blueprint("proposed_owners", __name__)


class LinesForm(Schema):
    """The lines whose proposals are right, each as its id and the mark of what was proposed."""

    lines = fields.List(fields.String(), required=True, metadata={"required": "Tick at least one action."})


@dataclass(frozen=True, slots=True)
class Proposal:
    """A line that nobody confirmed owners of, and those that its words name. value: what its tick sends."""

    row: Any
    owners: tuple[Owner, ...]
    value: str


def _proposals(plan: Plan) -> list[Proposal]:
    rows = list_actions(plan)
    details = load_details(plan.council_id, [row.id for row in rows])
    found = []
    for row in rows:
        owners = () if details[row.id].owners else action_owners.propose(row)
        if owners:
            found.append(Proposal(row, owners, f"{row.id}:{action_owners.seen(owners)}"))
    return found


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
    proposals = _proposals(plan)
    form = bind(LinesForm, request.form)
    if not form.valid:
        return _page(plan, proposals, form), 422
    offered = {each.value: each for each in proposals}
    ticked = list(dict.fromkeys(form.values["lines"]))
    if any(value not in offered for value in ticked):
        gone = {value.partition(":")[0] for value in ticked if value not in offered}
        changed = tuple(str(row.ref) for row in list_actions(plan) if str(row.id) in gone)
        return _page(plan, proposals, form, changed or ("that is gone",)), 409
    for value in ticked:
        row = get_action(plan.council_id, offered[value].row.id, lock=True)
        action_owners.confirm(row, offered[value].owners, by=guard.actor())
    flash(f"The owners of {len(ticked)} action{'' if len(ticked) == 1 else 's'} were confirmed.", "success")
    return redirect(url_for("plans.show", plan_id=plan.id), code=303)

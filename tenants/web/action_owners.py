"""The pages on which a person says who does a line of a plan: as proposed from its words, or otherwise."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from saas import guard
from saas.errors import Conflict, Invalid
from saas.forms import Bound, bind
from saas.guard import requires
from saas.policy import Permission
from tenants.models.action_details import OWNER_KINDS
from tenants.models.plans import Action
from tenants.queries.action_details import Owner, load_details
from tenants.queries.plans import get_action, get_plan
from tenants.rules.owners import KIND_LABELS
from tenants.services import action_owners

blueprint = Blueprint("action_owners", __name__)


class _OwnersForm(Schema):
    """The owners of a line, one row each: name_1, kind_1 … and which of them is accountable."""

    seen = fields.String(required=True)
    accountable = fields.Integer(
        load_default=0,
        validate=validate.Range(min=0, max=action_owners.MOST),
        metadata={"label": "Who is accountable", "quiet": True},
    )
    more = fields.Boolean()


OwnersForm = type(
    "OwnersForm",
    (_OwnersForm,),
    {
        f"{part}_{number}": field
        for number in range(1, action_owners.MOST + 1)
        for part, field in (
            (
                "name",
                fields.String(
                    validate=validate.Length(max=action_owners.LONGEST_NAME),
                    metadata={"label": f"Name of owner {number}", "quiet": True},
                ),
            ),
            (
                "kind",
                fields.String(
                    validate=validate.OneOf(["", *OWNER_KINDS]),
                    metadata={"label": f"What owner {number} is", "quiet": True},
                ),
            ),
        )
    },
)


class ConfirmForm(Schema):
    """The proposed owners, taken as they are. seen, proposed: marks of what the page showed."""

    seen = fields.String(required=True)
    proposed = fields.String(required=True)


def _back(row: Action) -> ResponseReturnValue:
    return redirect(url_for("actions.show", plan_id=row.plan_id, action_id=row.id, _anchor="owners"), code=303)


def _owners_there(row: Action) -> tuple[Owner, ...]:
    return load_details(row.council_id, [row.id])[row.id].owners


@blueprint.get("/councils/<council>/actions/<uuid:action_id>/owners")
@requires(Permission.ACTION_WRITE)
def owners_form(action_id: UUID) -> str:
    """Show who does the line, as confirmed or as proposed, to be changed."""
    row = get_action(guard.place_id(), action_id)
    there = _owners_there(row)
    return _owners_page(row, Bound.empty(OwnersForm, _typed_of(there or action_owners.propose(row), there)))


def _typed_of(owners: tuple[Owner, ...], there: tuple[Owner, ...]) -> dict[str, Any]:
    initial: dict[str, Any] = {"seen": action_owners.seen(there), "accountable": 0}
    for number, each in enumerate(owners, start=1):
        initial |= {f"name_{number}": each.name, f"kind_{number}": each.kind}
        if each.accountable:
            initial["accountable"] = number
    return initial


def _owners_page(row: Action, form: Bound, theirs: tuple[Owner, ...] | None = None) -> str:
    numbers = range(1, action_owners.MOST + 1)
    last = max((each for each in numbers if form.typed(f"name_{each}") or form.typed(f"kind_{each}")), default=0)
    return render_template(
        "tenants/actions/owners.html",
        row=row,
        plan=get_plan(row.council_id, row.plan_id),
        form=form,
        numbers=numbers[: max(3, last + (3 if form.typed("more") else 1))],
        kinds=KIND_LABELS.items(),
        theirs=[action_owners.in_words(each) for each in theirs] if theirs is not None else None,
        confirmed=bool(_owners_there(row)),
    )


@blueprint.post("/councils/<council>/actions/<uuid:action_id>/owners")
@requires(Permission.ACTION_WRITE)
def save_owners(action_id: UUID) -> ResponseReturnValue:
    """A person says who does the line."""
    row = get_action(guard.place_id(), action_id, lock=True)
    form = bind(OwnersForm, request.form)
    if form.valid and form.values["more"]:
        return _owners_page(row, form)
    if form.valid:
        values = form.values
        try:
            action_owners.confirm(row, _owners_of(values), seen_as=values["seen"], by=guard.actor())
        except Invalid as invalid:
            form.add_errors({f"name_{_first_row(values)}": texts for texts in invalid.messages.values()})
        except Conflict:
            theirs = _owners_there(row)
            form.raw["seen"] = action_owners.seen(theirs)
            return _owners_page(row, form, theirs), 409
        else:
            flash("The owners were confirmed.", "success")
            return _back(row)
    return _owners_page(row, form), 422


def _owners_of(values: dict[str, Any]) -> list[Owner]:
    found = []
    for number in range(1, action_owners.MOST + 1):
        name, kind = (values[f"name_{number}"] or "").strip(), values[f"kind_{number}"] or ""
        if name or kind:
            found.append(Owner(kind, name, values["accountable"] == number))
    return found


def _first_row(values: dict[str, Any]) -> int:
    """The row that a refusal stands beside: the first that lacks a part, else the first."""
    for number in range(1, action_owners.MOST + 1):
        name, kind = values[f"name_{number}"], values[f"kind_{number}"]
        if bool(name) != bool(kind) and kind != "to_be_agreed":
            return number
    return 1


@blueprint.post("/councils/<council>/actions/<uuid:action_id>/owners/confirm")
@requires(Permission.ACTION_WRITE)
def confirm_owners(action_id: UUID) -> ResponseReturnValue:
    """Take the proposed owners as they are."""
    row = get_action(guard.place_id(), action_id, lock=True)
    form = bind(ConfirmForm, request.form)
    there, proposed = _owners_there(row), action_owners.propose(row)
    marks = (action_owners.seen(there), action_owners.seen(proposed))
    if not form.valid or (form.values["seen"], form.values["proposed"]) != marks:
        mine = Bound.empty(OwnersForm, _typed_of(there or proposed, there))
        return _owners_page(row, mine, there or proposed), 409
    action_owners.confirm(row, proposed, by=guard.actor())
    flash("The owners were confirmed.", "success")
    return _back(row)

"""The page of the council's corporate priorities, which lines of plans serve."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from saas import guard
from saas.errors import Conflict, Invalid
from saas.forms import Bound, bind
from saas.guard import requires
from saas.policy import Permission
from tenants.models.action_details import Priority
from tenants.queries.priorities import get_priority, list_priorities
from tenants.services import priorities as services

blueprint = Blueprint("priorities", __name__)


class NewPriorityForm(Schema):
    """A priority to be added."""

    title = fields.String(
        required=True,
        validate=validate.Length(max=services.LONGEST_TITLE),
        metadata={"label": "Priority", "hint": "In the words of your council's corporate plan.", "who": "your council"},
    )


class PriorityForm(NewPriorityForm):
    """A priority to be changed. seen_title, seen_past: as the page showed them."""

    past = fields.Boolean(
        metadata={"label": "It is past", "hint": "Actions that serve it keep it. No other action can choose it."}
    )
    seen_title = fields.String(required=True)
    seen_past = fields.Boolean()


@blueprint.get("/councils/<council>/priorities")
@requires(Permission.ACTION_READ)
def index() -> str:
    """The list, and a form to add to it."""
    return _list_page(Bound.empty(NewPriorityForm))


def _list_page(form: Bound) -> str:
    return render_template("tenants/priorities/index.html", lines=list_priorities(guard.place_id()), form=form)


@blueprint.post("/councils/<council>/priorities")
@requires(Permission.ACTION_WRITE)
def add() -> ResponseReturnValue:
    """Add a priority."""
    form = bind(NewPriorityForm, request.form)
    if form.valid:
        try:
            services.add_priority(guard.place_id(), title=form.values["title"], by=guard.actor())
        except Invalid as invalid:
            form.add_errors(invalid.messages)
        else:
            flash("The priority was added.", "success")
            return redirect(url_for("priorities.index"), code=303)
    return _list_page(form), 422


@blueprint.get("/councils/<council>/priorities/<uuid:priority_id>")
@requires(Permission.ACTION_WRITE)
def edit_form(priority_id: UUID) -> str:
    """Ask for other words, or whether it is past."""
    row = get_priority(guard.place_id(), priority_id)
    initial = {"title": row.title, "past": row.past, "seen_title": row.title, "seen_past": row.past}
    return _edit_page(row, Bound.empty(PriorityForm, initial))


def _edit_page(row: Priority, form: Bound, theirs: str = "") -> str:
    used = next(each.actions for each in list_priorities(guard.place_id()) if each.id == row.id)
    return render_template("tenants/priorities/edit.html", row=row, form=form, theirs=theirs, used=used)


@blueprint.post("/councils/<council>/priorities/<uuid:priority_id>")
@requires(Permission.ACTION_WRITE)
def edit(priority_id: UUID) -> ResponseReturnValue:
    """Keep other words, or that it is past."""
    row = get_priority(guard.place_id(), priority_id, lock=True)
    form = bind(PriorityForm, request.form)
    if form.valid:
        try:
            services.change_priority(row, **form.values, by=guard.actor())
        except Invalid as invalid:
            form.add_errors(invalid.messages)
        except Conflict:
            form.raw |= {"seen_title": row.title, "seen_past": "true" if row.past else ""}
            return _edit_page(row, form, f"{row.title}{' (past)' if row.past else ''}"), 409
        else:
            flash("The priority was saved.", "success")
            return redirect(url_for("priorities.index"), code=303)
    return _edit_page(row, form), 422


@blueprint.post("/councils/<council>/priorities/<uuid:priority_id>/remove")
@requires(Permission.ACTION_WRITE)
def remove(priority_id: UUID) -> ResponseReturnValue:
    """Take out a priority that no line serves."""
    row = get_priority(guard.place_id(), priority_id, lock=True)
    title = row.title
    services.remove_priority(row, by=guard.actor())
    flash(f"“{title}” was taken out.", "success")
    return redirect(url_for("priorities.index"), code=303)

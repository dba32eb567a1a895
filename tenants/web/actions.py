"""The pages of a line of a plan: the line with everything, its words, its status, what its timescale means."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from saas import clock, guard
from saas.errors import Conflict, Invalid, NotFound
from saas.figures import Figure
from saas.forms import Bound, bind
from saas.guard import requires
from saas.policy import Permission
from tenants.models.plans import Action
from tenants.queries import plans as queries
from tenants.queries.action_details import document_day
from tenants.rules import timescales
from tenants.rules.action_words import STATUS_LABELS, as_status, line_name, needs_a_look, words_of_reading
from tenants.services import plans as services
from tenants.services import timescale_choices
from tenants.web import action_pages
from tenants.web.action_pages import WHO, ReadingForm
from tenants.web.stale import compare

blueprint = Blueprint("actions", __name__)

FIGURE = validate.Range(min=0, max=9_999_999_999)
LONGEST_DAY = len("27th September 2026")


class NewActionForm(Schema):
    """A line to be added."""

    ref = fields.String(
        validate=validate.Length(max=40), metadata={"label": "No.", "hint": "Leave it empty for the next number."}
    )
    action = fields.String(required=True, metadata={"who": WHO})
    timescale = fields.String(
        metadata={"hint": "As you would write it: May 2027, by the end of 2027-28, ongoing. Dates are read from it."},
    )
    source = fields.String(metadata={"hint": "Where it comes from, such as a requirement or a report."})
    reason = fields.String()
    remark = fields.String(metadata={"hint": "Remarks are left out of public papers."})
    responsibility = fields.String(
        metadata={"hint": "As you would write it. Owners are proposed from it, and you confirm them."}
    )
    status_text = fields.String(
        metadata={
            "label": "Completed",
            "hint": "In your own words: what is done, and what is left. A status is proposed from them.",
        },
    )
    officer_days = Figure(places=2, validate=FIGURE, metadata={"hint": "Left out of public papers, as is the cost."})
    cost = Figure(places=2, validate=FIGURE)
    restricted = fields.Boolean(
        metadata={
            "label": "Keep this action out of public papers",
            "hint": "The public version leaves it out and says how many actions it leaves out.",
        }
    )


class ActionForm(NewActionForm):
    """A line to be changed."""

    version = fields.Integer(required=True)


class StatusForm(Schema):
    """How far a line is, as a person says."""

    version = fields.Integer(required=True)
    status = fields.String(required=True, validate=validate.OneOf(list(STATUS_LABELS)))
    completed_on = fields.Date(
        metadata={"label": "Completed on", "hint": "Only for a completed action, and only where the day is known."}
    )


@blueprint.get("/councils/<council>/plans/<uuid:plan_id>/actions/<uuid:action_id>")
@requires(Permission.ACTION_READ)
def show(plan_id: UUID, action_id: UUID) -> str:
    """The line with everything that hangs on it."""
    row = queries.get_action(guard.place_id(), action_id)
    if row.plan_id != plan_id:
        raise NotFound
    return action_pages.page(row)


@blueprint.get("/councils/<council>/actions/<uuid:action_id>")
@requires(Permission.ACTION_READ)
def find(action_id: UUID) -> ResponseReturnValue:
    """The line's page, for who does not know its plan."""
    return _back(queries.get_action(guard.place_id(), action_id))


@blueprint.get("/councils/<council>/plans/<uuid:plan_id>/actions/add")
@requires(Permission.ACTION_WRITE)
def add_form(plan_id: UUID) -> str:
    """Ask what is to be done."""
    plan = queries.get_plan(guard.place_id(), plan_id)
    return _edit_page(Bound.empty(NewActionForm), plan, None)


@blueprint.post("/councils/<council>/plans/<uuid:plan_id>/actions/add")
@requires(Permission.ACTION_WRITE)
def add(plan_id: UUID) -> ResponseReturnValue:
    """Add a line."""
    plan = queries.get_plan(guard.place_id(), plan_id)
    form = bind(NewActionForm, request.form)
    if form.valid:
        try:
            row = services.add_action(plan, **form.values, by=guard.actor())
        except Invalid as invalid:
            form.add_errors(invalid.messages)
        else:
            return _saved(row)
    return _edit_page(form, plan, None), 422


@blueprint.get("/councils/<council>/actions/<uuid:action_id>/edit")
@requires(Permission.ACTION_WRITE)
def edit_form(action_id: UUID) -> str:
    """Ask for changes to a line."""
    row = queries.get_action(guard.place_id(), action_id)
    plan = queries.get_plan(guard.place_id(), row.plan_id)
    form = Bound.empty(ActionForm, _stored(row) | {"version": row.version})
    return _edit_page(form, plan, row)


@blueprint.post("/councils/<council>/actions/<uuid:action_id>/edit")
@requires(Permission.ACTION_WRITE)
def edit(action_id: UUID) -> ResponseReturnValue:
    """Keep changes to a line."""
    row = queries.get_action(guard.place_id(), action_id, lock=True)
    plan = queries.get_plan(guard.place_id(), row.plan_id)
    form = bind(ActionForm, request.form)
    stale, status = None, 422
    if form.valid:
        try:
            services.update_action(row, **form.values, by=guard.actor())
        except Invalid as invalid:
            form.add_errors(invalid.messages)
        except Conflict:
            stored = _stored(row) | {"restricted": "true" if row.restricted else ""}
            words = {"true": "Yes", "": ""}
            stale, status = compare(form, guard.place_id(), row, stored, words), 409
        else:
            return _saved(row)
    return _edit_page(form, plan, row, stale), status


def _edit_page(form: Bound, plan: Any, row: Action | None, stale: Any = None) -> str:
    return render_template(
        "tenants/actions/edit.html",
        form=form,
        plan=plan,
        row=row,
        stale=stale,
        words_of_reading=words_of_reading,
        doubtful=row is not None and _is_doubtful(row),
        readings=action_pages.readings_of(row) if row is not None else (),
    )


def _is_doubtful(row: Action) -> bool:
    return needs_a_look(row.timescale, row.timescale_confidence, row.timescale_chosen_by)


def _stored(row: Action) -> dict[str, Any]:
    return {name: getattr(row, name) for name in NewActionForm().fields}


def _saved(row: Action) -> ResponseReturnValue:
    words = f"Action {line_name(row.ref, row.action)} was saved."
    if row.timescale:
        reading = words_of_reading(row.timescale_kind, row.earliest_on, row.latest_on) or "no date"
        words = f"{words} Its timescale was read as: {reading}. {row.timescale_reason}".strip()
    flash(words, "notice" if _is_doubtful(row) else "success")
    return _back(row)


def _back(row: Action) -> ResponseReturnValue:
    return redirect(url_for("actions.show", plan_id=row.plan_id, action_id=row.id), code=303)


@blueprint.post("/councils/<council>/actions/<uuid:action_id>/timescale")
@requires(Permission.ACTION_WRITE)
def choose_timescale(action_id: UUID) -> ResponseReturnValue:
    """A person says which reading of the timescale is meant."""
    row = queries.get_action(guard.place_id(), action_id, lock=True)
    form = bind(ReadingForm, request.form)
    if not form.valid:
        return action_pages.page(row, reading=form), 422
    try:
        timescale_choices.choose(row, **form.values, document_on=document_day(row), by=guard.actor())
    except Invalid as invalid:
        form.add_errors(invalid.messages)
        return action_pages.page(row, reading=form), 422
    except Conflict:
        form.raw["version"] = str(row.version)
        form.add_error(
            "reading",
            f"Somebody changed this action after you opened it. Its timescale is now “{row.timescale}”, "
            f"read as: {words_of_reading(row.timescale_kind, row.earliest_on, row.latest_on) or 'no date'}.",
        )
        return action_pages.page(row, reading=form), 409
    reading = words_of_reading(row.timescale_kind, row.earliest_on, row.latest_on) or "no date"
    flash(f"The timescale means: {reading}.", "success")
    return _back(row)


@blueprint.get("/councils/<council>/actions/<uuid:action_id>/status")
@requires(Permission.ACTION_WRITE)
def status_form(action_id: UUID) -> str:
    """Show the words and the proposed status, to be confirmed or changed."""
    row = queries.get_action(guard.place_id(), action_id)
    chosen = row.status or as_status(row.status_proposed)
    initial: dict[str, Any] = {"version": row.version, "completed_on": row.completed_on or _day_written(row)}
    return _status_page(Bound.empty(StatusForm, initial | ({"status": chosen} if chosen else {})), row)


def _day_written(row: Action) -> date | None:
    """The day of completion where the words of the status are one past day and nothing else; else None."""
    words = row.status_text.strip().rstrip(".")
    if not words[:1].isdigit() or len(words) > LONGEST_DAY:
        return None
    read = timescales.read(words)
    is_past = read.latest is not None and read.latest <= clock.today()
    return read.latest if is_past and (read.kind, read.confidence) == ("deadline", "high") else None


def _status_page(form: Bound, row: Action, stale: Any = None) -> str:
    return render_template(
        "tenants/actions/status.html",
        form=form,
        plan=queries.get_plan(guard.place_id(), row.plan_id),
        row=row,
        stale=stale,
        proposed=as_status(row.status_proposed),
        STATUS_LABELS=STATUS_LABELS,
    )


@blueprint.post("/councils/<council>/actions/<uuid:action_id>/status")
@requires(Permission.ACTION_WRITE)
def confirm_status(action_id: UUID) -> ResponseReturnValue:
    """A person says how far the line is."""
    row = queries.get_action(guard.place_id(), action_id, lock=True)
    form = bind(StatusForm, request.form)
    if not form.valid:
        return _status_page(form, row), 422
    try:
        services.confirm_status(row, **form.values, by=guard.actor())
    except Invalid as invalid:
        form.add_errors(invalid.messages)
        return _status_page(form, row), 422
    except Conflict:
        stored = {"status": row.status or "", "completed_on": row.completed_on}
        return _status_page(form, row, compare(form, guard.place_id(), row, stored, STATUS_LABELS)), 409
    flash(f"Action {line_name(row.ref, row.action)}: {STATUS_LABELS[row.status or '']}.", "success")
    return _back(row)

"""The pages of action plans: the working table, an action's form, its status."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from saas import clock, guard
from saas.errors import Conflict, Invalid
from saas.figures import Figure
from saas.forms import Bound, bind
from saas.guard import requires
from saas.policy import Permission
from saas.tables import Cell, csv_response
from tenants.queries import imports as import_queries
from tenants.queries import plans as queries
from tenants.rules.action_words import STATUS_LABELS, as_status, effective_status, is_overdue, words_of_reading
from tenants.services import plans as services
from tenants.web.stale import compare
from tenants.web.told import tell

blueprint = Blueprint("plans", __name__)

KIND_LABELS = {"gap": "Gap plan", "improvements": "Improvements", "own": "Own plan"}
STATUS_CHOICES = (*STATUS_LABELS.items(), (queries.TO_CONFIRM, "To be confirmed"))
WHO = "your council. Your region sees an action once an answer or a reply that names it is sent"
TITLE = validate.Length(max=services.LONGEST_TITLE)
FIGURE = validate.Range(min=0, max=9_999_999_999)


class FilterForm(Schema):
    """What the table of actions can be narrowed by."""

    status = fields.String(validate=validate.OneOf([value for value, _ in STATUS_CHOICES]))
    overdue = fields.Boolean()


class NewPlanForm(Schema):
    """A plan to be made."""

    title = fields.String(required=True, validate=TITLE)
    monitor = fields.String(
        validate=TITLE, metadata={"label": "Monitored by", "hint": "Who watches over the whole plan."}
    )


class PlanForm(NewPlanForm):
    """A plan to be changed."""

    version = fields.Integer(required=True)


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
    remark = fields.String()
    responsibility = fields.String()
    status_text = fields.String(
        metadata={
            "label": "Completed",
            "hint": "In your own words: what is done, and what is left. A status is proposed from them.",
        },
    )
    officer_days = Figure(places=2, validate=FIGURE)
    cost = Figure(places=2, validate=FIGURE)


class ActionForm(NewActionForm):
    """A line to be changed."""

    version = fields.Integer(required=True)


class StatusForm(Schema):
    """How far a line is, as a person says."""

    version = fields.Integer(required=True)
    status = fields.String(required=True, validate=validate.OneOf(list(STATUS_LABELS)))


@blueprint.context_processor
def words() -> dict[str, Any]:
    """What templates call to tell of an action."""
    return {"words_of_reading": words_of_reading, "STATUS_LABELS": STATUS_LABELS}


@blueprint.get("/councils/<council>/plans")
@requires(Permission.ACTION_READ)
def index() -> str:
    """Every plan, and how far it is."""
    return render_template(
        "tenants/plans/index.html",
        lines=queries.list_plans(guard.place_id(), today=clock.today()),
        kinds=KIND_LABELS,
        imports=import_queries.list_plan_imports(guard.place_id()),
    )


@blueprint.get("/councils/<council>/plans/add")
@requires(Permission.ACTION_WRITE)
def add_form() -> str:
    """Ask what the plan is called."""
    return render_template("tenants/plans/edit.html", form=Bound.empty(NewPlanForm), plan=None, stale=None)


@blueprint.post("/councils/<council>/plans/add")
@requires(Permission.ACTION_WRITE)
def add() -> ResponseReturnValue:
    """Make a plan of the council's own."""
    form = bind(NewPlanForm, request.form)
    if form.valid:
        if queries.find_plan(guard.place_id(), "own", title=form.values["title"]) is not None:
            form.add_error("title", "There is a plan of this title already.")
        else:
            plan = services.find_or_create(
                guard.place_id(), kind="own", accreditation_id=None, title=form.values["title"], by=guard.actor()
            )
            plan.monitor = form.values["monitor"]
            return redirect(url_for("plans.show", plan_id=plan.id), code=303)
    return render_template("tenants/plans/edit.html", form=form, plan=None, stale=None), 422


@blueprint.get("/councils/<council>/plans/<uuid:plan_id>")
@requires(Permission.ACTION_READ)
def show(plan_id: UUID) -> str:
    """The plan as a working table."""
    form = bind(FilterForm, request.args)
    line = queries.get_plan_line(guard.place_id(), plan_id, today=clock.today())
    return render_template(
        "tenants/plans/show.html",
        line=line,
        plan=line.plan,
        imports=import_queries.list_plan_imports(guard.place_id(), plan_id),
        kinds=KIND_LABELS,
        rows=[tell(row, clock.today()) for row in _rows(line.plan, form)],
        actions_url=url_for("plans.edit_action", action_id=plan_id).removesuffix(f"/{plan_id}/edit"),
        filter=form,
        filtered=bool(form.values.get("status") or form.values.get("overdue")),
        statuses=STATUS_CHOICES,
    )


def _rows(plan: Any, form: Bound) -> Any:
    due = "overdue" if form.values.get("overdue") else ""
    return queries.list_actions(plan, status=form.values.get("status", ""), due=due, today=clock.today())


@blueprint.get("/councils/<council>/plans/<uuid:plan_id>/actions.csv")
@requires(Permission.ACTION_READ)
def download(plan_id: UUID) -> ResponseReturnValue:
    """The rows that the table shows, as CSV."""
    plan = queries.get_plan(guard.place_id(), plan_id)
    rows = _rows(plan, bind(FilterForm, request.args))
    headings = (
        "No.",
        "Action",
        "Timescale",
        "Read as",
        "Earliest",
        "Latest",
        "To check",
        "Source",
        "Reason",
        "Remark",
        "Responsibility",
        "Completed",
        "Status",
        "Confirmed by",
        "Overdue",
        "Officer days",
        "Cost",
    )
    return csv_response(f"{plan.title}.csv", headings, [_cells(row) for row in rows])


def _cells(row: Any) -> tuple[Cell, ...]:
    status = effective_status(row.status, row.status_proposed)
    label = STATUS_LABELS[status] if status else ""
    return (
        row.ref,
        row.action,
        row.timescale,
        words_of_reading(row.timescale_kind, row.earliest_on, row.latest_on),
        row.earliest_on,
        row.latest_on,
        row.timescale_reason,
        row.source,
        row.reason,
        row.remark,
        row.responsibility,
        row.status_text,
        label if row.status or not label else f"{label} (proposed)",
        row.status_confirmed_by,
        is_overdue(row.status, row.status_proposed, row.latest_on, clock.today()),
        row.officer_days,
        row.cost,
    )


@blueprint.get("/councils/<council>/plans/<uuid:plan_id>/edit")
@requires(Permission.ACTION_WRITE)
def edit_form(plan_id: UUID) -> str:
    """Ask for another title or monitor."""
    plan = queries.get_plan(guard.place_id(), plan_id)
    form = Bound.empty(PlanForm, {"title": plan.title, "monitor": plan.monitor, "version": plan.version})
    return render_template("tenants/plans/edit.html", form=form, plan=plan, stale=None)


@blueprint.post("/councils/<council>/plans/<uuid:plan_id>/edit")
@requires(Permission.ACTION_WRITE)
def edit(plan_id: UUID) -> ResponseReturnValue:
    """Keep another title or monitor."""
    plan = queries.get_plan(guard.place_id(), plan_id, lock=True)
    form = bind(PlanForm, request.form)
    stale, status = None, 422
    if form.valid:
        try:
            services.change_plan(plan, **form.values, by=guard.actor())
        except Conflict:
            stored = {"title": plan.title, "monitor": plan.monitor}
            stale, status = compare(form, guard.place_id(), plan, stored, {}), 409
        else:
            flash("Saved.", "success")
            return redirect(url_for("plans.show", plan_id=plan.id), code=303)
    return render_template("tenants/plans/edit.html", form=form, plan=plan, stale=stale), status


@blueprint.get("/councils/<council>/plans/<uuid:plan_id>/actions/add")
@requires(Permission.ACTION_WRITE)
def add_action_form(plan_id: UUID) -> str:
    """Ask what is to be done."""
    plan = queries.get_plan(guard.place_id(), plan_id)
    return render_template(
        "tenants/plans/action.html", form=Bound.empty(NewActionForm), plan=plan, row=None, stale=None
    )


@blueprint.post("/councils/<council>/plans/<uuid:plan_id>/actions/add")
@requires(Permission.ACTION_WRITE)
def add_action(plan_id: UUID) -> ResponseReturnValue:
    """Add a line."""
    plan = queries.get_plan(guard.place_id(), plan_id)
    form = bind(NewActionForm, request.form)
    if form.valid:
        try:
            row = services.add_action(plan, **form.values, by=guard.actor())
        except Invalid as invalid:
            form.add_errors(invalid.messages)
        else:
            flash(_saved_words(row), "success")
            return redirect(url_for("plans.show", plan_id=plan.id), code=303)
    return render_template("tenants/plans/action.html", form=form, plan=plan, row=None, stale=None), 422


@blueprint.get("/councils/<council>/actions/<uuid:action_id>/edit")
@requires(Permission.ACTION_WRITE)
def edit_action(action_id: UUID) -> str:
    """Ask for changes to a line."""
    row = queries.get_action(guard.place_id(), action_id)
    plan = queries.get_plan(guard.place_id(), row.plan_id)
    form = Bound.empty(ActionForm, _stored(row) | {"version": row.version})
    return render_template("tenants/plans/action.html", form=form, plan=plan, row=row, stale=None)


@blueprint.post("/councils/<council>/actions/<uuid:action_id>/edit")
@requires(Permission.ACTION_WRITE)
def save_action(action_id: UUID) -> ResponseReturnValue:
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
            stale, status = compare(form, guard.place_id(), row, _stored(row), {}), 409
        else:
            flash(_saved_words(row), "success")
            return redirect(url_for("plans.show", plan_id=plan.id), code=303)
    return render_template("tenants/plans/action.html", form=form, plan=plan, row=row, stale=stale), status


def _stored(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in NewActionForm().fields}


def _saved_words(row: Any) -> str:
    reading = words_of_reading(row.timescale_kind, row.earliest_on, row.latest_on)
    if not row.timescale:
        return f"Action {row.ref} was saved."
    return (
        f"Action {row.ref} was saved. Its timescale was read as: {reading or 'no date'}. {row.timescale_reason}".strip()
    )


@blueprint.get("/councils/<council>/actions/<uuid:action_id>/status")
@requires(Permission.ACTION_WRITE)
def status_form(action_id: UUID) -> str:
    """Show the words and the proposed status, to be confirmed or changed."""
    row = queries.get_action(guard.place_id(), action_id)
    chosen = row.status or as_status(row.status_proposed)
    form = Bound.empty(StatusForm, {"version": row.version} | ({"status": chosen} if chosen else {}))
    return _status_page(form, row)


def _status_page(form: Bound, row: Any, stale: Any = None) -> str:
    plan = queries.get_plan(guard.place_id(), row.plan_id)
    proposed = as_status(row.status_proposed)
    return render_template("tenants/plans/status.html", form=form, plan=plan, row=row, stale=stale, proposed=proposed)


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
    except Conflict:
        stale = compare(form, guard.place_id(), row, {"status": row.status or ""}, STATUS_LABELS)
        return _status_page(form, row, stale), 409
    flash(f"Action {row.ref}: {STATUS_LABELS[row.status or '']}.", "success")
    return redirect(url_for("plans.show", plan_id=row.plan_id), code=303)

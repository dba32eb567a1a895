"""The pages of action plans: all of them, one as a working table, its name, and putting it away."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from saas import clock, guard
from saas.errors import Conflict, Invalid
from saas.forms import Bound, bind
from saas.guard import requires
from saas.policy import Permission
from saas.tables import Cell, csv_response
from tenants.queries import imports as import_queries
from tenants.queries import plans as queries
from tenants.queries.action_details import Details, load_details, load_owners
from tenants.queries.plan_lines import Narrowed, list_actions, list_actions_page
from tenants.rules.action_words import (
    STATUS_LABELS,
    effective_status,
    is_due_soon,
    is_overdue,
    line_name,
    words_of_reading,
)
from tenants.services import plans as services
from tenants.services.action_owners import in_words
from tenants.web.stale import compare
from tenants.web.told_actions import tell

blueprint = Blueprint("plans", __name__)
blueprint.add_app_template_filter(lambda row: line_name(row.ref, row.action), "line_name")

KIND_LABELS = {"gap": "Gap plan", "improvements": "Improvements", "own": "Own plan"}
STATUS_CHOICES = ((queries.OPEN, "Open"), *STATUS_LABELS.items(), (queries.TO_CONFIRM, "To be confirmed"))
DUE_CHOICES = (
    (queries.OVERDUE, "Overdue"),
    (queries.DUE_SOON, "Due in 30 days"),
    (queries.UNDATED, "With no last day"),
)
SORTS = ("due", "status", "who", "changed")
TITLE = validate.Length(max=services.LONGEST_TITLE)


class FilterForm(Schema):
    """What the table of actions can be narrowed and ordered by."""

    status = fields.String(validate=validate.OneOf([value for value, _ in STATUS_CHOICES]))
    due = fields.String(validate=validate.OneOf(queries.DUES))
    owner = fields.String(validate=validate.Length(max=200), metadata={"label": "Owner"})
    unowned = fields.Boolean()
    priority = fields.UUID()
    source = fields.String()
    sort = fields.String(validate=validate.OneOf([*SORTS, *(f"-{name}" for name in SORTS)]))


class NewPlanForm(Schema):
    """A plan to be made."""

    title = fields.String(required=True, validate=TITLE, metadata={"who": "your council"})
    monitor = fields.String(
        validate=TITLE,
        metadata={"label": "Monitored by", "hint": "Who watches over the whole plan.", "who": "your council"},
    )


class PlanForm(NewPlanForm):
    """A plan to be changed."""

    version = fields.Integer(required=True)


class AwayForm(Schema):
    """A plan to be put away."""

    version = fields.Integer(required=True)


@blueprint.get("/councils/<council>/plans")
@requires(Permission.ACTION_READ)
def index() -> str:
    """Every plan, and how far it is; those put away stand apart."""
    lines = queries.list_plans(guard.place_id(), today=clock.today(), put_away=None)
    return render_template(
        "tenants/plans/index.html",
        lines=[line for line in lines if line.plan.put_away_at is None],
        away=[line for line in lines if line.plan.put_away_at is not None],
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
        try:
            plan = services.add_plan(guard.place_id(), **form.values, by=guard.actor())
        except Invalid as invalid:
            form.add_errors(invalid.messages)
        else:
            return redirect(url_for("plans.show", plan_id=plan.id), code=303)
    return render_template("tenants/plans/edit.html", form=form, plan=None, stale=None), 422


@blueprint.get("/councils/<council>/plans/<uuid:plan_id>")
@requires(Permission.ACTION_READ)
def show(plan_id: UUID) -> str:
    """The plan as a working table."""
    form = bind(FilterForm, request.args)
    page = queries.get_plan_page(guard.place_id(), plan_id, today=clock.today())
    line = page.line
    page_asked = request.args.get("page", type=int)
    at = request.args.get("at", type=UUID) if page_asked is None else None
    shown = list_actions_page(line.plan, _narrowed(form), page=page_asked or 1, at=at)
    return render_template(
        "tenants/plans/show.html",
        line=line,
        plan=line.plan,
        imports=import_queries.list_plan_imports(guard.place_id(), plan_id) if page.imported else (),
        kinds=KIND_LABELS,
        rows=[tell(row, clock.today()) for row in shown.rows],
        shown=shown,
        details=load_owners(guard.place_id(), [row.id for row in shown.rows]),
        line_url=url_for("plans.show", plan_id=plan_id) + "/actions",
        actions_url=url_for("plans.index").removesuffix("plans") + "actions",
        filter=form,
        filtered=any(value for name, value in form.values.items() if name != "sort"),
        sort=form.values.get("sort") or "",
        statuses=STATUS_CHOICES,
        dues=DUE_CHOICES,
        priorities=page.priorities,
        sources=[(source, _short(source)) for source in page.sources],
    )


def _short(words: str) -> str:
    return words if len(words) <= 60 else f"{words[:59]}…"


def _narrowed(form: Bound) -> Narrowed:
    values = form.values
    return Narrowed(
        status=values.get("status") or "",
        due=values.get("due") or "",
        today=clock.today(),
        owner=(values.get("owner") or "").strip(),
        unowned=bool(values.get("unowned")),
        priority_id=values.get("priority"),
        source=values.get("source") or "",
        sort=values.get("sort") or "",
    )


@blueprint.get("/councils/<council>/plans/<uuid:plan_id>/actions.csv")
@requires(Permission.ACTION_READ)
def download(plan_id: UUID) -> ResponseReturnValue:
    """The rows that the table shows, as CSV."""
    plan = queries.get_plan(guard.place_id(), plan_id)
    rows = list_actions(plan, _narrowed(bind(FilterForm, request.args)))
    details = load_details(guard.place_id(), [row.id for row in rows])
    cells = [_cells(row, details[row.id]) for row in rows]
    return csv_response(f"{plan.title}.csv", HEADINGS, cells)


HEADINGS = (
    "No.",
    "Action",
    "Timescale",
    "Read as",
    "Earliest",
    "Latest",
    "To check",
    "Reading chosen by",
    "Source",
    "Reason",
    "Remark",
    "Responsibility",
    "Owners",
    "Priorities",
    "Completed",
    "Status",
    "Confirmed by",
    "Completed on",
    "Overdue",
    "Due in 30 days",
    "Officer days",
    "Cost",
    "Restricted",
    "Notes",
    "Evidence",
)


def _cells(row: Any, details: Details) -> tuple[Cell, ...]:
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
        row.timescale_chosen_by,
        row.source,
        row.reason,
        row.remark,
        row.responsibility,
        "; ".join(map(in_words, details.owners)),
        "; ".join(each.title for each in details.priorities),
        row.status_text,
        label if row.status or not label else f"{label} (proposed)",
        row.status_confirmed_by,
        row.completed_on,
        is_overdue(row.status, row.status_proposed, row.latest_on, clock.today()),
        is_due_soon(row.status, row.status_proposed, row.latest_on, clock.today()),
        row.officer_days,
        row.cost,
        row.restricted,
        "\n".join(f"{each.noted_on.isoformat()}: {each.words}" for each in details.notes),
        "; ".join(f"{each.title}, {each.pinpoint}" if each.pinpoint else each.title for each in details.evidence),
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


@blueprint.post("/councils/<council>/plans/<uuid:plan_id>/put-away")
@requires(Permission.ACTION_WRITE)
def put_away(plan_id: UUID) -> ResponseReturnValue:
    """Put a plan away that is over; nothing of it is lost."""
    plan = queries.get_plan(guard.place_id(), plan_id, lock=True)
    form = bind(AwayForm, request.form)
    if not form.valid or form.values["version"] != plan.version:
        raise Conflict("Somebody changed this plan after you opened it. Open it again to see how it stands.")
    services.put_away(plan, version=plan.version, by=guard.actor())
    flash(f"“{plan.title}” was put away. Bring it back from the end of this page.", "success")
    return redirect(url_for("plans.index"), code=303)


@blueprint.post("/councils/<council>/plans/<uuid:plan_id>/bring-back")
@requires(Permission.ACTION_WRITE)
def bring_back(plan_id: UUID) -> ResponseReturnValue:
    """Work on a plan again."""
    plan = queries.get_plan(guard.place_id(), plan_id, lock=True)
    services.bring_back(plan, by=guard.actor())
    flash(f"“{plan.title}” is among your plans again.", "success")
    return redirect(url_for("plans.show", plan_id=plan.id), code=303)

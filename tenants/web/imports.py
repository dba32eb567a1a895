"""Bringing in an action plan: a document or a pasted table, preview with corrections, take in, undo."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from saas import clock, guard, uploads
from saas.errors import Conflict, Invalid, NotFound
from saas.forms import Bound, Upload, bind
from saas.guard import requires
from saas.policy import Permission
from tenants.models.imports import Import
from tenants.queries import imports as queries
from tenants.queries.plans import list_plans
from tenants.rules import document_dates, import_columns, import_rows, owners
from tenants.rules.action_plans import outside_words
from tenants.rules.action_words import counted
from tenants.rules.import_flags import flags_of
from tenants.services import import_readings
from tenants.services import imports as services
from tenants.web.told_actions import tell

blueprint = Blueprint("imports", __name__)
uploads.read_whole(blueprint, "upload_plan")

PLAN_TYPES = ".docx,.xlsx,.pdf,.csv,.txt"
WHO = "your council only"
ROWS_A_PAGE = 100
NOTHING_SENT = "Choose a document, or paste a table."
BOTH_SENT = "Send a document or a pasted table, not both at once."


class PlanForm(Schema):
    """A document or a table with an action plan, and the plan it goes into."""

    file = Upload(metadata={"label": "Document", "who": WHO, "accept": PLAN_TYPES})
    pasted = fields.String(
        validate=validate.Length(max=200_000), metadata={"label": "Table", "who": WHO, "verbatim": True}
    )
    plan_id = fields.UUID(metadata={"label": "Take its actions into", "subject": "The plan"})
    plan_title = fields.String(
        validate=validate.Length(max=import_readings.MOST_TITLE),
        metadata={"label": "What the new plan is called", "subject": "The title", "who": WHO},
    )


class ReadingForm(Schema):
    """How a document is to be read; meanings of its columns are added by `_form_for`."""

    document_on = fields.Date(metadata={"label": "Date of the document", "subject": "The date of the document"})
    plan_id = fields.UUID(metadata={"label": "Take the actions into", "subject": "The plan"})
    plan_title = fields.String(
        validate=validate.Length(max=import_readings.MOST_TITLE),
        metadata={"label": "What the new plan is called", "subject": "The title", "who": WHO},
    )
    proposed = fields.Boolean()
    """The button that takes the proposed date."""
    again = fields.List(fields.Integer())
    """Numbers of the lines that the plan has already and that are wanted twice."""


@blueprint.get("/councils/<council>/plans/import")
@requires(Permission.ACTION_WRITE)
def plan_form() -> str:
    """Ask for the document or the table."""
    asked = request.args.get("plan", "")
    chosen = next((line.plan.id for line in _plans() if str(line.plan.id) == asked), None)
    return _plan_page(Bound.empty(PlanForm, {"plan_id": chosen} if chosen else None))


def _plans() -> list[Any]:
    return list_plans(guard.place_id(), today=clock.today())


def _plan_page(form: Bound) -> str:
    choices = [(line.plan.id, line.plan.title) for line in _plans()]
    return render_template("tenants/imports/plan.html", form=form, choices=choices, limit=uploads.limit_words())


@blueprint.post("/councils/<council>/plans/import")
@requires(Permission.ACTION_WRITE)
def upload_plan() -> ResponseReturnValue:
    """Read the document or the table, and show what was read."""
    form, content = uploads.received(PlanForm)
    pasted = form.values["pasted"] if form.valid else ""
    if form.valid and content is None and not pasted.strip():
        form.add_error("file", NOTHING_SENT)
    elif form.valid and content is not None and pasted.strip():
        form.add_error("file", BOTH_SENT)
    if form.valid:
        meant = {"plan_id": form.values["plan_id"], "plan_title": " ".join(form.values["plan_title"].split())}
        try:
            if content is not None:
                kept = import_readings.keep_action_plan(guard.place_id(), *content, **meant, by=guard.actor())
            else:
                kept = import_readings.keep_pasted(guard.place_id(), pasted, **meant, by=guard.actor())
        except Invalid as invalid:
            form.add_errors(invalid.messages)
        except NotFound:
            form.add_error("plan_id", "Select the plan from the list.")
        else:
            return redirect(url_for("imports.plan_preview", import_id=kept.id), code=303)
    return _plan_page(form), 422


@blueprint.get("/councils/<council>/plans/imports/<uuid:import_id>")
@requires(Permission.ACTION_READ)
def plan_preview(import_id: UUID) -> str:
    """What each column means, every row with its readings, every word outside the rows, every warning."""
    kept = queries.get_import(guard.place_id(), import_id, kind=services.ACTION_PLAN)
    return _preview(kept, _stands(kept))


def _form_for(kept: Import) -> type[Schema]:
    """The form with a choice for each column of each group of tables."""
    meaning = validate.OneOf(["", *import_columns.MEANINGS], error="Choose one of the meanings in the list.")
    places = {
        group.field(place["at"]): fields.String(validate=meaning, metadata={"label": place["heading"] or "No heading"})
        for group in import_columns.groups(kept.columns)
        for place in group.columns
    }
    # A blank choice counts as not sent: it says that the column has no meaning here.
    return ReadingForm.from_dict(dict(places))


def _stands(kept: Import) -> Bound:
    """The form as the document is read now."""
    groups = import_columns.groups(kept.columns)
    chosen = {group.field(place["at"]): place["meaning"] for group in groups for place in group.columns}
    initial: dict[str, Any] = {
        "document_on": kept.document_on,
        "plan_id": kept.plan_id,
        "plan_title": kept.plan_title,
        **chosen,
    }
    return Bound.empty(_form_for(kept), {name: value for name, value in initial.items() if value is not None})


def _proposed(kept: Import) -> document_dates.Proposed | None:
    """The document's day as it seems, while nobody has said it; pasted words have no name."""
    if kept.document_on is not None:
        return None
    name = "" if kept.filename == import_readings.PASTED else kept.filename
    return document_dates.propose(name, kept.leftovers)


def _preview(kept: Import, form: Bound, refusal: str = "") -> str:
    there = None
    if kept.taken_in_at is None:
        there = queries.find_taken_in(kept.council_id, kept.sha256, kind=kept.kind)
    flagged = [(at, row, flags_of(row)) for at, row in enumerate(kept.rows)]
    to_look_at = sum(bool(flags) for _, _, flags in flagged)
    if request.args.get("show") == "flagged":
        flagged = [(at, row, flags) for at, row, flags in flagged if flags]
    pages = max(1, -(-len(flagged) // ROWS_A_PAGE))
    page = min(max(request.args.get("page", 1, int), 1), pages)
    shown = flagged[(page - 1) * ROWS_A_PAGE : page * ROWS_A_PAGE]
    plans = _plans()
    chosen = next((line.plan for line in plans if line.plan.id == kept.plan_id), None)
    repeats = services.repeats(kept) if kept.taken_in_at is None and there is None else {}
    repeated = repeats.get(kept.plan_id, []) if kept.plan_id is not None else []
    rows = [(at, tell(_as_action(row), clock.today()), flags, _owners(row)) for at, row, flags in shown]
    looked_at = to_look_at or repeated or any(proposed for *_, proposed in rows)
    again = {int(number) for number in request.values.getlist("again") if number.isdecimal()}
    return render_template(
        "tenants/imports/plan_preview.html",
        kept=kept,
        form=form,
        refusal=refusal,
        groups=import_columns.groups(kept.columns),
        meanings=[*import_columns.MEANINGS.items()],
        kept_words=import_columns.KEPT,
        rows=rows,
        empty=import_rows.empty_columns(kept.rows) | (set() if looked_at else {"look"}),
        to_look_at=to_look_at,
        page=page,
        pages=pages,
        there=there,
        proposed=_proposed(kept),
        plan=chosen,
        repeated=[(at, kept.rows[at]["action"]) for at in repeated],
        again=again,
        alike=_alike(kept, plans, repeats),
        choices=[(line.plan.id, line.plan.title) for line in plans],
        title=services.title_of(kept),
        new_title=services.free_title(kept),
        outside=outside_words(kept.outside),
        worked_on=queries.count_worked_on(kept) if kept.taken_in_at else 0,
    )


def _alike(kept: Import, plans: list[Any], repeats: Mapping[UUID, list[int]]) -> tuple[Any, int] | None:
    """For a new plan: the plan that has most of its lines already, and how many."""
    found = [(line.plan, len(repeats[line.plan.id])) for line in plans if line.plan.id in repeats]
    return max(found, key=lambda pair: pair[1], default=None) if kept.plan_id is None else None


def _as_action(row: dict[str, Any]) -> SimpleNamespace:
    """A kept row with the names that an action has, for the cells of the table."""
    return SimpleNamespace(**import_rows.columns_of(row), status=None, status_confirmed_by=None)


def _owners(row: dict[str, Any]) -> list[str]:
    """Who would be proposed as its owners, where the words name more or less than they say as a whole."""
    proposed = [each.name for each in owners.propose(row["responsibility"]) if each.name]
    return proposed if proposed != [row["responsibility"]] else []


@blueprint.post("/councils/<council>/plans/imports/<uuid:import_id>")
@requires(Permission.ACTION_WRITE)
def read_again(import_id: UUID) -> ResponseReturnValue:
    """Read the rows again with the meanings, the date and the plan that somebody chose."""
    kept = queries.get_import(guard.place_id(), import_id, kind=services.ACTION_PLAN, lock=True)
    form = bind(_form_for(kept), request.form)
    refused = _say(kept, form) if form.valid else None
    if isinstance(refused, str):
        return _preview(kept, _stands(kept), refused), 409
    if not form.valid:
        return _preview(kept, form), 422
    flash("Read again. Look at the rows, then take them in.", "success")
    return redirect(url_for("imports.plan_preview", import_id=import_id), code=303)


def _say(kept: Import, form: Bound) -> bool | str:
    """Put what was chosen in force; whether it said anything new, or in words why it cannot be."""
    values: Mapping[str, Any] = form.values
    proposed = _proposed(kept) if values["proposed"] else None
    try:
        return import_readings.read_again(
            kept,
            chosen={name: value for name, value in values.items() if name.startswith("meaning-")},
            document_on=proposed.on if proposed else values["document_on"],
            plan_id=values["plan_id"],
            plan_title=" ".join(values["plan_title"].split()),
            by=guard.actor(),
        )
    except Conflict as conflict:
        return conflict.message
    except Invalid as invalid:
        form.add_errors(invalid.messages)
    except NotFound:
        form.add_error("plan_id", "Select the plan from the list.")
    return False


@blueprint.post("/councils/<council>/plans/imports/<uuid:import_id>/take-in")
@requires(Permission.ACTION_WRITE)
def take_in_plan(import_id: UUID) -> ResponseReturnValue:
    """Take every row in; where the page was changed and not read again, read and show the rows first."""
    kept = queries.get_import(guard.place_id(), import_id, kind=services.ACTION_PLAN, lock=True)
    if kept.taken_in_at is None and "plan_title" in request.form:
        form = bind(_form_for(kept), request.form)
        changed = _say(kept, form) if form.valid else False
        if not form.valid:
            return _preview(kept, form), 422
        if changed:
            words = (
                "You had changed how the document is read. Look at the rows as they are read now, then take them in."
            )
            flash(words, "notice")
            return redirect(url_for("imports.plan_preview", import_id=import_id, again=form.values["again"]), code=303)
    try:
        again = [int(number) for number in request.form.getlist("again") if number.isdecimal()]
        done = services.take_in(kept, again=again, by=guard.actor())
    except Conflict as conflict:
        return _preview(kept, _stands(kept), conflict.message), 409
    if done.already:
        flash(f"This document was taken in before, into “{done.plan.title}”. Nothing was added.", "notice")
    else:
        learned = " What you said of its columns is remembered for the next document." if done.remembered else ""
        left = f" {counted(done.left_out)} there already and left out." if done.left_out else ""
        flash(f"{counted(done.added)} added from {kept.filename}.{left}{learned}", "success")
    return redirect(url_for("plans.show", plan_id=done.plan.id), code=303)


@blueprint.post("/councils/<council>/plans/imports/<uuid:import_id>/undo")
@requires(Permission.ACTION_WRITE)
def undo_plan(import_id: UUID) -> ResponseReturnValue:
    """Take its actions out again."""
    kept = queries.get_import(guard.place_id(), import_id, kind=services.ACTION_PLAN, lock=True)
    try:
        undone = services.undo(kept, by=guard.actor())
    except Conflict as conflict:
        flash(conflict.message, "notice")
    else:
        gone = f" The plan “{undone.plan}”, which nothing else was in, is gone too." if undone.plan else ""
        flash(f"{counted(undone.removed)} taken out again.{gone} What was read is kept below.", "success")
    return redirect(url_for("imports.plan_preview", import_id=import_id), code=303)

"""Bringing in what a council has in documents: upload, preview, take in, undo."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields
from werkzeug.exceptions import RequestEntityTooLarge

from saas import clock, guard
from saas.errors import Conflict, Invalid, NotFound
from saas.files import ACCEPTED, FileRefused, display_name
from saas.forms import Bound, Upload, bind
from saas.guard import requires
from saas.policy import Permission
from saas.tables import csv_response
from tenants.queries import imports as queries
from tenants.queries.plans import list_plans
from tenants.rules import import_rows, member_rows
from tenants.rules.action_words import counted
from tenants.services import imports as services
from tenants.services import member_imports
from tenants.web import uploads
from tenants.web.told import tell

blueprint = Blueprint("imports", __name__)

PLAN_TYPES = ".docx,.xlsx,.csv"
WHO = "your council only"


class PlanForm(Schema):
    """A document with an action plan, and the plan it goes into."""

    file = Upload(required=True, metadata={"label": "Document", "who": WHO, "accept": PLAN_TYPES})
    plan_id = fields.UUID(metadata={"label": "Take its actions into", "subject": "The plan"})


class MembersForm(Schema):
    """A table of members."""

    file = Upload(required=True, metadata={"label": "Table", "who": WHO, "accept": ".csv"})


@blueprint.get("/councils/<council>/plans/import")
@requires(Permission.ACTION_WRITE)
def plan_form() -> str:
    """Ask for the document."""
    return _plan_page(Bound.empty(PlanForm))


def _plan_page(form: Bound) -> str:
    lines = list_plans(guard.place_id(), today=clock.today())
    choices = [(line.plan.id, line.plan.title) for line in lines]
    return render_template("tenants/imports/plan.html", form=form, choices=choices, limit=uploads.limit_words())


@blueprint.post("/councils/<council>/plans/import")
@requires(Permission.ACTION_WRITE)
def upload_plan() -> ResponseReturnValue:
    """Read the document and show what was read."""
    form, content = _received(PlanForm)
    if content is not None:
        data, filename = content
        try:
            kept = services.keep_action_plan(
                guard.place_id(), data, filename, plan_id=form.values["plan_id"], by=guard.actor()
            )
        except Invalid as invalid:
            form.add_errors(invalid.messages)
        except NotFound:
            form.add_error("plan_id", "Select the plan from the list.")
        else:
            return redirect(url_for("imports.plan_preview", import_id=kept.id), code=303)
    return _plan_page(form), 422


def _received(schema: type[Schema]) -> tuple[Bound, tuple[bytes, str] | None]:
    """The bound form, and the content and name of its file where nothing is wrong with either."""
    form = bind(schema, request.form, request.files)
    if uploads.arrived_torn():
        form.errors = {"file": [uploads.TORN]}
    if not form.valid:
        return form, None
    upload = form.values["file"]
    accepted = _kinds(form.field_named("file").metadata["accept"])
    # What a council may keep elsewhere is refused with better words by whoever reads it.
    if (upload.filename or "").rpartition(".")[2].lower() not in {*accepted, *_kinds(ACCEPTED)}:
        name = display_name(upload.filename or "")
        form.add_error("file", f"“{name}” cannot be read here. Accepted types: {', '.join(accepted)}.")
        return form, None
    try:
        with uploads.receive_upload(upload) as received:
            return form, (received.path.read_bytes(), received.filename)
    except FileRefused as refusal:
        form.add_error("file", refusal.message)
        return form, None


def _kinds(accept: str) -> list[str]:
    """The endings in a list such as “.docx,.csv”, without their dots."""
    return [ending.removeprefix(".") for ending in accept.split(",")]


@blueprint.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    """A body beyond every limit was not read: the form again, with the limit beside the field."""
    members = request.endpoint == "imports.upload_members"
    form = Bound.empty(MembersForm if members else PlanForm)
    form.add_error("file", uploads.too_large())
    if members:
        return _members_page(form), 413
    return render_template("tenants/imports/plan.html", form=form, choices=[], limit=uploads.limit_words()), 413


@blueprint.get("/councils/<council>/plans/imports/<uuid:import_id>")
@requires(Permission.ACTION_READ)
def plan_preview(import_id: UUID) -> str:
    """Every row with its readings, every word outside the rows, every warning."""
    kept = queries.get_import(guard.place_id(), import_id, kind=services.ACTION_PLAN)
    there = None
    if kept.taken_in_at is None:
        there = queries.find_taken_in(kept.council_id, kept.sha256, kind=kept.kind)
    return render_template(
        "tenants/imports/plan_preview.html",
        kept=kept,
        rows=[tell(_as_action(row), clock.today()) for row in kept.rows],
        there=there,
        title=import_rows.title_of(kept.filename),
    )


def _as_action(row: dict[str, Any]) -> SimpleNamespace:
    """A kept row with the names that an action has, for the cells of the table."""
    return SimpleNamespace(**import_rows.columns_of(row), status=None, status_confirmed_by=None)


@blueprint.post("/councils/<council>/plans/imports/<uuid:import_id>/take-in")
@requires(Permission.ACTION_WRITE)
def take_in_plan(import_id: UUID) -> ResponseReturnValue:
    """Take every row in."""
    kept = queries.get_import(guard.place_id(), import_id, kind=services.ACTION_PLAN, lock=True)
    done = services.take_in(kept, by=guard.actor())
    if done.already:
        flash(f"This document was taken in before, into “{done.plan.title}”. Nothing was added.", "notice")
    else:
        flash(f"{counted(done.added)} added from {kept.filename}.", "success")
    return redirect(url_for("plans.show", plan_id=done.plan.id), code=303)


@blueprint.post("/councils/<council>/plans/imports/<uuid:import_id>/undo")
@requires(Permission.ACTION_WRITE)
def undo_plan(import_id: UUID) -> ResponseReturnValue:
    """Take its actions out again."""
    kept = queries.get_import(guard.place_id(), import_id, kind=services.ACTION_PLAN, lock=True)
    try:
        removed = services.undo(kept, by=guard.actor())
    except Conflict as conflict:
        flash(conflict.message, "notice")
    else:
        flash(f"{counted(removed)} taken out again. What was read is kept below.", "success")
    return redirect(url_for("imports.plan_preview", import_id=import_id), code=303)


@blueprint.get("/councils/<council>/members/import")
@requires(Permission.MEMBER_WRITE)
def members_form() -> str:
    """Ask for the table."""
    return _members_page(Bound.empty(MembersForm))


def _members_page(form: Bound) -> str:
    return render_template(
        "tenants/imports/members.html", form=form, headings=member_rows.HEADINGS, labels=member_rows.LABELS
    )


@blueprint.get("/councils/<council>/members/import/template.csv")
@requires(Permission.MEMBER_WRITE)
def members_template() -> ResponseReturnValue:
    """An empty table with the headings."""
    return csv_response("members.csv", member_rows.TEMPLATE, [])


@blueprint.post("/councils/<council>/members/import")
@requires(Permission.MEMBER_WRITE)
def upload_members() -> ResponseReturnValue:
    """Read the table and show what it would do."""
    form, content = _received(MembersForm)
    if content is not None:
        data, filename = content
        try:
            kept = member_imports.keep_members(guard.place_id(), data, filename, by=guard.actor())
        except Invalid as invalid:
            form.add_errors(invalid.messages)
        else:
            return redirect(url_for("imports.members_preview", import_id=kept.id), code=303)
    return _members_page(form), 422


@blueprint.get("/councils/<council>/members/imports/<uuid:import_id>")
@requires(Permission.MEMBER_WRITE)
def members_preview(import_id: UUID) -> str:
    """What every row would do, or why rows cannot be taken."""
    kept = queries.get_import(guard.place_id(), import_id, kind=member_imports.MEMBERS)
    return _members_preview(kept)


def _members_preview(kept: Any) -> str:
    preview = member_imports.preview_of(kept)
    return render_template("tenants/imports/members_preview.html", kept=kept, preview=preview)


@blueprint.post("/councils/<council>/members/imports/<uuid:import_id>/take-in")
@requires(Permission.MEMBER_WRITE)
def take_in_members(import_id: UUID) -> ResponseReturnValue:
    """Do what was shown."""
    kept = queries.get_import(guard.place_id(), import_id, kind=member_imports.MEMBERS, lock=True)
    try:
        done = member_imports.take_in_members(kept, by=guard.actor())
    except Invalid:
        return _members_preview(kept), 422
    counts = ", ".join(
        f"{done.count(verb)} {words}"
        for verb, words in (
            ("added", "added"),
            ("updated", "updated"),
            ("re_elected", "re-elected"),
            ("unchanged", "unchanged"),
        )
    )
    flash(f"Members taken in from {kept.filename}: {counts}.", "success")
    return redirect(url_for("members.index"), code=303)

"""The headings a council's documents are known by: to see and to forget."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from saas import guard
from saas.guard import requires
from saas.policy import Permission
from tenants.queries.remembered_columns import list_remembered
from tenants.rules.import_columns import KEPT, MEANINGS
from tenants.services import remembered_columns
from tenants.services.import_readings import ACTION_PLAN

blueprint = Blueprint("remembered_columns", __name__)
PAGE = "/councils/<council>/plans/import/headings"


@blueprint.get(PAGE)
@requires(Permission.ACTION_READ)
def index() -> str:
    """Every heading that somebody said the meaning of."""
    rows = list_remembered(guard.place_id(), ACTION_PLAN)
    told = [(row, MEANINGS.get(row.meaning, KEPT)) for row in rows]
    return render_template("tenants/imports/headings.html", rows=told)


@blueprint.post(PAGE + "/<uuid:column_id>/forget")
@requires(Permission.ACTION_WRITE)
def forget(column_id: UUID) -> ResponseReturnValue:
    """Forget one of them; plans that were taken in stay as they are."""
    heading = remembered_columns.forget(guard.place_id(), ACTION_PLAN, column_id, by=guard.actor())
    if heading:
        flash(f"“{heading.capitalize()}” is forgotten. What was taken in stays as it is.", "success")
    return redirect(url_for("remembered_columns.index"), code=303)

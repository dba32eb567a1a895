"""The page of a region's process: what is set, who set it when, and the form to change it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assessment.models.processes import ProcessVersion
from assessment.queries.accreditations import find_process
from assessment.queries.processes import list_versions
from assessment.rules import processes
from assessment.rules.process_words import changes, describe
from assessment.rules.processes import Process
from assessment.services.processes import save_process
from assessment.web.process_form import from_form, periods_in, schema_for, to_form
from saas import guard
from saas.errors import Conflict, Invalid
from saas.forms import Bound, bind
from saas.guard import requires
from saas.policy import Permission

blueprint = Blueprint("processes", __name__)


@blueprint.get("/regions/<region>/process")
@requires(Permission.REGION_READ)
def show() -> str:
    """What is set, and every version that was."""
    versions = list_versions(guard.place_id())
    kept = [processes.parse(version.document) for version in versions]
    history: list[dict[str, Any]] = [
        {"version": version, "changes": changes(before, after)}
        for version, after, before in zip(versions, kept, [*kept, processes.DEFAULT][1:], strict=True)
    ]
    current = kept[0] if kept else processes.DEFAULT
    return render_template("assessment/processes/show.html", settings=describe(current), history=history)


@blueprint.get("/regions/<region>/process/edit")
@requires(Permission.PROCESS_EDIT)
def edit() -> str:
    """The form."""
    current, process = _current()
    schema = schema_for(periods_in({}, process))
    form = Bound.empty(schema, to_form(process, current.version if current else 0))
    return _form(form)


@blueprint.post("/regions/<region>/process/edit")
@requires(Permission.PROCESS_EDIT)
def save() -> Response | tuple[str, int]:
    """Keep what was typed as a new version."""
    _row, process = _current()
    form = bind(schema_for(periods_in(request.form, process)), request.form)
    if not form.valid:
        return _form(form), 422
    typed = dict(form.values)
    try:
        wanted = from_form(typed)
        row = save_process(guard.place_id(), wanted, version=typed["version"], by=guard.actor())
    except Invalid as refusal:
        form.add_errors(refusal.messages)
        return _form(form), 422
    except Conflict as stale:
        return _overtaken(form, wanted, stale)
    if row is None:
        flash("Nothing was changed: these settings stand already.", "notice")
    else:
        flash(f"Saved as version {row.version}. Accreditations under way keep the version they began with.", "success")
    return redirect(url_for("processes.show"), code=303)


def _current() -> tuple[ProcessVersion | None, Process]:
    row = find_process(guard.place_id())
    return row, processes.parse(row.document) if row else processes.DEFAULT


def _overtaken(form: Bound, wanted: Process, stale: Conflict) -> tuple[str, int]:
    """Somebody saved in between: what was typed stays in the form, what they set stands above it."""
    theirs = stale.theirs if isinstance(stale.theirs, ProcessVersion) else find_process(guard.place_id())
    stands = processes.parse(theirs.document) if theirs else processes.DEFAULT
    form.raw["version"] = str(theirs.version if theirs else 0)
    return _form(form, theirs=theirs, differences=changes(stands, wanted)), 409


def _form(form: Bound, theirs: ProcessVersion | None = None, differences: tuple[Any, ...] = ()) -> str:
    periods = sum(name.startswith("period_") for name in form.schema.fields) // 2
    return render_template(
        "assessment/processes/edit.html", form=form, periods=periods, theirs=theirs, differences=differences
    )

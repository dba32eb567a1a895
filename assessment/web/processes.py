"""The page of a region's process: what is set, who set it when, and the form to change it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from marshmallow import Schema, fields
from werkzeug.wrappers import Response

from assessment.models.processes import ProcessVersion
from assessment.queries.accreditations import find_process
from assessment.queries.processes import list_versions
from assessment.rules import processes
from assessment.rules.process_presets import PRESETS, Preset, started_from
from assessment.rules.process_words import changes, describe, seat_words
from assessment.rules.processes import Process
from assessment.services.processes import save_process
from assessment.web.process_form import NEW, NUMBER, from_form, periods_in, schema_for, seats_in, to_form
from saas import guard
from saas.errors import Conflict, Invalid, NotFound
from saas.forms import Bound, bind
from saas.guard import requires
from saas.policy import Permission

blueprint = Blueprint("processes", __name__)


class StartForm(Schema):
    """The version that stood when the preset was looked at."""

    version = fields.Integer(required=True)


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
    return render_template(
        "assessment/processes/show.html", settings=describe(current), history=history, presets=PRESETS.values()
    )


@blueprint.get("/regions/<region>/process/start/<code>")
@requires(Permission.PROCESS_EDIT)
def preview(code: str) -> str:
    """What would change if the region started from a preset."""
    row, process = _current()
    return _preview_page(_preset(code), row, process)


@blueprint.post("/regions/<region>/process/start/<code>")
@requires(Permission.PROCESS_EDIT)
def start(code: str) -> Response | tuple[str, int]:
    """Keep the preset as a new version, with what is the region's own in any case."""
    row, process = _current()
    preset = _preset(code)
    form = bind(StartForm, request.form)
    if not form.valid:
        raise NotFound
    try:
        made = save_process(
            guard.place_id(), started_from(preset, process), version=form.values["version"], by=guard.actor()
        )
    except Conflict:
        return _preview_page(preset, row, process, overtaken=True), 409
    _say(made)
    return redirect(url_for("processes.show"), code=303)


@blueprint.get("/regions/<region>/process/edit")
@requires(Permission.PROCESS_EDIT)
def edit() -> str:
    """The form, filled with what stands or with a preset."""
    current, process = _current()
    code = request.args.get("start", "")
    base = _base(code, process)
    schema = schema_for(periods_in({}, base), seats_in({}, base))
    values = to_form(base, current.version if current else 0)
    return _form(Bound.empty(schema, values | {"start": code}))


@blueprint.post("/regions/<region>/process/edit")
@requires(Permission.PROCESS_EDIT)
def save() -> Response | tuple[str, int]:
    """Keep what was typed as a new version."""
    _row, process = _current()
    code = request.form.get("start", "")
    base = _base(code if code in PRESETS else "", process)
    form = bind(schema_for(periods_in(request.form, base), seats_in(request.form, base)), request.form)
    if not form.valid:
        return _form(form), 422
    typed = dict(form.values)
    try:
        wanted = from_form(typed, base)
        row = save_process(guard.place_id(), wanted, version=typed["version"], by=guard.actor())
    except Invalid as refusal:
        form.add_errors(refusal.messages)
        return _form(form), 422
    except Conflict as stale:
        return _overtaken(form, wanted, stale)
    _say(row)
    return redirect(url_for("processes.show"), code=303)


def _say(row: ProcessVersion | None) -> None:
    if row is None:
        flash("Nothing was changed: these settings stand already.", "notice")
    else:
        flash(f"Saved as version {row.version}. Accreditations under way keep the version they began with.", "success")


def _preset(code: str) -> Preset:
    if code not in PRESETS:
        raise NotFound
    return PRESETS[code]


def _base(code: str, process: Process) -> Process:
    """What the form is filled from: what stands, or the preset of this code."""
    return started_from(_preset(code), process) if code else process


def _preview_page(preset: Preset, row: ProcessVersion | None, process: Process, *, overtaken: bool = False) -> str:
    wanted = started_from(preset, process)
    return render_template(
        "assessment/processes/preview.html",
        preset=preset,
        version=row.version if row else 0,
        differences=changes(process, wanted),
        settings=describe(wanted),
        overtaken=overtaken,
    )


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
    names = tuple(form.schema.fields)
    seats = [name.removesuffix(NUMBER) for name in names if name.endswith(NUMBER) and name != f"{NEW}{NUMBER}"]
    return render_template(
        "assessment/processes/edit.html",
        form=form,
        periods=sum(name.startswith("period_") for name in names) // 2,
        seats=[(name, seat_words(name)) for name in seats],
        start=PRESETS.get(form.typed("start")),
        theirs=theirs,
        differences=differences,
    )

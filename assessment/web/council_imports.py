"""A region brings in its councils and their awards from one Excel file: shown first, then all of it or nothing."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields
from werkzeug.exceptions import RequestEntityTooLarge

from assessment.models.region_views import CouncilImport
from assessment.queries.council_imports import get_import, list_offered, list_taken_in
from assessment.rules.council_tables import AWARD_COLUMNS, COUNCIL_COLUMNS, HEADINGS, LABELS
from assessment.services import council_imports as services
from assessment.web.region_workbooks import EXCEL
from saas import clock
from saas.errors import Invalid
from saas.files import FileRefused, content_disposition, receive
from saas.forms import Bound, Upload, bind
from saas.guard import actor, place, place_id, requires
from saas.papers.blocks import Heading, Paper, Prose, Table
from saas.papers.excel import write_excel
from saas.policy import Permission
from saas.templating import plural
from tenants.rules.council_kinds import KIND_LABELS

blueprint = Blueprint("council_imports", __name__)
HOME = "/regions/<region>/councils/import"
PAGE = "/regions/<region>/councils/imports/<uuid:import_id>"
MEGABYTE = 1024 * 1024


class FileForm(Schema):
    """An Excel file."""

    file = Upload(
        required=True, metadata={"label": "Excel file", "who": "your region’s staff only", "accept": ".xlsx,.csv"}
    )


class TakeInForm(Schema):
    """Whether contacts are written to."""

    invite = fields.Boolean(metadata={"label": "Invite the contacts"})


@blueprint.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    """A body beyond every limit was not read: the form again, with the limit beside the field."""
    form = Bound.empty(FileForm)
    form.add_error("file", f"The file is larger than {_limit()} MB, the limit for one file.")
    return _upload_page(form), 413


@blueprint.get(HOME)
@requires(Permission.COUNCIL_ADD)
def show_upload() -> str:
    """Ask for the file."""
    return _upload_page(Bound.empty(FileForm))


@blueprint.get(f"{HOME}/template.xlsx")
@requires(Permission.COUNCIL_ADD)
def template() -> Response:
    """An empty file with the two sheets, and what may stand in them."""
    offered = list_offered(place_id())
    levels = "\n".join(
        f"- {each.code}: {each.title} ({each.version}); {', '.join(each.levels.values())}" for each in offered
    )
    blocks = (
        Table("Councils", COUNCIL_COLUMNS, ()),
        Table("Awards", AWARD_COLUMNS, ()),
        Heading(1, "How to fill it in"),
        Prose("One row for each council, and one row for each award with the council's name written the same."),
        Prose(f"Types: {', '.join(KIND_LABELS.values())}."),
        Prose(f"Frameworks and their levels:\n\n{levels}"),
        Prose("Days like 4 May 2023. Certificate words: what the certificate says, where it is not the level's name."),
    )
    paper = Paper("Councils and their awards", "", place().name, clock.now(), blocks, landscape=True)
    answer = Response(write_excel(paper), content_type=EXCEL)
    answer.headers["Content-Disposition"] = content_disposition("attachment", "councils.xlsx")
    return answer


@blueprint.post(HOME)
@requires(Permission.COUNCIL_ADD)
def upload() -> ResponseReturnValue:
    """Read the file and show what it would do."""
    form = bind(FileForm, request.form, request.files)
    if form.valid:
        sent = form.values["file"]
        try:
            limit = _limit() * MEGABYTE
            with receive(sent.stream, sent.filename or "", limit_bytes=limit, expected_bytes=None) as file:
                kept = services.keep(place_id(), file.path.read_bytes(), file.filename, by=actor())
        except FileRefused as refusal:
            form.add_error("file", refusal.message)
        except Invalid as refusal:
            form.add_errors(refusal.messages)
        else:
            return redirect(url_for("council_imports.show", import_id=kept.id), 303)
    return make_response(_upload_page(form), 422)


@blueprint.get(PAGE)
@requires(Permission.COUNCIL_ADD)
def show(import_id: UUID) -> str:
    """What every row would do, or why nothing is taken in; afterwards, that it was."""
    return _page(get_import(place_id(), import_id), Bound.empty(TakeInForm))


@blueprint.post(PAGE)
@requires(Permission.COUNCIL_ADD)
def take_in(import_id: UUID) -> ResponseReturnValue:
    """Do what was shown."""
    kept = get_import(place_id(), import_id, lock=True)
    form = bind(TakeInForm, request.form)
    if form.valid:
        try:
            done = services.take_in(kept, place().name, invite=form.values["invite"], by=actor())
        except Invalid as refusal:
            form.add_errors(refusal.messages)
        else:
            words = f"{plural(done.added, 'council')} added and {plural(done.recorded, 'award')} recorded"
            flash(f"{words} from {kept.filename}.", "success")
            return redirect(url_for("pipeline.show"), 303)
    return make_response(_page(kept, form), 422)


def _upload_page(form: Bound) -> str:
    return render_template(
        "assessment/council_imports/upload.html",
        form=form,
        limit=f"{_limit()} MB",
        headings=HEADINGS,
        labels=LABELS,
        offered=list_offered(place_id()),
        kinds=list(KIND_LABELS.values()),
        taken_in=list_taken_in(place_id()),
    )


def _page(kept: CouncilImport, form: Bound) -> str:
    return render_template(
        "assessment/council_imports/show.html",
        kept=kept,
        form=form,
        found=None if kept.taken_in_at else services.preview_of(kept),
        kinds=KIND_LABELS,
    )


def _limit() -> int:
    limit: int = current_app.config["CHARTERWAY"].upload_limit_mb
    return limit

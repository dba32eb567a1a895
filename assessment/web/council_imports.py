"""A region brings in its councils and their awards from one Excel file: shown first, then all of it or nothing."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields

from assessment.models.region_views import CouncilImport
from assessment.queries.council_imports import get_import, list_offered, list_taken_in
from assessment.rules.council_tables import HEADINGS, LABELS
from assessment.services import council_imports as services
from assessment.services.council_templates import template_paper
from saas import uploads
from saas.downloads import paper_response
from saas.errors import Invalid
from saas.forms import Bound, Upload, bind
from saas.guard import actor, place, place_id, requires
from saas.policy import Permission
from saas.templating import plural
from tenants.rules.council_kinds import KIND_LABELS

blueprint = Blueprint("council_imports", __name__)
uploads.read_whole(blueprint, "upload")
HOME = "/regions/<region>/councils/import"
PAGE = "/regions/<region>/councils/imports/<uuid:import_id>"


class FileForm(Schema):
    """An Excel or CSV file."""

    file = Upload(
        required=True,
        metadata={"label": "File with your councils", "who": "your region’s staff only", "accept": ".xlsx,.csv"},
    )


class TakeInForm(Schema):
    """Whether contacts are written to."""

    invite = fields.Boolean(metadata={"label": "Invite the contacts"})


@blueprint.get(HOME)
@requires(Permission.COUNCIL_ADD)
def show_upload() -> str:
    """Ask for the file."""
    return _upload_page(Bound.empty(FileForm))


@blueprint.get(f"{HOME}/template.xlsx")
@requires(Permission.COUNCIL_ADD)
def template() -> Response:
    """An empty file with the two sheets, and what may stand in them."""
    paper = template_paper(list_offered(place_id()), place().name)
    return paper_response(paper, "councils", "xlsx")


@blueprint.post(HOME)
@requires(Permission.COUNCIL_ADD)
def upload() -> ResponseReturnValue:
    """Read the file and show what it would do."""
    form, content = uploads.received(FileForm)
    if content is not None:
        try:
            kept = services.keep(place_id(), *content, by=actor())
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
        limit=uploads.limit_words(),
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

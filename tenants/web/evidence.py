"""The pages of the evidence library: list, upload, link, correct, remove, download."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate
from werkzeug.exceptions import RequestEntityTooLarge

from saas import guard
from saas.errors import Conflict, Invalid, NotFound
from saas.files import ACCEPTED, FileRefused, ScannerUnavailable, attachment_response
from saas.forms import Bound, Upload, bind
from saas.guard import requires
from saas.policy import Permission
from saas.tables import csv_response
from tenants.queries import evidence as queries
from tenants.services import evidence as services
from tenants.web import uploads
from tenants.web.stale import compare

blueprint = Blueprint("evidence", __name__)

KINDS = (("file", "Files"), ("link", "Links"))
WHO = "your council. Your region and the assessors see it once an answer that cites it is sent"
TITLE = validate.Length(max=services.LONGEST_TITLE)


class ListForm(Schema):
    """What the library can be narrowed and ordered by."""

    words = fields.String(metadata={"label": "Title or name"})
    kind = fields.String(validate=validate.OneOf([kind for kind, _ in KINDS]), metadata={"label": "Kind"})
    sort = fields.String()
    removed = fields.UUID()


class DatesForm(Schema):
    """The dates of any evidence."""

    speaks_for_on = fields.Date(metadata={"label": "Date it speaks for"})
    valid_until_on = fields.Date(metadata={"label": "Valid until"})


class UploadForm(DatesForm):
    """A file to be added."""

    file = Upload(required=True, metadata={"label": "File", "who": WHO})
    title = fields.String(validate=TITLE, metadata={"hint": "Leave it empty to use the file’s name."})


class LinkForm(DatesForm):
    """A web address to be added."""

    url = fields.String(required=True, metadata={"label": "Web address", "who": WHO})
    title = fields.String(validate=TITLE, metadata={"hint": "Leave it empty to use the web address."})


class EditForm(DatesForm):
    """Corrections."""

    version = fields.Integer(required=True)
    title = fields.String(required=True, validate=TITLE)


@blueprint.get("/councils/<council>/evidence")
@requires(Permission.EVIDENCE_READ)
def index() -> str:
    """The library."""
    form, shown = _shown()
    removed = None
    if form.values.get("removed") and guard.may(Permission.EVIDENCE_WRITE):
        removed = _find_removed(form.values["removed"])
    filtered = bool(form.values.get("words") or form.values.get("kind"))
    return render_template(
        "tenants/evidence/index.html", rows=shown, filter=form, kinds=KINDS, filtered=filtered, removed=removed
    )


@blueprint.get("/councils/<council>/evidence.csv")
@requires(Permission.EVIDENCE_READ)
def download_list() -> ResponseReturnValue:
    """The rows that the list shows, as CSV."""
    headings = ("Title", "Kind", "File or address", "Size in bytes", "Speaks for", "Valid until", "Added", "Added by")
    rows = [
        (
            row.title,
            row.kind,
            row.filename or row.url,
            row.size,
            row.speaks_for_on,
            row.valid_until_on,
            row.added_at.date(),
            row.added_by_name,
        )
        for row in _shown()[1]
    ]
    return csv_response(f"evidence-{guard.place().slug}.csv", headings, rows)


def _shown() -> tuple[Bound, list[Any]]:
    form = bind(ListForm, request.args)
    values = form.values
    shown = queries.list_evidence(
        guard.place_id(),
        words=values.get("words", ""),
        kind=values.get("kind", ""),
        sort=values.get("sort") or "-added",
    )
    return form, shown


def _find_removed(evidence_id: UUID) -> Any:
    try:
        return queries.get_evidence(guard.place_id(), evidence_id, removed=True)
    except NotFound:
        return None


@blueprint.get("/councils/<council>/evidence/upload")
@requires(Permission.EVIDENCE_WRITE)
def upload_form() -> str:
    """Ask for a file."""
    return _upload_page(Bound.empty(UploadForm))


def _upload_page(form: Bound) -> str:
    return render_template("tenants/evidence/upload.html", form=form, accept=ACCEPTED, limit=uploads.limit_words())


@blueprint.post("/councils/<council>/evidence/upload")
@requires(Permission.EVIDENCE_WRITE)
def upload() -> ResponseReturnValue:
    """Receive a file."""
    form = bind(UploadForm, request.form, request.files)
    if uploads.arrived_torn():
        form.errors = {"file": [uploads.TORN]}
    if form.valid:
        values = form.values
        try:
            with uploads.receive_upload(values["file"]) as received:
                there = queries.find_file(guard.place_id(), received.sha256)
                kept = services.add_file(
                    guard.place_id(),
                    received=received,
                    title=values["title"],
                    speaks_for_on=values["speaks_for_on"],
                    valid_until_on=values["valid_until_on"],
                    by=guard.actor(),
                )
        except (FileRefused, ScannerUnavailable) as refusal:
            form.add_error("file", refusal.message)
        except Invalid as invalid:
            form.add_errors(invalid.messages)
        else:
            if there is not None:
                flash(f"This file is in the library already, as “{there.title}”. Nothing was added.", "notice")
            else:
                flash(f"“{kept.title}” was added.", "success")
            return redirect(url_for("evidence.show", evidence_id=kept.id), code=303)
    return _upload_page(form), 422


@blueprint.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    """A body beyond every limit was not read: the form again, with the limit beside the field."""
    form = Bound.empty(UploadForm)
    form.add_error("file", uploads.too_large())
    return _upload_page(form), 413


@blueprint.get("/councils/<council>/evidence/link")
@requires(Permission.EVIDENCE_WRITE)
def link_form() -> str:
    """Ask for a web address."""
    return render_template("tenants/evidence/link.html", form=Bound.empty(LinkForm))


@blueprint.post("/councils/<council>/evidence/link")
@requires(Permission.EVIDENCE_WRITE)
def add_link() -> ResponseReturnValue:
    """Keep a web address."""
    form = bind(LinkForm, request.form)
    if form.valid:
        try:
            kept = services.add_link(guard.place_id(), **form.values, by=guard.actor())
        except Invalid as invalid:
            form.add_errors(invalid.messages)
        else:
            flash(f"“{kept.title}” was added.", "success")
            return redirect(url_for("evidence.show", evidence_id=kept.id), code=303)
    return render_template("tenants/evidence/link.html", form=form), 422


@blueprint.get("/councils/<council>/evidence/<uuid:evidence_id>")
@requires(Permission.EVIDENCE_READ)
def show(evidence_id: UUID) -> str:
    """One piece of evidence."""
    return render_template("tenants/evidence/show.html", row=queries.get_evidence(guard.place_id(), evidence_id))


@blueprint.get("/councils/<council>/evidence/<uuid:evidence_id>/file")
@requires(Permission.EVIDENCE_READ)
def download(evidence_id: UUID) -> ResponseReturnValue:
    """The file itself, as an attachment."""
    row = queries.get_evidence(guard.place_id(), evidence_id)
    if row.sha256 is None:
        raise NotFound("This is a link: there is no file to download.")
    return attachment_response(
        str(row.council_id), row.sha256, filename=row.filename or row.title, content_type=row.content_type or ""
    )


@blueprint.get("/councils/<council>/evidence/<uuid:evidence_id>/edit")
@requires(Permission.EVIDENCE_WRITE)
def edit_form(evidence_id: UUID) -> str:
    """Ask for corrections."""
    row = queries.get_evidence(guard.place_id(), evidence_id)
    form = Bound.empty(EditForm, _stored(row) | {"version": row.version})
    return render_template("tenants/evidence/edit.html", form=form, row=row, stale=None)


@blueprint.post("/councils/<council>/evidence/<uuid:evidence_id>/edit")
@requires(Permission.EVIDENCE_WRITE)
def edit(evidence_id: UUID) -> ResponseReturnValue:
    """Keep corrections."""
    row = queries.get_evidence(guard.place_id(), evidence_id, lock=True)
    form = bind(EditForm, request.form)
    stale, status = None, 422
    if form.valid:
        try:
            services.change(row, **form.values, by=guard.actor())
        except Invalid as invalid:
            form.add_errors(invalid.messages)
        except Conflict:
            stale, status = compare(form, guard.place_id(), row, _stored(row), {}), 409
        else:
            flash("Saved.", "success")
            return redirect(url_for("evidence.show", evidence_id=row.id), code=303)
    return render_template("tenants/evidence/edit.html", form=form, row=row, stale=stale), status


def _stored(row: Any) -> dict[str, Any]:
    return {"title": row.title, "speaks_for_on": row.speaks_for_on, "valid_until_on": row.valid_until_on}


@blueprint.post("/councils/<council>/evidence/<uuid:evidence_id>/remove")
@requires(Permission.EVIDENCE_WRITE)
def remove(evidence_id: UUID) -> ResponseReturnValue:
    """Take it out of the library; the next page offers to put it back."""
    row = queries.get_evidence(guard.place_id(), evidence_id, lock=True)
    services.remove(row, by=guard.actor())
    return redirect(url_for("evidence.index", removed=row.id), code=303)


@blueprint.post("/councils/<council>/evidence/<uuid:evidence_id>/restore")
@requires(Permission.EVIDENCE_WRITE)
def restore(evidence_id: UUID) -> ResponseReturnValue:
    """Put it back."""
    row = queries.get_evidence(guard.place_id(), evidence_id, lock=True, removed=True)
    services.restore(row, by=guard.actor())
    flash(f"“{row.title}” is back in the library.", "success")
    return redirect(url_for("evidence.show", evidence_id=row.id), code=303)

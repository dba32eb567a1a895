"""The pages of the evidence library: list, link, look inside, correct, remove, download."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from saas import clock, guard
from saas.downloads import picture_response
from saas.errors import Conflict, Invalid, NotFound
from saas.files import PreviewRefused, attachment_response, is_scanning, quota_bytes
from saas.forms import Bound, bind
from saas.guard import requires
from saas.policy import Permission
from saas.tables import csv_response
from tenants.queries import evidence as queries
from tenants.services import evidence as services
from tenants.web.evidence_files import WHO, DatesForm
from tenants.web.evidence_previews import open_page, picture_of
from tenants.web.stale import compare

blueprint = Blueprint("evidence", __name__)

KINDS = (("file", "Files"), ("link", "Links"))
SOON = timedelta(days=60)
"""What ends within this time is said to end soon."""
TITLE = validate.Length(max=services.LONGEST_TITLE)


class ListForm(Schema):
    """What the library can be narrowed and ordered by."""

    words = fields.String(metadata={"label": "Title or name"})
    kind = fields.String(validate=validate.OneOf([kind for kind, _ in KINDS]), metadata={"label": "Kind"})
    sort = fields.String()
    removed = fields.UUID()


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
    return render_template(
        "tenants/evidence/index.html",
        rows=shown,
        filter=form,
        kinds=KINDS,
        filtered=bool(form.values.get("words") or form.values.get("kind")),
        removed=removed,
        today=clock.today(),
        soon=clock.today() + SOON,
        scanning=is_scanning(),
        used=queries.used_bytes(guard.place_id()),
        quota=quota_bytes(),
    )


@blueprint.get("/councils/<council>/evidence.csv")
@requires(Permission.EVIDENCE_READ)
def download_list() -> ResponseReturnValue:
    """The rows that the list shows, as CSV."""
    headings = (
        "Title",
        "Kind",
        "File or address",
        "Size in bytes",
        "Date it speaks for",
        "Valid until",
        "Added",
        "Added by",
    )
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
    """One piece of evidence, with every version of a file."""
    row = queries.get_evidence(guard.place_id(), evidence_id)
    return render_template(
        "tenants/evidence/show.html",
        row=row,
        versions=queries.list_versions(row) if row.kind == "file" else [],
        today=clock.today(),
        soon=clock.today() + SOON,
        scanning=is_scanning(),
    )


@blueprint.get("/councils/<council>/evidence/<uuid:evidence_id>/file")
@requires(Permission.EVIDENCE_READ)
def download(evidence_id: UUID) -> ResponseReturnValue:
    """The file itself, as an attachment."""
    row = services.get_openable(guard.place_id(), evidence_id)
    return attachment_response(
        str(row.council_id), row.sha256 or "", filename=row.filename or row.title, content_type=row.content_type or ""
    )


@blueprint.get("/councils/<council>/evidence/<uuid:evidence_id>/preview")
@requires(Permission.EVIDENCE_READ)
def preview(evidence_id: UUID) -> str:
    """What the file shows, page by page, with its words beside."""
    row = services.get_openable(guard.place_id(), evidence_id)
    shown = open_page(row, request.args.get("page", ""))
    return render_template("tenants/evidence/preview.html", row=row, shown=shown)


@blueprint.get("/councils/<council>/evidence/<uuid:evidence_id>/pages/<int:page>")
@requires(Permission.EVIDENCE_READ)
def page_image(evidence_id: UUID, page: int) -> Response:
    """One page of a PDF, or a picture, as an image; kept by the reader's browser alone, asked for at every use."""
    row = services.get_openable(guard.place_id(), evidence_id)
    try:
        return picture_response(f"{row.sha256}-{page}", lambda: picture_of(row, page))
    except PreviewRefused as refusal:
        raise NotFound(refusal.message) from refusal


@blueprint.post("/councils/<council>/evidence/<uuid:evidence_id>/look")
@requires(Permission.EVIDENCE_WRITE)
def look_again(evidence_id: UUID) -> ResponseReturnValue:
    """Look at a link once more."""
    row = queries.get_evidence(guard.place_id(), evidence_id)
    services.look_again(row, by=guard.actor())
    flash("We look at the address now. Load this page again in a moment.", "notice")
    return redirect(url_for("evidence.show", evidence_id=row.id), code=303)


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

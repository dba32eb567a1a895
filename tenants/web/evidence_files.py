"""Files of the evidence library: many at once, one by one as a page sends them, a new version, earlier versions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, g, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge

from saas import guard, uploads
from saas.errors import Invalid, NotFound
from saas.files import ACCEPTED, FileRefused, attachment_response
from saas.forms import Bound, Upload
from saas.guard import requires
from saas.policy import Permission
from tenants.queries import evidence as queries
from tenants.services import evidence as services
from tenants.services.evidence import Kept

blueprint = Blueprint("evidence_files", __name__)
uploads.read_whole(blueprint, "upload", "replace")

WHO = "your council. Your region and the assessors see a file once an answer that cites it is sent"
UPLOADED = "uploaded"
"""Where the session keeps what became of the files that were sent, for the page that follows."""


class DatesForm(Schema):
    """The dates of any evidence."""

    speaks_for_on = fields.Date(metadata={"label": "Date it speaks for"})
    valid_until_on = fields.Date(metadata={"label": "Valid until"})


class UploadForm(DatesForm):
    """Files to be added, with dates that hold for all of them."""

    file = Upload(metadata={"label": "Files", "who": WHO, "quiet": True})


class OneForm(DatesForm):
    """One file, as a page sends it."""

    file = Upload(required=True, metadata={"label": "File"})
    size = fields.Integer(validate=validate.Range(min=0))


class ReplaceForm(DatesForm):
    """The newest version of a file, and the dates it brings."""

    file = Upload(required=True, metadata={"label": "New version", "who": WHO})


@blueprint.get("/councils/<council>/evidence/upload")
@requires(Permission.EVIDENCE_WRITE)
def upload_form() -> str:
    """Ask for files, and say what became of those sent before."""
    return _upload_page(Bound.empty(UploadForm), session.pop(UPLOADED, []))


def _upload_page(form: Bound, results: list[dict[str, Any]]) -> str:
    return render_template(
        "tenants/evidence/upload.html",
        form=form,
        accept=ACCEPTED,
        limit=uploads.limit_words(),
        results=results,
    )


@blueprint.post("/councils/<council>/evidence/upload")
@requires(Permission.EVIDENCE_WRITE)
def upload() -> ResponseReturnValue:
    """Receive files, each judged on its own: those that are refused say why, the others stay."""
    form = uploads.bind_upload(UploadForm)
    sent = [each for each in request.files.getlist("file") if each.filename]
    if form.valid and not sent:
        form.add_error("file", "Choose the files to add.")
    dates = form.values
    if form.valid:
        try:
            services.check_dates(dates["speaks_for_on"], dates["valid_until_on"])
        except Invalid as invalid:
            form.add_errors(invalid.messages)
    if not form.valid:
        return _upload_page(form, []), 422
    results = [_result_of(each, dates) for each in sent]
    if all(result["outcome"] == "refused" for result in results):
        for result in results:
            form.add_error("file", result["words"])
        return _upload_page(form, []), 422
    session[UPLOADED] = results
    return redirect(url_for("evidence_files.upload_form"), code=303)


def _result_of(sent: FileStorage, dates: dict[str, Any]) -> dict[str, Any]:
    try:
        return _take_in(sent, dates)
    except (FileRefused, Invalid) as refusal:
        return {"name": sent.filename, "outcome": "refused", "words": _why(refusal)}


def _take_in(sent: FileStorage, dates: dict[str, Any], *, announced: int | None = None) -> dict[str, Any]:
    with uploads.receive_upload(sent, announced=announced) as received:
        kept = services.take_in(
            guard.place_id(),
            received=received,
            title="",
            speaks_for_on=dates["speaks_for_on"],
            valid_until_on=dates["valid_until_on"],
            by=guard.actor(),
        )
        return {"name": received.filename, **told_of(kept)}


def told_of(kept: Kept) -> dict[str, Any]:
    """What became of an upload, in words and with the page where it can be seen."""
    title = kept.evidence.title
    said = {
        "added": "",
        "there": f"In the library already, as “{title}”. Nothing was added.",
        "earlier": f"In the library already: it is version {kept.number} of “{title}”. Nothing was added.",
        "removed": f"It was removed from the library, as “{title}”.",
        "restored": f"It had been removed, and is back in the library as “{title}”.",
    }
    removed = kept.outcome == "removed"
    page = (
        url_for("evidence.index", removed=kept.evidence.id)
        if removed
        else url_for("evidence.show", evidence_id=kept.evidence.id)
    )
    return {
        "outcome": kept.outcome,
        "words": said[kept.outcome],
        "href": page,
        "link": "See it and put it back" if removed else "Open",
        "id": str(kept.evidence.id),
    }


def _why(refusal: FileRefused | Invalid) -> str:
    if isinstance(refusal, Invalid):
        return " ".join(text for texts in refusal.messages.values() for text in texts)
    return refusal.message


@blueprint.post("/councils/<council>/evidence/files")
@requires(Permission.EVIDENCE_WRITE)
def receive() -> Response:
    """Receive one file from a page that sends several; what became of it, as JSON."""
    form = uploads.bind_upload(OneForm)
    if not form.valid:
        return uploads.refused(" ".join(problem.message for problem in form))
    try:
        return jsonify(_take_in(form.values["file"], form.values, announced=form.values["size"]))
    except (FileRefused, Invalid) as refusal:
        return uploads.refused(_why(refusal))


@blueprint.errorhandler(RequestEntityTooLarge)
def too_large(error: RequestEntityTooLarge) -> ResponseReturnValue:
    """A body beyond every limit was not read, so nobody knows yet whose it is."""
    if request.endpoint == "evidence_files.receive":
        return uploads.refused(uploads.too_large(), 413)
    g.setdefault("place", None)
    return render_template("errors/413.html", error=error), 413


@blueprint.get("/councils/<council>/evidence/<uuid:evidence_id>/replace")
@requires(Permission.EVIDENCE_WRITE)
def replace_form(evidence_id: UUID) -> str:
    """Ask for the new version of a file."""
    row = queries.get_evidence(guard.place_id(), evidence_id)
    if row.kind != "file":
        raise NotFound("This is no file: there is nothing to replace.")
    dates = {"speaks_for_on": row.speaks_for_on, "valid_until_on": row.valid_until_on}
    return _replace_page(Bound.empty(ReplaceForm, dates), row)


def _replace_page(form: Bound, row: Any) -> str:
    return render_template(
        "tenants/evidence/replace.html", form=form, row=row, accept=ACCEPTED, limit=uploads.limit_words()
    )


@blueprint.post("/councils/<council>/evidence/<uuid:evidence_id>/replace")
@requires(Permission.EVIDENCE_WRITE)
def replace(evidence_id: UUID) -> ResponseReturnValue:
    """Make a file the newest version; the earlier ones stay."""
    form = uploads.bind_upload(ReplaceForm)
    services.hold_library(guard.place_id())
    row = queries.get_evidence(guard.place_id(), evidence_id, lock=True)
    if form.valid:
        try:
            with uploads.receive_upload(form.values["file"]) as received:
                dates = {name: form.values[name] for name in ("speaks_for_on", "valid_until_on")}
                services.replace_file(row, received=received, **dates, by=guard.actor())
        except FileRefused as refusal:
            form.add_error("file", refusal.message)
        except Invalid as invalid:
            form.add_errors(invalid.messages)
        else:
            flash(f"“{row.title}” is now version {row.file_number}. Answers that cite it cite this version.", "success")
            return redirect(url_for("evidence.show", evidence_id=row.id), code=303)
    return _replace_page(form, row), 422


@blueprint.get("/councils/<council>/evidence/<uuid:evidence_id>/versions/<int:number>")
@requires(Permission.EVIDENCE_READ)
def download_version(evidence_id: UUID, number: int) -> ResponseReturnValue:
    """One version of a file, as an attachment."""
    version = services.get_openable_version(guard.place_id(), evidence_id, number)
    return attachment_response(
        str(version.council_id), version.sha256, filename=version.filename, content_type=version.content_type
    )

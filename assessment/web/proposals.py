"""The improvements a team wrote elsewhere: read from its document, shown, and taken into the report."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from marshmallow import Schema, fields
from werkzeug.wrappers import Response

from assessment.models.accreditations import Accreditation
from assessment.models.reports import ReportDraft
from assessment.queries.accreditations import get_accreditation
from assessment.queries.reports import get_draft
from assessment.services import report_imports
from assessment.web.report_pages import reading_of
from saas import guard, uploads
from saas.errors import Invalid, NotFound
from saas.forms import Bound, Upload, bind
from saas.guard import requires
from saas.policy import Permission

blueprint = Blueprint("proposals", __name__)
uploads.read_whole(blueprint, "read_document")
DOCUMENT = "/regions/<region>/cases/<uuid:accreditation_id>/report/document"


class SeenForm(Schema):
    """Which state of the draft was seen."""

    version = fields.Integer(required=True)


class DocumentForm(Schema):
    """A document with a table of actions."""

    version = fields.Integer(required=True)
    document = Upload(required=True, metadata={"label": "Document", "accept": ".docx,.xlsx,.csv"})


@blueprint.route(DOCUMENT, methods=["GET", "POST"])
@requires(Permission.REPORT_WRITE)
def read_document(accreditation_id: UUID) -> Response | str | tuple[str, int]:
    """Choose a document; what was read from it is shown before anything is taken in."""
    accreditation, draft = _draft(accreditation_id)
    if request.method == "GET":
        return _upload(accreditation, Bound.empty(DocumentForm, {"version": draft.version}))
    form, content = uploads.received(DocumentForm, "document")
    if content is not None:
        try:
            report_imports.read_document(accreditation_id, *content, version=form.values["version"], by=guard.actor())
        except Invalid as refusal:
            form.add_errors(refusal.messages)
        else:
            return redirect(url_for("proposals.preview", accreditation_id=accreditation_id), 303)
    return _upload(accreditation, form), 422


@blueprint.get(f"{DOCUMENT}/preview")
@requires(Permission.REPORT_WRITE)
def preview(accreditation_id: UUID) -> str:
    """What was read: rows, the other lines, what was doubtful."""
    accreditation, draft = _draft(accreditation_id)
    if draft.pending_import is None:
        raise NotFound
    return render_template(
        "assessment/proposals/preview.html",
        accreditation=accreditation,
        draft=draft,
        found=draft.pending_import,
        reading_of=reading_of,
    )


@blueprint.post(f"{DOCUMENT}/take-in")
@requires(Permission.REPORT_WRITE)
def take_in(accreditation_id: UUID) -> Response:
    """Take every row in."""
    _accreditation, before = _draft(accreditation_id)
    count = len(before.improvements)
    draft = report_imports.take_in(accreditation_id, version=_seen(bind(SeenForm, request.form)), by=guard.actor())
    flash(f"{len(draft.improvements) - count} improvements are taken in, after those that were there.", "success")
    return _to_report(accreditation_id)


@blueprint.post(f"{DOCUMENT}/discard")
@requires(Permission.REPORT_WRITE)
def discard(accreditation_id: UUID) -> Response:
    """Forget what was read."""
    _draft(accreditation_id)
    report_imports.discard(accreditation_id, version=_seen(bind(SeenForm, request.form)), by=guard.actor())
    flash("What was read from the document is discarded.", "success")
    return _to_report(accreditation_id)


def _draft(accreditation_id: UUID) -> tuple[Accreditation, ReportDraft]:
    return get_accreditation(accreditation_id), get_draft(accreditation_id)


def _to_report(accreditation_id: UUID) -> Response:
    return redirect(url_for("reports.edit", accreditation_id=accreditation_id, _anchor="improvements"), 303)


def _seen(form: Bound) -> int:
    if not form.valid:
        raise Invalid(form.errors)
    version: int = form.values["version"]
    return version


def _upload(accreditation: Accreditation, form: Bound) -> str:
    return render_template(
        "assessment/proposals/document.html", accreditation=accreditation, form=form, limit=uploads.limit_words()
    )

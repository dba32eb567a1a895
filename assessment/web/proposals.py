"""The improvements a report proposes: added, changed, moved and removed one by one, or read from a document."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

from assessment.models.accreditations import Accreditation
from assessment.models.reports import ReportDraft
from assessment.queries.accreditations import get_accreditation
from assessment.queries.frameworks import get_framework
from assessment.queries.reports import find_draft
from assessment.rules.reports import TEXTS
from assessment.services import report_imports, reports
from assessment.web.report_pages import reading_of
from saas import guard
from saas.errors import Conflict, Invalid, NotFound
from saas.forms import Bound, Upload, bind
from saas.guard import requires
from saas.policy import Permission

blueprint = Blueprint("proposals", __name__)
LIST = "/regions/<region>/cases/<uuid:accreditation_id>/report/improvements"
ONE = f"{LIST}/<uuid:key>"
DOCUMENT = "/regions/<region>/cases/<uuid:accreditation_id>/report/document"
LARGEST_DOCUMENT = 20_000_000
WORDS = ("action", "reason", "remark", "timescale")


class ImprovementForm(Schema):
    """One proposed improvement."""

    version = fields.Integer(required=True)
    action = fields.String(
        required=True,
        validate=validate.Length(max=reports.LONGEST_TEXT),
        metadata={"label": "What the council should do", "required": "Enter what the council should do"},
    )
    about = fields.String(metadata={"label": "What it is about"})
    reason = fields.String(validate=validate.Length(max=reports.LONGEST_TEXT), metadata={"label": "Source or reason"})
    remark = fields.String(
        validate=validate.Length(max=reports.LONGEST_TEXT),
        metadata={"label": "Remark of the assessors", "hint": "Kept word for word beside the reason."},
    )
    timescale = fields.String(
        validate=validate.Length(max=300),
        metadata={
            "label": "Timescale",
            "hint": "In your own words, such as “by May 2027”. How it is read stands beside it.",
        },
    )
    mandatory = fields.Boolean(metadata={"label": "The council has to do this to keep the award"})


class MoveForm(Schema):
    """Which state of the draft was seen, and where to."""

    version = fields.Integer(required=True)
    to = fields.String(validate=validate.OneOf(["up", "down"]))


class DocumentForm(Schema):
    """A document with a table of actions."""

    version = fields.Integer(required=True)
    document = Upload(required=True, metadata={"label": "Document", "accept": ".docx,.xlsx,.csv", "limit": "20 MB"})


@blueprint.route(f"{LIST}/new", methods=["GET", "POST"])
@requires(Permission.REPORT_WRITE)
def add(accreditation_id: UUID) -> Response | str | tuple[str, int]:
    """Add an improvement at the end."""

    def keep(texts: dict[str, str], mandatory: bool, version: int) -> str:
        draft = reports.add_improvement(accreditation_id, texts, mandatory=mandatory, version=version, by=guard.actor())
        return f"Improvement {len(draft.improvements)} is added."

    accreditation, draft = _draft(accreditation_id)
    return _form(accreditation, None, {"version": draft.version}, keep)


@blueprint.route(ONE, methods=["GET", "POST"])
@requires(Permission.REPORT_WRITE)
def edit(accreditation_id: UUID, key: UUID) -> Response | str | tuple[str, int]:
    """Change an improvement."""

    def keep(texts: dict[str, str], mandatory: bool, version: int) -> str:
        reports.edit_improvement(accreditation_id, key, texts, mandatory=mandatory, version=version, by=guard.actor())
        return f"Improvement {item['number']} is saved."

    accreditation, draft = _draft(accreditation_id)
    item = reports.improvement_of(draft, key)
    return _form(accreditation, item, _initial(draft, item), keep)


@blueprint.post(f"{ONE}/remove")
@requires(Permission.REPORT_WRITE)
def remove(accreditation_id: UUID, key: UUID) -> Response:
    """Take an improvement out of the draft."""
    number = reports.improvement_of(_draft(accreditation_id)[1], key)["number"]
    version = _seen(bind(MoveForm, request.form))
    reports.remove_improvement(accreditation_id, key, version=version, by=guard.actor())
    flash(f"Improvement {number} is removed. Those after it have moved up.", "success")
    return _to_report(accreditation_id)


@blueprint.post(f"{ONE}/move")
@requires(Permission.REPORT_WRITE)
def move(accreditation_id: UUID, key: UUID) -> Response:
    """Move an improvement one place."""
    reports.improvement_of(_draft(accreditation_id)[1], key)
    form = bind(MoveForm, request.form)
    version = _seen(form)
    step = -1 if form.values["to"] == "up" else 1
    reports.move_improvement(accreditation_id, key, step, version=version, by=guard.actor())
    return _to_report(accreditation_id)


@blueprint.route(DOCUMENT, methods=["GET", "POST"])
@requires(Permission.REPORT_WRITE)
def read_document(accreditation_id: UUID) -> Response | str | tuple[str, int]:
    """Choose a document; what was read from it is shown before anything is taken in."""
    accreditation, draft = _draft(accreditation_id)
    if request.method == "GET":
        return _upload(accreditation, Bound.empty(DocumentForm, {"version": draft.version}))
    form = bind(DocumentForm, request.form, request.files)
    if form.valid:
        file = form.values["document"]
        data = file.stream.read(LARGEST_DOCUMENT + 1)
        try:
            if len(data) > LARGEST_DOCUMENT:
                raise Invalid({"document": ["The document must be 20 MB or smaller"]})
            report_imports.read_document(
                accreditation_id, data, file.filename or "document", version=form.values["version"], by=guard.actor()
            )
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
    draft = report_imports.take_in(accreditation_id, version=_seen(bind(MoveForm, request.form)), by=guard.actor())
    flash(f"{len(draft.improvements) - count} improvements are taken in, after those that were there.", "success")
    return _to_report(accreditation_id)


@blueprint.post(f"{DOCUMENT}/discard")
@requires(Permission.REPORT_WRITE)
def discard(accreditation_id: UUID) -> Response:
    """Forget what was read."""
    _draft(accreditation_id)
    report_imports.discard(accreditation_id, version=_seen(bind(MoveForm, request.form)), by=guard.actor())
    flash("What was read from the document is discarded.", "success")
    return _to_report(accreditation_id)


def _draft(accreditation_id: UUID) -> tuple[Accreditation, ReportDraft]:
    accreditation = get_accreditation(accreditation_id)
    draft = find_draft(accreditation_id)
    if draft is None:
        raise NotFound
    return accreditation, draft


def _to_report(accreditation_id: UUID) -> Response:
    return redirect(url_for("reports.edit", accreditation_id=accreditation_id, _anchor="improvements"), 303)


def _seen(form: Bound) -> int:
    if not form.valid:
        raise Invalid(form.errors)
    version: int = form.values["version"]
    return version


def _upload(accreditation: Accreditation, form: Bound) -> str:
    return render_template("assessment/proposals/document.html", accreditation=accreditation, form=form)


def _initial(draft: ReportDraft, item: dict[str, Any]) -> dict[str, Any]:
    return {
        "version": draft.version,
        "mandatory": item["mandatory"],
        "about": item["requirement_code"] or (f"criterion {item['criterion_code']}" if item["criterion_code"] else ""),
        **{name: item[name] for name in WORDS},
    }


def _form(
    accreditation: Accreditation,
    item: dict[str, Any] | None,
    initial: dict[str, Any],
    keep: Callable[[dict[str, str], bool, int], str],
) -> Response | str | tuple[str, int]:
    if request.method == "GET":
        return _improvement_page(accreditation, item, Bound.empty(ImprovementForm, initial))
    form = bind(ImprovementForm, request.form)
    if form.valid:
        values = dict(form.values)
        criterion, _, code = values["about"].partition(" ")
        texts = dict.fromkeys(TEXTS, "") | {name: values[name] for name in WORDS}
        texts |= {"criterion_code": code} if criterion == "criterion" else {"requirement_code": values["about"]}
        try:
            flash(keep(texts, bool(values["mandatory"]), values["version"]), "success")
            return _to_report(accreditation.id)
        except Invalid as refusal:
            form.add_errors(
                {"about" if name == "requirement_code" else name: said for name, said in refusal.messages.items()}
            )
        except Conflict as stale:
            if not isinstance(stale.theirs, ReportDraft) or item is None:
                raise
            return _overtaken(accreditation, form, stale.theirs, item)
    return _improvement_page(accreditation, item, form), 422


def _improvement_page(accreditation: Accreditation, item: dict[str, Any] | None, form: Bound) -> str:
    framework = get_framework(accreditation.framework_id).tree
    abouts = []
    asked = {each.code for each in framework.requirements_of(accreditation.level)}
    for criterion in framework.criteria:
        abouts.append((f"criterion {criterion.code}", f"Criterion {criterion.code} as a whole: {criterion.title}"))
        abouts += [
            (each.code, f"{each.code} {each.title}")
            for element in criterion.elements
            for each in element.requirements
            if each.code in asked
        ]
    return render_template(
        "assessment/proposals/edit.html",
        accreditation=accreditation,
        item=item,
        form=form,
        abouts=abouts,
        reading=reading_of(form.typed("timescale")),
    )


def _overtaken(accreditation: Accreditation, form: Bound, theirs: ReportDraft, item: dict[str, Any]) -> tuple[str, int]:
    """Both texts; where the improvement is gone, only that is said."""
    try:
        stands = _initial(theirs, reports.improvement_of(theirs, UUID(item["key"])))
    except NotFound:
        raise Conflict(f"{theirs.updated_by_name} removed this improvement after you opened it.") from None
    pairs = [
        {"label": form.label(name), "name": name, "mine": form.typed(name), "theirs": stands[name]}
        for name in WORDS
        if form.typed(name) != stands[name]
    ]
    same = {
        name: form.typed(name)
        for name in (*WORDS, "about", "mandatory")
        if name not in {each["name"] for each in pairs}
    }
    page = render_template(
        "assessment/reports/conflict.html",
        accreditation=accreditation,
        heading=f"Somebody else changed the report while you wrote improvement {item['number']}",
        pairs=pairs,
        same={name: text for name, text in same.items() if text},
        theirs=theirs,
        action=url_for("proposals.edit", accreditation_id=accreditation.id, key=item["key"]),
        back=url_for("reports.edit", accreditation_id=accreditation.id),
    )
    return page, 409

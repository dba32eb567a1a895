"""Councils that merge: the region records it in two steps, the successor reads the record of the one that ended."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from assessment.queries import successions as queries
from assessment.rules.event_words import SENT_AS
from assessment.rules.improvements import LABELS
from assessment.rules.sealing import safe_name
from assessment.rules.stages import LABELS as STAGES
from assessment.rules.stages import Stage
from assessment.rules.successions import what_happens
from assessment.services import archives, report_papers, successions
from assessment.services.interim_letters import letter
from saas.downloads import PDF, file_response, paper_response
from saas.errors import Invalid
from saas.files import attachment_response, composed_response
from saas.forms import Bound, bind
from saas.guard import actor, place_id, requires
from saas.policy import Permission

blueprint = Blueprint("successions", __name__)
REGION = "/regions/<region>/successions"
RECORD = "/councils/<council>/records/<uuid:succession_id>"


class SuccessionForm(Schema):
    """Which council ended on which day, and which one succeeds it; `then` is "record" once it was confirmed."""

    council = fields.String(metadata={"label": "Council that ended", "quiet": True})
    successor = fields.String(metadata={"label": "Council that succeeds it", "quiet": True})
    ended_on = fields.Date(
        load_default=None,
        allow_none=True,
        metadata={"label": "Day on which it ended", "subject": "The day", "quiet": True},
    )
    then = fields.String(load_default="check", validate=validate.OneOf(["check", "record"]))


@blueprint.get(REGION)
@requires(Permission.REGION_REPORT_READ)
def index() -> str:
    """Every succession the region recorded."""
    return render_template("assessment/successions/index.html", successions=queries.list_successions(place_id()))


@blueprint.route(REGION + "/add", methods=["GET", "POST"])
@requires(Permission.COUNCIL_MERGE)
def add() -> ResponseReturnValue:
    """Choose, then see what will happen, then record it."""
    if request.method == "GET":
        return _page(Bound.empty(SuccessionForm))
    form = bind(SuccessionForm, request.form)
    if form.valid:
        given = dict(form.values)
        chosen = {name: given[name] for name in ("council", "successor", "ended_on")}
        try:
            if given["then"] == "check":
                return _confirm(form, chosen)
            made = successions.record(place_id(), **chosen, by=actor())
        except Invalid as refusal:
            form.add_errors(refusal.messages)
        else:
            flash(f"{made.council_name} has ended. {made.successor_name} reads its record now.", "success")
            return redirect(url_for("successions.index"), code=303)
    return _page(form), 422


@blueprint.get(RECORD)
@requires(Permission.ACCREDITATION_READ)
def show(succession_id: UUID) -> str:
    """The record of a council that merged into this one: what it sent and was given. Nothing here can be changed."""
    succession = queries.get_predecessor(place_id(), succession_id)
    return render_template(
        "assessment/successions/show.html",
        succession=succession,
        cycles=queries.record_of(succession.council_id),
        kinds=SENT_AS,
        stages={stage.value: words for stage, words in STAGES.items()},
        awarded=Stage.AWARDED.value,
        state_labels=LABELS,
    )


@blueprint.get(RECORD + "/submissions/<uuid:submission_id>")
@requires(Permission.ACCREDITATION_READ)
def download_submission(succession_id: UUID, submission_id: UUID) -> Response:
    """The ZIP of one submission, as it was sealed."""
    succession = queries.get_predecessor(place_id(), succession_id)
    submission = queries.get_inherited_submission(succession, submission_id)
    words = f"{succession.council_name} {SENT_AS[submission.kind]} {submission.number}"
    name = f"{safe_name(words)}.zip"
    if submission.archive_sha256 is not None:
        return attachment_response(
            str(submission.council_id), submission.archive_sha256, filename=name, content_type="application/zip"
        )
    written = archives.archive(submission)
    etag = f"{submission.hash}-{written.end_sha256[:16]}"
    return composed_response(written, filename=name, content_type="application/zip", etag=etag)


@blueprint.get(RECORD + "/reports/<uuid:report_id>.<any(docx, pdf):kind>")
@requires(Permission.ACCREDITATION_READ)
def download_report(succession_id: UUID, report_id: UUID, kind: str) -> Response:
    """An issued report, word for word."""
    succession = queries.get_predecessor(place_id(), succession_id)
    paper = report_papers.paper_of(queries.get_inherited_report(succession, report_id))
    return paper_response(paper, f"{succession.council_name} report", kind)


@blueprint.get(RECORD + "/letters/<uuid:accreditation_id>")
@requires(Permission.ACCREDITATION_READ)
def download_letter(succession_id: UUID, accreditation_id: UUID) -> Response:
    """The region's letter after an interim review."""
    succession = queries.get_predecessor(place_id(), succession_id)
    return file_response(letter(queries.get_inherited(succession, accreditation_id)), "interim-review.pdf", PDF)


def _page(form: Bound) -> str:
    councils = [(str(each.id), each.name) for each in queries.list_councils(place_id())]
    return render_template("assessment/successions/add.html", councils=councils, form=form)


def _confirm(form: Bound, chosen: dict[str, object]) -> str:
    ended, heir, day = successions.check(place_id(), **chosen)  # type: ignore[arg-type]
    found = queries.count_open(ended.id)
    return render_template(
        "assessment/successions/confirm.html",
        council=ended,
        successor=heir,
        ended_on=day,
        happens=what_happens(ended.name, heir.name, found.under_way, found.awards, found.improvements),
        form=form,
    )

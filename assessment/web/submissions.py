"""Sending: the check before it, the seal while it is made, and the receipt after it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response as BaseResponse

from assessment.models.accreditations import Accreditation
from assessment.models.submissions import Submission
from assessment.queries import answers, submissions
from assessment.queries.accreditations import get_accreditation, process_of
from assessment.queries.frameworks import get_framework
from assessment.queries.returned import list_words
from assessment.queries.seal_differences import compare_with_last
from assessment.rules import stages
from assessment.rules.event_words import SENT_AS
from assessment.rules.marks import shape_of
from assessment.rules.sealing import safe_name
from assessment.rules.stages import OutOfTurn, Stage
from assessment.services import submissions as services
from saas import clock
from saas.errors import Conflict, NotFound
from saas.files import attachment_response
from saas.forms import Bound, bind
from saas.guard import actor, requires
from saas.policy import Permission

blueprint = Blueprint("submissions", __name__)
HOME = "/councils/<council>/accreditations/<uuid:accreditation_id>"
CHECK = HOME + "/check/<any(plan, readiness):kind>"
SENT = HOME + "/submissions/<uuid:submission_id>"


class SendForm(Schema):
    """Sending asks for nothing more."""


class SendPlanForm(SendForm):
    """A plan says who watches over it."""

    monitor = fields.String(
        required=True,
        error_messages={"required": "Enter who watches over the whole plan."},
        validate=validate.Length(max=200),
        metadata={
            "label": "Who watches over the whole plan",
            "subject": "The name",
            "hint": "One named person, for example the head of democratic services.",
            "who": "your council and, once you send it, the region and its assessors.",
        },
    )


FORMS: dict[str, type[Schema]] = {"plan": SendPlanForm, "readiness": SendForm}


@blueprint.get(CHECK)
@requires(Permission.ACCREDITATION_READ)
def check(accreditation_id: UUID, kind: str) -> BaseResponse | str:
    """What is still missing, what will be sent and by whom; while the seal is made, how far it is."""
    accreditation = get_accreditation(accreditation_id)
    asked = submissions.find_latest_request(accreditation_id, kind)
    if asked is not None and asked.done_at is None and asked.failed_at is None:
        return render_template(
            "assessment/submissions/sealing.html",
            accreditation=accreditation,
            submission_kind=kind,
            what=SENT_AS[kind],
            asked=asked,
        )
    stage = Stage(accreditation.stage)
    if not stages.may(stage, services.VERBS[kind]):
        sent = submissions.find_latest(accreditation_id, kind)
        if sent is None:
            raise Conflict(str(OutOfTurn(stage, services.VERBS[kind])))
        return redirect(_receipt_of(sent), code=303)
    failure = asked.failure if asked is not None and asked.failed_at is not None else None
    form = Bound.empty(FORMS[kind], {"monitor": services.find_monitor(accreditation)} if kind == "plan" else {})
    return _check_page(accreditation, kind, form, failure)


@blueprint.post(CHECK)
@requires(Permission.SUBMISSION_SEAL)
def send(accreditation_id: UUID, kind: str) -> BaseResponse | tuple[str, int]:
    """Ask for the seal."""
    accreditation = get_accreditation(accreditation_id, lock=True)
    form = bind(FORMS[kind], request.form)
    if not form.valid:
        return _check_page(accreditation, kind, form), 422
    try:
        services.request_seal(accreditation, kind, monitor=form.values.get("monitor", ""), by=actor())
    except services.Incomplete as error:
        return _check_page(accreditation, kind, form, error.message), 409
    return redirect(url_for("submissions.check", accreditation_id=accreditation_id, kind=kind), code=303)


@blueprint.get(CHECK + "/progress")
@requires(Permission.ACCREDITATION_READ)
def progress(accreditation_id: UUID, kind: str) -> Response:
    """How far the seal is, for the page that waits for it."""
    accreditation = get_accreditation(accreditation_id)
    asked = submissions.find_latest_request(accreditation.id, kind)
    finished = asked is None or asked.done_at is not None or asked.failed_at is not None
    words = "This is done." if finished else "Being sealed: every file is read and checked."
    here = url_for("submissions.check", accreditation_id=accreditation_id, kind=kind)
    return jsonify(done=int(finished), total=1, words=words, finished=finished, href=here)


@blueprint.get(SENT)
@requires(Permission.ACCREDITATION_READ)
def show(accreditation_id: UUID, submission_id: UUID) -> str:
    """The receipt: what was sent, by whom and when, under which hash."""
    submission = _submission(accreditation_id, submission_id)
    accreditation = get_accreditation(accreditation_id)
    framework = get_framework(accreditation.framework_id)
    rows = []
    sent = submissions.list_answers(submission_id)
    for answer in sent:
        step = framework.tree.step(answer.judgement)
        rows.append((framework.requirement(answer.requirement_id), step, shape_of(framework.tree, step), answer))
    return render_template(
        "assessment/submissions/show.html",
        accreditation=accreditation,
        submission=submission,
        what=SENT_AS[submission.kind],
        rows=rows,
        files=submissions.list_files(submission_id),
        decision=submissions.find_decision(submission_id),
        compared=compare_with_last(submission, accreditation.framework_id, sent),
        said=list_words(submission_id),
    )


@blueprint.get(SENT + "/archive")
@requires(Permission.ACCREDITATION_READ)
def download(accreditation_id: UUID, submission_id: UUID) -> Response:
    """The archive with everything that was sent; anybody can verify it offline."""
    submission = _submission(accreditation_id, submission_id)
    name = safe_name(f"{submission.document['council']['name']} {SENT_AS[submission.kind]} {submission.number}")
    return attachment_response(
        str(submission.council_id),
        submission.archive_sha256,
        filename=f"{name}.zip",
        content_type="application/zip",
    )


@blueprint.get(SENT + "/files/<uuid:file_id>")
@requires(Permission.ACCREDITATION_READ)
def download_file(accreditation_id: UUID, submission_id: UUID, file_id: UUID) -> Response:
    """One file as it was sent."""
    submission = _submission(accreditation_id, submission_id)
    file = submissions.get_file(file_id)
    if file.submission_id != submission.id:
        raise NotFound
    return attachment_response(
        str(file.council_id), file.sha256, filename=file.filename, content_type=file.content_type, inline=True
    )


def _submission(accreditation_id: UUID, submission_id: UUID) -> Submission:
    """The submission, when it belongs to this accreditation; raises NotFound."""
    submission = submissions.get_submission(submission_id)
    if submission.accreditation_id != accreditation_id:
        raise NotFound
    return submission


def _receipt_of(submission: Submission) -> str:
    return url_for("submissions.show", accreditation_id=submission.accreditation_id, submission_id=submission.id)


def _check_page(accreditation: Accreditation, kind: str, form: Bound, refusal: str | None = None) -> str:
    """The check; `refusal` says why it was not sent the last time."""
    framework = get_framework(accreditation.framework_id)
    problems: dict[str, list[str]] = {}
    for problem in services.list_problems(accreditation, kind):
        problems.setdefault(problem.requirement_code, []).append(problem.words)
    lines = answers.list_answer_lines(accreditation)
    level = framework.tree.level(accreditation.level)
    return render_template(
        "assessment/submissions/check.html",
        accreditation=accreditation,
        submission_kind=kind,
        what=SENT_AS[kind],
        level=level,
        framework=framework.tree,
        problems=[(framework.tree.requirement(code), words) for code, words in problems.items()],
        requirements=len(framework.tree.requirements_of(accreditation.level)),
        actions=sum(line.actions for line in lines.values()),
        outdated=_outdated(accreditation),
        cited=sum(line.evidence for line in lines.values()),
        signatories=process_of(accreditation).signatories,
        form=form,
        refusal=refusal,
        today=clock.today(),
    )


def _outdated(accreditation: Accreditation) -> list[Any]:
    """Cited evidence that is no longer in force: worth a look, but it can be sent."""
    today = clock.today()
    found = {
        row.Evidence.id: row.Evidence
        for rows in answers.list_citations(accreditation).values()
        for row in rows
        if row.Evidence.valid_until_on is not None and row.Evidence.valid_until_on < today
    }
    return list(found.values())

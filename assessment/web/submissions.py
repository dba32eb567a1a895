"""Sending: the check before it, the seal while it is made, and the receipt after it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response as BaseResponse

from assessment.models.accreditations import Accreditation
from assessment.models.submissions import SealRequest, Submission
from assessment.queries import answers, chair_confirmations, signings, submissions
from assessment.queries.accreditations import get_accreditation, process_of
from assessment.queries.frameworks import get_framework
from assessment.queries.returned import find_decision_and_words
from assessment.queries.seal_differences import compare_with_last
from assessment.rules import stages
from assessment.rules.answering import progress_of
from assessment.rules.completeness import Finding
from assessment.rules.event_words import SENT_AS
from assessment.rules.framework_tree import Framework, Requirement
from assessment.rules.lateness import words_of as late_words
from assessment.rules.marks import shape_of
from assessment.rules.stages import OutOfTurn, Stage
from assessment.services import archives
from assessment.services import submissions as services
from saas.downloads import PDF, file_response
from saas.errors import Conflict, NotFound
from saas.files import attachment_response, composed_response
from saas.forms import Bound, bind
from saas.guard import actor, requires
from saas.policy import Permission
from saas.progress import look
from saas.templating import filesize, plural

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
            so_far=_how_far(asked),
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
    done, total, words = (1, 1, "This is done.") if asked is None or finished else _how_far(asked)
    here = url_for("submissions.check", accreditation_id=accreditation_id, kind=kind)
    return jsonify(done=done, total=total, words=words, finished=finished, href=here)


def _how_far(asked: SealRequest) -> tuple[int, int, str]:
    """Bytes read, bytes in all, and both in words; (0, 0, …) while nothing is known."""
    known = look(f"seal:{asked.id}")
    if known is None:
        return 0, 0, "Being sealed: every file is read and checked."
    if not known["of_files"]:
        return 0, 0, "Being sealed: no file is cited."
    files = f"{known['files']} of {plural(known['of_files'], 'file')} read"
    words = f"{files}, {filesize(known['bytes'])} of {filesize(known['of_bytes'])}."
    return known["bytes"], known["of_bytes"], words


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
    sealed_files = submissions.list_files(submission_id)
    decision, said = find_decision_and_words(submission_id)
    is_return = submission.kind == "interim"
    return render_template(
        "assessment/submissions/show.html",
        accreditation=accreditation,
        submission=submission,
        late=late_words(submission.document),
        what=SENT_AS[submission.kind],
        is_return=is_return,
        rows=rows,
        files=sealed_files,
        size=submission.archive_size or sum(file.size for file in sealed_files),
        has_printed=submission.archive_sha256 is None,
        confirmed=[(requirement, answer.carried) for requirement, _, _, answer in rows if answer.carried],
        decision=decision,
        compared=None if is_return else compare_with_last(submission, accreditation.framework_id, sent),
        said=said,
    )


@blueprint.get(SENT + "/archive")
@requires(Permission.ACCREDITATION_READ)
def download(accreditation_id: UUID, submission_id: UUID) -> Response:
    """The archive with everything that was sent; anybody can verify it offline."""
    submission = _submission(accreditation_id, submission_id)
    if submission.archive_sha256 is not None:
        return attachment_response(
            str(submission.council_id),
            submission.archive_sha256,
            filename=archives.name_of(submission, "zip"),
            content_type="application/zip",
        )
    written = archives.archive(submission)
    return composed_response(
        archives.Watched(written, submission.id),
        filename=archives.name_of(submission, "zip"),
        content_type="application/zip",
        etag=f"{submission.hash}-{written.end_sha256[:16]}",
    )


@blueprint.get(SENT + "/receipt.pdf")
@requires(Permission.ACCREDITATION_READ)
def download_receipt(accreditation_id: UUID, submission_id: UUID) -> Response:
    """The receipt for printing."""
    submission = _submission(accreditation_id, submission_id)
    return file_response(archives.receipt(submission), archives.name_of(submission, "pdf", "receipt "), PDF)


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
    process = process_of(accreditation)
    signing = signings.find_current(accreditation, kind)
    unsigned = kind == "readiness" and process.readiness_signed and not (signing and signing.complete_at)
    confirmation = chair_confirmations.find_standing(accreditation, kind) if process.chair_confirms else None
    unconfirmed = process.chair_confirms and confirmation is None
    findings = services.look_over(accreditation, kind)
    by_id = answers.list_answer_lines(accreditation)
    lines = by_id.values()
    return render_template(
        "assessment/submissions/check.html",
        accreditation=accreditation,
        submission_kind=kind,
        what=SENT_AS[kind],
        level=framework.tree.level(accreditation.level),
        framework=framework.tree,
        missing=_by_requirement(framework.tree, [each for each in findings if each.refuses]),
        glances=_by_words(framework.tree, [each for each in findings if not each.refuses]),
        things=sum(each.refuses for each in findings),
        last_day=services.before_sending(accreditation) if kind == "readiness" else "",
        too_late=kind == "readiness" and services.is_too_late(accreditation),
        requirements=len(framework.tree.requirements_of(accreditation.level)),
        progress=progress_of(
            framework.tree, accreditation.level, {framework.codes[each]: line for each, line in by_id.items()}
        ),
        actions=sum(line.actions for line in lines),
        cited=sum(line.evidence for line in lines),
        evidence_expected=process.evidence_expected,
        signatories=process.signatories,
        signing=signing,
        to_sign=signings.list_standing(accreditation, signing, process.signatories) if unsigned else [],
        confirmation=confirmation,
        unconfirmed=unconfirmed,
        chair_asked_at=chair_confirmations.find_asked_at(accreditation, kind) if unconfirmed else None,
        form=form,
        refusal=refusal,
    )


def _by_requirement(framework: Framework, findings: list[Finding]) -> list[tuple[Requirement, list[Finding]]]:
    """What is to be done in each requirement, in the order found."""
    grouped: dict[str, list[Finding]] = {}
    for finding in findings:
        grouped.setdefault(finding.requirement_code, []).append(finding)
    return [(framework.requirement(code), found) for code, found in grouped.items()]


def _by_words(framework: Framework, findings: list[Finding]) -> list[tuple[Finding, list[Requirement]]]:
    """What is the same in several requirements, said once with all of them, in the order found."""
    grouped: dict[tuple[str, UUID | None], list[Finding]] = {}
    for finding in findings:
        grouped.setdefault((finding.words, finding.evidence_id), []).append(finding)
    return [
        (same[0], [framework.requirement(each.requirement_code) for each in same if each.requirement_code])
        for same in grouped.values()
    ]

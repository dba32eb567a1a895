"""Sending, for programs: what is still missing, the seal, and what was sealed as a ZIP that anybody can verify."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Response, url_for
from marshmallow import fields, validate

from assessment.api.cases import SentSchema
from assessment.api.sealed import SealedSubmissionSchema, sealed
from assessment.models.submissions import OUTCOMES, SUBMISSION_KINDS, SealRequest, Submission
from assessment.queries import submissions as queries
from assessment.queries.accreditations import get_accreditation
from assessment.rules.completeness import Kind
from assessment.services import archives
from assessment.services import submissions as services
from saas.api import ApiSchema, FileOf, Given, Listed, Operations
from saas.errors import NotFound
from saas.files import attachment_response, composed_response
from saas.guard import actor, requires
from saas.policy import Permission

operations = Operations("submissions", "Submissions")
ONE = "/councils/<council>/accreditations/<uuid:accreditation_id>"
SENT = f"{ONE}/submissions"
ZIP = "application/zip"
LONGEST_NAME = 200


class FindingSchema(ApiSchema):
    """One thing that is missing or worth a look before it is sent."""

    kind = fields.String(required=True, metadata={"enum": [kind.value for kind in Kind]})
    words = fields.String(required=True)
    requirement = fields.String(
        required=True, attribute="requirement_code", metadata={"description": "Its code; empty where it is of none."}
    )
    evidence_id = fields.UUID(required=True, allow_none=True)
    refuses = fields.Boolean(required=True, metadata={"description": "Whether it keeps it from being sent."})


class CheckSchema(ApiSchema):
    """What a look over everything found."""

    complete = fields.Boolean(required=True, metadata={"description": "Whether nothing keeps it from being sent."})
    findings = fields.List(fields.Nested(FindingSchema), required=True)


class AskedCheckSchema(ApiSchema):
    """Before what it is looked over."""

    kind = fields.String(load_default="readiness", validate=validate.OneOf(sorted(services.VERBS)))


class SealSchema(ApiSchema):
    """A seal that was asked for; answers rest while it is made."""

    id = fields.UUID(required=True)
    accreditation_id = fields.UUID(required=True)
    kind = fields.String(required=True, metadata={"enum": list(SUBMISSION_KINDS)})
    state = fields.String(
        required=True,
        metadata={
            "enum": ["sealing", "sealed", "failed"],
            "description": "Ask again until it is not `sealing`. Of a failed one nothing was sent.",
        },
    )
    failure = fields.String(required=True, allow_none=True, metadata={"description": "Why it failed."})
    submission_id = fields.UUID(required=True, allow_none=True, metadata={"description": "What was sealed and sent."})
    asked_at = fields.AwareDateTime(required=True)
    asked_by_name = fields.String(required=True)


class SentPlanDetailsSchema(ApiSchema):
    """What goes with a plan."""

    monitor = fields.String(
        load_default="",
        validate=validate.Length(max=LONGEST_NAME),
        metadata={
            "description": "Who watches over the whole plan. Left out, whoever is named in it already.",
            "example": "Head of democratic services",
        },
    )


class SubmissionSchema(SealedSubmissionSchema):
    """What the council sent, as it was sealed, and what the region decided of it."""

    document_sha256 = fields.String(
        required=True,
        attribute="submission.document_sha256",
        metadata={"description": "Of the canonical JSON of the answers."},
    )
    sent_by_name = fields.String(required=True, attribute="submission.sent_by_name")
    outcome = fields.String(required=True, allow_none=True, metadata={"enum": [*OUTCOMES, None]})
    reason = fields.String(required=True, allow_none=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)
    decided_by_name = fields.String(required=True, allow_none=True)


@operations.get(f"{ONE}/check", "checkSubmission", answers=CheckSchema, asks=AskedCheckSchema)
@requires(Permission.ACCREDITATION_READ)
def check_submission(accreditation_id: UUID, asked: dict[str, Any]) -> dict[str, Any]:
    """Look over everything before it is sent. What is missing, and what is only worth a look, in the order of the
    framework."""
    findings = services.look_over(get_accreditation(accreditation_id), asked["kind"])
    return {"complete": not any(each.refuses for each in findings), "findings": findings}


@operations.post(f"{ONE}/plan-submission", "submitPlan", takes=SentPlanDetailsSchema, answers=SealSchema, status=202)
@requires(Permission.SUBMISSION_SEAL)
def submit_plan(accreditation_id: UUID, given: dict[str, Any]) -> Given:
    """Send the plan of the self-assessment. It is sealed by a job: getSeal tells when; answers rest meanwhile."""
    return _ask(accreditation_id, "plan", given["monitor"])


@operations.post(f"{ONE}/self-assessment-submission", "submitSelfAssessment", answers=SealSchema, status=202)
@requires(Permission.SUBMISSION_SEAL)
def submit_self_assessment(accreditation_id: UUID) -> Given:
    """Send the submission, which says that the council is ready. It is sealed by a job: getSeal tells when; answers
    rest meanwhile."""
    return _ask(accreditation_id, "readiness", "")


@operations.get(f"{ONE}/seals/<uuid:seal_id>", "getSeal", answers=SealSchema)
@requires(Permission.ACCREDITATION_READ)
def get_seal(accreditation_id: UUID, seal_id: UUID) -> dict[str, Any]:
    """Read how far a seal is. Once it is sealed, with the id of the submission."""
    accreditation, request = get_accreditation(accreditation_id), queries.get_request(seal_id)
    if request.accreditation_id != accreditation.id:
        raise NotFound
    return told_of_seal(request)


@operations.get(SENT, "listSubmissions", answers=Listed(SentSchema))
@requires(Permission.ACCREDITATION_READ)
def list_submissions(accreditation_id: UUID) -> Sequence[Any]:
    """List everything that was sent. Newest first, with what the region decided of it."""
    return queries.list_submissions(get_accreditation(accreditation_id).id)


@operations.get(f"{SENT}/<uuid:submission_id>", "getSubmission", answers=SubmissionSchema)
@requires(Permission.ACCREDITATION_READ)
def get_submission(accreditation_id: UUID, submission_id: UUID) -> dict[str, Any]:
    """Read what was sent. Every answer and file as sealed, with the hashes of the receipt."""
    submission = _submission(accreditation_id, submission_id)
    decision = queries.find_decision(submission_id)
    names = ("outcome", "reason", "decided_at", "decided_by_name")
    return sealed(submission) | {name: getattr(decision, name, None) for name in names}


@operations.get(f"{SENT}/<uuid:submission_id>/archive", "downloadSubmission", answers=FileOf((ZIP,)))
@requires(Permission.ACCREDITATION_READ)
def download_submission(accreditation_id: UUID, submission_id: UUID) -> Response:
    """Download everything that was sent. As a ZIP that `charterway submission verify` checks without a network."""
    submission = _submission(accreditation_id, submission_id)
    filename = archives.name_of(submission, "zip")
    if submission.archive_sha256 is not None:
        return attachment_response(
            str(submission.council_id), submission.archive_sha256, filename=filename, content_type=ZIP
        )
    written = archives.archive(submission)
    watched, etag = archives.Watched(written, submission.id), f"{submission.hash}-{written.end_sha256[:16]}"
    return composed_response(watched, filename=filename, content_type=ZIP, etag=etag)


def _ask(accreditation_id: UUID, kind: str, monitor: str) -> Given:
    accreditation = get_accreditation(accreditation_id, lock=True)
    request = services.request_seal(accreditation, kind, monitor=monitor, by=actor())
    here = url_for("api_submissions.getSeal", accreditation_id=accreditation_id, seal_id=request.id)
    return Given(told_of_seal(request), here)


def told_of_seal(request: SealRequest) -> dict[str, Any]:
    """A seal as SealSchema has it."""
    columns = ("id", "accreditation_id", "kind", "failure", "asked_at", "asked_by_name")
    state = "failed" if request.failed_at else "sealed" if request.done_at else "sealing"
    submission_id = queries.find_sealed(request.id) if request.done_at else None
    return {name: getattr(request, name) for name in columns} | {"state": state, "submission_id": submission_id}


def _submission(accreditation_id: UUID, submission_id: UUID) -> Submission:
    """The submission, when it belongs to this accreditation; raises NotFound."""
    submission = queries.get_submission(submission_id)
    if submission.accreditation_id != get_accreditation(accreditation_id).id:
        raise NotFound
    return submission

"""The region's cases, for programs: where each accreditation stands, and what its council sent."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import fields, validate

from assessment.api.sealed import SealedSubmissionSchema, sealed
from assessment.models.submissions import OUTCOMES, SUBMISSION_KINDS
from assessment.queries.cases import Case, list_cases_to_watch
from assessment.queries.cases import get_case as find_case
from assessment.queries.scores import get_sealed_file
from assessment.queries.states import since_of, state_of
from assessment.queries.submissions import get_submission, list_submissions
from assessment.rules.states import LABELS
from saas.api import ApiSchema, FileOf, Listed, Operations
from saas.errors import NotFound
from saas.files import CONTENT_TYPES, attachment_response
from saas.guard import place_id, requires
from saas.policy import Permission

operations = Operations("cases", "Cases of a region")
OF_REGION = "/regions/<region>/accreditations"
CASE = f"{OF_REGION}/<uuid:accreditation_id>"
STATES = [state for state in LABELS if state != "none"]


class CaseSchema(ApiSchema):
    """One accreditation as its region sees it."""

    id = fields.UUID(required=True)
    council_id = fields.UUID(required=True)
    council = fields.String(required=True, metadata={"description": "Its name.", "example": "Harrowfen Council"})
    framework_id = fields.UUID(required=True)
    framework = fields.String(required=True, metadata={"description": "Its title and version."})
    level = fields.String(required=True, metadata={"example": "charter"})
    level_title = fields.String(required=True)
    stage = fields.String(required=True, metadata={"description": "Of the journey.", "example": "moderating"})
    state = fields.String(
        required=True,
        metadata={"enum": STATES, "description": "The stage; of an accreditation that was awarded, the award's state."},
    )
    since = fields.Date(required=True, metadata={"description": "Since when it is in this state."})
    committed_at = fields.AwareDateTime(required=True)
    next_due_on = fields.Date(required=True, allow_none=True, metadata={"description": "What is waited for is due."})
    late = fields.Boolean(required=True)
    lead = fields.String(required=True, allow_none=True, metadata={"description": "Who leads the assessment."})
    submission_id = fields.UUID(required=True, allow_none=True, metadata={"description": "What was sent last."})
    submission_kind = fields.String(required=True, metadata={"enum": ["", *SUBMISSION_KINDS]})
    submission_outcome = fields.String(
        required=True,
        allow_none=True,
        metadata={"enum": [*OUTCOMES, None], "description": "What the region decided of it; null until then."},
    )


class SentSchema(ApiSchema):
    """Something a council sent, sealed, and what the region decided of it."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True, metadata={"enum": list(SUBMISSION_KINDS)})
    number = fields.Integer(required=True, metadata={"description": "1 for the first of its kind."})
    hash = fields.String(required=True, metadata={"description": "SHA-256 over the document and every file."})
    sealed_at = fields.AwareDateTime(required=True)
    sent_by_name = fields.String(required=True)
    outcome = fields.String(required=True, allow_none=True, metadata={"enum": [*OUTCOMES, None]})
    reason = fields.String(required=True, allow_none=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)
    decided_by_name = fields.String(required=True, allow_none=True)


class WholeCaseSchema(CaseSchema):
    """One accreditation with everything its council sent, the newest first."""

    submissions = fields.List(fields.Nested(SentSchema), required=True)


class AskedCasesSchema(ApiSchema):
    """Which cases."""

    state = fields.String(load_default="", validate=validate.OneOf(["", *STATES]))


@operations.get(OF_REGION, "listCases", answers=Listed(CaseSchema), asks=AskedCasesSchema)
@requires(Permission.CASE_READ)
def list_cases(asked: dict[str, Any]) -> list[dict[str, Any]]:
    """List the cases of a region. Under way, or with something open after the decision; the longest in its stage
    first.
    """
    found = [_told(case) for case in list_cases_to_watch(place_id())]
    return [case for case in found if asked["state"] in ("", case["state"])]


@operations.get(CASE, "getCase", answers=WholeCaseSchema)
@requires(Permission.CASE_READ)
def get_case(accreditation_id: UUID) -> dict[str, Any]:
    """Read one case. With everything that its council sent."""
    return _told(find_case(accreditation_id)) | {"submissions": list_submissions(accreditation_id)}


@operations.get(f"{CASE}/submissions/<uuid:submission_id>", "getCaseSubmission", answers=SealedSubmissionSchema)
@requires(Permission.CASE_READ)
def get_case_submission(accreditation_id: UUID, submission_id: UUID) -> dict[str, Any]:
    """Read what a council sent. Requirement by requirement, as it was sealed."""
    submission = get_submission(submission_id)
    if submission.accreditation_id != accreditation_id:
        raise NotFound
    return sealed(submission)


@operations.get(f"{CASE}/sealed-files/<uuid:file_id>", "downloadCaseFile", answers=FileOf(CONTENT_TYPES))
@requires(Permission.CASE_READ)
def download_case_file(accreditation_id: UUID, file_id: UUID) -> Response:
    """Download one sealed file. As its council sent it."""
    file = get_sealed_file(accreditation_id, file_id)
    return attachment_response(
        str(file.council_id), file.sha256, filename=file.filename, content_type=file.content_type
    )


def _told(case: Case) -> dict[str, Any]:
    accreditation = case.accreditation
    return {
        "id": accreditation.id,
        "council_id": accreditation.council_id,
        "council": accreditation.council_name,
        "framework_id": accreditation.framework_id,
        "framework": f"{case.framework_title} ({case.framework_version})",
        "level": accreditation.level,
        "level_title": case.level_title,
        "stage": accreditation.stage,
        "state": state_of(case),
        "since": since_of(case),
        "committed_at": accreditation.committed_at,
        "next_due_on": accreditation.next_due_on,
        "late": case.facts.late,
        "lead": case.lead,
        "submission_id": case.submission_id,
        "submission_kind": case.facts.sent,
        "submission_outcome": case.facts.sent_outcome,
    }

"""An assessor's files, for programs: which are assigned, the declaration that opens one, and what was sent."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import fields, validate

from assessment.api.sealed import SealedSubmissionSchema, sealed
from assessment.models.assignments import DUTIES, INTERESTS, Assignment
from assessment.queries import assignments as queries
from assessment.queries import scores
from assessment.queries.submissions import get_submission
from assessment.rules.conflicts import LONGEST_WORDS
from assessment.rules.teams import CAPACITIES
from assessment.services import interests
from saas.api import ApiSchema, FileOf, Listed, Operations
from saas.files import CONTENT_TYPES, attachment_response
from saas.guard import actor, place_id, requires, viewer
from saas.policy import Permission

operations = Operations("files", "Assessors' files")
FILE = "/files/<uuid:file>"


class OwnFileSchema(ApiSchema):
    """The caller's part in one assessment. Until interests are declared nothing of the file itself can be read."""

    file = fields.UUID(required=True, attribute="accreditation_id", metadata={"description": "Names it in addresses."})
    council = fields.String(required=True, attribute="council_name")
    framework = fields.String(required=True, attribute="framework_title")
    duty = fields.String(required=True, metadata={"enum": list(DUTIES)})
    capacity = fields.String(required=True, metadata={"enum": list(CAPACITIES)})
    assigned_at = fields.AwareDateTime(required=True)
    interest = fields.String(required=True, allow_none=True, metadata={"enum": [*INTERESTS, None]})
    declared_at = fields.AwareDateTime(required=True, allow_none=True)
    withdrawn_at = fields.AwareDateTime(required=True, allow_none=True)
    scored = fields.Integer(required=True, metadata={"description": "How many requirements have a score."})
    to_score = fields.Integer(required=True)
    submitted_at = fields.AwareDateTime(required=True, allow_none=True)
    closes_on = fields.Date(required=True, allow_none=True, metadata={"description": "Its last day."})
    closed_at = fields.AwareDateTime(required=True, allow_none=True)


class DeclaredInterestSchema(ApiSchema):
    """Whether there is an interest in the council, and whether the caller can take part."""

    interest = fields.String(
        required=True,
        validate=validate.OneOf(["none", "conflict", "cannot"]),
        metadata={"description": "`none` opens the file; `conflict` never does; `cannot` leaves the team."},
    )
    words = fields.String(
        load_default="",
        validate=validate.Length(max=LONGEST_WORDS),
        metadata={"description": "What the interest is (needed), or why not. The region alone reads it."},
    )


class LateConflictSchema(ApiSchema):
    """What has changed since it was declared that there is no interest."""

    words = fields.String(
        required=True,
        validate=validate.Length(1, LONGEST_WORDS),
        metadata={"description": "The region alone reads it."},
    )


@operations.get("/regions/<region>/files", "listFiles", answers=Listed(OwnFileSchema, "id"))
@requires(Permission.FILE_READ)
def list_files() -> list[Assignment]:
    """List the caller's own files. What is open first, then the newest first."""
    return [each for each in queries.list_own(viewer().id) if each.region_id == place_id()]


@operations.post(f"{FILE}/interests", "declareInterests", takes=DeclaredInterestSchema, answers=OwnFileSchema,
                 status=200)  # fmt: skip
@requires(Permission.INTEREST_DECLARE)
def declare_interests(given: dict[str, Any]) -> Assignment:
    """Declare interests. Once; only who has none gets the file to read."""
    assignment = _own()
    if given["interest"] == "cannot":
        interests.decline(assignment, words=given["words"], by=actor())
    else:
        interests.declare(assignment, interest=given["interest"], words=given["words"], by=actor())
    return assignment


@operations.post(f"{FILE}/interests/changed", "declareLateConflict", takes=LateConflictSchema, answers=OwnFileSchema,
                 status=200)  # fmt: skip
@requires(Permission.INTEREST_DECLARE)
def declare_late_conflict(given: dict[str, Any]) -> Assignment:
    """Declare a conflict that was not known at first. The file closes to the caller at once."""
    assignment = _own()
    interests.declare_late(assignment, words=given["words"], by=actor())
    return assignment


@operations.get(f"{FILE}/submission", "getFileSubmission", answers=SealedSubmissionSchema)
@requires(Permission.FILE_READ)
def get_file_submission() -> dict[str, Any]:
    """Read what the council sent. Once interests are declared, and while the file is open."""
    _, assignment = scores.get_file(place_id(), viewer().id)
    return sealed(get_submission(assignment.submission_id))


@operations.get(f"{FILE}/sealed-files/<uuid:file_id>", "downloadSealedFile", answers=FileOf(CONTENT_TYPES))
@requires(Permission.FILE_READ)
def download_sealed_file(file_id: UUID) -> Response:
    """Download one sealed file. As its council sent it."""
    found = scores.get_sealed_file(place_id(), file_id)
    return attachment_response(
        str(found.council_id), found.sha256, filename=found.filename, content_type=found.content_type
    )


def _own() -> Assignment:
    return queries.get_own(place_id(), viewer().id, lock=True)

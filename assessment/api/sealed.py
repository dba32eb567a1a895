"""What was sealed, as operations of the region and of its assessors answer it."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from assessment.models.accreditations import Accreditation
from assessment.models.submissions import SUBMISSION_KINDS, Submission, SubmissionAnswer
from assessment.queries.accreditations import get_accreditation
from assessment.queries.frameworks import PublishedFramework, get_framework
from assessment.queries.submissions import list_answers, list_files
from saas.api import ApiSchema


class CitedSchema(ApiSchema):
    """What an answer cites: a sealed file, a web address, or a measure as it stood."""

    title = fields.String(required=True)
    pinpoint = fields.String(metadata={"description": "Where in it.", "example": "Page 2"})
    why = fields.String(metadata={"description": "What it shows."})
    file_id = fields.UUID(allow_none=True, metadata={"description": "Of a file: its id among the sealed files."})
    url = fields.String(allow_none=True)
    measure = fields.Dict(allow_none=True)


class SealedAnswerSchema(ApiSchema):
    """One answer as it was sent."""

    requirement = fields.String(required=True, metadata={"description": "Its code.", "example": "1.1.1"})
    title = fields.String(required=True)
    judgement = fields.String(required=True, metadata={"description": "The code of a step of the framework's scale."})
    narrative = fields.String(required=True)
    not_applicable_reason = fields.String(required=True)
    evidence = fields.List(fields.Nested(CitedSchema), required=True)


class SealedFileSchema(ApiSchema):
    """One cited file as it was sent."""

    id = fields.UUID(required=True)
    title = fields.String(required=True)
    filename = fields.String(required=True)
    content_type = fields.String(required=True)
    size = fields.Integer(required=True, metadata={"description": "Bytes."})
    sha256 = fields.String(required=True)


class SealedSubmissionSchema(ApiSchema):
    """What a council sent, as it was sealed: it never changes."""

    id = fields.UUID(required=True, attribute="submission.id")
    accreditation_id = fields.UUID(required=True, attribute="submission.accreditation_id")
    kind = fields.String(required=True, attribute="submission.kind", metadata={"enum": list(SUBMISSION_KINDS)})
    number = fields.Integer(required=True, attribute="submission.number")
    hash = fields.String(
        required=True,
        attribute="submission.hash",
        metadata={"description": "SHA-256 over the document and every file."},
    )
    sealed_at = fields.AwareDateTime(required=True, attribute="submission.sealed_at")
    framework_id = fields.UUID(required=True)
    level = fields.String(required=True)
    answers = fields.List(fields.Nested(SealedAnswerSchema), required=True)
    files = fields.List(fields.Nested(SealedFileSchema), required=True)


def sealed(submission: Submission) -> dict[str, Any]:
    """A submission with its answers, in the order of the framework, and its files; in any scope that sees it."""
    accreditation: Accreditation = get_accreditation(submission.accreditation_id)
    framework = get_framework(accreditation.framework_id)
    return {
        "submission": submission,
        "framework_id": framework.id,
        "level": accreditation.level,
        "answers": [sealed_answer(framework, each) for each in list_answers(submission.id)],
        "files": list_files(submission.id),
    }


def sealed_answer(framework: PublishedFramework, answer: SubmissionAnswer) -> dict[str, Any]:
    """One answer by its requirement's code."""
    requirement = framework.requirement(answer.requirement_id)
    return {
        "requirement": requirement.code,
        "title": requirement.title,
        "judgement": answer.judgement,
        "narrative": answer.narrative,
        "not_applicable_reason": answer.not_applicable_reason,
        "evidence": answer.evidence,
    }

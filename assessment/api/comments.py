"""What colleagues say to each other about a requirement, for programs; it is never sent to the region."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from assessment.api.answers import ONE as ANSWER
from assessment.api.answers import requirement_named
from assessment.models.accreditations import Accreditation
from assessment.models.answers import AnswerComment
from assessment.queries.accreditations import get_accreditation
from assessment.queries.comments import Discussion, get_comment, get_discussion
from assessment.services import comments as services
from saas.api import ApiSchema, Listed, Operations
from saas.errors import NotFound
from saas.guard import actor, requires
from saas.policy import Permission
from tenants.queries.access import Colleague

operations = Operations("comments", "Self-assessment")
LIST = f"{ANSWER}/comments"
ONE = f"{LIST}/<uuid:comment_id>"


class AnswerCommentSchema(ApiSchema):
    """Something that a colleague said about a requirement."""

    id = fields.UUID(required=True)
    words = fields.String(required=True)
    mentions = fields.List(fields.UUID(), required=True, metadata={"description": "Users who were told."})
    written_at = fields.AwareDateTime(required=True)
    written_by_name = fields.String(required=True)
    settled_at = fields.AwareDateTime(required=True, allow_none=True)
    settled_by_name = fields.String(required=True)


class WrittenAnswerCommentSchema(ApiSchema):
    """Something to say, and who is to be told."""

    words = fields.String(
        required=True,
        validate=validate.Length(1, services.LONGEST),
        metadata={"description": "Who is called by @ and a name is told too.", "example": "Is this still so?"},
    )
    mentions = fields.List(
        fields.UUID(), load_default=list, metadata={"description": "Users who are to be told: of listCommenters."}
    )


class CommenterSchema(ApiSchema):
    """A colleague who reads the self-assessment, and can be told of a comment."""

    user_id = fields.UUID(required=True)
    name = fields.String(required=True)


@operations.get(LIST, "listAnswerComments", answers=Listed(AnswerCommentSchema))
@requires(Permission.ANSWER_COMMENT)
def list_comments(accreditation_id: UUID, code: str) -> list[AnswerComment]:
    """List what colleagues said about a requirement. The oldest first."""
    return [line.comment for line in _discussion(accreditation_id, code).comments]


@operations.post(LIST, "writeAnswerComment", takes=WrittenAnswerCommentSchema, answers=AnswerCommentSchema)
@requires(Permission.ANSWER_COMMENT)
def write_comment(accreditation_id: UUID, code: str, given: dict[str, Any]) -> AnswerComment:
    """Say something about a requirement to colleagues. Who is mentioned is told; the region never sees it."""
    accreditation, requirement_id = _subject(accreditation_id, code)
    return services.write(accreditation, requirement_id, given["words"], mentions=given["mentions"], by=actor())


@operations.post(f"{ONE}/settlement", "settleAnswerComment", answers=AnswerCommentSchema, status=200)
@requires(Permission.ANSWER_COMMENT)
def settle_comment(accreditation_id: UUID, code: str, comment_id: UUID) -> AnswerComment:
    """Say that a comment is dealt with."""
    comment = _comment(accreditation_id, code, comment_id)
    services.settle(comment, by=actor())
    return comment


@operations.delete(f"{ONE}/settlement", "reopenAnswerComment")
@requires(Permission.ANSWER_COMMENT)
def reopen_comment(accreditation_id: UUID, code: str, comment_id: UUID) -> None:
    """Say that a comment is not dealt with after all."""
    services.reopen(_comment(accreditation_id, code, comment_id), by=actor())


@operations.get(f"{ANSWER}/commenters", "listCommenters", answers=Listed(CommenterSchema, "user_id"))
@requires(Permission.ANSWER_COMMENT)
def list_commenters(accreditation_id: UUID, code: str) -> Sequence[Colleague]:
    """List the colleagues who can be told of a comment. By name."""
    return _discussion(accreditation_id, code).colleagues


def _discussion(accreditation_id: UUID, code: str) -> Discussion:
    return get_discussion(*_subject(accreditation_id, code))


def _comment(accreditation_id: UUID, code: str, comment_id: UUID) -> AnswerComment:
    accreditation, requirement_id = _subject(accreditation_id, code)
    comment = get_comment(accreditation, comment_id)
    if comment.requirement_id != requirement_id:
        raise NotFound
    return comment


def _subject(accreditation_id: UUID, code: str) -> tuple[Accreditation, UUID]:
    """The accreditation with a requirement that its level asks for; raises NotFound."""
    accreditation = get_accreditation(accreditation_id)
    return accreditation, requirement_named(accreditation, code)

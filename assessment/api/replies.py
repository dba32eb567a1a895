"""The council's side of improvements, for programs: its reply to each, and how far it is."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from assessment.api.improvements import OF_COUNCIL, IssuedImprovementSchema
from assessment.models.improvements import PROGRESS, REPLIES, ReplyDraft
from assessment.queries import improvements as queries
from assessment.queries.accreditations import get_accreditation
from assessment.queries.improvements import ImprovementLine
from assessment.rules.improvements import LONGEST_BODY, LONGEST_MINUTE, LONGEST_TEXT
from assessment.services import improvements as services
from saas.api import ApiSchema, Operations
from saas.errors import Conflict
from saas.guard import actor, requires
from saas.policy import Permission

operations = Operations("replies", "Improvements")
ONE = f"{OF_COUNCIL}/<int:number>"
LONG = validate.Length(max=LONGEST_TEXT)


class WrittenImprovementReplySchema(ApiSchema):
    """The council's reply to an improvement."""

    answer = fields.String(required=True, validate=validate.OneOf(REPLIES))
    reason = fields.String(
        load_default="",
        validate=LONG,
        metadata={"description": "Needed where it is accepted in part or decided against."},
    )
    body = fields.String(
        load_default="",
        validate=validate.Length(max=LONGEST_BODY),
        metadata={"description": "Which body decided; needed where it is decided against.", "example": "Cabinet"},
    )
    decided_on = fields.Date(
        load_default=None,
        allow_none=True,
        metadata={"description": "The day of that decision; needed where it is decided against."},
    )
    minute = fields.String(
        load_default="", validate=validate.Length(max=LONGEST_MINUTE), metadata={"example": "14/2026"}
    )
    draft_version = fields.Integer(
        load_default=None,
        validate=validate.Range(min=0),
        metadata={"description": "Needed where a colleague has kept a draft: the version that is named when refused."},
    )


class WrittenProgressSchema(ApiSchema):
    """How far an improvement is."""

    state = fields.String(required=True, validate=validate.OneOf(PROGRESS))
    words = fields.String(
        required=True,
        validate=validate.Length(1, LONGEST_TEXT),
        metadata={"description": "What has been done.", "example": "The calendar is published."},
    )


@operations.post(
    f"{ONE}/replies", "replyToImprovement", takes=WrittenImprovementReplySchema, answers=IssuedImprovementSchema
)
@requires(Permission.IMPROVEMENT_REPLY)
def reply_to_improvement(accreditation_id: UUID, number: int, given: dict[str, Any]) -> ImprovementLine:
    """Reply to an improvement. A later reply stands above the earlier ones; the region reads all of them."""
    _line(accreditation_id, number)
    try:
        services.reply(accreditation_id, number, **given, by=actor())
    except Conflict as stale:
        if not isinstance(stale.theirs, ReplyDraft):
            raise
        raise Conflict(
            f"A colleague has kept a draft of this reply (version {stale.version}). Read it on its page, and send its"
            " version as `draft_version` to reply with your words instead."
        ) from stale
    return _line(accreditation_id, number)


@operations.post(f"{ONE}/progress", "reportProgress", takes=WrittenProgressSchema, answers=IssuedImprovementSchema)
@requires(Permission.IMPROVEMENT_REPLY)
def report_progress(accreditation_id: UUID, number: int, given: dict[str, Any]) -> ImprovementLine:
    """Tell the region how far an improvement is. Only what is claimed complete can be verified."""
    _line(accreditation_id, number)
    services.report_progress(accreditation_id, number, **given, by=actor())
    return _line(accreditation_id, number)


def _line(accreditation_id: UUID, number: int) -> ImprovementLine:
    return queries.get_improvement(get_accreditation(accreditation_id).id, number)

"""Improvements for programs: issued with a report, with the council's reply and progress, and the region's word."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from assessment.api.cases import CASE
from assessment.models.improvements import ENDINGS, PROGRESS, REPLIES
from assessment.queries import improvements as queries
from assessment.queries.accreditations import get_accreditation
from assessment.queries.improvements import ImprovementLine
from assessment.rules.improvements import ImprovementState
from assessment.services import improvements
from saas.api import ApiSchema, Listed, Operations
from saas.guard import actor, requires
from saas.policy import Permission

operations = Operations("improvements", "Improvements")
OF_COUNCIL = "/councils/<council>/accreditations/<uuid:accreditation_id>/improvements"
OF_CASE = f"{CASE}/improvements"
OPEN = "open"


class SentReplySchema(ApiSchema):
    """The council's newest reply."""

    answer = fields.String(required=True, metadata={"enum": list(REPLIES)})
    body = fields.String(required=True, metadata={"description": "Who decided on it."})
    decided_on = fields.Date(required=True, allow_none=True)
    minute = fields.String(required=True)
    reason = fields.String(required=True)
    replied_at = fields.AwareDateTime(required=True)
    replied_by_name = fields.String(required=True)


class ToldProgressSchema(ApiSchema):
    """The newest that the council said of its progress."""

    state = fields.String(required=True, metadata={"enum": list(PROGRESS)})
    words = fields.String(required=True)
    reported_at = fields.AwareDateTime(required=True)
    reported_by_name = fields.String(required=True)


class IssuedImprovementSchema(ApiSchema):
    """One numbered improvement of an issued report."""

    id = fields.UUID(required=True, attribute="improvement.id")
    accreditation_id = fields.UUID(required=True, attribute="improvement.accreditation_id")
    number = fields.Integer(required=True, attribute="improvement.number")
    criterion_code = fields.String(required=True, attribute="improvement.criterion_code")
    criterion_title = fields.String(required=True, attribute="improvement.criterion_title")
    action = fields.String(required=True, attribute="improvement.action")
    reason = fields.String(required=True, attribute="improvement.reason")
    remark = fields.String(required=True, attribute="improvement.remark")
    timescale = fields.String(required=True, attribute="improvement.timescale")
    mandatory = fields.Boolean(
        required=True, attribute="improvement.mandatory", metadata={"description": "To be done to keep the award."}
    )
    issued_at = fields.AwareDateTime(required=True, attribute="improvement.issued_at")
    reply_due_on = fields.Date(required=True, attribute="improvement.reply_due_on")
    state = fields.String(required=True, metadata={"enum": [each.value for each in ImprovementState]})
    ended_at = fields.AwareDateTime(required=True, allow_none=True, attribute="improvement.ended_at")
    reply = fields.Nested(SentReplySchema, required=True, allow_none=True)
    progress = fields.Nested(ToldProgressSchema, required=True, allow_none=True)


class ConcludedSchema(ApiSchema):
    """The region's word on an improvement."""

    ending = fields.String(
        required=True,
        validate=validate.OneOf([OPEN, *ENDINGS]),
        metadata={"description": "`verified` only where the council claims it complete; `open` opens it again."},
    )


@operations.get(OF_COUNCIL, "listImprovements", answers=Listed(IssuedImprovementSchema, "improvement.id"))
@requires(Permission.ACCREDITATION_READ)
def list_improvements(accreditation_id: UUID) -> list[ImprovementLine]:
    """List the improvements of a council's report. By number, each with the reply it has."""
    return queries.list_improvements(get_accreditation(accreditation_id).id)


@operations.get(OF_CASE, "listCaseImprovements", answers=Listed(IssuedImprovementSchema, "improvement.id"))
@requires(Permission.CASE_READ)
def list_case_improvements(accreditation_id: UUID) -> list[ImprovementLine]:
    """List the improvements of a case. For the region, by number, each with the council's reply and progress."""
    return queries.list_improvements(get_accreditation(accreditation_id).id)


@operations.post(f"{OF_CASE}/<int:number>/conclusion", "verifyImprovement", takes=ConcludedSchema,
                 answers=IssuedImprovementSchema, status=200)  # fmt: skip
@requires(Permission.IMPROVEMENT_VERIFY)
def verify_improvement(accreditation_id: UUID, number: int, given: dict[str, Any]) -> ImprovementLine:
    """Verify an improvement. Or say that it was overtaken, goes to the next cycle, or is open after all."""
    ending = None if given["ending"] == OPEN else given["ending"]
    improvements.conclude(accreditation_id, number, ending=ending, by=actor())
    return queries.get_improvement(accreditation_id, number)

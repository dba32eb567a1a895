"""The council's side of clarifications, for programs: what it was asked, and its answer, sent once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from assessment.api.questions import AskedQuestionSchema
from assessment.models.clarifications import ClarificationDraft
from assessment.queries import clarifications as queries
from assessment.queries.accreditations import get_accreditation
from assessment.queries.clarifications import Item
from assessment.rules.clarifications import LONGEST_ANSWER, MOST_FILES
from assessment.services import clarification_answers as services
from saas.api import ApiSchema, Listed, Operations
from saas.errors import Conflict
from saas.guard import actor, requires
from saas.policy import Permission

operations = Operations("clarification_answers", "Clarifications")
LIST = "/councils/<council>/accreditations/<uuid:accreditation_id>/clarifications"


class DraftedAnswerSchema(ApiSchema):
    """An answer that somebody of the council has begun."""

    words = fields.String(required=True)
    evidence = fields.List(fields.UUID(), required=True)
    updated_at = fields.AwareDateTime(required=True)
    updated_by_name = fields.String(required=True)
    version = fields.Integer(required=True)


class CouncilQuestionSchema(AskedQuestionSchema):
    """One question to the council, its answer where there is one, and until then its draft."""

    title = fields.String(required=True, metadata={"description": "Of the requirement."})
    draft = fields.Nested(DraftedAnswerSchema, required=True, allow_none=True)


class WrittenReplySchema(ApiSchema):
    """The council's answer."""

    words = fields.String(
        required=True,
        validate=validate.Length(1, LONGEST_ANSWER),
        metadata={"example": "Councillor Harker has chaired it since the annual meeting."},
    )
    evidence = fields.List(
        fields.UUID(),
        load_default=list,
        validate=validate.Length(max=MOST_FILES),
        metadata={"description": "Ids of files of the library that go with it."},
    )
    draft_version = fields.Integer(
        load_default=None,
        validate=validate.Range(min=0),
        metadata={"description": "Of the draft that is replaced; needed where a colleague has begun an answer."},
    )


@operations.get(LIST, "listClarifications", answers=Listed(CouncilQuestionSchema))
@requires(Permission.ACCREDITATION_READ)
def list_clarifications(accreditation_id: UUID) -> list[dict[str, Any]]:
    """List what the council was asked. Oldest first, with its answers and the drafts of them."""
    accreditation = get_accreditation(accreditation_id)
    drafts = queries.list_drafted(accreditation.id)
    return [_told(item, drafts.get(item.id)) for item in queries.list_for(accreditation.id)]


@operations.post(
    f"{LIST}/<uuid:clarification_id>/answer",
    "answerClarification",
    takes=WrittenReplySchema,
    answers=CouncilQuestionSchema,
)
@requires(Permission.QUESTION_ANSWER)
def answer_clarification(accreditation_id: UUID, clarification_id: UUID, given: dict[str, Any]) -> dict[str, Any]:
    """Answer a question about the submission. Once and for good: words and files are kept under one hash."""
    accreditation = get_accreditation(accreditation_id, share=True)
    item = queries.get_item(accreditation.id, clarification_id)
    try:
        services.answer_at_once(accreditation, item, **given, by=actor())
    except Conflict as stale:
        if not isinstance(stale.theirs, ClarificationDraft):
            raise
        raise Conflict(
            f"{stale.message} Read its `draft`, and send its version as `draft_version` to answer with your words"
            " instead."
        ) from stale
    return _told(queries.get_item(accreditation.id, clarification_id), None)


def _told(item: Item, draft: ClarificationDraft | None) -> dict[str, Any]:
    names = (*(name for name in AskedQuestionSchema().fields if name != "requirement"), "code", "title")
    return {name: getattr(item, name) for name in names} | {"draft": draft}

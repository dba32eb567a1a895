"""Questions to a council about what it sent, for programs: asked by its assessors and by the region."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from assessment.api.cases import CASE
from assessment.api.files import FILE
from assessment.api.sealed import SealedFileSchema
from assessment.queries import clarifications as queries
from assessment.queries.accreditations import get_accreditation
from assessment.queries.clarifications import Item
from assessment.queries.frameworks import get_framework
from assessment.rules.clarifications import LONGEST_QUESTION
from assessment.services import clarifications
from saas.api import ApiSchema, Listed, Operations
from saas.errors import Invalid
from saas.guard import actor, place_id, requires
from saas.policy import Permission

operations = Operations("questions", "Clarifications")
OF_FILE, OF_CASE = f"{FILE}/clarifications", f"{CASE}/clarifications"


class AskedQuestionSchema(ApiSchema):
    """One question to the council, and its answer where there is one."""

    id = fields.UUID(required=True)
    number = fields.Integer(required=True)
    requirement = fields.String(required=True, attribute="code", metadata={"example": "1.1.1"})
    question = fields.String(required=True)
    due_on = fields.Date(required=True)
    asked_at = fields.AwareDateTime(required=True)
    asked_by_name = fields.String(required=True)
    asked_as = fields.String(required=True, metadata={"enum": ["assessor", "region"]})
    words = fields.String(required=True, metadata={"description": "The answer; empty until there is one."})
    answered_at = fields.AwareDateTime(required=True, allow_none=True)
    answered_by_name = fields.String(required=True)
    hash = fields.String(required=True, metadata={"description": "SHA-256 of question, answer and files."})
    files = fields.List(fields.Nested(SealedFileSchema), required=True)


class NewQuestionSchema(ApiSchema):
    """One question, and the requirement it is about."""

    requirement = fields.String(required=True, validate=validate.Length(1, 40), metadata={"example": "1.1.1"})
    question = fields.String(
        required=True,
        validate=validate.Length(1, LONGEST_QUESTION),
        metadata={"example": "Which groups took part in the survey?"},
    )


@operations.get(OF_FILE, "listFileQuestions", answers=Listed(AskedQuestionSchema))
@requires(Permission.FILE_READ)
def list_file_questions() -> list[Item]:
    """List what the council was asked about a file. For its assessors, the oldest first."""
    return queries.list_for(get_accreditation(place_id()).id)


@operations.post(OF_FILE, "askClarification", takes=NewQuestionSchema, answers=AskedQuestionSchema)
@requires(Permission.QUESTION_ASK)
def ask_clarification(given: dict[str, Any]) -> Item:
    """Ask the council about one requirement. As an assessor; the council reads the name of who asks."""
    return _ask(place_id(), given, "assessor")


@operations.get(OF_CASE, "listCaseQuestions", answers=Listed(AskedQuestionSchema))
@requires(Permission.CASE_READ)
def list_case_questions(accreditation_id: UUID) -> list[Item]:
    """List what a council was asked. For its region, the oldest first."""
    return queries.list_for(get_accreditation(accreditation_id).id)


@operations.post(OF_CASE, "askCaseQuestion", takes=NewQuestionSchema, answers=AskedQuestionSchema)
@requires(Permission.QUESTION_ASK)
def ask_case_question(accreditation_id: UUID, given: dict[str, Any]) -> Item:
    """Ask a council about one requirement. As its region."""
    return _ask(accreditation_id, given, "region")


def _ask(accreditation_id: UUID, given: dict[str, Any], asked_as: str) -> Item:
    accreditation = get_accreditation(accreditation_id)
    requirement_id = get_framework(accreditation.framework_id).ids.get(given["requirement"])
    if requirement_id is None:
        raise Invalid({"/requirement": ["This framework has no such requirement."]})
    asked = clarifications.ask(accreditation, requirement_id, question=given["question"], asked_as=asked_as, by=actor())
    return queries.get_item(accreditation_id, asked.id)

"""The history of an answer, for programs: every version, and the way back to any of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields

from assessment.api.answers import ONE, AnswerSchema, answer_named, one_answer
from assessment.queries.accreditations import get_accreditation
from assessment.queries.answer_versions import list_versions
from assessment.services import answers as services
from saas.api import ApiSchema, Listed, Operations, PageSchema, Part
from saas.cursors import read_number_cursor
from saas.errors import NotFound
from saas.guard import actor, requires
from saas.policy import Permission

operations = Operations("answer_versions", "Self-assessment")
LIST = f"{ONE}/versions"


class AnswerVersionSchema(ApiSchema):
    """What an answer said, and who wrote it when."""

    number = fields.Integer(required=True, metadata={"description": "From 1."})
    judgement = fields.String(required=True, allow_none=True)
    narrative = fields.String(required=True)
    not_applicable_reason = fields.String(required=True)
    written_at = fields.AwareDateTime(required=True)
    written_by_name = fields.String(required=True)


@operations.get(LIST, "listAnswerVersions", answers=Listed(AnswerVersionSchema, "number"), asks=PageSchema)
@requires(Permission.ACCREDITATION_READ)
def list_answer_versions(accreditation_id: UUID, code: str, asked: dict[str, Any]) -> Part:
    """List what an answer said before. The newest first; its changes within one sitting are one version."""
    answer = answer_named(get_accreditation(accreditation_id), code)
    if answer is None:
        return Part([], None)
    below = read_number_cursor(asked["cursor"]) if asked["cursor"] is not None else None
    rows = list_versions(answer, below=below, most=asked["limit"] + 1)
    return Part.of_rows(rows, asked["limit"], "number")


@operations.post(f"{LIST}/<int:number>/restoration", "restoreAnswer", answers=AnswerSchema, status=200, versioned=True)
@requires(Permission.ANSWER_WRITE)
def restore_answer(accreditation_id: UUID, code: str, number: int, version: int) -> dict[str, Any]:
    """Let an answer say again what one of its versions said. What it says now stays in the history."""
    accreditation = get_accreditation(accreditation_id, share=True)
    answer = answer_named(accreditation, code)
    if answer is None:
        raise NotFound
    services.restore(accreditation, answer, number, version=version, by=actor())
    return one_answer(accreditation, code)

"""The council's side of a fact check, for programs: what is factually wrong in a report, and that this is all."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from assessment.api.reports import OF_COUNCIL, FactCommentSchema, ReportVersionSchema
from assessment.queries.accreditations import get_accreditation
from assessment.queries.reports import Said, Version, get_version
from assessment.services import fact_checks as services
from assessment.services.reports import LONGEST_TEXT
from saas.api import ApiSchema, Operations
from saas.errors import Invalid, NotFound
from saas.guard import actor, requires
from saas.policy import Permission

operations = Operations("fact_checks", "Reports")
ONE = f"{OF_COUNCIL}/<uuid:report_id>"
NO_PARAGRAPH = "No paragraph of this version that is open to comment has this key."


class WrittenCommentSchema(ApiSchema):
    """What is factually wrong, and what is right."""

    words = fields.String(
        required=True,
        validate=validate.Length(1, LONGEST_TEXT),
        metadata={"description": "Facts only: judgements are not open to comment.", "example": "It was in May."},
    )
    paragraph = fields.String(
        load_default="",
        validate=validate.Length(max=100),
        metadata={"description": "The key of the paragraph in the document; empty for the report as a whole."},
    )


@operations.post(f"{ONE}/comments", "commentOnReport", takes=WrittenCommentSchema, answers=FactCommentSchema)
@requires(Permission.REPORT_COMMENT)
def comment_on_report(accreditation_id: UUID, report_id: UUID, given: dict[str, Any]) -> Said:
    """Say what is factually wrong in a report. Of the version that is open, until its last day; the region answers
    every comment."""
    get_version(get_accreditation(accreditation_id).id, report_id)
    try:
        said = services.comment(accreditation_id, report_id, **given, has_none=False, by=actor())
    except NotFound as nothing:
        raise Invalid({"paragraph": [NO_PARAGRAPH]}) from nothing
    return Said(said, None)


@operations.post(f"{ONE}/end", "endFactCheck", answers=ReportVersionSchema, status=200)
@requires(Permission.REPORT_COMMENT)
def end_fact_check(accreditation_id: UUID, report_id: UUID) -> Version:
    """Say that nothing, or nothing more, is to be corrected. The region need not wait for the last day."""
    services.comment(get_accreditation(accreditation_id).id, report_id, has_none=True, words="", by=actor())
    return get_version(accreditation_id, report_id)

"""What the region ends, for programs: an accreditation that lapses, and an award that is given back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from assessment.api.cases import CASE
from assessment.models.awards import Award
from assessment.queries.accreditations import get_accreditation
from assessment.queries.awards import get_award
from assessment.services import endings
from saas.api import ApiSchema, Operations
from saas.guard import actor, requires
from saas.policy import Permission

operations = Operations("endings", "Cases of a region")
REASON = {"description": "The council reads it."}


class LapsedSchema(ApiSchema):
    """Why an accreditation lapses."""

    reason = fields.String(required=True, validate=validate.Length(1, endings.LONGEST_REASON), metadata=REASON)


class SurrenderedSchema(LapsedSchema):
    """From which day an award is given back, and why."""

    on = fields.Date(required=True, metadata={"description": "Today or earlier.", "example": "2026-05-01"})


class EndedAwardSchema(ApiSchema):
    """An award that has ended, here and in the register."""

    accreditation_id = fields.UUID(required=True)
    certificate_number = fields.String(required=True)
    level_title = fields.String(required=True)
    awarded_on = fields.Date(required=True)
    ending = fields.String(required=True)
    ended_on = fields.Date(required=True)


@operations.post(f"{CASE}/lapse", "lapseAccreditation", takes=LapsedSchema, versioned=True)
@requires(Permission.READINESS_DECIDE)
def lapse_accreditation(accreditation_id: UUID, given: dict[str, Any], version: int) -> None:
    """Let an accreditation lapse. Once its last day is over; the version is that of its deadline."""
    endings.lapse(get_accreditation(accreditation_id, lock=True), **given, version=version, by=actor())


@operations.post(f"{CASE}/surrender", "surrenderAward", takes=SurrenderedSchema, answers=EndedAwardSchema, status=200)
@requires(Permission.AWARD_RELEASE)
def surrender_award(accreditation_id: UUID, given: dict[str, Any]) -> Award:
    """Record that a council gave its award back. Once and for good, here and in the register."""
    get_award(accreditation_id)
    return endings.surrender(accreditation_id, **given, by=actor())

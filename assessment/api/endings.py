"""What the region ends or moves, for programs: a last day, an accreditation that lapses, an award given back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from assessment.api.cases import CASE
from assessment.models.accreditations import Accreditation
from assessment.models.awards import Award
from assessment.queries.accreditations import get_accreditation
from assessment.queries.awards import get_award
from assessment.queries.extensions import Extension
from assessment.queries.extensions import list_extensions as list_moved
from assessment.services import endings, extensions
from saas.api import ApiSchema, Listed, Operations
from saas.guard import actor, requires
from saas.policy import Permission

operations = Operations("endings", "Cases of a region")
DEADLINE = f"{CASE}/deadline"
REASON = {"description": "The council reads it."}


class ExtensionSchema(ApiSchema):
    """A time that the last day was moved."""

    before_on = fields.Date(required=True)
    until_on = fields.Date(required=True)
    reason = fields.String(required=True)
    by = fields.String(required=True)
    at = fields.AwareDateTime(required=True)


class DeadlineSchema(ApiSchema):
    """The last day on which an accreditation is to be assessed."""

    accreditation_id = fields.UUID(required=True)
    deadline_on = fields.Date(required=True, allow_none=True, metadata={"description": "Null: there is no limit."})
    version = fields.Integer(required=True, metadata={"description": "Of the accreditation."})


class MovedDeadlineSchema(ApiSchema):
    """A later last day."""

    deadline_on = fields.Date(required=True, metadata={"example": "2027-06-30"})
    reason = fields.String(required=True, validate=validate.Length(1, extensions.LONGEST_REASON), metadata=REASON)


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


@operations.get(DEADLINE, "getDeadline", answers=DeadlineSchema)
@requires(Permission.CASE_READ)
def get_deadline(accreditation_id: UUID) -> dict[str, Any]:
    """Read the last day to be assessed. As it is now."""
    return _told(get_accreditation(accreditation_id))


@operations.get(f"{CASE}/extensions", "listExtensions", answers=Listed(ExtensionSchema, "at"))
@requires(Permission.CASE_READ)
def list_extensions(accreditation_id: UUID) -> list[Extension]:
    """List each time that the last day was moved. The newest first, with the reason."""
    return list_moved(get_accreditation(accreditation_id).id)


@operations.put(DEADLINE, "extendDeadline", takes=MovedDeadlineSchema, answers=DeadlineSchema)
@requires(Permission.READINESS_DECIDE)
def extend_deadline(accreditation_id: UUID, given: dict[str, Any], version: int) -> dict[str, Any]:
    """Give a council more time. To a later day, with a reason; the version is the accreditation's."""
    accreditation = get_accreditation(accreditation_id, lock=True)
    extensions.extend(accreditation, **given, version=version, by=actor())
    return _told(accreditation)


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


def _told(accreditation: Accreditation) -> dict[str, Any]:
    return {
        "accreditation_id": accreditation.id,
        "deadline_on": accreditation.deadline_on,
        "version": accreditation.version,
    }

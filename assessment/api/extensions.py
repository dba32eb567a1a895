"""The last day to be assessed, for programs: read, moved with a reason, and each time that it was."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from assessment.api.cases import CASE
from assessment.models.accreditations import Accreditation
from assessment.queries.accreditations import get_accreditation
from assessment.queries.extensions import Extension
from assessment.queries.extensions import list_extensions as list_moved
from assessment.services import extensions
from saas.api import ApiSchema, Listed, Operations
from saas.guard import actor, requires
from saas.policy import Permission

operations = Operations("extensions", "Cases of a region")
DEADLINE = f"{CASE}/deadline"


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
    reason = fields.String(
        required=True,
        validate=validate.Length(1, extensions.LONGEST_REASON),
        metadata={"description": "The council reads it."},
    )


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


def _told(accreditation: Accreditation) -> dict[str, Any]:
    return {
        "accreditation_id": accreditation.id,
        "deadline_on": accreditation.deadline_on,
        "version": accreditation.version,
    }

"""One assessor of the pool, for programs: the entry, the councils he or she serves, and when he or she is away."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from assessment.models.assessors import RELATIONS, Assessor, AssessorAbsence, AssessorCouncil
from assessment.queries import assessors as queries
from assessment.queries.assessors import get_person, load_pool
from assessment.rules.teams import CAPACITIES
from assessment.services import assessors as services
from assessment.services.assessors import Entry, ServedCouncil
from saas.api import ApiSchema, Listed, Operations
from saas.guard import actor, place_id, requires
from saas.policy import Permission

operations = Operations("assessors", "Assessors and teams")
ONE = "/regions/<region>/assessors/<uuid:user_id>"
SERVED = f"{ONE}/councils"
ABSENCES = f"{ONE}/absences"


class PoolCouncilSchema(ApiSchema):
    """A council that somebody serves or served."""

    id = fields.UUID(required=True, metadata={"description": "Of the entry, not of the council."})
    council_id = fields.UUID(required=True, allow_none=True, metadata={"description": "Null outside the service."})
    name = fields.String(required=True)
    relation = fields.String(required=True, metadata={"enum": list(RELATIONS)})
    from_on = fields.Date(required=True, allow_none=True)
    ended_on = fields.Date(required=True, allow_none=True, metadata={"description": "Null while it goes on."})


class AbsenceSchema(ApiSchema):
    """Days, both included, on which somebody cannot be asked."""

    id = fields.UUID(required=True)
    from_on = fields.Date(required=True)
    to_on = fields.Date(required=True)
    entered_at = fields.AwareDateTime(required=True)
    entered_by_name = fields.String(required=True)


class PoolEntrySchema(ApiSchema):
    """Somebody of the pool, or who could be entered in it."""

    user_id = fields.UUID(required=True)
    name = fields.String(required=True)
    capacity = fields.String(
        required=True,
        allow_none=True,
        metadata={"enum": [*CAPACITIES, None], "description": "As what; null for who is not entered in the pool."},
    )
    trained_until_on = fields.Date(required=True, allow_none=True)
    most_at_once = fields.Integer(required=True, allow_none=True)
    left_on = fields.Date(required=True, allow_none=True, metadata={"description": "The last day in the pool."})
    version = fields.Integer(required=True, metadata={"description": "Of the entry; 0 for who is not entered."})


class WrittenEntrySchema(ApiSchema):
    """What the region knows of an assessor."""

    capacity = fields.String(required=True, validate=validate.OneOf(CAPACITIES))
    trained_until_on = fields.Date(
        load_default=None, allow_none=True, metadata={"description": "The last day the training counts."}
    )
    most_at_once = fields.Integer(load_default=2, validate=validate.Range(1, services.MOST_AT_ONCE))
    left_on = fields.Date(
        load_default=None,
        allow_none=True,
        metadata={"description": "The last day in the pool: after it nobody asks this person, and no file opens."},
    )


class AddedServedCouncilSchema(ApiSchema):
    """A council that somebody serves or served: one of the region's by its id, any other by its name."""

    council_id = fields.UUID(load_default=None, allow_none=True)
    name = fields.String(load_default="", validate=validate.Length(max=services.LONGEST_COUNCIL))
    relation = fields.String(required=True, validate=validate.OneOf(RELATIONS))
    from_on = fields.Date(load_default=None, allow_none=True)
    ended_on = fields.Date(load_default=None, allow_none=True)


class LeftCouncilSchema(ApiSchema):
    """The last day at a council."""

    ended_on = fields.Date(required=True)


class EnteredAbsenceSchema(ApiSchema):
    """Days, both included, on which somebody cannot be asked."""

    from_on = fields.Date(required=True)
    to_on = fields.Date(required=True)


@operations.get(ONE, "getAssessor", answers=PoolEntrySchema)
@requires(Permission.TEAM_ASSIGN)
def get_assessor(user_id: UUID) -> dict[str, Any]:
    """Read what the pool knows of somebody. Also of who could be entered in it."""
    return _told(user_id)


@operations.put(ONE, "saveAssessor", takes=WrittenEntrySchema, answers=PoolEntrySchema)
@requires(Permission.TEAM_ASSIGN)
def save_assessor(user_id: UUID, given: dict[str, Any], version: int) -> dict[str, Any]:
    """Enter somebody in the pool, or change the entry. Whole: what is not named is empty."""
    person = get_person(load_pool(place_id()), user_id)
    services.save_entry(place_id(), person, Entry(**given), version=version, by=actor())
    return _told(user_id)


@operations.get(SERVED, "listServedCouncils", answers=Listed(PoolCouncilSchema))
@requires(Permission.TEAM_ASSIGN)
def list_served_councils(user_id: UUID) -> list[AssessorCouncil]:
    """List the councils that somebody serves or served. Those served now first."""
    return queries.list_own_councils(_entered(user_id).user_id, place_id())


@operations.post(SERVED, "addServedCouncil", takes=AddedServedCouncilSchema, answers=PoolCouncilSchema)
@requires(Permission.TEAM_ASSIGN)
def add_served_council(user_id: UUID, given: dict[str, Any]) -> AssessorCouncil:
    """Record a council that somebody serves or served. Nobody is asked to assess the own council."""
    return services.add_council(_entered(user_id), ServedCouncil(**given), by=actor())


@operations.post(f"{SERVED}/<uuid:row_id>/end", "endServedCouncil", takes=LeftCouncilSchema,
                 answers=PoolCouncilSchema, status=200)  # fmt: skip
@requires(Permission.TEAM_ASSIGN)
def end_served_council(user_id: UUID, row_id: UUID, given: dict[str, Any]) -> AssessorCouncil:
    """Record the last day at a council. It keeps counting for as long as the process says."""
    row = queries.get_council_served(user_id, row_id)
    services.end_council(_entered(user_id), row, on=given["ended_on"], by=actor())
    return row


@operations.delete(f"{SERVED}/<uuid:row_id>", "removeServedCouncil")
@requires(Permission.TEAM_ASSIGN)
def remove_served_council(user_id: UUID, row_id: UUID) -> None:
    """Take out a council that was entered by mistake."""
    services.remove_council(_entered(user_id), queries.get_council_served(user_id, row_id), by=actor())


@operations.get(ABSENCES, "listAbsences", answers=Listed(AbsenceSchema))
@requires(Permission.TEAM_ASSIGN)
def list_absences(user_id: UUID) -> list[AssessorAbsence]:
    """List the days on which somebody cannot be asked. Today's and later ones."""
    return queries.list_absences(_entered(user_id).user_id)


@operations.post(ABSENCES, "addAbsence", takes=EnteredAbsenceSchema, answers=AbsenceSchema)
@requires(Permission.TEAM_ASSIGN)
def add_absence(user_id: UUID, given: dict[str, Any]) -> AssessorAbsence:
    """Record days on which somebody cannot be asked."""
    return services.add_absence(_entered(user_id), **given, by=actor())


@operations.delete(f"{ABSENCES}/<uuid:absence_id>", "removeAbsence")
@requires(Permission.TEAM_ASSIGN)
def remove_absence(user_id: UUID, absence_id: UUID) -> None:
    """Take an absence out again."""
    assessor = _entered(user_id)
    services.remove_absence(queries.get_absence(user_id, absence_id), name=assessor.name, by=actor())


def _entered(user_id: UUID) -> Assessor:
    return queries.get_assessor(place_id(), user_id)


def _told(user_id: UUID) -> dict[str, Any]:
    person = get_person(load_pool(place_id()), user_id)
    known = person.assessor
    names = ("capacity", "trained_until_on", "most_at_once", "left_on")
    entry = {name: getattr(known, name) if known else None for name in names}
    return entry | {
        "user_id": user_id,
        "name": known.name if known else person.name,
        "version": known.version if known else 0,
    }

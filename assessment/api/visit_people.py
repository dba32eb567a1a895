"""The people to meet at a visit, for programs: named by the council, read by the region and the team too."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from assessment.api.visits import OF_COUNCIL, OF_FILE, VISIT
from assessment.models.visits import VisitPeople
from assessment.queries import visits as queries
from assessment.queries.accreditations import get_accreditation
from assessment.rules.visits import missing_groups
from assessment.services import visit_people
from assessment.services.visit_people import LONGEST
from saas.api import ApiSchema, Operations
from saas.guard import actor, place_id, requires
from saas.policy import Permission

operations = Operations("visit_people", "Visits")
PEOPLE = f"{OF_COUNCIL}/people"
ONE = f"{PEOPLE}/<key>"
SLOT = {"description": "The key of a line of the timetable; empty while nobody has said when.", "example": "s1"}


class PersonToMeetSchema(ApiSchema):
    """Somebody the council puts before the team, once for each line of the timetable."""

    key = fields.String(required=True, metadata={"description": "Names the person in addresses.", "example": "p1"})
    name = fields.String(required=True, metadata={"example": "Cllr Sam Okoro"})
    role = fields.String(required=True, metadata={"example": "Group leader"})
    group = fields.String(required=True, metadata={"description": "The political group; empty for who has none."})
    slot = fields.String(required=True, metadata=SLOT)


class PeopleToMeetSchema(ApiSchema):
    """Everybody the council has named, and the political groups that nobody speaks for yet."""

    people = fields.List(fields.Nested(PersonToMeetSchema), required=True)
    missing_groups = fields.List(fields.String(), required=True)
    version = fields.Integer(required=True, metadata={"description": "Of the whole list; 0 while nobody is named."})


class NamedPersonSchema(ApiSchema):
    """One more person to meet: a member in office, or somebody by name."""

    member = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"description": "The id of a member in office, in place of a name."},
    )
    person = fields.String(
        load_default="", validate=validate.Length(max=LONGEST), metadata={"description": "The name of somebody else."}
    )
    role = fields.String(required=True, validate=validate.Length(1, LONGEST), metadata={"example": "Group leader"})
    slot = fields.String(load_default="", validate=validate.Length(max=10), metadata=SLOT)


class MovedPersonSchema(ApiSchema):
    """When the team meets somebody."""

    slot = fields.String(required=True, validate=validate.Length(max=10), metadata=SLOT)


@operations.get(PEOPLE, "getVisitPeople", answers=PeopleToMeetSchema)
@requires(Permission.ACCREDITATION_READ)
def get_visit_people(accreditation_id: UUID) -> dict[str, Any]:
    """Read whom the council puts before the team. For the council itself."""
    return _told(get_accreditation(accreditation_id).id)


@operations.get(f"{VISIT}/people", "getCaseVisitPeople", answers=PeopleToMeetSchema)
@requires(Permission.CASE_READ)
def get_case_visit_people(accreditation_id: UUID) -> dict[str, Any]:
    """Read whom a council puts before the team. For its region."""
    return _told(get_accreditation(accreditation_id).id)


@operations.get(f"{OF_FILE}/people", "getFileVisitPeople", answers=PeopleToMeetSchema)
@requires(Permission.FILE_READ)
def get_file_visit_people() -> dict[str, Any]:
    """Read whom the council puts before the team. For the assessors of the file."""
    return _told(get_accreditation(place_id()).id)


@operations.post(PEOPLE, "nameVisitPerson", takes=NamedPersonSchema, answers=PeopleToMeetSchema, versioned=True)
@requires(Permission.VISIT_JOIN)
def name_visit_person(accreditation_id: UUID, given: dict[str, Any], version: int) -> dict[str, Any]:
    """Name one more person to meet. The region and the team see it at once; the version is the whole list's."""
    member_id = given.pop("member")
    accreditation = get_accreditation(accreditation_id, share=True)
    visit_people.name(accreditation, member_id=member_id, **given, version=version, by=actor())
    return _told(accreditation_id)


@operations.put(ONE, "moveVisitPerson", takes=MovedPersonSchema, answers=PeopleToMeetSchema)
@requires(Permission.VISIT_JOIN)
def move_visit_person(accreditation_id: UUID, key: str, given: dict[str, Any], version: int) -> dict[str, Any]:
    """Say when the team meets somebody. The version is the whole list's."""
    accreditation = get_accreditation(accreditation_id, share=True)
    queries.get_named(accreditation_id, key)
    visit_people.move(accreditation, key, **given, version=version, by=actor())
    return _told(accreditation_id)


@operations.delete(ONE, "removeVisitPerson", versioned=True)
@requires(Permission.VISIT_JOIN)
def remove_visit_person(accreditation_id: UUID, key: str, version: int) -> None:
    """Take somebody off the list. The version is the whole list's."""
    accreditation = get_accreditation(accreditation_id, share=True)
    queries.get_named(accreditation_id, key)
    visit_people.remove(accreditation, key, version=version, by=actor())


def _told(accreditation_id: UUID) -> dict[str, Any]:
    found: VisitPeople | None = queries.find_people(accreditation_id)
    if found is None:
        return {"people": [], "missing_groups": [], "version": 0}
    missing = missing_groups(found.groups, found.people)
    return {"people": found.people, "missing_groups": missing, "version": found.version}

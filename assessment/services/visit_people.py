"""The people a council puts before the team: its own, named in council scope and read by region and team."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from assessment.models.accreditations import Accreditation
from assessment.models.visits import VisitPeople
from assessment.queries import visits as queries
from assessment.queries.accreditations import process_of
from assessment.rules import visits as rules
from assessment.rules.stages import LABELS, Stage
from saas import clock, events
from saas.db import db, new_id, turning
from saas.errors import Conflict, Invalid
from saas.tenancy import Actor
from tenants.queries.members import list_members

MOST_PEOPLE = 60
LONGEST = 120
STALE = "Somebody else changed the people to meet after you opened the page. Look at them and try again."


def why_not(accreditation: Accreditation) -> str:
    """Why nobody can be named now, in words for the page; "" where somebody can."""
    if not process_of(accreditation).visit:
        return "The process of this accreditation has no visit."
    stage = Stage(accreditation.stage)
    if not rules.may_plan(stage):
        return f"People to meet cannot be changed at the stage “{LABELS[stage]}”."
    visit = queries.find_visit(accreditation.id)
    return "The visit was held." if visit is not None and visit.state == "held" else ""


def name(
    accreditation: Accreditation,
    *,
    member_id: UUID | None = None,
    person: str = "",
    role: str,
    group: str = "",
    slot: str,
    version: int,
    by: Actor,
) -> VisitPeople:
    """Name one more person: a member in office, with his or her group, or somebody whose name is typed.

    role: what he or she does; group: political group; slot: key of the timetable (or ""). Somebody can be named for
    several slots, once for each. version: of the list that was on the page, 0 where there was none. Raises Invalid
    (member or person, role) or Conflict.
    """
    people = _opened(accreditation, version)
    field = "person"
    if member_id is not None:
        if person.strip():
            raise Invalid({"person": ["Choose a councillor or enter a name, not both."]})
        members = list_members(accreditation.council_id, today=clock.today())
        line = next((each for each in members if each.member.id == member_id), None)
        if line is None:
            raise Invalid({"member": ["Choose a member of the council who is in office."]})
        field, person, group = "member", line.name, line.group
    person, role = " ".join(person.split()), " ".join(role.split())
    messages: dict[str, list[str]] = {}
    if not person:
        messages[field] = ["Choose a member, or enter a name."]
    elif _is_named(people, person, slot):
        messages[field] = [f"{person} is named for this part of the timetable already."]
    elif len(people.people) >= MOST_PEOPLE:
        messages[field] = [f"At most {MOST_PEOPLE} people can be named."]
    if not role:
        messages["role"] = ["Enter what this person does, like Group leader or Head of service."]
    if messages:
        raise Invalid(messages)
    taken = max((int(each["key"][1:]) for each in people.people), default=0)
    entry = {"key": f"p{taken + 1}", "name": person, "role": role, "group": " ".join(group.split()), "slot": slot}
    _keep(people, [*people.people, entry], by)
    return people


def move(accreditation: Accreditation, key: str, *, slot: str, version: int, by: Actor) -> None:
    """Say in which slot of the timetable the team meets this person. Raises Invalid (slot) or Conflict."""
    people = _opened(accreditation, version)
    found = next((each for each in people.people if each["key"] == key), None)
    if found is None:
        raise Conflict("This person is not named any more.")
    if found["slot"] != slot and _is_named(people, found["name"], slot):
        raise Invalid({"slot": [f"{found['name']} is named for this part of the timetable already."]})
    _keep(people, [each | {"slot": slot} if each["key"] == key else each for each in people.people], by)


def remove(accreditation: Accreditation, key: str, *, version: int, by: Actor) -> None:
    """Take somebody off the list. Raises Conflict."""
    people = _opened(accreditation, version)
    _keep(people, [each for each in people.people if each["key"] != key], by)


def _is_named(people: VisitPeople, person: str, slot: str) -> bool:
    wanted = (person.casefold(), slot)
    return any((each["name"].casefold(), each["slot"]) == wanted for each in people.people)


def _opened(accreditation: Accreditation, version: int) -> VisitPeople:
    refusal = why_not(accreditation)
    if refusal:
        raise Conflict(refusal)
    people = queries.find_people(accreditation.id, lock=True)
    if people is None:
        people = VisitPeople(
            council_id=accreditation.council_id,
            id=new_id(),
            region_id=accreditation.region_id,
            accreditation_id=accreditation.id,
            people=[],
            groups=[],
            version=0,
        )
    if people.version != version:
        raise Conflict(STALE, theirs=people)
    return people


def _keep(people: VisitPeople, named: list[dict[str, Any]], by: Actor) -> None:
    members = list_members(people.council_id, today=clock.today())
    people.people = named
    people.groups = sorted({line.group for line in members if line.group}, key=str.casefold)
    people.updated_at = clock.now()
    people.updated_by_name = by.name
    with turning("uq_visit_people_council_id_accreditation_id", lambda: Conflict(STALE)):
        db.session.add(people)
        db.session.flush()
    events.record("visit_people.named", people, by=by, audience="shared", payload={"count": len(named)})

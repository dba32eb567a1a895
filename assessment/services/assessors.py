"""The pool of assessors: who is entered with what, which councils they serve, when they are away, and neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from assessment.models.assessors import RELATIONS, Assessor, AssessorAbsence, AssessorCouncil, CouncilNeighbour
from assessment.queries import assessors as queries
from assessment.queries.assessors import Person, plain
from assessment.rules.teams import CAPACITIES
from saas import clock, events
from saas.db import db, new_id, turning
from saas.errors import Conflict, Invalid
from saas.tenancy import Actor

MOST_AT_ONCE = 20
LONGEST_COUNCIL = 200
"""Characters of the name of a council outside the service."""
LONGEST_ABSENCE_DAYS = 731
ONE_ENTRY = "uq_assessors_region_id_user_id"
ONE_PAIR = "uq_council_neighbours_region_id_council_id_neighbour_id"
STALE = "Somebody else saved this entry after you opened it."


@dataclass(frozen=True, slots=True)
class Entry:
    """What the region writes about an assessor."""

    capacity: str
    trained_until_on: date | None = None
    most_at_once: int = 2
    left_on: date | None = None


@dataclass(frozen=True, slots=True)
class ServedCouncil:
    """A council somebody serves or served: one of the region's by its id, any other by its name."""

    council_id: UUID | None = None
    name: str = ""
    relation: str = "member"
    from_on: date | None = None
    ended_on: date | None = None


def save_entry(region_id: UUID, person: Person, entry: Entry, *, version: int, by: Actor) -> Assessor:
    """Enter somebody in the pool, or change the entry; in region scope.

    version: of the entry that was read, 0 for none. Raises Invalid (capacity, most_at_once), Conflict with `theirs`
    when somebody else saved it since.
    """
    if entry.capacity not in CAPACITIES:
        raise Invalid({"capacity": ["Choose in which capacity this person sits in a team."]})
    if not 1 <= entry.most_at_once <= MOST_AT_ONCE:
        raise Invalid({"most_at_once": [f"Enter a number from 1 to {MOST_AT_ONCE}."]})
    row = queries.find_assessor(region_id, person.user_id, lock=True)
    stands = row.version if row else 0
    if stands != version:
        raise Conflict(STALE, theirs=row, version=stands)
    fresh = row is None
    if row is None:
        row = Assessor(id=new_id(), region_id=region_id, user_id=person.user_id, version=1)
    with turning(ONE_ENTRY, lambda: Conflict(STALE, theirs=queries.find_assessor(region_id, person.user_id))):
        row.name = person.name
        row.capacity = entry.capacity
        row.trained_until_on = entry.trained_until_on
        row.most_at_once = entry.most_at_once
        row.left_on = entry.left_on
        row.updated_at = clock.now()
        row.updated_by_name = by.name
        db.session.add(row)
    verb = "assessor.entered" if fresh else "assessor.changed"
    events.record(verb, row, by=by, audience="region", payload={"name": row.name})
    return row


def add_council(assessor: Assessor, served: ServedCouncil, *, by: Actor) -> AssessorCouncil:
    """Record a council an assessor serves or served; in region scope.

    A name that one of the region's councils has becomes that council. Raises Invalid (council_id, name, relation,
    from_on, ended_on).
    """
    known = dict(queries.list_councils(assessor.region_id))
    name = " ".join(served.name.split())
    council_id = served.council_id
    messages: dict[str, list[str]] = {}
    if council_id is None and not name:
        messages["council_id"] = ["Choose a council of your region, or enter the name of another."]
    elif council_id is not None and name:
        messages["name"] = ["Choose a council or enter a name, not both."]
    elif council_id is not None and council_id not in known:
        messages["council_id"] = ["Choose a council of your region."]
    if served.relation not in RELATIONS:
        messages["relation"] = ["Say whether as a councillor or as an officer."]
    if served.from_on and served.ended_on and served.ended_on < served.from_on:
        messages["ended_on"] = ["The last day must not come before the first."]
    if messages:
        raise Invalid(messages)
    if council_id is None:
        council_id = next((each for each, other in known.items() if plain(other) == plain(name)), None)
    row = AssessorCouncil(
        id=new_id(),
        region_id=assessor.region_id,
        assessor_id=assessor.id,
        user_id=assessor.user_id,
        council_id=council_id,
        name=known[council_id] if council_id else name,
        relation=served.relation,
        from_on=served.from_on,
        ended_on=served.ended_on,
    )
    db.session.add(row)
    db.session.flush()
    payload = {"name": assessor.name, "council": row.name}
    events.record("assessor.council_added", assessor, by=by, audience="region", payload=payload)
    return row


def end_council(assessor: Assessor, row: AssessorCouncil, *, on: date, by: Actor) -> None:
    """Somebody serves a council no longer; it keeps counting as long as the process says. Raises Invalid (ended_on)."""
    if row.from_on is not None and on < row.from_on:
        raise Invalid({"ended_on": ["The last day must not come before the first."]})
    row.ended_on = on
    payload = {"name": assessor.name, "council": row.name}
    events.record("assessor.council_ended", assessor, by=by, audience="region", payload=payload)


def remove_council(assessor: Assessor, row: AssessorCouncil, *, by: Actor) -> None:
    """Take out a council that was entered by mistake."""
    db.session.delete(row)
    payload = {"name": assessor.name, "council": row.name}
    events.record("assessor.council_removed", assessor, by=by, audience="region", payload=payload)


def add_absence(assessor: Assessor, *, from_on: date, to_on: date, by: Actor) -> AssessorAbsence:
    """Record days on which somebody cannot be asked; by the region, or by the person in his or her own scope.

    Raises Invalid (from_on, to_on).
    """
    if to_on < from_on:
        raise Invalid({"to_on": ["The last day must not come before the first."]})
    if to_on < clock.today():
        raise Invalid({"to_on": ["The last day has passed already."]})
    if (to_on - from_on).days > LONGEST_ABSENCE_DAYS:
        raise Invalid({"to_on": ["Enter at most two years. For longer, ask the region to end the entry."]})
    row = AssessorAbsence(
        id=new_id(),
        region_id=assessor.region_id,
        user_id=assessor.user_id,
        from_on=from_on,
        to_on=to_on,
        entered_at=clock.now(),
        entered_by_name=by.name,
    )
    db.session.add(row)
    db.session.flush()
    events.record("absence.entered", row, by=by, audience="region", payload={"name": assessor.name})
    return row


def remove_absence(row: AssessorAbsence, *, name: str, by: Actor) -> None:
    """Take an absence out again. name: whose it was, for the timeline."""
    db.session.delete(row)
    events.record("absence.removed", row, by=by, audience="region", payload={"name": name})


def declare_neighbours(region_id: UUID, one: UUID | None, other: UUID | None, *, by: Actor) -> CouncilNeighbour:
    """Declare two councils of the region neighbours: the people of neither assess the other.

    Raises Invalid (one, other), Conflict when they are declared already.
    """
    known = dict(queries.list_councils(region_id))
    messages = {
        name: ["Choose a council of your region."]
        for name, council in (("one", one), ("other", other))
        if council not in known
    }
    if not messages and one == other:
        messages["other"] = ["Choose two different councils."]
    if messages or one is None or other is None:
        raise Invalid(messages)
    first, second = sorted((one, other))
    row = CouncilNeighbour(
        id=new_id(),
        region_id=region_id,
        council_id=first,
        neighbour_id=second,
        declared_at=clock.now(),
        declared_by_name=by.name,
    )
    named = f"{known[one]} and {known[other]}"
    with turning(ONE_PAIR, lambda: Conflict(f"{named} are declared neighbours already.")):
        db.session.add(row)
    events.record("neighbours.declared", row, by=by, audience="region", payload={"names": named})
    return row


def end_neighbours(row: CouncilNeighbour, *, names: str, by: Actor) -> None:
    """Two councils count as neighbours no longer. names: both, for the timeline."""
    db.session.delete(row)
    events.record("neighbours.ended", row, by=by, audience="region", payload={"names": names})

"""The visit of an accreditation, the people the council names for it, and who is invited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from assessment.models.accreditations import Accreditation
from assessment.models.assessors import Assessor, AssessorAbsence
from assessment.models.assignments import Assignment
from assessment.models.visits import Visit, VisitPeople
from assessment.queries.accreditations import get_accreditation
from assessment.rules.processes import Period
from assessment.rules.visits import Away, Slot, read
from saas import clock
from saas.db import db
from saas.errors import NotFound
from saas.events import Event
from saas.policy import Role
from tenants.models.access import Access
from tenants.queries.notices import find_recipient_of_region

ENTRY_SENT = "visit.entry_sent"
"""The event of one mailed calendar entry: {user, method, sequence}, kept in the scope of whoever was mailed."""


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody who is invited to a visit. `page`: which page of the visit is his or hers: region, council or file."""

    name: str
    email: str
    page: str


def find_visit(accreditation_id: UUID, *, lock: bool = False) -> Visit | None:
    """The visit of an accreditation, in any scope that sees it."""
    wanted = select(Visit).where(Visit.accreditation_id == accreditation_id)
    return db.session.scalar(wanted.with_for_update() if lock else wanted)


def get_visit(accreditation_id: UUID, *, lock: bool = False) -> Visit:
    """The same; raises NotFound where none is planned."""
    found = find_visit(accreditation_id, lock=lock)
    if found is None:
        raise NotFound
    return found


def get_slot(visit: Visit, key: str) -> Slot:
    """A line of the timetable; raises NotFound."""
    found = next((slot for slot in read(visit.timetable) if slot.key == key), None)
    if found is None:
        raise NotFound
    return found


def find_by_id(visit_id: UUID) -> Visit | None:
    """A visit by its own id, for jobs."""
    return db.session.scalar(select(Visit).where(Visit.id == visit_id))


def find_people(accreditation_id: UUID, *, lock: bool = False) -> VisitPeople | None:
    """Whom the council has named to meet the team; None while it has named nobody."""
    wanted = select(VisitPeople).where(VisitPeople.accreditation_id == accreditation_id)
    return db.session.scalar(wanted.with_for_update() if lock else wanted)


def get_named(accreditation_id: UUID, key: str) -> tuple[VisitPeople, dict[str, str]]:
    """Whom the council has named, and the one of this key; raises NotFound."""
    people = find_people(accreditation_id)
    person = next((each for each in people.people if each["key"] == key), None) if people else None
    if people is None or person is None:
        raise NotFound
    return people, person


def list_team_ids(accreditation_id: UUID) -> list[UUID]:
    """Everybody of the team to whom the file is open, and who leads; in region scope."""
    wanted = select(Assignment.user_id).where(_standing(accreditation_id))
    return list(db.session.scalars(wanted.order_by(Assignment.duty.desc(), Assignment.assigned_at, Assignment.id)))


def list_away(accreditation_id: UUID, *, since: date) -> list[Away]:
    """Days from `since` on on which somebody of the team cannot come, in order; in region scope."""
    wanted = (
        select(Assignment.name, AssessorAbsence.from_on, AssessorAbsence.to_on)
        .join(
            AssessorAbsence,
            and_(
                AssessorAbsence.region_id == Assignment.region_id,
                AssessorAbsence.user_id == Assignment.user_id,
            ),
        )
        .where(_standing(accreditation_id), AssessorAbsence.to_on >= since)
        .order_by(AssessorAbsence.from_on, Assignment.name, AssessorAbsence.id)
    )
    return [Away(row.name, Period(row.from_on, row.to_on)) for row in db.session.execute(wanted)]


def list_lead_ids(council_id: UUID) -> list[UUID]:
    """The council's leads; in council scope."""
    wanted = select(Access.user_id).where(
        Access.council_id == council_id, Access.role == Role.COUNCIL_LEAD, Access.ended_at.is_(None)
    )
    return list(db.session.scalars(wanted.distinct().order_by(Access.user_id)))


def list_sent(visit: Visit) -> dict[UUID, tuple[str, int]]:
    """Which entry each was mailed last: person → (method, sequence); of the team in region scope, else council."""
    wanted = (
        select(Event.payload)
        .where(
            Event.accreditation_id == visit.accreditation_id,
            Event.verb == ENTRY_SENT,
            Event.subject_id == visit.id,
            Event.payload.is_not(None),
        )
        .order_by(Event.at, Event.id)
    )
    return {UUID(each["user"]): (each["method"], each["sequence"]) for each in db.session.scalars(wanted) if each}


def find_assignment(assignment_id: UUID) -> Assignment | None:
    """An assignment by its id, also of somebody who has left the team; in region scope."""
    return db.session.scalar(select(Assignment).where(Assignment.id == assignment_id))


def find_team_member(region_id: UUID, accreditation_id: UUID, user_id: UUID) -> tuple[Invited, bool] | None:
    """Where somebody of the region is mailed, and whether he or she is in this team now; in the person's region scope.

    None without an account that is open and access in the region.
    """
    recipient = find_recipient_of_region(region_id, user_id)
    if recipient is None:
        return None
    duties = set(
        db.session.scalars(select(Assignment.duty).where(Assignment.user_id == user_id, _standing(accreditation_id)))
    )
    return Invited(recipient.name, recipient.email, "region" if "lead" in duties else "file"), bool(duties)


def find_address(region_id: UUID, user_id: UUID) -> str:
    """The mail address of somebody with access in the region; "" where there is none. In region scope."""
    wanted = select(Access.email).where(
        Access.region_id == region_id,
        Access.council_id.is_(None),
        Access.user_id == user_id,
        Access.ended_at.is_(None),
    )
    return db.session.scalar(wanted.order_by(Access.granted_at, Access.id).limit(1)) or ""


def leads(accreditation_id: UUID, user_id: UUID) -> bool:
    """Whether this user leads the assessment now; in region scope."""
    wanted = select(Assignment.id).where(
        _standing(accreditation_id), Assignment.duty == "lead", Assignment.user_id == user_id
    )
    return db.session.scalar(wanted) is not None


def get_led(accreditation_id: UUID, user_id: UUID) -> Accreditation:
    """The accreditation whose assessment this user leads now; raises NotFound. In region scope."""
    if not leads(accreditation_id, user_id):
        raise NotFound
    return get_accreditation(accreditation_id)


def _standing(accreditation_id: UUID) -> ColumnElement[bool]:
    """Who leads, and who scores once he or she has declared no interest, while the file is open to them."""
    today = clock.today()
    left = select(Assessor.id).where(
        Assessor.region_id == Assignment.region_id, Assessor.user_id == Assignment.user_id, Assessor.left_on < today
    )
    return and_(
        Assignment.accreditation_id == accreditation_id,
        Assignment.withdrawn_at.is_(None),
        Assignment.closed_at.is_(None),
        or_(Assignment.closes_on.is_(None), Assignment.closes_on >= today),
        or_(Assignment.duty == "lead", Assignment.interest == "none"),
        ~left.exists(),
    )

"""The visit of an accreditation, the people the council names for it, and who is invited."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from assessment.models.assignments import Assignment
from assessment.models.visits import Visit, VisitPeople
from saas.db import db
from saas.errors import NotFound
from saas.policy import Role
from tenants.models.access import Access, User


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


def find_by_id(visit_id: UUID) -> Visit | None:
    """A visit by its own id, for jobs."""
    return db.session.scalar(select(Visit).where(Visit.id == visit_id))


def find_people(accreditation_id: UUID, *, lock: bool = False) -> VisitPeople | None:
    """Whom the council has named to meet the team; None while it has named nobody."""
    wanted = select(VisitPeople).where(VisitPeople.accreditation_id == accreditation_id)
    return db.session.scalar(wanted.with_for_update() if lock else wanted)


def list_team_ids(accreditation_id: UUID) -> list[UUID]:
    """Everybody of the team who has not left it and declared no conflict; in region scope."""
    wanted = select(Assignment.user_id).where(_standing(accreditation_id))
    return list(db.session.scalars(wanted.order_by(Assignment.duty.desc(), Assignment.assigned_at, Assignment.id)))


def list_lead_ids(council_id: UUID) -> list[UUID]:
    """The council's leads; in council scope."""
    wanted = select(Access.user_id).where(
        Access.council_id == council_id, Access.role == Role.COUNCIL_LEAD, Access.ended_at.is_(None)
    )
    return list(db.session.scalars(wanted.distinct().order_by(Access.user_id)))


def find_assignment(assignment_id: UUID) -> Assignment | None:
    """An assignment by its id, also of somebody who has left the team; in region scope."""
    return db.session.scalar(select(Assignment).where(Assignment.id == assignment_id))


def find_team_member(region_id: UUID, accreditation_id: UUID, user_id: UUID) -> tuple[Invited, bool] | None:
    """Where somebody of the region is mailed, and whether he or she is in this team now; in the person's region scope.

    None without an account that is open and access in the region.
    """
    row = db.session.execute(
        select(Access.display_name, Access.email)
        .join(User, User.id == Access.user_id)
        .where(
            Access.region_id == region_id,
            Access.council_id.is_(None),
            Access.user_id == user_id,
            Access.ended_at.is_(None),
            User.disabled_at.is_(None),
        )
        .order_by(Access.granted_at, Access.id)
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    duties = set(
        db.session.scalars(select(Assignment.duty).where(Assignment.user_id == user_id, _standing(accreditation_id)))
    )
    return Invited(row.display_name, row.email, "region" if "lead" in duties else "file"), bool(duties)


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


def _standing(accreditation_id: UUID) -> ColumnElement[bool]:
    return and_(
        Assignment.accreditation_id == accreditation_id,
        Assignment.withdrawn_at.is_(None),
        Assignment.closed_at.is_(None),
        or_(Assignment.interest.is_(None), Assignment.interest == "none"),
    )

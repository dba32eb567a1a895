"""Assignments: who sits in a team, whose file is whose, and who could be asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select, text

from assessment.models.accreditations import Accreditation
from assessment.models.assignments import Assignment
from assessment.queries.accreditations import process_of
from assessment.rules import teams
from assessment.rules.teams import Place
from saas import clock
from saas.db import db
from saas.errors import NotFound
from saas.policy import Role
from tenants.models.access import Access

HAS_ACCESS = text("select tenancy.has_access(:user_id, :council_id)")


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody with access in the region who can be asked to score (assessor) or to lead (region officer)."""

    user_id: UUID
    name: str
    scores: bool
    leads: bool


@dataclass(frozen=True, slots=True)
class Interest:
    """One line of a file's record of interests: who was asked, what was declared when, and who left.

    `interest` is "none", "conflict" or None (nothing declared; who only leads declares nothing). `conflicted_at` is
    set where a conflict was declared that was not known at first. `withdrawn_reason` was written for the region alone.
    """

    name: str
    duty: str
    capacity: str
    home_council: str
    declared_at: datetime | None
    interest: str | None
    withdrawn_at: datetime | None
    withdrawn_reason: str
    conflicted_at: datetime | None


def list_interests(accreditation_id: UUID) -> list[Interest]:
    """The record of interests of a file: everybody who was ever asked, in the order of asking; in region scope."""
    rows = db.session.scalars(
        select(Assignment)
        .where(Assignment.accreditation_id == accreditation_id)
        .order_by(Assignment.assigned_at, Assignment.duty.desc(), Assignment.id)
    )
    return [
        Interest(
            each.name,
            each.duty,
            each.capacity,
            each.home_council,
            each.declared_at,
            each.interest,
            each.withdrawn_at,
            each.withdrawn_reason,
            each.conflicted_at,
        )
        for each in rows
    ]


def list_team(accreditation_id: UUID, *, lock: bool = False) -> list[Assignment]:
    """Everybody assigned to this accreditation and not withdrawn, scorers first; in region scope."""
    wanted = select(Assignment).where(
        Assignment.accreditation_id == accreditation_id, Assignment.withdrawn_at.is_(None)
    )
    wanted = wanted.order_by(Assignment.duty.desc(), Assignment.assigned_at, Assignment.id)
    return list(db.session.scalars(wanted.with_for_update(key_share=True) if lock else wanted))


def list_empty_places(accreditation: Accreditation) -> tuple[Place, ...]:
    """The scoring places of a team that nobody sits in: while there is one, no score counts; in region scope."""
    team = list_team(accreditation.id)
    empty = teams.vacant(process_of(accreditation), [(each.duty, each.capacity) for each in team])
    return tuple(place for place in empty if place.scores)


def list_withdrawn(accreditation_id: UUID) -> list[Assignment]:
    """Everybody who was assigned and withdrawn, oldest first; in region scope."""
    wanted = select(Assignment).where(
        Assignment.accreditation_id == accreditation_id, Assignment.withdrawn_at.is_not(None)
    )
    return list(db.session.scalars(wanted.order_by(Assignment.withdrawn_at)))


def find_standing(assignment_id: UUID) -> Assignment | None:
    """The assignment of this id while it stands; None once it is withdrawn or closed, or where it is not seen."""
    wanted = select(Assignment).where(
        Assignment.id == assignment_id, Assignment.withdrawn_at.is_(None), Assignment.closed_at.is_(None)
    )
    return db.session.scalar(wanted)


def get_assignment(accreditation_id: UUID, assignment_id: UUID) -> Assignment:
    """One current assignment of this accreditation; raises NotFound, also for a withdrawn one."""
    found = db.session.scalar(
        select(Assignment).where(
            Assignment.accreditation_id == accreditation_id,
            Assignment.id == assignment_id,
            Assignment.withdrawn_at.is_(None),
        )
    )
    if found is None:
        raise NotFound
    return found


def get_own(accreditation_id: UUID, user_id: UUID, *, lock: bool = False) -> Assignment:
    """This user's current assignment to score this file; raises NotFound."""
    wanted = select(Assignment).where(
        Assignment.accreditation_id == accreditation_id,
        Assignment.user_id == user_id,
        Assignment.duty == "scorer",
        Assignment.withdrawn_at.is_(None),
    )
    found = db.session.scalar(wanted.with_for_update(key_share=True) if lock else wanted)
    if found is None:
        raise NotFound
    return found


def list_own(user_id: UUID) -> list[Assignment]:
    """Every current assignment of this user, what is open first, newest first; in the person's own scope."""
    wanted = select(Assignment).where(Assignment.user_id == user_id, Assignment.withdrawn_at.is_(None))
    return list(db.session.scalars(wanted.order_by(Assignment.closed_at.is_not(None), Assignment.assigned_at.desc())))


def list_candidates(region_id: UUID) -> list[Candidate]:
    """Everybody who can be asked in this region, by name; in region scope."""
    rows = db.session.execute(
        select(Access.user_id, Access.display_name, Access.role)
        .where(
            Access.region_id == region_id,
            Access.council_id.is_(None),
            Access.role.in_([Role.ASSESSOR, Role.REGION_OFFICER]),
            Access.ended_at.is_(None),
        )
        .order_by(Access.display_name, Access.user_id)
    ).all()
    roles: dict[UUID, set[str]] = {}
    names: dict[UUID, str] = {}
    for row in rows:
        roles.setdefault(row.user_id, set()).add(row.role)
        names.setdefault(row.user_id, row.display_name)
    return [
        Candidate(user_id, names[user_id], Role.ASSESSOR in has, Role.REGION_OFFICER in has)
        for user_id, has in roles.items()
    ]


def list_officer_ids(region_id: UUID) -> list[UUID]:
    """The region's officers, who fill an empty place; in region scope."""
    wanted = select(Access.user_id).where(
        Access.region_id == region_id,
        Access.council_id.is_(None),
        Access.role == Role.REGION_OFFICER,
        Access.ended_at.is_(None),
    )
    return list(db.session.scalars(wanted.distinct().order_by(Access.user_id)))


def find_left(assignment_id: UUID) -> Assignment | None:
    """The assignment of this id of somebody who left the team or found a conflict after the decision; else None."""
    wanted = select(Assignment).where(
        Assignment.id == assignment_id,
        or_(Assignment.withdrawn_at.is_not(None), Assignment.conflicted_at.is_not(None)),
    )
    return db.session.scalar(wanted)


def list_due_to_close(council_id: UUID) -> list[UUID]:
    """Accreditations of a council with a file whose last day has passed and that nobody closed; in region scope."""
    wanted = select(Assignment.accreditation_id).where(
        Assignment.council_id == council_id,
        Assignment.withdrawn_at.is_(None),
        Assignment.closed_at.is_(None),
        Assignment.closes_on < clock.today(),
    )
    return list(db.session.scalars(wanted.distinct().order_by(Assignment.accreditation_id)))


def has_access(user_id: UUID, council_id: UUID) -> bool:
    """Whether this user has access in this council of the region whose scope is open."""
    return bool(db.session.scalar(HAS_ACCESS, {"user_id": user_id, "council_id": council_id}))

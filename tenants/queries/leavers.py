"""People who left a council or a region and are still named there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, text
from sqlalchemy.orm import aliased

from saas import clock
from saas.db import db
from saas.errors import Conflict, NotFound
from tenants.models.access import Access
from tenants.models.members import Member, Term
from tenants.queries.access import Target

FORMER_COLLEAGUE = "A former colleague"
FORMER_OFFICE_HOLDER = "A former office-holder"
FORMER_MEMBER = ("Former", "member")
"""What stands instead of a given and a family name."""
IDLE = text("select tenancy.idle_users(:before)")


@dataclass(frozen=True, slots=True)
class FormerColleague:
    """Somebody who had a role here and has none any more."""

    user_id: UUID
    name: str
    email: str
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class FormerMember:
    """A member whose last term is over."""

    id: UUID
    name: str
    ended_on: date


def list_former_colleagues(target: Target, *, before: datetime | None = None) -> list[FormerColleague]:
    """Those who are still named, the last to leave first. before: only whose last role ended earlier."""
    found = db.session.execute(_former(target, before)).all()
    return [FormerColleague(row.user_id, row.name, row.email, row.ended_at) for row in found]


def get_former_colleague(target: Target, user_id: UUID) -> Access:
    """One role that somebody had here; raises NotFound, Conflict while the person has another."""
    rows = db.session.scalars(select(Access).where(target.holds(Access), Access.user_id == user_id)).all()
    if not rows:
        raise NotFound
    if any(row.ended_at is None for row in rows):
        raise Conflict(f"{rows[0].display_name} still has a role here. End it first.")
    return rows[0]


def list_former_members(council_id: UUID, *, before: date | None = None) -> list[FormerMember]:
    """Those who are still named, the last to leave first. before: only whose last term ended earlier."""
    last = func.max(Term.ended_on)
    wanted = (
        select(Member.id, Member.title, Member.given_name, Member.family_name, last.label("ended_on"))
        .join(Term, and_(Term.council_id == Member.council_id, Term.member_id == Member.id))
        .where(Member.council_id == council_id, still_named(), ~_in_office())
        .group_by(Member.id, Member.title, Member.given_name, Member.family_name)
        .having(last < before if before is not None else last.is_not(None))
        .order_by(last.desc(), Member.family_name, Member.id)
    )
    return [
        FormerMember(row.id, " ".join(filter(None, (row.title, row.given_name, row.family_name))), row.ended_on)
        for row in db.session.execute(wanted)
    ]


def get_former_member(council_id: UUID, member_id: UUID, *, lock: bool = False) -> Member:
    """A member whose last term is over; raises NotFound, Conflict while in office."""
    wanted = select(Member).where(Member.council_id == council_id, Member.id == member_id)
    member = db.session.scalar(wanted.with_for_update() if lock else wanted)
    if member is None:
        raise NotFound
    ended = select(Term.id).where(Term.council_id == council_id, Term.member_id == member_id)
    in_office = db.session.scalar(select(_in_office()).select_from(Member).where(Member.id == member_id))
    if in_office or db.session.scalar(ended.limit(1)) is None:
        raise Conflict("This member is in office. Say first when the term ended.")
    return member


def still_named() -> ColumnElement[bool]:
    """In SQL: the member's name stands there."""
    given, family = FORMER_MEMBER
    return or_(Member.given_name != given, Member.family_name != family, Member.email != "", Member.ward != "")


def list_idle_users(before: datetime) -> list[UUID]:
    """Accounts that open nothing since before a moment, and wait for no invitation; for the console alone."""
    return list(db.session.scalar(IDLE, {"before": before}) or [])


def list_places_of(user_id: UUID) -> list[tuple[UUID, UUID | None]]:
    """Every region, and council in it, where the person ever had a role; in the person's own scope."""
    wanted = select(Access.region_id, Access.council_id).where(Access.user_id == user_id, Access.region_id.is_not(None))
    return [(row.region_id, row.council_id) for row in db.session.execute(wanted.distinct())]


def _in_office() -> ColumnElement[bool]:
    held = aliased(Term)
    return exists().where(
        held.council_id == Member.council_id,
        held.member_id == Member.id,
        or_(held.ended_on.is_(None), held.ended_on > clock.today()),
    )


def _former(target: Target, before: datetime | None) -> Select[UUID, str, str, datetime | None]:
    last = func.max(Access.ended_at)
    gone = func.bool_and(Access.ended_at.is_not(None))
    wanted = (
        select(
            Access.user_id,
            func.max(Access.display_name).label("name"),
            func.max(Access.email).label("email"),
            last.label("ended_at"),
        )
        .where(target.holds(Access))
        .group_by(Access.user_id)
        .having(gone, func.bool_or(Access.display_name != FORMER_COLLEAGUE))
        .order_by(last.desc(), Access.user_id)
    )
    return wanted.having(last < before) if before is not None else wanted

"""Notices as their person reads them, and those the daily mail still has to carry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, select

from saas import clock
from saas.db import db
from saas.errors import NotFound
from saas.tenancy import Scope
from tenants.models.access import Access, User
from tenants.models.councils import Region
from tenants.models.notices import Notice

STALE_AFTER = timedelta(days=14)
"""A notice nobody could be mailed about for so long is no news any more."""


def list_notices(council_id: UUID, user_id: UUID, *, limit: int = 100) -> list[Notice]:
    """One person's notices, the newest first."""
    mine = (Notice.council_id == council_id, Notice.user_id == user_id)
    rows = select(Notice).where(*mine).order_by(Notice.at.desc(), Notice.id.desc()).limit(limit)
    return list(db.session.scalars(rows))


def get_notice(council_id: UUID, user_id: UUID, notice_id: UUID) -> Notice:
    """One of a person's own notices; raises NotFound."""
    mine = (Notice.council_id == council_id, Notice.user_id == user_id, Notice.id == notice_id)
    found = db.session.scalar(select(Notice).where(*mine))
    if found is None:
        raise NotFound
    return found


def list_unmailed(council_id: UUID, user_id: UUID) -> list[Notice]:
    """What one person was told and has neither read nor been mailed, the oldest first."""
    mine = (Notice.council_id == council_id, Notice.user_id == user_id)
    waits = (Notice.mailed_at.is_(None), Notice.read_at.is_(None), Notice.at > clock.now() - STALE_AFTER)
    return list(db.session.scalars(select(Notice).where(*mine, *waits).order_by(Notice.at, Notice.id)))


def list_people_to_mail(council_id: UUID) -> list[UUID]:
    """Everybody for whom a notice waits to be mailed."""
    waits = (Notice.mailed_at.is_(None), Notice.read_at.is_(None), Notice.at > clock.now() - STALE_AFTER)
    people = select(Notice.user_id).where(Notice.council_id == council_id, *waits).distinct()
    return list(db.session.scalars(people.order_by(Notice.user_id)))


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a mail goes to."""

    name: str
    email: str


def find_recipient(council_id: UUID, user_id: UUID) -> Recipient | None:
    """Where a person of the council is mailed, in that person's own scope there; None without current access."""
    return _recipient(user_id, Access.council_id == council_id)


def find_recipient_of_region(region_id: UUID, user_id: UUID) -> Recipient | None:
    """Where a person of the region is mailed, in that person's own scope there; None without current access."""
    return _recipient(user_id, Access.region_id == region_id, Access.council_id.is_(None))


@dataclass(frozen=True, slots=True)
class Addressed:
    """Whom a job mails in that person's own scope in a region, and which region that is."""

    user_id: UUID
    name: str
    email: str
    region: Region


def find_addressed(region_id: UUID) -> Addressed | None:
    """The person whose scope this is, with the region; None for a scope of nobody and without current access there."""
    scope: Scope = db.session.info["scope"]
    recipient = find_recipient_of_region(region_id, scope.user_id) if scope.user_id is not None else None
    region = db.session.get(Region, region_id) if recipient is not None else None
    if scope.user_id is None or recipient is None or region is None:
        return None
    return Addressed(scope.user_id, recipient.name, recipient.email, region)


def _recipient(user_id: UUID, *of_place: ColumnElement[bool]) -> Recipient | None:
    row = db.session.execute(
        select(Access.display_name, Access.email)
        .join(User, User.id == Access.user_id)
        .where(*of_place, Access.user_id == user_id, Access.ended_at.is_(None), User.disabled_at.is_(None))
        .order_by(Access.granted_at, Access.id)
        .limit(1)
    ).one_or_none()
    return None if row is None else Recipient(row.display_name, row.email)

"""Regions and councils as lists: what the operator sees, and those that nobody has joined yet."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, text

from saas.db import db
from saas.errors import NotFound
from tenants.models.access import Invitation
from tenants.models.councils import Council
from tenants.queries.access import FoundScope, Target
from tenants.rules.slugs import is_slug

LIST = text("select kind, id, region_id, name, slug from tenancy.list_scopes()")
UNCLAIMED = text("select unnest(tenancy.unclaimed())")
PUBLIC_REGION = text("select id, name, slug, accent from tenancy.public_region(:slug)")


@dataclass(frozen=True, slots=True)
class ListedScope(FoundScope):
    """A region or council as the operator sees it."""

    slug: str


@dataclass(frozen=True, slots=True)
class PublicRegion:
    """What everybody may know of a region."""

    id: UUID
    name: str
    slug: str
    accent: str


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """A region or council where nobody has access yet, with the invitations that wait."""

    id: UUID
    name: str
    invitations: tuple[Invitation, ...]


def list_scopes() -> list[ListedScope]:
    """Every region and council by name; empty for everybody but the operator."""
    return [ListedScope(*row) for row in db.session.execute(LIST)]


def list_councils(region_id: UUID) -> list[Council]:
    """Every council of a region by name, those that ended too; in the region's scope."""
    rows = select(Council).where(Council.region_id == region_id)
    return list(db.session.scalars(rows.order_by(Council.name, Council.id)))


def get_council(region_id: UUID, council_id: UUID) -> Council:
    """One council of a region; raises NotFound. In the region's scope."""
    found = db.session.scalar(select(Council).where(Council.region_id == region_id, Council.id == council_id))
    if found is None:
        raise NotFound
    return found


def list_unclaimed() -> set[UUID]:
    """Ids of the councils (and, on the platform, regions) where nobody has access."""
    return set(db.session.scalars(UNCLAIMED))


def list_unclaimed_councils(region_id: UUID) -> list[Unclaimed]:
    """The region's councils where nobody has access yet, by name; in the region's scope."""
    rows = select(Council).where(Council.region_id == region_id, Council.id.in_(list_unclaimed()))
    councils = list(db.session.scalars(rows.order_by(Council.name)))
    waiting = invitations_of([council.id for council in councils])
    return [Unclaimed(council.id, council.name, waiting.get(council.id, ())) for council in councils]


def get_unclaimed_council(region_id: UUID, council_id: UUID) -> Target:
    """A council of the region where nobody has access yet; raises NotFound, also once somebody has."""
    council = db.session.get(Council, council_id)
    if council is None or council.region_id != region_id or council.id not in list_unclaimed():
        raise NotFound
    return Target("council", region_id, council.id, council.name)


def invitations_of(scope_ids: list[UUID]) -> dict[UUID, tuple[Invitation, ...]]:
    """Region or council → its waiting first invitations, those of a region being its own only."""
    rows = select(Invitation).where(
        Invitation.council_id.in_(scope_ids) | (Invitation.region_id.in_(scope_ids) & Invitation.council_id.is_(None)),
        Invitation.used_at.is_(None),
        Invitation.withdrawn_at.is_(None),
    )
    found: dict[UUID, tuple[Invitation, ...]] = {}
    for invitation in db.session.scalars(rows.order_by(Invitation.invited_at.desc())):
        scope_id = invitation.council_id or invitation.region_id
        if scope_id is not None:
            found[scope_id] = (*found.get(scope_id, ()), invitation)
    return found


def find_public_region(slug: str) -> PublicRegion | None:
    """The region of this slug, for everybody; None too for a text that is no slug."""
    if not is_slug(slug):
        return None
    row = db.session.execute(PUBLIC_REGION, {"slug": slug}).one_or_none()
    return None if row is None else PublicRegion(*row)


def get_public_region(slug: str) -> PublicRegion:
    """The region of this slug, for everybody; raises NotFound."""
    found = find_public_region(slug)
    if found is None:
        raise NotFound
    return found

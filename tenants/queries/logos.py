"""Logos of councils and regions, as papers carry them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, union_all

from saas.db import db
from tenants.models.councils import Council, Region


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A place as a paper names it; `logo` is a PNG or None."""

    name: str
    logo: bytes | None


def find_logo(place_id: UUID) -> bytes | None:
    """The logo of the council or region whose scope is open, or of the region of the council; a PNG or None."""
    councils = select(Council.logo).where(Council.id == place_id)
    regions = select(Region.logo).where(Region.id == place_id)
    return next((logo for logo in db.session.scalars(union_all(councils, regions)) if logo), None)


def get_names(council_id: UUID, region_id: UUID) -> tuple[NamedPlace, NamedPlace]:
    """The council and its region with their logos, in one statement; in the council's scope."""
    row = db.session.execute(
        select(Council.name, Council.logo, Region.name, Region.logo)
        .join(Region, Region.id == Council.region_id)
        .where(Council.id == council_id, Council.region_id == region_id)
    ).one()
    return NamedPlace(row[0], row[1]), NamedPlace(row[2], row[3])

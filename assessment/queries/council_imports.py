"""Files of councils that a region has read, and what it knows of its councils and their awards to compare with."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from sqlalchemy import select

from assessment.models.awards import Award
from assessment.models.frameworks import Framework
from assessment.models.region_views import CouncilImport
from assessment.queries.frameworks import list_published
from assessment.rules.council_tables import KnownAward, KnownCouncil, Offered
from saas.db import db
from saas.errors import NotFound
from tenants.models.councils import Council


def get_import(region_id: UUID, import_id: UUID, *, lock: bool = False) -> CouncilImport:
    """One file of the region; raises NotFound. lock: held against being taken in twice."""
    wanted = select(CouncilImport).where(CouncilImport.region_id == region_id, CouncilImport.id == import_id)
    found = db.session.scalar(wanted.with_for_update() if lock else wanted)
    if found is None:
        raise NotFound
    return found


def find_taken_in(region_id: UUID, sha256: str) -> CouncilImport | None:
    """The same file, where it was taken in before."""
    wanted = select(CouncilImport).where(
        CouncilImport.region_id == region_id,
        CouncilImport.sha256 == sha256,
        CouncilImport.taken_in_at.is_not(None),
    )
    return db.session.scalar(wanted.order_by(CouncilImport.taken_in_at).limit(1))


def list_taken_in(region_id: UUID) -> list[CouncilImport]:
    """Every file that was taken in, the newest first."""
    wanted = select(CouncilImport).where(CouncilImport.region_id == region_id, CouncilImport.taken_in_at.is_not(None))
    return list(db.session.scalars(wanted.order_by(CouncilImport.taken_in_at.desc())))


def list_known(region_id: UUID) -> list[KnownCouncil]:
    """Every council of the region, those that ended as well, with its awards; two statements."""
    awards: defaultdict[UUID, list[KnownAward]] = defaultdict(list)
    for row in db.session.execute(
        select(Award.council_id, Award.level, Award.awarded_on, Award.valid_to_on, Award.level_title).where(
            Award.region_id == region_id
        )
    ):
        awards[row.council_id].append(KnownAward(row.level, row.awarded_on, row.valid_to_on, row.level_title))
    councils = select(Council.id, Council.slug, Council.name, Council.kind, Council.county, Council.seats)
    return [
        KnownCouncil(row.id, row.slug, row.name, row.kind, row.county, row.seats, tuple(awards[row.id]))
        for row in db.session.execute(councils.where(Council.region_id == region_id).order_by(Council.name))
    ]


def list_offered(region_id: UUID) -> list[Offered]:
    """Every framework that an award of the region can be of."""
    return [_offered(row) for row in list_published(region_id)]


def _offered(row: Framework) -> Offered:
    levels = {level["code"]: level["title"] for level in row.document["levels"]}
    return Offered(row.id, row.code, row.title, row.version, levels)

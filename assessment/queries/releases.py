"""Releases at a set time: what could go out, what is set, and what became of it; all in the region's scope."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select

from assessment.models.accreditations import Accreditation
from assessment.models.awards import Decision
from assessment.models.releases import Release, ReleaseItem
from assessment.models.reports import ReportDraft
from assessment.queries.decisions import stands
from assessment.queries.frameworks import get_framework
from assessment.rules.stages import Stage
from saas.db import db
from saas.errors import NotFound
from saas.policy import Permission
from tenants.queries.access import find_viewer


@dataclass(frozen=True, slots=True)
class Decided:
    """A decided outcome that is not released, with the version of its report; `standing` is the release it is in."""

    accreditation: Accreditation
    level_title: str
    decision: Decision
    draft_version: int
    standing: Release | None


@dataclass(frozen=True, slots=True)
class Line:
    """One outcome in a release."""

    item: ReleaseItem
    council_name: str


@dataclass(frozen=True, slots=True)
class Set:
    """A release with how many outcomes it has, how many went out and how many stayed back."""

    release: Release
    number: int
    released: int
    failed: int


PENDING = and_(ReleaseItem.released_at.is_(None), ReleaseItem.failure == "")
STANDING = and_(PENDING, Release.called_off_at.is_(None))
"""An item that will still be released at its time."""
OF_RELEASE = and_(Release.region_id == ReleaseItem.region_id, Release.id == ReleaseItem.release_id)


def list_decided(region_id: UUID) -> list[Decided]:
    """Every decided outcome of a region that waits for its release, by council, in one statement."""
    rows = db.session.execute(
        select(Accreditation, Decision, ReportDraft.version, Release)
        .join(Decision, and_(_of_case(Decision), stands()))
        .join(ReportDraft, _of_case(ReportDraft))
        .outerjoin(ReleaseItem, and_(_of_case(ReleaseItem), PENDING, ~_called_off()))
        .outerjoin(Release, OF_RELEASE)
        .where(Accreditation.region_id == region_id, Accreditation.stage == Stage.FACT_CHECK)
        .order_by(Accreditation.council_name, Accreditation.id)
    )
    return [
        Decided(row.Accreditation, _level_title(row.Accreditation), row.Decision, row.version, row.Release)
        for row in rows
    ]


def list_releases(region_id: UUID, *, limit: int = 50) -> list[Set]:
    """The region's releases, newest first."""
    rows = db.session.execute(
        select(
            Release,
            func.count().label("number"),
            func.count(ReleaseItem.released_at).label("released"),
            func.count().filter(ReleaseItem.failure != "").label("failed"),
        )
        .join(ReleaseItem, OF_RELEASE)
        .where(Release.region_id == region_id)
        .group_by(Release.id)
        .order_by(Release.release_at.desc(), Release.id.desc())
        .limit(limit)
    )
    return [Set(*row) for row in rows]


def get_release(release_id: UUID, *, lock: bool = False) -> Release:
    """A release of the region whose scope is open; raises NotFound."""
    wanted = select(Release).where(Release.id == release_id)
    found = db.session.scalar(wanted.with_for_update() if lock else wanted)
    if found is None:
        raise NotFound
    return found


def get_item(item_id: UUID) -> ReleaseItem:
    """One outcome of a release; raises NotFound."""
    found = db.session.scalar(select(ReleaseItem).where(ReleaseItem.id == item_id))
    if found is None:
        raise NotFound
    return found


def list_lines(release_id: UUID) -> list[Line]:
    """The outcomes of a release, by council."""
    rows = db.session.execute(
        select(ReleaseItem, Accreditation.council_name)
        .join(Accreditation, _of_case(ReleaseItem))
        .where(ReleaseItem.release_id == release_id)
        .order_by(Accreditation.council_name, ReleaseItem.id)
    )
    return [Line(*row) for row in rows]


def find_standing(accreditation_id: UUID) -> Release | None:
    """The release in which this outcome is set to go out; None where it is set in none."""
    wanted = select(Release).join(ReleaseItem, OF_RELEASE)
    return db.session.scalar(wanted.where(ReleaseItem.accreditation_id == accreditation_id, STANDING).limit(1))


def list_standing(accreditation_id: UUID) -> list[tuple[ReleaseItem, Release]]:
    """Where this outcome is set to go out, held for a change: the release first, as its time holds it."""
    ours = select(ReleaseItem.release_id).join(Release, OF_RELEASE)
    wanted = ours.where(ReleaseItem.accreditation_id == accreditation_id, STANDING)
    held = list(db.session.scalars(select(Release).where(Release.id.in_(wanted)).with_for_update()))
    items = (ReleaseItem.accreditation_id == accreditation_id, PENDING)
    return [
        (item, release)
        for release in held
        for item in db.session.scalars(select(ReleaseItem).where(ReleaseItem.release_id == release.id, *items))
    ]


def may_still_release(region_id: UUID, user_id: UUID) -> bool:
    """Whether a person's access to the region lets him or her release outcomes now."""
    person = find_viewer(user_id)
    places = person.places if person else ()
    return any(
        place.kind == "region" and place.id == region_id and Permission.AWARD_RELEASE in place.permissions
        for place in places
    )


def count_pending(release_id: UUID) -> int:
    """How many outcomes of a release are neither released nor kept back."""
    wanted = select(func.count()).select_from(ReleaseItem).where(ReleaseItem.release_id == release_id, PENDING)
    return db.session.scalar(wanted) or 0


def _of_case(model: type[Decision] | type[ReportDraft] | type[ReleaseItem]) -> ColumnElement[bool]:
    return and_(model.council_id == Accreditation.council_id, model.accreditation_id == Accreditation.id)


def _called_off() -> ColumnElement[bool]:
    return select(Release.id).where(OF_RELEASE, Release.called_off_at.is_not(None)).correlate(ReleaseItem).exists()


def _level_title(accreditation: Accreditation) -> str:
    return get_framework(accreditation.framework_id).tree.level(accreditation.level).title

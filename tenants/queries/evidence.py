"""The library of evidence: files and links a council holds, with every version of a file and its text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, literal, select

from saas import clock
from saas.db import db
from saas.errors import NotFound
from tenants.models.evidence import Evidence, EvidencePage, EvidenceVersion
from tenants.queries.sorting import Sortable, order_of

SORTS: dict[str, Sortable] = {
    "title": func.lower(Evidence.title),
    "kind": Evidence.kind,
    "size": Evidence.size,
    "speaks": Evidence.speaks_for_on,
    "until": Evidence.valid_until_on,
    "by": func.lower(Evidence.added_by_name),
    "added": Evidence.added_at,
}
LOOK_EVERY = timedelta(days=7)
SAME_EVIDENCE = (EvidenceVersion.council_id == Evidence.council_id) & (EvidenceVersion.evidence_id == Evidence.id)


@dataclass(frozen=True, slots=True)
class Content:
    """What is known of some content: the evidence that holds it in its version `number`, and bytes kept in all."""

    evidence: Evidence | None
    number: int | None
    quarantined: bool
    used: int


def list_evidence(council_id: UUID, *, words: str = "", kind: str = "", sort: str = "-added") -> list[Evidence]:
    """Everything in the library that was not removed.

    words: a part of the title, the file's name or the address. kind: file, link or "" for both. sort: a key of SORTS,
    with "-" before it from the largest down.
    """
    wanted = select(Evidence).where(Evidence.council_id == council_id, Evidence.removed_at.is_(None))
    if words:
        wanted = wanted.where(
            Evidence.title.icontains(words, autoescape=True)
            | Evidence.filename.icontains(words, autoescape=True)
            | Evidence.url.icontains(words, autoescape=True)
        )
    if kind:
        wanted = wanted.where(Evidence.kind == kind)
    return list(db.session.scalars(wanted.order_by(*order_of(SORTS, sort, "-added"), Evidence.id)))


def get_evidence(council_id: UUID, evidence_id: UUID, *, lock: bool = False, removed: bool = False) -> Evidence:
    """One piece of evidence in the library, or removed from it; raises NotFound. `lock` holds it for a change."""
    wanted = select(Evidence).where(Evidence.council_id == council_id, Evidence.id == evidence_id)
    wanted = wanted.where(Evidence.removed_at.is_not(None) if removed else Evidence.removed_at.is_(None))
    found = db.session.scalar(wanted.with_for_update() if lock else wanted)
    if found is None:
        raise NotFound
    return found


def find_evidence(evidence_id: UUID, *, lock: bool = False) -> Evidence | None:
    """One piece of evidence of the council whose scope is open, removed or not."""
    wanted = select(Evidence).where(Evidence.id == evidence_id)
    return db.session.scalar(wanted.with_for_update() if lock else wanted)


def list_links_to_look_at(council_id: UUID) -> list[UUID]:
    """The links in the library that were not looked at for a week."""
    ours = (Evidence.council_id == council_id, Evidence.kind == "link", Evidence.removed_at.is_(None))
    stale = Evidence.checked_at.is_(None) | (Evidence.checked_at < clock.now() - LOOK_EVERY)
    return list(db.session.scalars(select(Evidence.id).where(*ours, stale).order_by(Evidence.id)))


def find_content(council_id: UUID, sha256: str) -> Content:
    """Who holds this content, and how much the council keeps; one statement.

    A newest version comes before an earlier one, what is in the library before what was removed from it.
    """
    is_newest = EvidenceVersion.number == Evidence.file_number
    held = (
        select(EvidenceVersion.evidence_id, EvidenceVersion.number, EvidenceVersion.quarantined)
        .join(Evidence, SAME_EVIDENCE)
        .where(EvidenceVersion.council_id == council_id, EvidenceVersion.sha256 == sha256)
        .order_by(
            EvidenceVersion.quarantined.desc(),
            case((is_newest & Evidence.removed_at.is_(None), 0), (is_newest, 1), else_=2),
            Evidence.removed_at.is_not(None),
            Evidence.added_at,
        )
        .limit(1)
        .subquery()
    )
    one = select(literal(1).label("one")).subquery()
    row = db.session.execute(
        select(Evidence, held.c.number, held.c.quarantined, _used(council_id).label("used"))
        .select_from(one)
        .outerjoin(held, literal(True))
        .outerjoin(Evidence, (Evidence.council_id == council_id) & (Evidence.id == held.c.evidence_id))
    ).one()
    return Content(row.Evidence, row.number, bool(row.quarantined), int(row.used))


def used_bytes(council_id: UUID) -> int:
    """How much the council keeps: every content once, earlier versions and removed files included."""
    return int(db.session.scalar(select(_used(council_id))) or 0)


def _used(council_id: UUID) -> ColumnElement[int]:
    ours = (EvidenceVersion.council_id == council_id, EvidenceVersion.quarantined.is_(False))
    contents = select(EvidenceVersion.sha256, EvidenceVersion.size).where(*ours).distinct().subquery()
    return select(func.coalesce(func.sum(contents.c.size), 0)).scalar_subquery()


def list_versions(evidence: Evidence) -> list[EvidenceVersion]:
    """Every version of a file, the newest first."""
    ours = (EvidenceVersion.council_id == evidence.council_id, EvidenceVersion.evidence_id == evidence.id)
    return list(db.session.scalars(select(EvidenceVersion).where(*ours).order_by(EvidenceVersion.number.desc())))


def get_version(council_id: UUID, evidence_id: UUID, number: int) -> EvidenceVersion:
    """One version of a file that is in the library; raises NotFound."""
    wanted = (
        select(EvidenceVersion)
        .join(Evidence, SAME_EVIDENCE)
        .where(
            EvidenceVersion.council_id == council_id,
            EvidenceVersion.evidence_id == evidence_id,
            EvidenceVersion.number == number,
            Evidence.removed_at.is_(None),
        )
    )
    found = db.session.scalar(wanted)
    if found is None:
        raise NotFound
    return found


def find_page(evidence: Evidence, page: int) -> str | None:
    """The text of one page of the newest version; None where none was read."""
    ours = (EvidencePage.council_id == evidence.council_id, EvidencePage.evidence_id == evidence.id)
    return db.session.scalar(select(EvidencePage.text).where(*ours, EvidencePage.page == page))

"""The library of evidence: files and links a council holds."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from saas.db import db
from saas.errors import NotFound
from tenants.models.evidence import Evidence
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


def find_file(council_id: UUID, sha256: str, *, removed: bool = False) -> Evidence | None:
    """The file with this content in the library, or among what was removed from it."""
    wanted = select(Evidence).where(Evidence.council_id == council_id, Evidence.sha256 == sha256)
    state = Evidence.removed_at.is_not(None) if removed else Evidence.removed_at.is_(None)
    return db.session.scalar(wanted.where(state).order_by(Evidence.added_at).limit(1))

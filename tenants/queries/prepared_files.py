"""Files that were made for one person, as that person finds them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from saas import clock
from saas.db import db
from saas.errors import NotFound
from tenants.models.data_protection import PreparedFile

SHOWN = 5


def list_own(user_id: UUID, kind: str, council_id: UUID | None = None) -> list[PreparedFile]:
    """What the person asked for last, of this kind and in this place, the newest first."""
    mine = (PreparedFile.user_id == user_id, PreparedFile.kind == kind, PreparedFile.council_id == council_id)
    rows = select(PreparedFile).where(*mine).order_by(PreparedFile.asked_at.desc(), PreparedFile.id.desc())
    return list(db.session.scalars(rows.limit(SHOWN)))


def get_ready(user_id: UUID, kind: str, file_id: UUID, council_id: UUID | None = None) -> PreparedFile:
    """One of them that can be fetched now; raises NotFound when it is not ready, has expired or is another's."""
    found = find(file_id)
    if found is None or (found.user_id, found.kind, found.council_id) != (user_id, kind, council_id):
        raise NotFound
    if found.file is None or found.expires_at <= clock.now():
        raise NotFound("This file is no longer kept. Ask for it again.")
    return found


def find(file_id: UUID) -> PreparedFile | None:
    """One of the files of the person whose scope this is."""
    return db.session.get(PreparedFile, file_id)


def list_kept_digests(user_id: UUID) -> set[str]:
    """The SHA-256 of every file that the person can fetch now."""
    kept = (PreparedFile.user_id == user_id, PreparedFile.file.is_not(None), PreparedFile.expires_at > clock.now())
    return {digest for digest in db.session.scalars(select(PreparedFile.sha256).where(*kept)) if digest}

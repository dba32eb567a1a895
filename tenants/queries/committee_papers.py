"""Covers under which plans and self-assessments go to a committee."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from saas.db import db
from saas.errors import NotFound
from tenants.models.committee_papers import CommitteePaper


def find_cover(council_id: UUID, subject: str, subject_id: UUID) -> CommitteePaper | None:
    """The cover of this plan or self-assessment, if anybody began one."""
    return db.session.scalar(
        select(CommitteePaper).where(
            CommitteePaper.council_id == council_id,
            CommitteePaper.subject == subject,
            CommitteePaper.subject_id == subject_id,
        )
    )


def get_cover(council_id: UUID, cover_id: UUID, *, lock: bool = False) -> CommitteePaper:
    """One cover; raises NotFound. `lock` holds it for a change."""
    wanted = select(CommitteePaper).where(CommitteePaper.council_id == council_id, CommitteePaper.id == cover_id)
    found = db.session.scalar(wanted.with_for_update() if lock else wanted)
    if found is None:
        raise NotFound
    return found

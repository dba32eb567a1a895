"""Awards that councils hold or held."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import exists, select

from assessment.models.awards import Award
from saas import clock
from saas.db import db


def find_award(accreditation_id: UUID) -> Award | None:
    """The award an accreditation led to."""
    return db.session.scalar(select(Award).where(Award.accreditation_id == accreditation_id))


def holds_level(council_id: UUID, level: str) -> bool:
    """Whether a council holds an award of this level today, its days of grace included."""
    held = exists().where(
        Award.council_id == council_id,
        Award.level == level,
        Award.ending.is_(None),
        Award.grace_to_on >= clock.today(),
    )
    return bool(db.session.scalar(select(held)))

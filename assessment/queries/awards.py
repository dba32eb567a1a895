"""Awards that councils hold or held."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import exists, select

from assessment.models.awards import Award
from saas import clock
from saas.db import db
from saas.errors import NotFound


def find_award(accreditation_id: UUID) -> Award | None:
    """The award an accreditation led to."""
    return db.session.scalar(select(Award).where(Award.accreditation_id == accreditation_id))


def get_award(accreditation_id: UUID) -> Award:
    """The same; raises NotFound where it led to none."""
    found = find_award(accreditation_id)
    if found is None:
        raise NotFound
    return found


def holds_level(council_id: UUID, level: str) -> bool:
    """Whether a council holds an award of this level today, its days of grace included."""
    held = exists().where(
        Award.council_id == council_id,
        Award.level == level,
        Award.ending.is_(None),
        Award.grace_to_on >= clock.today(),
    )
    return bool(db.session.scalar(select(held)))

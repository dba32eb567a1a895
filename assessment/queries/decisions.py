"""Decisions, and who may not make them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from assessment.models.assignments import Assignment
from assessment.models.awards import Decision
from saas.db import db


def find_decision(accreditation_id: UUID) -> Decision | None:
    """What was decided; the region's alone until release."""
    return db.session.scalar(select(Decision).where(Decision.accreditation_id == accreditation_id))


def find_part(accreditation_id: UUID, user_id: UUID) -> str | None:
    """The duty ("lead" or "scorer") of somebody in this assessment, also of one who withdrew; None for an outsider."""
    wanted = select(Assignment.duty).where(
        Assignment.accreditation_id == accreditation_id, Assignment.user_id == user_id
    )
    return db.session.scalar(wanted.limit(1))

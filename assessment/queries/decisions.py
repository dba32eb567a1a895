"""Decisions, and who may not make them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from assessment.models.accreditations import Accreditation
from assessment.models.assignments import Assignment
from assessment.models.awards import Decision
from assessment.rules.stages import BEFORE_DECISION
from saas.db import db


def stands() -> ColumnElement[bool]:
    """Of a decision beside its accreditation: it holds still.

    A file that went back to its scorers or to moderation is decided again, so what was decided before it came to its
    present stage is void. After release a decision stands for good.
    """
    released = Accreditation.stage.not_in([stage.value for stage in BEFORE_DECISION])
    return or_(released, Decision.decided_at >= Accreditation.stage_since)


def find_decision(accreditation_id: UUID) -> Decision | None:
    """What was decided and stands, the newest where an appeal was upheld; the region's alone until release."""
    ours = and_(Accreditation.council_id == Decision.council_id, Accreditation.id == Decision.accreditation_id)
    wanted = select(Decision).join(Accreditation, ours).where(Decision.accreditation_id == accreditation_id, stands())
    return db.session.scalar(wanted.order_by(Decision.number.desc()).limit(1))


def list_decisions(accreditation_id: UUID) -> list[Decision]:
    """Everything that was ever decided, oldest first: the void and the one an appeal was made against too."""
    wanted = select(Decision).where(Decision.accreditation_id == accreditation_id)
    return list(db.session.scalars(wanted.order_by(Decision.number)))


def find_part(accreditation_id: UUID, user_id: UUID) -> str | None:
    """The duty ("lead" or "scorer") of somebody in this assessment, also of one who withdrew; None for an outsider."""
    wanted = select(Assignment.duty).where(
        Assignment.accreditation_id == accreditation_id, Assignment.user_id == user_id
    )
    return db.session.scalar(wanted.limit(1))

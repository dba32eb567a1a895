"""What stands behind a line of a plan: the answers that need it, and the improvements it came from."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Row, select

from assessment.models.answers import Answer, AnswerAction
from assessment.models.frameworks import Requirement
from assessment.models.improvements import Improvement, ImprovementAction
from saas.db import db


def list_requirements_behind(council_id: UUID, action_id: UUID) -> Sequence[Row[UUID, str, str]]:
    """The requirements whose answers need the line, in their order: accreditation_id, code, title."""
    return db.session.execute(
        select(Answer.accreditation_id, Requirement.code, Requirement.title)
        .join(AnswerAction, (AnswerAction.council_id == Answer.council_id) & (AnswerAction.answer_id == Answer.id))
        .join(Requirement, Requirement.id == Answer.requirement_id)
        .where(AnswerAction.council_id == council_id, AnswerAction.action_id == action_id)
        .order_by(Requirement.position)
    ).all()


def list_improvements_behind(council_id: UUID, action_id: UUID) -> Sequence[Row[UUID, int, bool]]:
    """The improvements that stand in the plan as this line: accreditation_id, number, mandatory."""
    return db.session.execute(
        select(Improvement.accreditation_id, Improvement.number, Improvement.mandatory)
        .join(
            ImprovementAction,
            (ImprovementAction.council_id == Improvement.council_id)
            & (ImprovementAction.improvement_id == Improvement.id),
        )
        .where(ImprovementAction.council_id == council_id, ImprovementAction.action_id == action_id)
        .order_by(Improvement.issued_at, Improvement.number)
    ).all()

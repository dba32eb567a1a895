"""What stands behind a line of a plan: the answers that need it, and the improvements it came from."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import Row, select, union

from assessment.models.answers import Answer, AnswerAction
from assessment.models.frameworks import Requirement
from assessment.models.improvements import Improvement, ImprovementAction
from assessment.queries.frameworks import get_framework
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


def list_places(council_id: UUID, action_ids: Collection[UUID]) -> dict[UUID, tuple[str, str]]:
    """The (elements, requirements) of the answers and improvements behind each line, each with its code and title.

    One under the other where there are several; lines with no requirement behind them are left out. One statement,
    none for no line.
    """
    if not action_ids:
        return {}
    wanted = (Requirement.framework_id, Requirement.position, Requirement.code, Requirement.title)
    answered = (
        select(AnswerAction.action_id, *wanted)
        .join(Answer, (Answer.council_id == AnswerAction.council_id) & (Answer.id == AnswerAction.answer_id))
        .join(Requirement, Requirement.id == Answer.requirement_id)
        .where(AnswerAction.council_id == council_id, AnswerAction.action_id.in_(action_ids))
    )
    improved = (
        select(ImprovementAction.action_id, *wanted)
        .join(
            Improvement,
            (Improvement.council_id == ImprovementAction.council_id)
            & (Improvement.id == ImprovementAction.improvement_id),
        )
        .join(Requirement, Requirement.id == Improvement.requirement_id)
        .where(ImprovementAction.council_id == council_id, ImprovementAction.action_id.in_(action_ids))
    )
    found: dict[UUID, tuple[dict[str, None], dict[str, None]]] = {}
    for action_id, framework_id, _, code, title in db.session.execute(
        union(answered, improved).order_by("position", "code")
    ):
        elements, requirements = found.setdefault(action_id, ({}, {}))
        element = get_framework(framework_id).tree.place_of(code)[1]
        elements[f"{element.code} {element.title}"] = None
        requirements[f"{code} {title}"] = None
    return {
        action_id: ("\n".join(elements), "\n".join(requirements))
        for action_id, (elements, requirements) in found.items()
    }

"""One action that an answer needs, and whether anything else needs it too."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import exists, or_, select

from assessment.models.answers import Answer, AnswerAction
from assessment.models.improvements import ImprovementAction
from saas.db import db
from saas.errors import NotFound
from tenants.models.plans import Action


def get_planned_action(answer: Answer, action_id: UUID) -> tuple[AnswerAction, Action]:
    """An action the answer needs, and the link to it, to be changed: both are locked. Raises NotFound."""
    row = db.session.execute(
        select(AnswerAction, Action)
        .join(Action, (Action.council_id == AnswerAction.council_id) & (Action.id == AnswerAction.action_id))
        .where(
            AnswerAction.council_id == answer.council_id,
            AnswerAction.answer_id == answer.id,
            AnswerAction.action_id == action_id,
        )
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFound
    return row.AnswerAction, row.Action


def is_needed(action: Action) -> bool:
    """Whether any answer or improvement stands behind the action."""
    links: tuple[type[AnswerAction | ImprovementAction], ...] = (AnswerAction, ImprovementAction)
    behind = [exists().where(link.council_id == action.council_id, link.action_id == action.id) for link in links]
    return bool(db.session.scalar(select(or_(*behind))))

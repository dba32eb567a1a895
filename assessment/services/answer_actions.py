"""The actions an answer needs, once they are planned: changed in place, or taken out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from assessment.models.answers import Answer, AnswerAction
from assessment.queries.answer_actions import get_planned_action, is_needed
from assessment.services import answers
from saas.db import db
from saas.tenancy import Actor
from tenants.models.plans import Action
from tenants.services import plans


def change_action(answer: Answer, action_id: UUID, *, version: int, by: Actor, **values: Any) -> Action:
    """Change an action that the answer needs; `version` is the action's own, as it was read.

    Raises Conflict (`theirs` is the action) when somebody changed it since, Conflict when answers rest, Invalid,
    NotFound where the answer does not need it.
    """
    _, action = _planned(answer, action_id)
    plans.update_action(action, version=version, by=by, **values)
    db.session.flush()
    return action


def drop_action(answer: Answer, action_id: UUID, *, by: Actor) -> bool:
    """Take an action out of what the answer needs; whether it left the plan too.

    It stays in the plan where somebody said how far it is, or where something else needs it. Raises Conflict, NotFound.
    """
    link, action = _planned(answer, action_id)
    db.session.delete(link)
    db.session.flush()
    if action.source != answers.SOURCE or action.status or action.status_text or is_needed(action):
        return False
    plans.remove_action(action, by=by)
    return True


def _planned(answer: Answer, action_id: UUID) -> tuple[AnswerAction, Action]:
    accreditation = answers.accreditation_of(answer)
    answers.refuse_at_rest(accreditation)
    answers.refuse_closed(accreditation, answers.requirement_of(accreditation, answer.requirement_id))
    return get_planned_action(answer, action_id)

"""Moderation: the agreed judgement of each requirement, and what the scorers said beside it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

from assessment.models.accreditations import Accreditation
from assessment.models.scores import Moderation, Score
from assessment.queries.frameworks import get_framework
from assessment.queries.scores import list_scores
from assessment.rules.judgements import Given
from saas.db import db


@dataclass(frozen=True, slots=True)
class Agreed:
    """What stands for one requirement: the step, the reason ("" where the scorers were of one mind), their words."""

    judgement: str
    reason: str
    strengths: list[str]
    improvements: list[str]


def list_moderations(accreditation_id: UUID) -> dict[UUID, Moderation]:
    """The newest moderation of each requirement, by requirement id; in region scope."""
    rows = db.session.scalars(
        select(Moderation)
        .ext(distinct_on(Moderation.requirement_id))
        .where(Moderation.accreditation_id == accreditation_id)
        .order_by(Moderation.requirement_id, Moderation.moderated_at.desc(), Moderation.id.desc())
    )
    return {row.requirement_id: row for row in rows}


def agreed_judgements(accreditation_id: UUID) -> dict[UUID, Agreed]:
    """What was agreed for each moderated requirement, with the scorers' strengths and improvements; in region scope."""
    scores: dict[UUID, list[Score]] = {}
    for score in list_scores(accreditation_id):
        scores.setdefault(score.requirement_id, []).append(score)
    return {
        requirement_id: Agreed(
            moderation.judgement,
            moderation.reason,
            [score.strength for score in scores.get(requirement_id, []) if score.strength],
            [score.improvement for score in scores.get(requirement_id, []) if score.improvement],
        )
        for requirement_id, moderation in list_moderations(accreditation_id).items()
    }


def given_by_scorer(accreditation: Accreditation, scores: list[Score]) -> dict[UUID, dict[str, Given]]:
    """The scores as the rules compare them: assignment id → requirement code → step and reason."""
    codes = get_framework(accreditation.framework_id).codes
    given: dict[UUID, dict[str, Given]] = {}
    for score in scores:
        if score.judgement is None:
            continue
        given.setdefault(score.assignment_id, {})[codes[score.requirement_id]] = Given(score.judgement, score.reason)
    return given

"""What scorers differ on: the requirements that need talking over, and which of them is next."""

from __future__ import annotations

from uuid import UUID

from assessment.models.accreditations import Accreditation
from assessment.models.scores import Score
from assessment.queries.accreditations import process_of
from assessment.queries.assignments import has_access
from assessment.queries.frameworks import get_framework
from assessment.queries.moderations import given_by_scorer, list_awaited, list_moderations
from assessment.queries.scores import list_scores
from assessment.rules import judgements
from assessment.rules.judgements import Reason
from assessment.rules.stages import Stage
from saas.errors import Forbidden, NotFound

CLOSED_TO_YOU = "You have access in this council, so its scores are closed to you."


def check_scores_open(accreditation: Accreditation, user_id: UUID) -> None:
    """Raises Forbidden for whoever has access in the council, NotFound before moderation."""
    if has_access(user_id, accreditation.council_id):
        raise Forbidden(CLOSED_TO_YOU)
    if Stage(accreditation.stage) in (Stage.SUBMITTED, Stage.ASSESSING):
        raise NotFound


def requirement_id_of(accreditation: Accreditation, code: str) -> UUID:
    """The requirement of this code; raises NotFound when the level does not ask for it."""
    framework = get_framework(accreditation.framework_id)
    if code not in framework.ids or accreditation.level not in framework.tree.requirement(code).levels:
        raise NotFound
    return framework.ids[code]


def find_disagreements(accreditation: Accreditation, scores: list[Score]) -> dict[str, tuple[Reason, ...]]:
    """Requirement code → why it needs talking over, in the order of the framework."""
    found = judgements.disagreements(
        given_by_scorer(accreditation, scores),
        get_framework(accreditation.framework_id).tree,
        accreditation.level,
        process_of(accreditation).disagreement_threshold,
    )
    return {each.requirement_code: each.reasons for each in found}


def find_next(accreditation: Accreditation) -> str | None:
    """The next requirement to talk over; what waits for new scores is left out."""
    ids = get_framework(accreditation.framework_id).ids
    settled, awaited = list_moderations(accreditation.id), list_awaited(accreditation.id)
    found = find_disagreements(accreditation, list_scores(accreditation.id))
    return next((code for code in found if ids[code] not in settled and ids[code] not in awaited), None)

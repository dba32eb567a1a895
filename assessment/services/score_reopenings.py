"""Scoring again: the region opens one requirement once more, and the scorers give a new score beside the earlier."""

from __future__ import annotations

from uuid import UUID

from assessment.models.accreditations import Accreditation
from assessment.models.scores import Score, ScoreReopening
from assessment.queries.frameworks import get_framework
from assessment.queries.moderations import list_reopenings
from assessment.queries.scores import get_file
from assessment.queries.scores_again import find_reopening, list_given
from assessment.rules import stages
from assessment.rules.scoring import problems
from assessment.rules.stages import LABELS, Stage
from assessment.services.moderations import check_moderating
from saas import clock, events
from saas.db import db, new_id, turning
from saas.errors import Conflict, Invalid
from saas.tenancy import Actor

ONE_OPEN = "uq_score_reopenings_one_open"
ONE_NUMBER = "uq_scores_council_id_assignment_id_requirement_id_number"
OPEN_ALREADY = "This requirement is open to be scored again already."
OTHER_WINDOW = "You sent another score of this requirement after you opened it."


def reopen(accreditation: Accreditation, requirement_id: UUID, *, reason: str, by: Actor) -> ScoreReopening:
    """Let every scorer score one requirement again; what was agreed about it is void. In region scope.

    Raises Invalid (reason), NotFound for a requirement of another framework, Conflict outside moderation and while it
    is open already.
    """
    check_moderating(accreditation, by)
    requirement = get_framework(accreditation.framework_id).requirement(requirement_id)
    if accreditation.level not in requirement.levels:
        raise Invalid({"reason": ["This requirement is not asked for at this level."]})
    if not reason.strip():
        raise Invalid({"reason": ["Say why it is to be scored again. The scorers read it."]})
    if requirement_id in list_reopenings(accreditation.id):
        raise Conflict(OPEN_ALREADY)
    reopening = ScoreReopening(
        council_id=accreditation.council_id,
        id=new_id(),
        region_id=accreditation.region_id,
        accreditation_id=accreditation.id,
        requirement_id=requirement_id,
        reason=reason.strip(),
        reopened_at=clock.now(),
        reopened_by=by.id,
        reopened_by_name=by.name,
    )
    with turning(ONE_OPEN, lambda: Conflict(OPEN_ALREADY)):
        db.session.add(reopening)
    payload = {"requirement": requirement.code}
    events.record("scores.reopened", reopening, by=by, audience="region", payload=payload)
    return reopening


def close(accreditation: Accreditation, requirement_id: UUID, *, by: Actor) -> None:
    """Wait for no more new scores of one requirement; those that came count. Raises Conflict when it is not open."""
    check_moderating(accreditation, by)
    reopening = list_reopenings(accreditation.id).get(requirement_id)
    if reopening is None:
        raise Conflict("This requirement is not open to be scored again.")
    reopening.row.closed_at = clock.now()


def score_again(
    accreditation_id: UUID,
    code: str,
    *,
    judgement: str | None,
    reason: str,
    strength: str = "",
    improvement: str = "",
    cannot_assess: bool = False,
    flagged: bool = False,
    good_practice: bool = False,
    mandatory: bool = False,
    version: int,
    by: Actor,
) -> Score:
    """Send a new score of a requirement that is open again; the earlier ones stay beneath. In file scope.

    version: the number of this scorer's last score that was read. Raises Invalid (judgement, reason, strength,
    improvement), NotFound while the file is not open, Conflict when the requirement is not open again, or when this
    scorer has sent another score since (`theirs` is what stands).
    """
    if by.id is None:
        raise ValueError("a score is a person's, never the service's")
    accreditation, assignment = get_file(accreditation_id, by.id)
    framework = get_framework(accreditation.framework_id)
    requirement_id = framework.ids.get(code)
    stage = Stage(accreditation.stage)
    if not stages.may_moderate(stage):
        raise Conflict(f"Nothing can be scored again at the stage “{LABELS[stage]}”.")
    if requirement_id is None or find_reopening(accreditation_id, requirement_id) is None:
        raise Conflict(f"{code} is not open to be scored again.")
    typed = {
        "judgement": None if cannot_assess else judgement,
        "reason": reason.strip(),
        "strength": strength.strip(),
        "improvement": improvement.strip(),
        "cannot_assess": cannot_assess,
        "good_practice": good_practice,
        "mandatory": mandatory,
    }
    messages = problems(**typed)  # type: ignore[arg-type]
    if judgement is not None and not cannot_assess and not framework.tree.has_step(judgement):
        messages["judgement"] = ["Choose a judgement."]
    if messages:
        raise Invalid(messages)
    given = list_given(assignment, requirement_id)
    last = given[-1] if given else None
    if (last.number if last else 0) != version:
        raise _overtaken(last)
    score = Score(
        council_id=assignment.council_id,
        id=new_id(),
        region_id=assignment.region_id,
        accreditation_id=accreditation_id,
        assignment_id=assignment.id,
        user_id=assignment.user_id,
        name=assignment.name,
        requirement_id=requirement_id,
        submitted_at=clock.now(),
        flagged=flagged,
        number=version + 1,
        **typed,
    )
    with turning(ONE_NUMBER, lambda: _overtaken(list_given(assignment, requirement_id)[-1])):
        db.session.add(score)
    payload = {"requirement": code, "name": assignment.name}
    events.record("score.given_again", score, by=by, audience="region", payload=payload)
    return score


def _overtaken(last: Score | None) -> Conflict:
    return Conflict(OTHER_WINDOW, theirs=last, version=last.number if last else 0)

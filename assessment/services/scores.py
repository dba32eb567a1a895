"""Scores: one assessor's judgement of every requirement, drafted alone and then submitted for good."""

from __future__ import annotations

from uuid import UUID

from assessment.models.accreditations import Accreditation
from assessment.models.assignments import Assignment
from assessment.models.scores import Score, ScoreDraft
from assessment.queries.accreditations import get_accreditation
from assessment.queries.assignments import get_own
from assessment.queries.frameworks import get_framework
from assessment.queries.scores import get_answer, get_file_to_score, list_drafts
from assessment.rules import stages
from assessment.rules.stages import LABELS, Stage
from saas import clock, events
from saas.db import db, new_id, turning
from saas.errors import Conflict, Invalid
from saas.tenancy import Actor

ONE_DRAFT = "uq_score_drafts_council_id_assignment_id_requirement_id"
OTHER_WINDOW = "This score was saved in another window after you opened it."


def save(
    accreditation_id: UUID,
    code: str,
    *,
    judgement: str,
    reason: str,
    strength: str = "",
    improvement: str = "",
    note: str = "",
    version: int,
    by: Actor,
) -> ScoreDraft:
    """Draft this scorer's judgement of the requirement of this code; in file scope.

    version: of the draft that was read, 0 when there was none. Raises Invalid (judgement, reason), NotFound while the
    file is not open, Conflict when it was submitted, or when the draft has changed since (`theirs` is what stands).
    """
    accreditation, assignment, requirement_id, draft = get_file_to_score(accreditation_id, _known(by), code)
    _check_open(accreditation, assignment)
    framework = get_framework(accreditation.framework_id)
    messages = {}
    if not framework.tree.has_step(judgement):
        messages["judgement"] = ["Choose a judgement."]
    if not reason.strip():
        messages["reason"] = ["Give the reason for your judgement."]
    if accreditation.level not in framework.tree.requirement(code).levels:
        messages["judgement"] = ["This requirement is not asked for at this level."]
    if messages:
        raise Invalid(messages)
    if (draft.version if draft else 0) != version:
        raise Conflict(OTHER_WINDOW, theirs=draft)
    if draft is None:
        draft = ScoreDraft(
            council_id=assignment.council_id,
            id=new_id(),
            region_id=assignment.region_id,
            accreditation_id=assignment.accreditation_id,
            assignment_id=assignment.id,
            user_id=assignment.user_id,
            requirement_id=requirement_id,
            version=1,
        )
        assignment.scored += 1
    # Another window may have made the first draft since this one was looked for.
    with turning(ONE_DRAFT, lambda: Conflict(OTHER_WINDOW, theirs=get_answer(assignment, requirement_id)[1])):
        draft.judgement = judgement
        draft.reason = reason.strip()
        draft.strength = strength.strip()
        draft.improvement = improvement.strip()
        draft.note = note.strip()
        draft.updated_at = clock.now()
        db.session.add(draft)
    events.record("score.saved", draft, by=by, audience="person", payload={"requirement": code})
    return draft


def submit(accreditation_id: UUID, *, by: Actor) -> Assignment:
    """Submit every score of this assessor for good; in file scope.

    Raises Invalid (scores: the requirements still without a score, by code and title), Conflict when it was done.
    """
    assignment = get_own(accreditation_id, _known(by), lock=True)
    accreditation = get_accreditation(accreditation_id)
    _check_open(accreditation, assignment)
    framework = get_framework(accreditation.framework_id)
    drafts = list_drafts(assignment)
    wanted = framework.tree.requirements_of(accreditation.level)
    missing = [each for each in wanted if framework.ids[each.code] not in drafts]
    if missing:
        raise Invalid({"scores": [f"{each.code} {each.title} has no score yet." for each in missing]})
    submitted_at = clock.now()
    db.session.add_all(
        Score(
            council_id=draft.council_id,
            id=new_id(),
            region_id=draft.region_id,
            accreditation_id=draft.accreditation_id,
            assignment_id=draft.assignment_id,
            user_id=draft.user_id,
            name=assignment.name,
            requirement_id=draft.requirement_id,
            judgement=draft.judgement,
            reason=draft.reason,
            strength=draft.strength,
            improvement=draft.improvement,
            submitted_at=submitted_at,
        )
        for draft in drafts.values()
    )
    assignment.scored = len(wanted)
    assignment.submitted_at = submitted_at
    db.session.flush()
    payload = {"name": assignment.name, "scored": len(wanted)}
    events.record("scores.submitted", assignment, by=by, audience="region", payload=payload)
    return assignment


def _known(by: Actor) -> UUID:
    if by.id is None:
        raise ValueError("a score is a person's, never the service's")
    return by.id


def _check_open(accreditation: Accreditation, assignment: Assignment) -> None:
    if assignment.submitted_at is not None:
        raise Conflict("You have submitted your scores. They cannot be changed any more.")
    stage = Stage(accreditation.stage)
    if not stages.may_score(stage):
        raise Conflict(f"Nothing can be scored at the stage “{LABELS[stage]}”.")

"""Scores: one assessor's judgement of every requirement, drafted alone and then submitted for good."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from assessment.models.accreditations import Accreditation
from assessment.models.assignments import Assignment
from assessment.models.scores import Score, ScoreDraft
from assessment.queries.accreditations import get_accreditation
from assessment.queries.assignments import get_own
from assessment.queries.frameworks import get_framework
from assessment.queries.scores import get_answer, get_file_to_score, list_drafts
from assessment.rules import stages
from assessment.rules.scoring import DONE, problems, standing
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
    judgement: str | None,
    reason: str,
    strength: str = "",
    improvement: str = "",
    note: str = "",
    cannot_assess: bool = False,
    flagged: bool = False,
    good_practice: bool = False,
    mandatory: bool = False,
    version: int,
    while_typing: bool = False,
    by: Actor,
) -> ScoreDraft:
    """Draft this scorer's judgement of the requirement of this code; in file scope. The same content changes nothing.

    version: of the draft that was read, 0 when there was none. cannot_assess takes the place of a judgement.
    while_typing: saved by the page itself, which takes what is not whole yet. Raises Invalid (judgement, reason,
    strength, improvement), NotFound while the file is not open, Conflict when it was submitted, or when the draft has
    changed since (`theirs` is what stands).
    """
    accreditation, assignment, requirement_id, draft = get_file_to_score(accreditation_id, _known(by), code)
    _check_open(accreditation, assignment)
    typed: dict[str, Any] = {
        "judgement": None if cannot_assess else judgement,
        "reason": reason.strip(),
        "strength": strength.strip(),
        "improvement": improvement.strip(),
        "cannot_assess": cannot_assess,
        "good_practice": good_practice,
        "mandatory": mandatory,
    }
    tree = get_framework(accreditation.framework_id).tree
    messages = {} if while_typing else problems(**typed)
    if typed["judgement"] is not None and not tree.has_step(typed["judgement"]):
        messages["judgement"] = ["Choose a judgement."]
    if accreditation.level not in tree.requirement(code).levels:
        messages["judgement"] = ["This requirement is not asked for at this level."]
    if messages:
        raise Invalid(messages)
    typed |= {"note": note.strip(), "flagged": flagged}
    if draft is not None and all(getattr(draft, name) == value for name, value in typed.items()):
        return draft
    if (draft.version if draft else 0) != version:
        raise Conflict(OTHER_WINDOW, theirs=draft, version=draft.version if draft else 0)
    new = draft is None
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
    counted = not new and is_done(draft)
    # Another window may have made the first draft since this one was looked for.
    with turning(ONE_DRAFT, lambda: Conflict(OTHER_WINDOW, theirs=get_answer(assignment, requirement_id)[1])):
        for name, value in typed.items():
            setattr(draft, name, value)
        draft.updated_at = clock.now()
        assignment.scored += is_done(draft) - counted
        db.session.add(draft)
        db.session.flush()
    if new or not while_typing:
        events.record("score.saved", draft, by=by, audience="person", payload={"requirement": code})
    return draft


def is_done(draft: ScoreDraft) -> bool:
    """Whether the draft needs nothing more before everything is submitted."""
    return standing(draft.judgement, draft.reason, draft.cannot_assess) in DONE


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
    done = {requirement_id for requirement_id, draft in drafts.items() if is_done(draft)}
    missing = [each for each in wanted if framework.ids[each.code] not in done]
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
            cannot_assess=draft.cannot_assess,
            flagged=draft.flagged,
            good_practice=draft.good_practice and draft.strength != "",
            mandatory=draft.mandatory and draft.improvement != "",
            submitted_at=submitted_at,
        )
        for draft in drafts.values()
        if draft.requirement_id in done
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

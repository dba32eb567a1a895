"""The region's decision on what was sent: approved or accepted, or returned with a reason."""

from __future__ import annotations

from assessment.models.accreditations import Accreditation
from assessment.models.submissions import Submission, SubmissionDecision
from assessment.queries.submissions import find_decision
from assessment.rules import stages
from assessment.rules.stages import LABELS, Stage, Verb
from assessment.services.accreditations import move
from saas import clock, events
from saas.db import db, new_id
from saas.errors import Conflict, Invalid
from saas.tenancy import Actor

VERBS = {
    ("plan", "accepted"): Verb.APPROVE_PLAN,
    ("plan", "returned"): Verb.RETURN_PLAN,
    ("readiness", "accepted"): Verb.ACCEPT_READINESS,
    ("readiness", "returned"): Verb.RETURN_READINESS,
}


def decide(
    accreditation: Accreditation, submission: Submission, *, outcome: str, reason: str, by: Actor
) -> SubmissionDecision:
    """Accept what was sent, or return it with a reason; one decision for each submission.

    accreditation: locked (`get_accreditation(lock=True)`). outcome: "accepted" or "returned". Raises Invalid
    (outcome, reason), Conflict when it was decided before or its stage has passed.
    """
    earlier = find_decision(submission.id)
    if earlier is not None:
        raise Conflict(f"{earlier.decided_by_name} has decided this already: it was {earlier.outcome}.")
    reason = reason.strip()
    if outcome not in ("accepted", "returned"):
        raise Invalid({"outcome": ["Say whether it is accepted or returned."]})
    if outcome == "returned" and not reason:
        raise Invalid({"reason": ["Tell the council why it is returned and what is needed."]})
    stage = Stage(accreditation.stage)
    open_now = {"plan": stages.may_decide_plan, "readiness": stages.may_decide_readiness}.get(submission.kind)
    if open_now is None or not open_now(stage):
        raise Conflict(f"This cannot be decided at the stage “{LABELS[stage]}”.")
    decision = SubmissionDecision(
        council_id=accreditation.council_id,
        id=new_id(),
        region_id=accreditation.region_id,
        accreditation_id=accreditation.id,
        submission_id=submission.id,
        outcome=outcome,
        reason=reason,
        decided_at=clock.now(),
        decided_by=by.id,
        decided_by_name=by.name,
    )
    db.session.add(decision)
    db.session.flush()
    payload = {"kind": submission.kind, "number": submission.number, "outcome": outcome}
    events.record("submission.decided", decision, by=by, audience="shared", payload=payload)
    waits_for_council = submission.kind == "plan" or outcome == "returned"
    due = (accreditation.target_on or accreditation.deadline_on) if waits_for_council else None
    move(accreditation, VERBS[submission.kind, outcome], by=by, next_due_on=due)
    return decision

"""The region's decision on what was sent: approved or accepted, or returned with a reason."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from assessment.models.accreditations import Accreditation
from assessment.models.submissions import ReturnedRequirement, Submission, SubmissionDecision
from assessment.queries.frameworks import PublishedFramework, get_framework
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
    accreditation: Accreditation,
    submission: Submission,
    *,
    outcome: str,
    reason: str,
    named: Collection[str] = (),
    words: Mapping[str, str] | None = None,
    by: Actor,
) -> SubmissionDecision:
    """Accept what was sent, or return it with a reason; one decision for each submission.

    accreditation: locked (`get_accreditation(lock=True)`). outcome: "accepted" or "returned". named: codes of the
    requirements to be changed; only these are open afterwards, and all of them are when none is named. words: by code,
    what is to be changed there, which names it too, or a comment on a plan that is approved. Raises Invalid (outcome,
    reason, named.<code>, words.<code>), Conflict when it was decided before or its stage has passed.
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
    if not stages.may_decide_sent(submission.kind, stage):
        raise Conflict(f"This cannot be decided at the stage “{LABELS[stage]}”.")
    framework = get_framework(accreditation.framework_id)
    said = {code: text.strip() for code, text in (words or {}).items() if text.strip()}
    asked_for = {*named, *said} if outcome == "returned" else {*named}
    messages = _wrongly_named(framework, accreditation.level, submission.kind, outcome, asked_for, said)
    if messages:
        raise Invalid(messages)
    decision = decision_of(submission, outcome=outcome, reason=reason, by=by)
    db.session.add(decision)
    db.session.add_all(
        ReturnedRequirement(
            council_id=accreditation.council_id,
            id=new_id(),
            region_id=accreditation.region_id,
            accreditation_id=accreditation.id,
            submission_id=submission.id,
            requirement_id=framework.ids[code],
            words=text,
            named_at=decision.decided_at,
        )
        for code, text in said.items()
    )
    asked = [each.code for each in framework.tree.requirements if each.code in asked_for]
    accreditation.reopened = asked or None
    db.session.flush()
    payload = {"kind": submission.kind, "number": submission.number, "outcome": outcome, "named": asked}
    events.record("submission.decided", decision, by=by, audience="shared", payload=payload)
    waits_for_council = submission.kind == "plan" or outcome == "returned"
    due = (accreditation.target_on or accreditation.deadline_on) if waits_for_council else None
    move(accreditation, VERBS[submission.kind, outcome], by=by, next_due_on=due)
    return decision


def decision_of(submission: Submission, *, outcome: str, reason: str, by: Actor) -> SubmissionDecision:
    """The region's decision about something sent, made now and not yet kept."""
    return SubmissionDecision(
        council_id=submission.council_id,
        id=new_id(),
        region_id=submission.region_id,
        accreditation_id=submission.accreditation_id,
        submission_id=submission.id,
        outcome=outcome,
        reason=reason,
        decided_at=clock.now(),
        decided_by=by.id,
        decided_by_name=by.name,
    )


def _wrongly_named(
    framework: PublishedFramework, level: str, kind: str, outcome: str, named: set[str], said: Mapping[str, str]
) -> dict[str, list[str]]:
    """What is wrong with the requirements that were named, under the field of each."""
    asked_for = {each.code for each in framework.tree.requirements_of(level)}
    messages: dict[str, list[str]] = {}
    for code in sorted({*named, *said} - asked_for):
        messages[f"words.{code}"] = [f"{code} is no requirement of this level."]
    for code in sorted(named & asked_for):
        if outcome == "accepted":
            messages[f"named.{code}"] = [f"Return it to have {code} changed, or take this tick out."]
        elif code not in said:
            messages[f"words.{code}"] = [f"Say what is to be changed in {code}."]
    for code in sorted(said.keys() & asked_for - named):
        if kind != "plan":
            messages[f"words.{code}"] = ["Comments go with a plan, or with what is returned: take these words out."]
    return messages

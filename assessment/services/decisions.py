"""Deciding: what the award rule proposes, and what one person who stood outside the assessment decides."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from assessment.models.accreditations import Accreditation
from assessment.models.awards import OUTCOMES, Decision
from assessment.queries.accreditations import get_accreditation
from assessment.queries.assignments import has_access
from assessment.queries.decisions import find_decision, find_part, list_decisions
from assessment.queries.frameworks import get_framework
from assessment.queries.reports import list_versions
from assessment.rules import award_rules, outcomes
from assessment.rules.award_rules import Proposal
from assessment.rules.process_words import day_words
from assessment.rules.stages import LABELS, Stage, may_decide
from assessment.services.reports import judged_by_code
from saas import clock, events
from saas.db import db, new_id, turning
from saas.errors import Conflict, Forbidden, Invalid
from saas.tenancy import Actor

PARTS = {"lead": "led", "scorer": "scored"}


def propose(accreditation: Accreditation) -> Proposal:
    """What the framework's award rule says of the agreed judgements, line by line."""
    framework = get_framework(accreditation.framework_id)
    judged = judged_by_code(accreditation, framework)
    steps = {code: each.step for code, each in judged.items()}
    return award_rules.evaluate(framework.tree.award_rule, framework.tree, accreditation.level, steps)


def why_not(accreditation: Accreditation, user_id: UUID) -> str | None:
    """Why this person may not decide here, in words; None when he or she may."""
    part = find_part(accreditation.id, user_id)
    if part is not None:
        return f"You {PARTS[part]} this assessment, so somebody else has to decide it."
    if has_access(user_id, accreditation.council_id):
        return "You have access in this council, so somebody else has to decide."
    return None


def decide(
    accreditation_id: UUID, *, outcome: str, conditions: str = "", reason: str = "", words: str = "", by: Actor
) -> Decision:
    """Decide once; anew when the file went back since.

    `conditions` belong to an award; `reason` is needed where the outcome differs from the proposal, and stays with the
    region; `words` are what the council reads, needed there too and where the award is not made.
    Raises Forbidden for who led, scored or belongs to the council, Conflict out of turn, while the council may still
    correct the facts, or when it is decided, Invalid (outcome, reason, words, conditions).
    """
    accreditation = get_accreditation(accreditation_id, lock=True)
    refusal = why_not(accreditation, by.id) if by.id is not None else None
    if refusal is not None:
        raise Forbidden(refusal)
    stage = Stage(accreditation.stage)
    if not may_decide(stage):
        raise Conflict(f"Nothing can be decided at the stage “{LABELS[stage]}”.")
    there = find_decision(accreditation_id)
    if there is not None:
        raise Conflict(f"{there.decided_by_name} has decided this already.")
    newest = next((each for each in list_versions(accreditation_id) if each.report.kind == "fact_check"), None)
    until = newest.checked_until(clock.today()) if newest else None
    if until is not None:
        raise Conflict(
            f"The council may correct the facts until {day_words(until)}. The outcome is decided after that."
        )
    proposal = propose(accreditation)
    _check(outcome, proposal, conditions, reason, words)
    decision = Decision(
        council_id=accreditation.council_id,
        id=new_id(),
        region_id=accreditation.region_id,
        accreditation_id=accreditation.id,
        proposed=proposal.outcome.value,
        rule_lines=lines_of(proposal),
        outcome=outcome,
        conditions=conditions,
        reason=reason,
        words=words.strip(),
        decided_at=clock.now(),
        decided_by=by.id,
        decided_by_name=by.name,
        number=len(list_decisions(accreditation_id)) + 1,
    )
    late = "Somebody else has decided this already."
    with turning("uq_decisions_council_id_accreditation_id_number", lambda: Conflict(late)):
        db.session.add(decision)
    differs = outcome != decision.proposed
    events.record("outcome.decided", decision, by=by, audience="region", payload={"differs": differs})
    return decision


def lines_of(proposal: Proposal) -> list[dict[str, Any]]:
    """The rule's lines as they are kept: {text, holds}."""
    return [{"text": line.text, "holds": line.holds} for line in proposal.lines]


def _check(outcome: str, proposal: Proposal, conditions: str, reason: str, words: str) -> None:
    messages: dict[str, list[str]] = {}
    if outcome not in OUTCOMES:
        messages["outcome"] = ["Choose whether the award is made."]
    elif outcome != proposal.outcome and not reason.strip():
        messages["reason"] = ["Enter why you decide otherwise than the award rule proposes."]
    if outcome in OUTCOMES and outcomes.needs_words(outcome, proposal.outcome) and not words.strip():
        messages["words"] = ["Enter what the council reads about the outcome."]
    if outcome == "not_yet" and conditions.strip():
        messages["conditions"] = ["Conditions belong to an award. Write what is missing into the report."]
    if messages:
        raise Invalid(messages)

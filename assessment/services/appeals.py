"""Appealing: the council asks, and somebody who had no part in the assessment decides; upheld, it works at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from assessment.models.accreditations import Accreditation
from assessment.models.appeals import APPEAL_OUTCOMES, Appeal, AppealDecision
from assessment.models.awards import Award, Decision
from assessment.queries.accreditations import get_accreditation, process_of
from assessment.queries.appeals import find_appeal, find_appeal_decision, find_first_issued, list_open
from assessment.queries.assignments import has_access
from assessment.queries.awards import find_award
from assessment.queries.decisions import find_decision, find_part, list_decisions
from assessment.queries.frameworks import get_framework
from assessment.queries.reports import find_issued
from assessment.rules import appeals, outcomes
from assessment.rules.stages import Verb
from assessment.services import awards, issued_judgements
from assessment.services.accreditations import move
from assessment.services.fact_checks import add_report
from saas import clock, events
from saas.db import db, new_id, turning
from saas.errors import Conflict, Forbidden, Invalid, NotFound
from saas.tenancy import Actor

LONGEST = 8_000
"""Characters of a text of either side."""
ONCE = "Your council has appealed already. There is one appeal against a decision."


@dataclass(frozen=True, slots=True)
class Standing:
    """How an accreditation stands with its appeal, for either side.

    released: the outcome in words, "" before release; words: what the council read about it. refusal: why the council
    may not appeal now; None when it may.
    """

    released: str
    words: str
    last_day: date | None
    appeal: Appeal | None
    decision: AppealDecision | None
    refusal: str | None

    @property
    def is_open(self) -> bool:
        """Whether an appeal waits for somebody to decide it."""
        return self.appeal is not None and self.appeal.ended_at is None and self.decision is None


def standing_of(accreditation: Accreditation) -> Standing:
    """Whether there is an appeal or may be one, and until when; in the council's or the region's scope."""
    process = process_of(accreditation)
    appeal, released = find_appeal(accreditation.id), _released(accreditation)
    return Standing(
        released=outcomes.outcome_words(released.outcome, released.conditions) if released else "",
        words=released.words if released else "",
        last_day=appeals.last_day(released.released_on, process) if released else None,
        appeal=appeal,
        decision=find_appeal_decision(accreditation.id) if appeal else None,
        refusal=appeals.why_not_lodge(released, lodged=appeal is not None, today=clock.today(), process=process),
    )


def standing_of_lodged(accreditation: Accreditation) -> Standing:
    """The same of an accreditation with an appeal; raises NotFound where there is none."""
    standing = standing_of(accreditation)
    if standing.appeal is None:
        raise NotFound
    return standing


def lodge(accreditation_id: UUID, *, grounds: str, by: Actor) -> Appeal:
    """The council's one appeal against its decision, for good. In the council's scope.

    Raises Conflict before release, after the term, twice, or where nothing was refused; Invalid (grounds).
    """
    accreditation = get_accreditation(accreditation_id, share=True)
    refusal = standing_of(accreditation).refusal
    if refusal is not None:
        raise Conflict(refusal)
    if not grounds.strip():
        raise Invalid({"grounds": ["Enter the grounds of your appeal."]})
    appeal = Appeal(
        council_id=accreditation.council_id,
        id=new_id(),
        region_id=accreditation.region_id,
        accreditation_id=accreditation_id,
        grounds=grounds.strip(),
        lodged_at=clock.now(),
        lodged_by=by.id,
        lodged_by_name=by.name,
    )
    with turning("uq_appeals_council_id_accreditation_id", lambda: Conflict(ONCE)):
        db.session.add(appeal)
    events.record("appeal.lodged", appeal, by=by, audience="shared")
    return appeal


def why_not(accreditation: Accreditation, user_id: UUID) -> str | None:
    """Why this person may not decide the appeal, in words; None when he or she may. In the region's scope."""
    return appeals.why_not_decide(
        decided_before=any(each.decided_by == user_id for each in list_decisions(accreditation.id)),
        part=find_part(accreditation.id, user_id),
        has_access=has_access(user_id, accreditation.council_id),
    )


def decide(accreditation_id: UUID, *, outcome: str, reason: str, conditions: str = "", by: Actor) -> AppealDecision:
    """Uphold or dismiss the appeal, once. The council reads outcome and reason at once.

    Upheld, a second decision makes the award, under these `conditions`; where the award was made under conditions, it
    lifts them. Raises NotFound without an appeal, Forbidden for whoever had a part, Conflict when it is decided,
    Invalid (outcome, reason, conditions).
    """
    accreditation = get_accreditation(accreditation_id, lock=True)
    appeal = find_appeal(accreditation_id, lock=True)
    if appeal is None:
        raise NotFound
    if appeal.ended_at is not None:
        raise Conflict(f"Nobody decides this appeal any more. {appeal.ended_reason}")
    there = find_appeal_decision(accreditation_id)
    if there is not None:
        raise Conflict(f"{there.decided_by_name} has decided this appeal already.")
    refusal = why_not(accreditation, by.id) if by.id is not None else None
    if refusal is not None:
        raise Forbidden(refusal)
    first, award = find_decision(accreditation_id), find_award(accreditation_id)
    if first is None:
        raise NotFound
    _check(outcome, reason, conditions, awarded=award is not None)
    if outcome == appeals.UPHELD and award is not None and award.ending is not None:
        raise Conflict("The award has ended, so the appeal cannot be upheld any more.")
    decided = AppealDecision(
        council_id=accreditation.council_id,
        id=new_id(),
        region_id=accreditation.region_id,
        accreditation_id=accreditation_id,
        appeal_id=appeal.id,
        outcome=outcome,
        reason=reason.strip(),
        decided_at=clock.now(),
        decided_by=by.id,
        decided_by_name=by.name,
    )
    db.session.add(decided)
    db.session.flush()
    events.record("appeal.decided", decided, by=by, audience="shared", payload={"outcome": outcome})
    if outcome == appeals.UPHELD:
        second = _decide_again(accreditation, first, conditions=conditions.strip(), reason=reason.strip(), by=by)
        _put_right(accreditation, second, award, by=by)
    return decided


def end_open(council_id: UUID, reason: str, *, by: Actor) -> None:
    """Nobody decides the council’s open appeals any more; in the region’s scope. Waits for one being decided."""
    for appeal in list_open(council_id):
        appeal.ended_at, appeal.ended_reason = clock.now(), reason
        events.record("appeal.ended", appeal, by=by, audience="shared", payload={"reason": reason})


def _released(accreditation: Accreditation) -> appeals.Released | None:
    """What was released, read from what both sides see: the first issued report and the award."""
    issued = find_first_issued(accreditation.id)
    if issued is None:
        return None
    award = find_award(accreditation.id)
    result = issued.document["result"]
    return appeals.Released(
        outcome=result["outcome"],
        conditions=result["conditions"],
        words=result.get("words", ""),
        released_on=issued.opened_at.astimezone(clock.LONDON).date(),
        ended=award is not None and award.ending is not None,
    )


def _check(outcome: str, reason: str, conditions: str, *, awarded: bool) -> None:
    messages: dict[str, list[str]] = {}
    if outcome not in APPEAL_OUTCOMES:
        messages["outcome"] = ["Choose whether the appeal is upheld."]
    if not reason.strip():
        messages["reason"] = ["Enter the reason. The council reads it."]
    if conditions.strip() and (outcome != appeals.UPHELD or awarded):
        messages["conditions"] = ["Conditions belong to an award that this decision makes."]
    if messages:
        raise Invalid(messages)


def _decide_again(
    accreditation: Accreditation, first: Decision, *, conditions: str, reason: str, by: Actor
) -> Decision:
    """The second decision, against the same proposal of the award rule."""
    second = Decision(
        council_id=accreditation.council_id,
        id=new_id(),
        region_id=accreditation.region_id,
        accreditation_id=accreditation.id,
        proposed=first.proposed,
        rule_lines=first.rule_lines,
        outcome=outcomes.AWARDED,
        conditions=conditions,
        reason=reason,
        words=reason,
        decided_at=clock.now(),
        decided_by=by.id,
        decided_by_name=by.name,
        number=len(list_decisions(accreditation.id)) + 1,
    )
    db.session.add(second)
    db.session.flush()
    payload = {"differs": second.outcome != second.proposed}
    events.record("outcome.decided", second, by=by, audience="region", payload=payload)
    return second


def _put_right(accreditation: Accreditation, decision: Decision, award: Award | None, *, by: Actor) -> None:
    """Make the award or lift its conditions, and issue the report once more with the result it now has."""
    issued = find_issued(accreditation.id)
    if issued is None:
        raise NotFound
    made = award if award is not None else awards.add_award(accreditation, decision, by=by)
    document = {**issued.document, "result": awards.result_of(decision, made)}
    again = add_report(accreditation, document, kind="issued", number=issued.number + 1, closes_on=None, by=by)
    issued_judgements.keep(again, get_framework(accreditation.framework_id))
    events.record("report.issued", again, by=by, audience="shared", payload={"hash": again.hash})
    if award is not None:
        awards.lift_conditions(award, by=by)
        return
    move(accreditation, Verb.UPHOLD_APPEAL, by=by, next_due_on=accreditation.next_due_on or made.interim_due_on)
    awards.enter(accreditation, made, document["region"], by=by)

"""What a council waits for, and from whom, while it is not its turn."""

from collections.abc import Mapping
from dataclasses import dataclass

from assessment.rules.stages import Side, Stage
from assessment.rules.waiting import Facts

FROM: Mapping[Side, str] = {Side.REGION: "the region", Side.ASSESSOR: "the assessors"}


@dataclass(frozen=True)
class Awaited:
    """Whose turn it is, in words for the council, and what is to come."""

    who: str
    what: str


def awaited_by_council(facts: Facts) -> Awaited | None:
    """What the council waits for; None while it is its own turn, or nothing is to come.

    Of the region's own work a council is told no more than its stage: never how far a scorer is.
    """
    side, what = _next(facts)
    return Awaited(FROM[side], what) if what else None


def _next(facts: Facts) -> tuple[Side, str]:
    if facts.appealed:
        return Side.REGION, "a decision of your appeal"
    if facts.interim_waits:
        return Side.REGION, "the letter about your interim return"
    if facts.stage is Stage.SUBMITTED:
        accepted = facts.sent == "readiness" and facts.sent_outcome == "accepted"
        return Side.REGION, "the names of your assessors" if accepted else "a decision whether you are ready"
    if facts.stage is Stage.FACT_CHECK:
        if facts.comment_waits:
            return Side.REGION, "an answer to your comments on the report"
        return Side.REGION, "the outcome" if facts.commented else ""
    steps = {
        Stage.PLAN_SUBMITTED: (Side.REGION, "a decision on your plan"),
        Stage.ASSESSING: (Side.ASSESSOR, "their judgement of every requirement"),
        Stage.MODERATING: (Side.REGION, "the judgements on which the assessors agree"),
        Stage.REPORTING: (Side.REGION, "the report for your facts"),
    }
    return steps.get(facts.stage, (Side.COUNCIL, ""))

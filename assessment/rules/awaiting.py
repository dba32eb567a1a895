"""What a council waits for, and from whom, while it is not its turn."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from assessment.rules.case_facts import Facts
from assessment.rules.stages import Side, Stage

FROM: Mapping[Side, str] = {Side.REGION: "the region", Side.ASSESSOR: "the assessors"}


@dataclass(frozen=True)
class Awaited:
    """Whose turn it is, in words for the council, and what is to come.

    since: the day the council did its part; None where the stage says since when.
    """

    who: str
    what: str
    since: date | None = None


def awaited_by_council(facts: Facts) -> Awaited | None:
    """What the council waits for; None while it is its own turn, or nothing is to come.

    Of the region's own work a council is told no more than its stage: never how far a scorer is.
    """
    side, what, since = _next(facts)
    return Awaited(FROM[side], what, since) if what else None


def _next(facts: Facts) -> tuple[Side, str, date | None]:
    if facts.appealed:
        return Side.REGION, "a decision of your appeal", facts.appealed_on
    if facts.interim_waits:
        return Side.REGION, "the letter about your interim return", facts.sent_on
    if facts.stage is Stage.SUBMITTED:
        if facts.sent == "readiness" and facts.sent_outcome == "accepted":
            return Side.REGION, "the names of your assessors", facts.answered_on
        return Side.REGION, "a decision whether you are ready", facts.sent_on
    if facts.stage is Stage.FACT_CHECK:
        if facts.comment_waits:
            return Side.REGION, "an answer to your comments on the report", facts.commented_on
        return Side.REGION, "" if facts.checking_until else "the outcome", facts.commented_on or facts.report_closes_on
    steps: Mapping[Stage, tuple[Side, str, date | None]] = {
        Stage.PLAN_SUBMITTED: (Side.REGION, "a decision on your plan", facts.sent_on),
        Stage.ASSESSING: (Side.ASSESSOR, "their judgement of every requirement", None),
        Stage.MODERATING: (Side.REGION, "the judgements on which the assessors agree", None),
        Stage.REPORTING: (Side.REGION, "the report for your facts", None),
    }
    return steps.get(facts.stage, (Side.COUNCIL, "", None))

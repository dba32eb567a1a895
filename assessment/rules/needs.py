"""What a region is asked to look at today: each need with its name, its definition, and the cases it holds of."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from assessment.rules.case_facts import Facts
from assessment.rules.stages import BEFORE_DECISION, Stage
from assessment.rules.waiting import Task

LAPSING_DAYS = 90


class Need(StrEnum):
    """Something for which a case comes up, by its name in an address."""

    UNASSIGNED = "unassigned"
    CONFLICT = "conflict"
    UNDECLARED = "undeclared"
    QUESTIONS = "questions"
    DISAGREEMENTS = "disagreements"
    FACT_CHECK = "fact-check"
    APPEAL = "appeal"
    REPLIES = "replies"
    LAPSING = "lapsing"
    STAYED_BACK = "stayed-back"
    LATE = "late"


@dataclass(frozen=True)
class Definition:
    """The words of a need: its name in a list, and what is counted."""

    label: str
    meaning: str


DEFINITIONS: Mapping[Need, Definition] = {
    Need.UNASSIGNED: Definition(
        "Team not complete", "The submission is accepted, the outcome is not decided, and a place of the team is empty."
    ),
    Need.CONFLICT: Definition(
        "Conflict of interest declared", "Somebody who sits in the team has declared a conflict and is not replaced."
    ),
    Need.UNDECLARED: Definition(
        "Interests not declared", "The assessment has begun and a scorer has not said whether there is an interest."
    ),
    Need.QUESTIONS: Definition(
        "Questions not answered", "The council was asked about its submission and has not answered everything."
    ),
    Need.DISAGREEMENTS: Definition(
        "Judgements not agreed", "The scores are open, and a requirement has no agreed judgement that stands."
    ),
    Need.FACT_CHECK: Definition(
        "Fact check", "The report is with the council for its facts, or its comments are; the outcome is not decided."
    ),
    Need.APPEAL: Definition("Appeal not decided", "The council has appealed, and nobody has decided the appeal."),
    Need.REPLIES: Definition("Replies due", "An issued improvement has no reply by the council yet."),
    Need.LAPSING: Definition(
        f"Award ends within {LAPSING_DAYS} days",
        f"The last day of an award that was not ended early is within {LAPSING_DAYS} days from today.",
    ),
    Need.STAYED_BACK: Definition(
        "An outcome stayed back", "It was to be released at a set time, something stood in the way, and it waits still."
    ),
    Need.LATE: Definition(
        "Late",
        "The next date of the council's accreditation under way, or else of its newest, is past;"
        " or the day by which it was to answer a question.",
    ),
}
STEPS: Mapping[Need, frozenset[Task]] = {
    Need.UNASSIGNED: frozenset({Task.ASSIGN_TEAM, Task.REPLACE_ASSESSOR}),
    Need.CONFLICT: frozenset({Task.ASSIGN_TEAM, Task.REPLACE_ASSESSOR}),
    Need.DISAGREEMENTS: frozenset({Task.MODERATE}),
    Need.FACT_CHECK: frozenset({Task.ANSWER_COMMENT, Task.DECIDE_OUTCOME}),
    Need.APPEAL: frozenset({Task.DECIDE_APPEAL}),
    Need.STAYED_BACK: frozenset({Task.STAYED_BACK}),
}
"""Need → the region's own steps that meet it: where one of them is listed, the need is not said once more."""


def needs_of(facts: Facts, today: date) -> tuple[Need, ...]:
    """Everything for which a case comes up on a day, in the order of `Need`."""
    before = facts.stage in BEFORE_DECISION
    ends = facts.valid_to_on
    found = {
        Need.UNASSIGNED: before and not facts.decided and facts.sent_outcome == "accepted" and _lacks_team(facts),
        Need.CONFLICT: before and facts.conflicts > 0,
        Need.UNDECLARED: facts.stage is Stage.ASSESSING and facts.undeclared > 0,
        Need.QUESTIONS: facts.questions > 0,
        Need.DISAGREEMENTS: facts.stage is Stage.MODERATING and facts.judged < facts.to_judge,
        Need.FACT_CHECK: facts.stage is Stage.FACT_CHECK and not facts.decided,
        Need.APPEAL: facts.appealed,
        Need.REPLIES: facts.replies_missing > 0,
        Need.LAPSING: ends is not None
        and not facts.award_ended
        and today <= ends <= today + timedelta(days=LAPSING_DAYS),
        Need.STAYED_BACK: bool(facts.stayed_back),
        Need.LATE: facts.late,
    }
    return tuple(need for need, holds in found.items() if holds)


def unmet(needs: Iterable[Need], listed: Collection[Task]) -> tuple[Need, ...]:
    """The needs of a case that none of its steps in a list meets."""
    return tuple(need for need in needs if not STEPS.get(need, frozenset()).intersection(listed))


def count_needs(cases: Iterable[tuple[Need, ...]]) -> dict[Need, int]:
    """How many cases come up for each need, in the order of `Need`; those that none comes up for are left out."""
    counts = dict.fromkeys(Need, 0)
    for needs in cases:
        for need in needs:
            counts[need] += 1
    return {need: number for need, number in counts.items() if number}


def _lacks_team(facts: Facts) -> bool:
    """From an accepted submission on. The kind matters: an accepted plan needs no team yet."""
    return facts.sent == "readiness" and facts.empty_places > 0

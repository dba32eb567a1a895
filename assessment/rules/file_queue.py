"""An assessor's queue: what is next in each file, what is to come with its day, and which file comes first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assessment.rules.stages import LABELS, Stage


@dataclass(frozen=True)
class FileFacts:
    """What is known of one file: of an undeclared one no more than that it is assigned (stage None).

    `scored` of `to_score` requirements have a score. `due_on` is the day by which the scores are expected.
    `again` holds the codes to be scored again by this scorer.
    """

    leads: bool = False
    declared: bool = False
    conflict: bool = False
    submitted: bool = False
    scored: int = 0
    to_score: int = 0
    stage: Stage | None = None
    visit_on: date | None = None
    question_due_on: date | None = None
    closes_on: date | None = None
    due_on: date | None = None
    again: Sequence[str] = ()


@dataclass(frozen=True)
class Next:
    """What is next in words, the kind of its tag, and whether it waits for the assessor himself or herself."""

    words: str
    kind: str
    mine: bool = False


def next_in(facts: FileFacts) -> Next:
    """What is next in one file."""
    if facts.leads:
        return Next("You lead this assessment", "active")
    if facts.conflict:
        return Next("You declared an interest", "neutral")
    if not facts.declared:
        return Next("Declare your interests", "waiting", mine=True)
    if facts.again:
        return Next(f"Score again: {', '.join(facts.again)}", "waiting", mine=True)
    if facts.submitted:
        return Next(_after_submitting(facts.stage), "done")
    if facts.to_score and facts.scored >= facts.to_score:
        return Next("All scored: check and submit", "waiting", mine=True)
    return Next(f"{facts.scored} of {facts.to_score} scored", "active", mine=True)


def dates_of(facts: FileFacts, today: date) -> tuple[tuple[date, str], ...]:
    """What is to come in one file, by day: the scores, the visit, the council's answers, the file's last day."""
    scoring = facts.stage is Stage.ASSESSING and not facts.submitted
    found = [
        (facts.due_on if scoring else None, "Scores are due"),
        (facts.visit_on if facts.visit_on and facts.visit_on >= today else None, "Visit"),
        (facts.question_due_on, "The council answers a question by"),
        (facts.closes_on, "The file is open until"),
    ]
    return tuple(sorted((day, words) for day, words in found if day is not None))


def order_of(facts: FileFacts, today: date) -> tuple[bool, date]:
    """Where a file stands in the queue: first what waits for the assessor, then by its next day."""
    days = dates_of(facts, today)
    return not next_in(facts).mine, days[0][0] if days else date.max


def _after_submitting(stage: Stage | None) -> str:
    if stage is None:
        return "Submitted"
    if stage is Stage.ASSESSING:
        return "Submitted: the other scorers have not"
    return f"Submitted: {LABELS[stage].lower()}"

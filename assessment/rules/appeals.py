"""Appeals: until when a council may ask for its decision to be looked at again, and who may do that."""

from dataclasses import dataclass
from datetime import date

from assessment.rules.outcomes import AWARDED, outcome_of
from assessment.rules.process_words import day_words
from assessment.rules.processes import Process
from assessment.rules.working_days import working_days_after

UPHELD, DISMISSED = "upheld", "dismissed"
LABELS = {UPHELD: "Upheld", DISMISSED: "Dismissed"}
PARTS = {"lead": "led", "scorer": "scored"}


def last_day(released_on: date, process: Process) -> date:
    """The last day on which a council may appeal against what was released on `released_on`, that day not counted."""
    return working_days_after(released_on, process.appeal_days, process.nation)


@dataclass(frozen=True)
class Released:
    """What an appeal would be made against.

    ended: the award was given back, replaced or ended otherwise. words: what the council read about the outcome.
    """

    outcome: str
    conditions: str
    released_on: date
    ended: bool = False
    words: str = ""


def why_not_lodge(released: Released | None, *, lodged: bool, today: date, process: Process) -> str | None:
    """Why the council may not appeal, in words; None when it may. `released` is None before release."""
    if released is None:
        return "Nothing is decided yet that your council could appeal against."
    if lodged:
        return "Your council has appealed already. There is one appeal against a decision."
    if outcome_of(released.outcome, released.conditions) == AWARDED:
        return "The award was made without conditions, so there is nothing to appeal against."
    if released.ended:
        return "The award has ended, so there is nothing to appeal against."
    last = last_day(released.released_on, process)
    if today > last:
        return f"Your council could appeal until {day_words(last)}."
    return None


def why_not_decide(*, decided_before: bool, part: str | None, has_access: bool) -> str | None:
    """Why somebody may not decide an appeal, in words; None when he or she may.

    part: the duty (lead, scorer) he or she has or had in the team.
    """
    if decided_before:
        return "You made the decision that is appealed against, so somebody else has to look at it again."
    if part is not None:
        return f"You {PARTS[part]} this assessment, so somebody else has to decide the appeal."
    if has_access:
        return "You have access in this council, so somebody else has to decide the appeal."
    return None

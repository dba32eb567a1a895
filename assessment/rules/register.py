"""An entry of the public register on a day: whether the award is held, and its state in words."""

from datetime import date
from typing import Protocol

from assessment.rules.process_words import day_words

STATES = ("Valid", "Reassessment due", "Expired", "Ended", "Surrendered")
ENDINGS = {"surrendered": "Surrendered", "expired": "Expired"}


class Entry(Protocol):
    """The days of an award. `grace_to_on` is the last day it is held; `ending` why it ended before, on `ended_on`."""

    valid_to_on: date
    grace_to_on: date
    ending: str | None
    ended_on: date | None


def holds(entry: Entry, today: date) -> bool:
    """Whether the award is held on a day, its days of grace included."""
    return today <= entry.grace_to_on and (entry.ended_on is None or entry.ended_on > today)


def state_of(entry: Entry, today: date) -> tuple[str, str, str]:
    """An entry's state on a day: its word (one of STATES), the kind of its tag, and one sentence."""
    if entry.ended_on is not None and entry.ended_on <= today:
        words = f"This award ended on {day_words(entry.ended_on)}. It is no longer held."
        return ENDINGS.get(entry.ending or "", "Ended"), "neutral", words
    if today <= entry.valid_to_on:
        return "Valid", "done", f"This award is held. It is valid until {day_words(entry.valid_to_on)}."
    if today <= entry.grace_to_on:
        until = f"{day_words(entry.valid_to_on)} and is still held until {day_words(entry.grace_to_on)}"
        return "Reassessment due", "waiting", f"This award was valid until {until}."
    return "Expired", "problem", f"This award expired on {day_words(entry.valid_to_on)}. It is no longer held."

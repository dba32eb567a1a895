"""Reminders: when a date is worth a word before, on and after its day, and in which words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tenants.rules.reminder_settings import DEFAULT

LAST_FOR = 7
"""Days the last reminder stands; after them nobody is reminded any more."""


@dataclass(frozen=True, slots=True)
class Step:
    """One reminder of a date: its name within the key, and the days from today to the date (below 0: it is past)."""

    name: str
    days: int


def step_on(
    due_on: date, today: date, before: Sequence[int] = DEFAULT.before, after: Sequence[int] = DEFAULT.after
) -> Step | None:
    """The reminder that stands on a day, None where there is none.

    before, after: days in any order; either may be none.

    A step lasts until the next one begins, so that a morning without reminders is made up for; what is long past when
    it is first seen, as in a plan that was just read in, reminds nobody.
    """
    days = (due_on - today).days
    if days > max(before, default=0):
        return None
    if days > 0:
        return Step(f"before-{min(step for step in before if step >= days)}", days)
    if days == 0:
        return Step("day", 0)
    reached = [step for step in after if step <= -days]
    return Step(f"after-{max(reached)}", days) if reached and -days < max(after) + LAST_FOR else None


def key_of(kind: str, subject: str, due_on: date, step: Step) -> str:
    """What a reminder is known by: a moved date has another key, so it reminds anew."""
    return f"{kind}:{subject}:{due_on.isoformat()}:{step.name}"


def words_of(title: str, due_on: date, step: Step, *, renewal: bool = False) -> str:
    """The line a person reads. renewal: the date is the last day something is valid."""
    on = f"{due_on.day} {due_on:%B} {due_on.year}"
    due, was = ("valid until", "was valid until") if renewal else ("due", "was due")
    if step.days > 0:
        left = "1 day" if step.days == 1 else f"{step.days} days"
        return f"{title}: {due} {on}, {left} from now" if renewal else f"{title}: {due} in {left}, on {on}"
    if step.days == 0:
        return f"{title}: {due} today"
    return f"{title}: {was} {on}" if renewal else f"{title}: {was} on {on}"

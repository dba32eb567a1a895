"""The interim review: when the council's return is open, what it still lacks, and how the region's letter begins."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta

STATES = ("not_begun", "in_progress", "claimed_complete")
LABELS = {"not_begun": "Not begun yet", "in_progress": "In progress", "claimed_complete": "Complete"}
LONGEST_WORDS = 10_000
"""Characters of what is said of one improvement, and of the return as a whole."""
WHOLE = 0
"""The number under which the return as a whole is written."""


@dataclass(frozen=True, slots=True)
class Cited:
    """A piece of evidence in the return, as far as sending it depends on it."""

    title: str
    removed: bool = False
    quarantined: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One improvement in the return. `ending`: the region's last word; `answer`: the reply; `told`: progress so far."""

    number: int
    ending: str | None
    answer: str | None
    told: str | None
    state: str
    words: str
    cited: tuple[Cited, ...] = ()

    @property
    def is_asked(self) -> bool:
        """Whether the return has to say how far it is: what is closed, or was decided against, speaks for itself."""
        return self.ending is None and self.answer != "decided_against"


@dataclass(frozen=True, slots=True)
class Problem:
    """What keeps the return from being sent: in which improvement (0: in the return as a whole), in words."""

    number: int
    words: str


def opens_on(due_on: date, months: int) -> date:
    """The first day on which the return can be written: so many months before it is due."""
    day: date = due_on - relativedelta(months=months)
    return day


def states_of(told: str | None) -> tuple[str, ...]:
    """What can be said of an improvement: nothing that progress was reported of has not begun."""
    return STATES[1:] if told else STATES


def problems_of(lines: Sequence[Line], whole: str) -> list[Problem]:
    """Everything that keeps the return from being sent, in order. whole: the words about the return as a whole."""
    found = []
    for line in lines:
        if not line.is_asked:
            continue
        if line.answer is None:
            found.append(Problem(line.number, "Reply to it first."))
            continue
        if line.state not in states_of(line.told):
            found.append(Problem(line.number, "Say how far it is."))
        if not line.words.strip():
            found.append(Problem(line.number, "Say what has been done."))
        for cited in line.cited:
            if cited.quarantined:
                found.append(Problem(line.number, f"“{cited.title}” is in quarantine. Take it out."))
            elif cited.removed:
                found.append(Problem(line.number, f"“{cited.title}” was removed from the library. Take it out."))
    if is_whole_asked(lines) and not whole.strip():
        found.append(Problem(WHOLE, "Say how your council keeps the standard."))
    return found


def is_whole_asked(lines: Sequence[Line]) -> bool:
    """Whether the return has to say something as a whole: where no improvement has to be told of."""
    return not any(line.is_asked for line in lines)


def still_missing(problems: Sequence[Problem]) -> str:
    """How much is missing, in a sentence."""
    return "1 thing is still missing." if len(problems) == 1 else f"{len(problems)} things are still missing."


def letter_of(council: str, level: str, verified: Sequence[int], still_open: Sequence[int]) -> str:
    """How the region's letter begins; it is changed as the region likes. Numbers are those of the improvements."""
    parts = [f"Thank you for the interim return of {council} on its award, {level}."]
    if verified:
        parts.append(f"We verified {_named(verified)}.")
    if still_open:
        parts.append(f"Still open: {_named(still_open)}. We look at it again when your council is reassessed.")
    if not verified and not still_open:
        parts.append("No improvement is open.")
    return "\n\n".join(parts)


def _named(numbers: Sequence[int]) -> str:
    if len(numbers) == 1:
        return f"improvement {numbers[0]}"
    return f"improvements {', '.join(str(each) for each in numbers[:-1])} and {numbers[-1]}"


def changed_since(checked: Mapping[int, str], now: Mapping[int, str]) -> str:
    """Which parts of the return are not as they were checked, in words for its sender; "" where all are.

    Both hold fingerprints by number of improvement, with WHOLE among them in `now`.
    """
    if not checked:
        return "Check what you send first: it stands below."
    changed = sorted(number for number in now if number != WHOLE and checked.get(number) != now[number])
    parts = [f"improvement {number}" for number in changed]
    if checked.get(WHOLE) != now[WHOLE]:
        parts.append("the return as a whole")
    if not parts:
        return ""
    words = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    return f"{words[0].upper()}{words[1:]} changed after you opened this page. Check it again, then send it."

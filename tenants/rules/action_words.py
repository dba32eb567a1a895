"""Words for an action's status and for what was read from its timescale; which statuses close it."""

from __future__ import annotations

from datetime import date, timedelta

STATUS_LABELS = {
    "not_started": "Not started",
    "in_progress": "In progress",
    "completed": "Completed",
    "decided_against": "Decided against",
    "blocked": "Blocked",
    "transferred": "Transferred",
    "recurring": "Recurring",
}
CLOSED = ("completed", "decided_against", "transferred")
SOON = timedelta(days=30)
"""What ends within this time is due soon."""
NAME_LENGTH = 60
"""Characters of a line without a number that stand for it."""
UNREAD = ("", "unknown")
_UNDATED = {
    "recurring": "Repeats",
    "ongoing": "Ongoing",
    "relative_to_event": "Depends on an event",
    "relative_to_meeting": "Depends on a meeting",
    "status_in_date_column": "Tells how far it is, not when",
    "tbc": "To be settled",
    "impossible": "No such date",
    "none": "",
}


def as_status(proposal: str | None) -> str | None:
    """The status a proposal stands for ("outstanding" is an action not begun); None for one that says nothing."""
    if proposal is None or proposal in UNREAD:
        return None
    return "not_started" if proposal == "outstanding" else proposal


def effective_status(status: str | None, proposed: str | None) -> str | None:
    """The confirmed status, or the proposed one while nobody has confirmed any."""
    return status or as_status(proposed)


def is_overdue(status: str | None, proposed: str | None, latest_on: date | None, today: date) -> bool:
    """Whether its last day has passed and nothing says that it is closed."""
    return latest_on is not None and latest_on < today and effective_status(status, proposed) not in CLOSED


def is_due_soon(status: str | None, proposed: str | None, latest_on: date | None, today: date) -> bool:
    """Whether its last day is today or within SOON, and nothing says that it is closed."""
    return (
        latest_on is not None
        and today <= latest_on <= today + SOON
        and effective_status(status, proposed) not in CLOSED
    )


def words_of_reading(kind: str, earliest: date | None, latest: date | None) -> str:
    """What was read from a timescale, for the reader beside it: "By 4 May 2017"; "" where there is nothing to say."""
    if earliest and latest:
        return _day(earliest) if earliest == latest else f"{_day(earliest)} to {_day(latest)}"
    if latest:
        return f"By {_day(latest)}"
    if earliest:
        return f"From {_day(earliest)}"
    return _UNDATED.get(kind, "No date read")


def words_that_add(text: str, kind: str, earliest: date | None, latest: date | None) -> str:
    """What was read, where it says more than the timescale itself: a date, or that there is no such date; else ""."""
    if not (earliest or latest or kind == "impossible"):
        return ""
    words = words_of_reading(kind, earliest, latest)
    return "" if words.casefold() == text.strip().rstrip(".").casefold() else words


def needs_a_look(text: str, confidence: str, chosen_by: str) -> bool:
    """Whether a timescale is impossible or in doubt, and nobody has said yet what it means."""
    return bool(text.strip()) and confidence in ("low", "none") and not chosen_by


def counted(number: int) -> str:
    """ "1 action was", "8 actions were": the beginning of a sentence about so many."""
    return "1 action was" if number == 1 else f"{number:,} actions were"


def _day(value: date) -> str:
    return f"{value.day} {value:%B} {value.year}"


def line_name(ref: str, action: str) -> str:
    """What a line is called where others are spoken of too: its number, or its first words where it has none."""
    if ref:
        return ref
    first = action if len(action) <= NAME_LENGTH else action[:NAME_LENGTH].rpartition(" ")[0] + "…"
    return f"“{first}”"

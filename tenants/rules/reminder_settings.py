"""When a council is reminded of its dates, and how the mails that remind begin: the defaults and what is allowed."""

import re
from dataclasses import dataclass

MOST_DAYS = 4
FURTHEST = 60
LONGEST_WORDS = 500


@dataclass(frozen=True, slots=True)
class Reminders:
    """Days before a date, furthest first, and after it, nearest first; opening words are "" where there are none."""

    before: tuple[int, ...] = (14, 3)
    after: tuple[int, ...] = (1, 8, 15, 22)
    digest_words: str = ""
    contributor_words: str = ""


DEFAULT = Reminders()


def read_days(typed: str) -> tuple[int, ...]:
    """The days in "14, 3", as they were typed; ValueError in words for the page."""
    words = [word for word in re.split(r"[\s,;]+", typed) if word]
    if not all(re.fullmatch(r"[0-9]{1,4}", word) for word in words):
        raise ValueError("Enter whole numbers of days with commas between, for example 14, 3.")
    return tuple(int(word) for word in words)


def why_not(days: tuple[int, ...]) -> str:
    """What is wrong with these days, in words for the page; "" where nothing is."""
    if len(days) > MOST_DAYS:
        return f"Enter at most {MOST_DAYS} days."
    if any(not 1 <= day <= FURTHEST for day in days):
        return f"Each day must be a number from 1 to {FURTHEST}."
    return "Enter each day once." if len(set(days)) < len(days) else ""


def days_words(days: tuple[int, ...]) -> str:
    """The days as they are typed."""
    return ", ".join(str(day) for day in days)

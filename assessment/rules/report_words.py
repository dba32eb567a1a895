"""The words in which a report says what it knows as data: interests, outcomes, dates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from assessment.rules import outcomes
from assessment.rules.process_words import day_words


def interest_words(
    interest: str | None, *, scores: bool, declared_on: date | None, conflicted_on: date | None, left_on: date | None
) -> str:
    """What one person declared and when, and that he or she left: "No interest, declared on 4 May 2017."

    interest: "none", "conflict" or None. Why somebody left is not said, for it was written for the region alone.
    """
    if conflicted_on is not None:
        said = f"Conflict of interest, declared on {day_words(conflicted_on)}."
    elif interest == "conflict" and declared_on is not None:
        said = f"Conflict of interest, declared on {day_words(declared_on)}."
    elif interest == "none" and declared_on is not None:
        said = f"No interest, declared on {day_words(declared_on)}."
    else:
        said = "Nothing was declared." if scores else "Leads without scoring."
    return f"{said} Left the team on {day_words(left_on)}." if left_on is not None else said


def outcome_words(result: Mapping[str, Any]) -> str:
    """The outcome of an issued report."""
    return outcomes.outcome_words(result["outcome"], result["conditions"])


def iso_day_words(text: str | None) -> str:
    """A date as documents keep it, as 4 May 2017; nothing for no date."""
    return day_words(date.fromisoformat(text)) if text else ""

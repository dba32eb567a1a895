"""What a page tells of an action beside its own words: reading, status, whether it is overdue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from tenants.rules.action_words import STATUS_LABELS, effective_status, is_overdue, words_of_reading

TAG_KINDS = {
    "not_started": "waiting",
    "in_progress": "active",
    "completed": "done",
    "decided_against": "neutral",
    "blocked": "problem",
    "transferred": "neutral",
    "recurring": "active",
}


@dataclass(frozen=True, slots=True)
class ToldAction:
    """One action's row with what stands beside its words; `label` is "" where no status is known or proposed."""

    row: Any
    reading: str
    label: str
    tag: str
    overdue: bool


def tell(row: Any, today: date) -> ToldAction:
    """row: an action, or anything with the names of its columns."""
    status = effective_status(row.status, row.status_proposed)
    reading = words_of_reading(row.timescale_kind, row.earliest_on, row.latest_on)
    return ToldAction(
        row,
        reading if reading != row.timescale else "",
        STATUS_LABELS[status] if status else "",
        TAG_KINDS[status] if status else "",
        is_overdue(row.status, row.status_proposed, row.latest_on, today),
    )

"""What a meeting enters on a line: which of its texts are entered, and whether two people entered different ones."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from uuid import UUID

LABELS = {
    "status": "Status",
    "timescale": "Timescale",
    "responsibility": "Responsibility",
    "decision": "Decision",
    "minute": "Minute",
}
"""What a sitting enters on a line and what stands there before it, in order; a note is always new."""
HEAD_LABELS = {"minute": "Reference of the minutes", "notes": "Notes of the meeting"}
DECIDED_AGAINST = "decided_against"


def field_of(name: str, line_id: UUID) -> str:
    """What a line's text is called among those of all lines."""
    return f"{name}-{line_id}"


def mark(texts: Mapping[str, str]) -> str:
    """A short mark of these texts: the same for texts that differ only in blanks and line ends."""
    plain = {name: tidy(text) for name, text in texts.items()}
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()[:16]


def tidy(text: str) -> str:
    """A text with one blank wherever it has blanks or line ends."""
    return " ".join(text.split())


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, ...]:
    """The names of the texts that differ, in the order of `before`."""
    return tuple(name for name, text in before.items() if tidy(text) != tidy(after[name]))


def lacks_reason(stored: Mapping[str, str], typed: Mapping[str, str]) -> bool:
    """Whether a line is decided against now and nothing says why."""
    is_new = typed["status"] == DECIDED_AGAINST and stored["status"] != DECIDED_AGAINST
    return is_new and not typed["decision"].strip()

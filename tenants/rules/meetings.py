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
NEW_LABELS = {
    "action": "Action",
    "timescale": "Timescale",
    "responsibility": "Responsibility",
    "decision": "Decision",
    "minute": "Minute",
}
"""What a sitting enters of a line that the meeting adds."""
NEW_LINES = 3
"""So many lines can be added at a time."""
DECIDED_AGAINST = "decided_against"


def field_of(name: str, line_id: UUID) -> str:
    """What a line's text is called among those of all lines."""
    return f"{name}-{line_id}"


def new_field(name: str, number: int) -> str:
    """What a text of a line to be added is called; number: from 1."""
    return f"new-{number}-{name}"


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


def refused_lines(added: Mapping[int, Mapping[str, str]], there: Mapping[str, str]) -> dict[str, str]:
    """Field → why, for every line that the meeting adds and that cannot be added as it was typed.

    added: by number from 1, by the names of NEW_LABELS. there: "action 3" → the words of each line gone through.
    """
    known = {tidy(words).casefold(): name for name, words in there.items()}
    found = {}
    for number, texts in added.items():
        action = tidy(texts["action"]).casefold()
        if not action:
            found[new_field("action", number)] = "Enter the action."
        elif action in known:
            found[new_field("action", number)] = f"This is in the plan already: {known[action]}."
        else:
            known[action] = f"new line {number}"
    return found


def lacks_reason(stored: Mapping[str, str], typed: Mapping[str, str]) -> bool:
    """Whether a line is decided against now and nothing says why."""
    is_new = typed["status"] == DECIDED_AGAINST and stored["status"] != DECIDED_AGAINST
    return is_new and not typed["decision"].strip()

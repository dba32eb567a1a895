"""What the register says of an award on the days around its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from assessment.rules.register import STATES, holds, state_of


@dataclass
class Entry:
    """An award of three years with six months of grace."""

    ending: str | None = None
    ended_on: date | None = None
    valid_to_on: date = date(2026, 5, 4)
    grace_to_on: date = date(2026, 11, 4)


@pytest.mark.parametrize(
    ("entry", "on", "held", "state", "words"),
    [
        (Entry(), date(2026, 5, 4), True, "Valid", "This award is held. It is valid until 4 May 2026."),
        (
            Entry(),
            date(2026, 5, 5),
            True,
            "Reassessment due",
            "This award was valid until 4 May 2026 and is still held until 4 November 2026.",
        ),
        (Entry(), date(2026, 11, 5), False, "Expired", "This award expired on 4 May 2026. It is no longer held."),
        (
            Entry("surrendered", date(2025, 1, 9)),
            date(2025, 1, 9),
            False,
            "Surrendered",
            "This award ended on 9 January 2025. It is no longer held.",
        ),
        (
            Entry("surrendered", date(2025, 1, 9)),
            date(2025, 1, 8),
            True,
            "Valid",
            "This award is held. It is valid until 4 May 2026.",
        ),
        (
            Entry("ended", date(2025, 1, 9)),
            date(2025, 2, 1),
            False,
            "Ended",
            "This award ended on 9 January 2025. It is no longer held.",
        ),
    ],
)
def test_an_award_is_held_until_its_grace_or_its_end(
    entry: Entry, on: date, held: bool, state: str, words: str
) -> None:
    assert (holds(entry, on), state_of(entry, on)[0], state_of(entry, on)[2]) == (held, state, words)
    assert state in STATES

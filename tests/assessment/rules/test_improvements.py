"""The state of an improvement from what both sides said last."""

from __future__ import annotations

import pytest

from assessment.rules.improvements import state_of


@pytest.mark.parametrize(
    ("answer", "progress", "ending", "state"),
    [
        (None, None, None, "issued"),
        ("accepted", None, None, "open"),
        ("accepted_in_part", "in_progress", None, "in_progress"),
        ("accepted", "claimed_complete", None, "claimed_complete"),
        ("decided_against", None, None, "decided_against"),
        ("decided_against", "in_progress", None, "decided_against"),
        ("accepted", "claimed_complete", "verified", "verified"),
        ("decided_against", None, "carried_forward", "carried_forward"),
        (None, None, "superseded", "superseded"),
    ],
)
def test_the_regions_word_stands_above_the_councils(
    answer: str | None, progress: str | None, ending: str | None, state: str
) -> None:
    assert state_of(answer, progress, ending) == state

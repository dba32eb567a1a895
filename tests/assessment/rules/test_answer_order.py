"""From one requirement to the next unanswered."""

from __future__ import annotations

import pytest

from assessment.rules.answer_order import next_open

CODES = ("1.1", "1.2", "2.1", "2.2")


@pytest.mark.parametrize(
    ("here", "unanswered", "following"),
    [
        ("1.1", {"1.1", "2.1"}, "2.1"),
        ("2.1", {"1.2", "2.1"}, "1.2"),
        ("2.2", {"2.2"}, None),
        ("1.1", set(), None),
    ],
)
def test_the_next_unanswered_begins_again_after_the_last(
    here: str, unanswered: set[str], following: str | None
) -> None:
    assert next_open(CODES, here, unanswered) == following

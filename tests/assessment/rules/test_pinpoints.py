"""Which page the words of a citation name."""

from __future__ import annotations

import pytest

from assessment.rules.pinpoints import page_of


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("page 4", 4),
        ("Page 12, the table of sessions", 12),
        ("pp. 4-6", 4),
        ("p.7", 7),
        ("p 9", 9),
        ("item 3, pages 15 and 20", 15),
        ("page 0", None),
        ("paragraph 4", None),
        ("2026", None),
        ("the whole map 3", None),
        ("", None),
    ],
)
def test_the_first_page_named_counts(words: str, expected: int | None) -> None:
    assert page_of(words) == expected

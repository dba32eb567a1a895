"""What is said beside a row before it is taken in."""

from __future__ import annotations

from typing import Any

import pytest

from tenants.rules.import_flags import NOT_READ, UNCERTAIN, flags_of

PLAIN: dict[str, Any] = {"timescale": "May 2027", "kind": "month", "confidence": "high", "notes": []}


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({}, []),
        ({"kind": "none", "timescale": "–"}, []),
        ({"kind": "none", "timescale": "when the moon is right", "confidence": "none"}, [NOT_READ]),
        ({"confidence": "low", "notes": ["no action is written."]}, ["No action is written.", UNCERTAIN]),
        ({"kind": "impossible", "confidence": "none", "notes": ["“31 June”: No such date."]},
         ["“31 June”: No such date."]),
    ],
)  # fmt: skip
def test_a_row_is_flagged_where_somebody_should_look(told: dict[str, Any], expected: list[str]) -> None:
    assert flags_of(PLAIN | told) == expected

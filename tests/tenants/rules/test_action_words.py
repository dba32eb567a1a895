"""Words for statuses and readings."""

from __future__ import annotations

from datetime import date

import pytest

from tenants.rules.action_words import (
    effective_status,
    is_due_soon,
    is_overdue,
    line_name,
    needs_a_look,
    words_of_reading,
    words_that_add,
)

MAY, DAY = date(2017, 5, 1), date(2017, 5, 31)


@pytest.mark.parametrize(
    ("kind", "earliest", "latest", "words"),
    [
        ("month", MAY, DAY, "1 May 2017 to 31 May 2017"),
        ("session", MAY, MAY, "1 May 2017"),
        ("deadline", None, DAY, "By 31 May 2017"),
        ("range", MAY, None, "From 1 May 2017"),
        ("ongoing", None, None, "Ongoing"),
        ("relative_to_meeting", None, None, "Depends on a meeting"),
        ("month", None, None, "No date read"),
        ("none", None, None, ""),
    ],
)
def test_a_reading_in_words(kind: str, earliest: date | None, latest: date | None, words: str) -> None:
    assert words_of_reading(kind, earliest, latest) == words


@pytest.mark.parametrize(
    ("text", "kind", "earliest", "latest", "words"),
    [
        ("by May 2017", "deadline", None, DAY, "By 31 May 2017"),
        ("by 31 May 2017.", "deadline", None, DAY, ""),
        ("1 May 2017", "session", MAY, MAY, ""),
        ("31 June 2017", "impossible", None, None, "No such date"),
        ("tbc", "tbc", None, None, ""),
        ("May", "month", None, None, ""),
        ("As we go", "ongoing", None, None, ""),
    ],
)
def test_a_reading_is_said_where_it_adds_to_the_timescale(
    text: str, kind: str, earliest: date | None, latest: date | None, words: str
) -> None:
    assert words_that_add(text, kind, earliest, latest) == words


@pytest.mark.parametrize(
    ("status", "proposed", "effective", "overdue"),
    [
        ("completed", "in_progress", "completed", False),
        ("in_progress", "completed", "in_progress", True),
        (None, "completed", "completed", False),
        (None, "decided_against", "decided_against", False),
        (None, "outstanding", "not_started", True),
        (None, "unknown", None, True),
        (None, None, None, True),
    ],
)
def test_a_status_stands_only_once_confirmed(
    status: str | None, proposed: str | None, effective: str | None, overdue: bool
) -> None:
    assert effective_status(status, proposed) == effective
    assert is_overdue(status, proposed, DAY, date(2017, 6, 1)) is overdue
    assert is_overdue(status, proposed, DAY, DAY) is False
    assert is_overdue(status, proposed, None, DAY) is False


def test_due_soon_is_open_and_ends_within_thirty_days() -> None:
    today = date(2027, 5, 1)
    assert [
        is_due_soon(status, proposed, latest_on, today)
        for status, proposed, latest_on in (
            (None, None, date(2027, 5, 1)),
            (None, "completed", date(2027, 5, 1)),
            ("in_progress", "completed", date(2027, 5, 31)),
            (None, None, date(2027, 6, 1)),
            (None, None, date(2027, 4, 30)),
            (None, None, None),
        )
    ] == [True, False, True, False, False, False]


@pytest.mark.parametrize(
    ("text", "confidence", "chosen_by", "wanted"),
    [
        ("31 June 2027", "none", "", True),
        ("Q2", "low", "", True),
        ("2019", "low", "Ada Reed", False),
        ("May 2027", "high", "", False),
        (" ", "none", "", False),
    ],
)
def test_what_is_impossible_or_in_doubt_needs_a_look(text: str, confidence: str, chosen_by: str, wanted: bool) -> None:
    assert needs_a_look(text, confidence, chosen_by) is wanted


@pytest.mark.parametrize(
    ("ref", "action", "expected"),
    [
        ("4a", "Write role descriptions.", "4a"),
        ("", "Write role descriptions.", "“Write role descriptions.”"),
        ("", "Write role descriptions " * 4, "“Write role descriptions Write role descriptions Write role…”"),
    ],
)
def test_a_line_without_a_number_is_called_by_its_first_words(ref: str, action: str, expected: str) -> None:
    assert line_name(ref, action) == expected

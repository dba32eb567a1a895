"""When a date reminds, under which key, and in which words."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from assessment.rules.reminders import Step, key_of, step_on, words_of

DUE = date(2026, 5, 20)


@pytest.mark.parametrize(
    ("days", "name"),
    [
        (15, None),
        (14, "before-14"),
        (13, "before-14"),  # a morning without reminders is made up for
        (4, "before-14"),
        (3, "before-3"),
        (1, "before-3"),
        (0, "day"),
        (-1, "after-1"),
        (-7, "after-1"),
        (-8, "after-8"),
        (-15, "after-15"),
        (-22, "after-22"),
        (-28, "after-22"),
        (-29, None),  # at most three weekly ones
        (-3000, None),
    ],
)
def test_before_on_the_day_and_after(days: int, name: str | None) -> None:
    assert step_on(DUE, DUE - timedelta(days=days)) == (None if name is None else Step(name, days))


def test_every_step_of_a_date_comes_once_over_its_days() -> None:
    days = [DUE + timedelta(days=offset) for offset in range(-40, 60)]
    keys = [key_of("actions", "x", DUE, step) for step in (step_on(DUE, day) for day in days) if step]
    assert list(dict.fromkeys(keys)) == [
        f"actions:x:2026-05-20:{name}"
        for name in ("before-14", "before-3", "day", "after-1", "after-8", "after-15", "after-22")
    ]


def test_a_moved_date_has_other_keys() -> None:
    later = DUE + timedelta(days=1)
    assert key_of("evidence", "x", DUE, Step("day", 0)) != key_of("evidence", "x", later, Step("day", 0))


def test_days_before_may_be_others_or_none() -> None:
    assert step_on(DUE, DUE - timedelta(days=20), before=(30,)) == Step("before-30", 20)
    assert step_on(DUE, DUE - timedelta(days=1), before=()) is None
    assert step_on(DUE, DUE, before=()) == Step("day", 0)


def test_days_after_may_be_others_or_none() -> None:
    late = [DUE + timedelta(days=days) for days in (1, 5, 11, 12)]
    assert [step_on(DUE, day, after=(5,)) for day in late] == [None, Step("after-5", -5), Step("after-5", -11), None]
    assert [step_on(DUE, day, after=()) for day in late] == [None] * 4
    assert step_on(DUE, DUE, after=()) == Step("day", 0)


@pytest.mark.parametrize(
    ("days", "renewal", "words"),
    [
        (14, False, "Element 1.1: due in 14 days, on 20 May 2026"),
        (1, False, "Element 1.1: due in 1 day, on 20 May 2026"),
        (0, False, "Element 1.1: due today"),
        (-9, False, "Element 1.1: was due on 20 May 2026"),
        (3, True, "Element 1.1: valid until 20 May 2026, 3 days from now"),
        (0, True, "Element 1.1: valid until today"),
        (-1, True, "Element 1.1: was valid until 20 May 2026"),
    ],
)
def test_the_words_say_how_near_it_is(days: int, renewal: bool, words: str) -> None:
    assert words_of("Element 1.1", DUE, Step("x", days), renewal=renewal) == words

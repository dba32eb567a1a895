"""Once a month, on its first Sunday, and a missed month is made up for."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tenants.rules.rehearsals import is_due, is_overdue

FIRST_SUNDAY = date(2026, 11, 1)


@pytest.mark.parametrize(
    ("today", "last_on", "due"),
    [
        (FIRST_SUNDAY, None, True),
        (FIRST_SUNDAY + timedelta(days=7), None, False),
        (FIRST_SUNDAY + timedelta(days=1), None, False),
        (FIRST_SUNDAY, date(2026, 10, 4), True),
        (FIRST_SUNDAY, date(2026, 10, 30), False),
        (FIRST_SUNDAY, FIRST_SUNDAY, False),
        (date(2026, 11, 10), date(2026, 10, 4), True),
        (date(2026, 11, 7), date(2026, 10, 4), False),
    ],
)
def test_when_it_is_due(today: date, last_on: date | None, due: bool) -> None:
    assert is_due(today, last_on) is due


def test_after_six_weeks_nothing_is_known_any_more() -> None:
    assert not is_overdue(FIRST_SUNDAY + timedelta(days=45), FIRST_SUNDAY)
    assert is_overdue(FIRST_SUNDAY + timedelta(days=46), FIRST_SUNDAY)

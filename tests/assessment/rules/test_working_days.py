"""Working days skip weekends and the bank holidays of the nation."""

from datetime import date, timedelta

import pytest

from assessment.rules.working_days import Nation, is_working_day, working_days_after


def weekdays_off(nation: Nation) -> list[str]:
    days = (date(2025, 1, 1) + timedelta(days=number) for number in range(365))
    return [f"{day:%d.%m}" for day in days if day.weekday() < 5 and not is_working_day(day, nation)]


def test_the_bank_holidays_of_2025_are_those_the_governments_announced() -> None:
    england = ["01.01", "18.04", "21.04", "05.05", "26.05", "25.08", "25.12", "26.12"]
    assert weekdays_off(Nation.ENGLAND) == england
    assert weekdays_off(Nation.WALES) == england
    assert weekdays_off(Nation.NORTHERN_IRELAND) == sorted(
        [*england, "17.03", "14.07"], key=lambda day: (day[3:], day[:2])
    )


@pytest.mark.parametrize(
    ("day", "number", "nation", "then"),
    [
        (date(2025, 6, 2), 0, Nation.ENGLAND, date(2025, 6, 2)),
        (date(2025, 6, 7), 0, Nation.ENGLAND, date(2025, 6, 7)),
        (date(2025, 6, 6), 1, Nation.ENGLAND, date(2025, 6, 9)),
        (date(2025, 6, 7), 1, Nation.ENGLAND, date(2025, 6, 9)),
        (date(2025, 4, 17), 1, Nation.ENGLAND, date(2025, 4, 22)),
        (date(2025, 7, 11), 1, Nation.ENGLAND, date(2025, 7, 14)),
        (date(2025, 7, 11), 1, Nation.NORTHERN_IRELAND, date(2025, 7, 15)),
        (date(2025, 12, 17), 10, Nation.WALES, date(2026, 1, 5)),
        (date(2027, 12, 24), 1, Nation.ENGLAND, date(2027, 12, 29)),
    ],
)
def test_the_day_itself_is_not_counted(day: date, number: int, nation: Nation, then: date) -> None:
    assert working_days_after(day, number, nation) == then


def test_days_are_not_counted_backwards() -> None:
    with pytest.raises(ValueError, match="not -1"):
        working_days_after(date(2025, 6, 2), -1, Nation.ENGLAND)

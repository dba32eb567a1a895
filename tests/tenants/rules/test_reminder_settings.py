"""The days on which a council is reminded: how they are typed, and which are allowed."""

import pytest

from tenants.rules.reminder_settings import DEFAULT, Reminders, days_words, read_days, why_not


@pytest.mark.parametrize(
    ("typed", "days"), [("14, 3", (14, 3)), (" 1;8 15,22 ", (1, 8, 15, 22)), ("", ()), (" , ", ()), ("9999", (9999,))]
)
def test_days_are_read_as_people_type_them(typed: str, days: tuple[int, ...]) -> None:
    assert read_days(typed) == days


@pytest.mark.parametrize("typed", ["two", "-3", "1.5", "3 days", "99999", "٣"])
def test_what_is_no_number_of_days_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"^Enter whole numbers of days with commas between, for example 14, 3\.$"):
        read_days(typed)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ((), ""),
        ((60, 1), ""),
        ((1, 2, 3, 4), ""),
        ((1, 2, 3, 4, 5), "Enter at most 4 days."),
        ((0,), "Each day must be a number from 1 to 60."),
        ((61,), "Each day must be a number from 1 to 60."),
        ((3, 3), "Enter each day once."),
    ],
)
def test_which_days_are_allowed(days: tuple[int, ...], words: str) -> None:
    assert why_not(days) == words


def test_without_settings_the_days_are_the_products_own() -> None:
    assert Reminders((14, 3), (1, 8, 15, 22), "", "") == DEFAULT
    assert days_words(DEFAULT.before) == "14, 3"

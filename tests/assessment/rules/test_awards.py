"""The dates of an award and the state they put it in."""

from dataclasses import replace
from datetime import date

import pytest

from assessment.rules.awards import LABELS, AwardDates, AwardState, award_dates, award_state
from assessment.rules.processes import DEFAULT

DATES = award_dates(date(2024, 3, 15), DEFAULT)


def test_the_dates_follow_from_the_day_of_the_award() -> None:
    assert (
        AwardDates(
            awarded_on=date(2024, 3, 15),
            interim_due_on=date(2025, 9, 15),
            reassessment_opens_on=date(2026, 6, 15),
            expires_on=date(2027, 3, 15),
            grace_ends_on=date(2027, 9, 15),
        )
        == DATES
    )


def test_a_day_the_month_lacks_becomes_its_last() -> None:
    dates = award_dates(date(2024, 8, 31), DEFAULT)
    assert (dates.interim_due_on, dates.grace_ends_on) == (date(2026, 2, 28), date(2028, 2, 29))
    assert award_dates(date(2024, 2, 29), DEFAULT).expires_on == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2024, 3, 15), AwardState.CURRENT),
        (date(2025, 9, 14), AwardState.CURRENT),
        (date(2025, 9, 15), AwardState.INTERIM_DUE),
        (date(2026, 6, 14), AwardState.INTERIM_DUE),
        (date(2026, 6, 15), AwardState.REASSESSMENT_DUE),
        (date(2027, 3, 16), AwardState.REASSESSMENT_DUE),
        (date(2027, 9, 15), AwardState.REASSESSMENT_DUE),
        (date(2027, 9, 16), AwardState.EXPIRED),
    ],
)
def test_the_state_follows_the_calendar(today: date, state: AwardState) -> None:
    assert award_state(DATES, today) is state


def test_a_review_held_makes_the_award_current_again() -> None:
    today, reviewed = date(2025, 11, 3), date(2025, 10, 1)
    assert award_state(DATES, today, interim_reviewed_on=reviewed) is AwardState.CURRENT
    assert award_state(DATES, date(2025, 9, 30), interim_reviewed_on=reviewed) is AwardState.INTERIM_DUE
    assert award_state(DATES, date(2026, 7, 1), interim_reviewed_on=reviewed) is AwardState.REASSESSMENT_DUE


def test_a_region_may_ask_for_no_interim_review() -> None:
    dates = award_dates(date(2024, 3, 15), replace(DEFAULT, interim_months=None))
    assert dates.interim_due_on is None
    assert award_state(dates, date(2026, 1, 1)) is AwardState.CURRENT


def test_surrender_and_end_hold_from_their_day_on() -> None:
    day = date(2026, 1, 1)
    assert award_state(DATES, day, surrendered_on=day) is AwardState.SURRENDERED
    assert award_state(DATES, date(2025, 12, 31), surrendered_on=day) is AwardState.INTERIM_DUE
    assert award_state(DATES, day, ended_on=day) is AwardState.ENDED
    assert award_state(DATES, date(2030, 1, 1), ended_on=day) is AwardState.ENDED
    assert award_state(DATES, day, surrendered_on=day, ended_on=day) is AwardState.SURRENDERED


def test_every_state_has_a_label() -> None:
    assert list(LABELS) == list(AwardState)

"""The clock: one instant, and the day it is in London."""

from datetime import UTC, date, datetime

import pytest

from saas import clock


def test_the_day_is_londons_when_summer_time_has_moved_midnight() -> None:
    with clock.at(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)):
        assert (clock.now(), clock.today()) == (datetime(2026, 6, 30, 23, 30, tzinfo=UTC), date(2026, 7, 1))

    assert clock.now().tzinfo is UTC


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware moment"), clock.at(datetime(2026, 6, 30)):  # noqa: DTZ001 - on purpose
        pass

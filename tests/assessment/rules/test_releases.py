"""Times of day as people type them."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from assessment.rules.releases import moment_of, read_time


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("2:30pm", time(14, 30)),
        (" 2.30 PM ", time(14, 30)),
        ("9am", time(9)),
        ("12am", time(0)),
        ("12:15pm", time(12, 15)),
        ("14:30", time(14, 30)),
        ("0:05", time(0, 5)),
        ("midday", time(12)),
        ("9", None),
        ("13pm", None),
        ("0am", None),
        ("24:00", None),
        ("9:60", None),
        ("soon", None),
        ("", None),
    ],
)
def test_a_time_is_read_as_it_is_typed(typed: str, read: time | None) -> None:
    assert read_time(typed) == read


def test_a_time_is_of_the_place() -> None:
    london = ZoneInfo("Europe/London")
    assert moment_of(date(2027, 5, 4), time(9), london) == datetime(2027, 5, 4, 8, tzinfo=UTC)
    assert moment_of(date(2027, 1, 4), time(9), london) == datetime(2027, 1, 4, 9, tzinfo=UTC)

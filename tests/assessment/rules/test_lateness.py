"""The last day: before it, on it and after it, where the process marks what is late and where it refuses it."""

from datetime import date

import pytest

from assessment.rules.lateness import Standing, before_sending, days_late, why_refused, words_of

LAST = date(2026, 5, 4)
OVER = "The last day to send it was 4 May 2026. The region can give you more time."
WARNED = "Send it by 4 May 2026. After that day it cannot be sent unless the region gives more time."


@pytest.mark.parametrize(
    ("sent_on", "deadline_on", "days"),
    [
        (date(2026, 5, 3), LAST, 0),
        (LAST, LAST, 0),
        (date(2026, 5, 5), LAST, 1),
        (date(2026, 5, 16), LAST, 12),
        (date(2026, 5, 16), None, 0),
    ],
)
def test_days_late_are_counted_from_the_day_after(sent_on: date, deadline_on: date | None, days: int) -> None:
    assert days_late(sent_on, deadline_on) == days


@pytest.mark.parametrize(
    ("today", "deadline_on", "process", "refusal", "words"),
    [
        (LAST, LAST, "refused", "", WARNED),
        (date(2026, 5, 5), LAST, "refused", OVER, OVER),
        (date(2026, 5, 5), None, "refused", "", ""),
        (LAST, LAST, "marked", "", ""),
        (
            date(2026, 5, 5),
            LAST,
            "marked",
            "",
            "Today is 1 day after the last day, 4 May 2026. You can send it, and it will say so.",
        ),
    ],
)
def test_what_the_last_day_means_before_sending(
    today: date, deadline_on: date | None, process: str, refusal: str, words: str
) -> None:
    standing = Standing(today, deadline_on, process)
    assert (why_refused(standing), before_sending(standing)) == (refusal, words)


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"sent": {"at": "2026-05-16T09:00:00+00:00"}}, ""),
        (
            {"sent": {"at": "2026-05-16T09:00:00+00:00"}, "late_days": 12},
            "Sent 12 days after the last day, 4 May 2026",
        ),
        ({"sent": {"at": "2026-05-04T23:30:00+00:00"}, "late_days": 1}, "Sent 1 day after the last day, 4 May 2026"),
    ],
)
def test_a_sealed_document_says_how_late_it_was(document: dict[str, object], words: str) -> None:
    assert words_of(document) == words

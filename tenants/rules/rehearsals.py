"""When a backup is rehearsed, and when the last rehearsal is too long ago."""

from __future__ import annotations

from datetime import date, timedelta

SUNDAY = 6
FIRST_WEEK = 7
LEAST_BETWEEN = timedelta(days=20)
LONGEST_BETWEEN = timedelta(days=35)
OVERDUE_AFTER = timedelta(days=45)


def is_due(today: date, last_on: date | None) -> bool:
    """On the first Sunday of each month; a month that was missed is made up for on the next day that works."""
    is_first_sunday = today.weekday() == SUNDAY and today.day <= FIRST_WEEK
    if last_on is None:
        return is_first_sunday
    ago = today - last_on
    return ago >= LONGEST_BETWEEN or (is_first_sunday and ago >= LEAST_BETWEEN)


def is_overdue(today: date, last_on: date) -> bool:
    """Whether nothing is known of backups any more."""
    return today - last_on > OVERDUE_AFTER

"""The one place that knows what time it is, and that a test may set."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
NEAR = range(1900, 2200)
"""The years of which a day may be told: from later ones, or from the first, some reckoning leaves the calendar."""

_set_moment: ContextVar[datetime | None] = ContextVar("moment", default=None)


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _set_moment.get() or datetime.now(UTC)


def today() -> date:
    """The present calendar day where councils are: Europe/London, summer time included."""
    return now().astimezone(LONDON).date()


def is_near(day: date) -> bool:
    """Whether a day that somebody sent can be kept."""
    return day.year in NEAR


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Hold the clock at an aware moment inside the block."""
    if moment.tzinfo is None:
        raise ValueError(f"the clock needs an aware moment, not {moment!r}")
    token = _set_moment.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _set_moment.reset(token)

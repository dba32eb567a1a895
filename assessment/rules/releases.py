"""Releases at a set time: reading a time of day as people type it, and the moment it stands for."""

import re
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

NAMED = {"midday": time(12), "noon": time(12), "midnight": time(0)}
TYPED = re.compile(r"(\d{1,2})(?:[:.](\d{2}))? ?(am|pm)?", re.ASCII)
NOON = 12


def read_time(typed: str) -> time | None:
    """The time of day in "2:30pm", "14.30", "9am" or "midday"; None for anything else, "9" alone too."""
    words = " ".join(typed.lower().split())
    found = TYPED.fullmatch(words)
    if words in NAMED or found is None:
        return NAMED.get(words)
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half:
        if not 1 <= hour <= NOON:
            return None
        hour = hour % NOON + (NOON if half == "pm" else 0)
    elif found[2] is None:
        return None
    return time(hour, minute) if hour < 2 * NOON and minute < 60 else None


def moment_of(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The instant of a time of day in a zone; of two in the night the clocks go back, the earlier."""
    return datetime.combine(day, at, zone)

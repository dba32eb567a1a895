"""The last day to be assessed: what it means before a submission is sent, and how late one was that came after it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from assessment.rules.process_words import day_words
from assessment.rules.processes import REFUSED, TIMEZONE


@dataclass(frozen=True, slots=True)
class Standing:
    """Today, the last day (None: no limit), and whether the process marks or refuses what comes later."""

    today: date
    deadline_on: date | None
    late_submissions: str

    @property
    def days_late(self) -> int:
        return days_late(self.today, self.deadline_on)


def days_late(sent_on: date, deadline_on: date | None) -> int:
    """Calendar days after the last day; 0 in time and where there is no limit."""
    return max(0, (sent_on - deadline_on).days) if deadline_on else 0


def why_refused(standing: Standing) -> str:
    """Why it cannot be sent today, in words for the page; "" where it can."""
    if standing.late_submissions != REFUSED or not standing.days_late or standing.deadline_on is None:
        return ""
    return f"The last day to send it was {day_words(standing.deadline_on)}. The region can give you more time."


def before_sending(standing: Standing) -> str:
    """What the last day means for what is not sent yet; "" where nobody needs to know."""
    if standing.deadline_on is None:
        return ""
    day = day_words(standing.deadline_on)
    if standing.days_late:
        late = _counted(standing.days_late)
        marked = f"Today is {late} after the last day, {day}. You can send it, and it will say so."
        return why_refused(standing) or marked
    if standing.late_submissions == REFUSED:
        return f"Send it by {day}. After that day it cannot be sent unless the region gives more time."
    return ""


def words_of(document: Mapping[str, Any]) -> str:
    """How late a sealed document was, as "Sent 12 days after the last day, 4 May 2026"; "" where it was in time."""
    return words(document["sent"]["at"], document.get("late_days"))


def words(sent_at: str, late_days: int | None) -> str:
    """The same from the two parts that tell it: the sealed instant in ISO 8601, and the days after the last day."""
    if not late_days:
        return ""
    sent_on = datetime.fromisoformat(sent_at).astimezone(ZoneInfo(TIMEZONE)).date()
    return f"Sent {_counted(late_days)} after the last day, {day_words(sent_on - timedelta(days=late_days))}"


def _counted(days: int) -> str:
    return "1 day" if days == 1 else f"{days} days"

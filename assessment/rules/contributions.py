"""Contributions: how far a request for a text is, until when its link works, and how a text joins an answer."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
USUAL_DAYS = 14
LONGEST_DAYS = 180


class State(StrEnum):
    """Where a request stands."""

    ASKED = "asked"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"
    SENT = "sent"
    TAKEN = "taken"
    SET_ASIDE = "set_aside"


LABELS: dict[State, tuple[str, str]] = {
    State.ASKED: ("Asked", "waiting"),
    State.EXPIRED: ("No answer in time", "problem"),
    State.WITHDRAWN: ("Withdrawn", "neutral"),
    State.DECLINED: ("Declined", "problem"),
    State.SENT: ("Text arrived", "active"),
    State.TAKEN: ("Taken into the answer", "done"),
    State.SET_ASIDE: ("Set aside", "neutral"),
}
"""State → its word, and the kind of its tag."""

ANSWERED = frozenset({State.SENT, State.DECLINED, State.TAKEN, State.SET_ASIDE})


class Moments(Protocol):
    """When what happened to a request; None for what did not."""

    sent_at: datetime | None
    declined_at: datetime | None
    withdrawn_at: datetime | None
    taken_at: datetime | None
    set_aside_at: datetime | None
    expires_at: datetime


def state_of(request: Moments, now: datetime) -> State:
    """The state at an aware moment."""
    happened = (
        (request.withdrawn_at, State.WITHDRAWN),
        (request.taken_at, State.TAKEN),
        (request.set_aside_at, State.SET_ASIDE),
        (request.sent_at, State.SENT),
        (request.declined_at, State.DECLINED),
    )
    for at, state in happened:
        if at is not None:
            return state
    return State.ASKED if request.expires_at > now else State.EXPIRED


def ends_at(due_on: date) -> datetime:
    """The moment a link asked for until a day ends: the midnight after it, in London."""
    return datetime.combine(due_on + timedelta(days=1), datetime.min.time(), LONDON)


def extended(due_on: date | None, today: date) -> date:
    """The new day of a request that gets more time: the usual days more, from its day or from today."""
    return max(due_on or today, today) + timedelta(days=USUAL_DAYS)


def joined(narrative: str, words: str) -> str:
    """The answer's text with a contribution as its last paragraphs."""
    return "\n\n".join(part for part in (narrative.rstrip(), words.strip()) if part)

"""How far a request for a text is, and how a text joins an answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from assessment.rules.contributions import LABELS, State, ends_at, extended, joined, state_of

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


@dataclass
class Request:
    """When what happened to a request."""

    sent_at: datetime | None = None
    declined_at: datetime | None = None
    withdrawn_at: datetime | None = None
    taken_at: datetime | None = None
    set_aside_at: datetime | None = None
    expires_at: datetime = NOW + timedelta(seconds=1)


@pytest.mark.parametrize(
    ("happened", "state"),
    [
        ({}, State.ASKED),
        ({"expires_at": NOW}, State.EXPIRED),
        ({"sent_at": NOW}, State.SENT),
        ({"sent_at": NOW, "expires_at": NOW}, State.SENT),
        ({"declined_at": NOW, "expires_at": NOW}, State.DECLINED),
        ({"withdrawn_at": NOW}, State.WITHDRAWN),
        ({"withdrawn_at": NOW, "expires_at": NOW}, State.WITHDRAWN),
        ({"sent_at": NOW, "taken_at": NOW}, State.TAKEN),
        ({"sent_at": NOW, "set_aside_at": NOW}, State.SET_ASIDE),
    ],
)
def test_what_happened_last_decides(happened: dict[str, datetime], state: State) -> None:
    assert state_of(replace(Request(), **happened), NOW) is state


def test_every_state_has_words() -> None:
    assert set(LABELS) == set(State)


@pytest.mark.parametrize(
    ("due_on", "moment"),
    [
        (date(2026, 5, 4), datetime(2026, 5, 4, 23, tzinfo=UTC)),  # summer time
        (date(2026, 12, 31), datetime(2027, 1, 1, tzinfo=UTC)),
        (date(2026, 10, 24), datetime(2026, 10, 24, 23, tzinfo=UTC)),  # the clocks change in the night after
    ],
)
def test_a_link_works_to_the_end_of_its_day_in_london(due_on: date, moment: datetime) -> None:
    assert ends_at(due_on) == moment


@pytest.mark.parametrize(
    ("due_on", "new"),
    [
        (date(2026, 5, 10), date(2026, 5, 24)),
        (date(2026, 5, 1), date(2026, 5, 18)),  # past: counted from today
        (None, date(2026, 5, 18)),
    ],
)
def test_more_time_is_two_weeks_from_its_day_or_from_today(due_on: date | None, new: date) -> None:
    assert extended(due_on, date(2026, 5, 4)) == new


@pytest.mark.parametrize(
    ("narrative", "words", "text"),
    [
        ("", "Theirs.\n", "Theirs."),
        ("Ours.\n\n", " Theirs.", "Ours.\n\nTheirs."),
        ("Ours.", "", "Ours."),
    ],
)
def test_a_text_joins_as_the_last_paragraphs(narrative: str, words: str, text: str) -> None:
    assert joined(narrative, words) == text

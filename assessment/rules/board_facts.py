"""What a board report is computed from, as plain rows, and which days its quarters have."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date, timedelta

from assessment.rules.working_days import Nation, working_days_after

MONTHS_OF_A_QUARTER = 3


@dataclass(frozen=True, slots=True)
class HeldAward:
    """One award, held now or once. `council_id` tells councils apart; names are as they are today."""

    council_id: Hashable
    council: str
    level: str
    awarded_on: date
    valid_to_on: date
    grace_to_on: date
    interim_due_on: date | None = None
    interim_reviewed_on: date | None = None
    ending: str | None = None
    ended_on: date | None = None

    def is_held(self, day: date) -> bool:
        """Whether it is held on a day, its days of grace included."""
        return self.awarded_on <= day <= self.grace_to_on and (self.ended_on is None or self.ended_on > day)


@dataclass(frozen=True, slots=True)
class ThemeCount:
    """Improvements under one theme; what stands under two themes counts under both."""

    title: str
    training: str
    issued: int
    open: int
    councils: int


@dataclass(frozen=True, slots=True)
class Load:
    """One assessor without a name: files under way, and how many he or she takes on at once."""

    files: int
    most: int


@dataclass(frozen=True, slots=True)
class BoardFacts:
    """Everything a report is made from. `period_to` is not after `as_of`, the day on which the rows were read.

    stages: words of a state and how many councils are in it, in the order of the journey.
    """

    region: str
    period_from: date
    period_to: date
    as_of: date
    councils: int
    under_way: int
    not_committed: int
    late: int
    stages: tuple[tuple[str, int], ...] = ()
    awards: tuple[HeldAward, ...] = ()
    open_improvements: int = 0
    without_theme: ThemeCount | None = None
    themes: tuple[ThemeCount, ...] = ()
    loads: tuple[Load, ...] = ()


def quarter_of(day: date) -> tuple[date, date]:
    """The first and the last day of the quarter of the calendar year in which a day lies."""
    first_month = (day.month - 1) // MONTHS_OF_A_QUARTER * MONTHS_OF_A_QUARTER + 1
    first = date(day.year, first_month, 1)
    following = (first + timedelta(days=31 * MONTHS_OF_A_QUARTER)).replace(day=1)
    return first, following - timedelta(days=1)


def quarter_before(day: date) -> tuple[date, date]:
    """The first and the last day of the last quarter that was over before a day."""
    return quarter_of(quarter_of(day)[0] - timedelta(days=1))


def next_report_on(day: date, nation: Nation) -> date:
    """The first working day after the quarter in which a day lies."""
    return working_days_after(quarter_of(day)[1], 1, nation)

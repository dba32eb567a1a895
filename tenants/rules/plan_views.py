"""A plan's lines seen in other ways than as a table: by status, by month, and on one page for those who meet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tenants.rules.action_words import STATUS_LABELS, effective_status, words_of_reading

COLUMNS = ("", "not_started", "in_progress", "blocked", "recurring", "completed", "transferred", "decided_against")
NO_STATUS = "No status yet"
MOST_LINES = 16
"""Lines on the one page, so that it stays one."""
LONGEST_TEXT, LONGEST_DETAIL = 110, 80


@dataclass(frozen=True, slots=True)
class Column:
    """The lines of one status, in the order of the plan; status "" has those without a known or proposed one."""

    status: str
    label: str
    lines: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """A month: lines whose last day is in it, lines that begin in it and end later, those that go on through it."""

    begins_on: date
    due: tuple[Any, ...]
    begin: tuple[Any, ...]
    going_on: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Undated:
    """A line without a last day, and why it has none."""

    line: Any
    why: str


@dataclass(frozen=True, slots=True)
class BriefLine:
    """A line on the one page: its number, what it is, and what is to be said of it there."""

    ref: str
    text: str
    detail: str


@dataclass(frozen=True, slots=True)
class Section:
    """Lines of the one page under a heading; `total` counts also those for which there was no room."""

    title: str
    definition: str
    lines: tuple[BriefLine, ...]
    total: int

    @property
    def more(self) -> int:
        """How many lines had no room."""
        return self.total - len(self.lines)


def by_status(lines: Iterable[Any]) -> tuple[Column, ...]:
    """Every status as a column, an empty one too. lines: with the names of an action's columns."""
    sorted_out: dict[str, list[Any]] = {status: [] for status in COLUMNS}
    for line in lines:
        sorted_out[effective_status(line.status, line.status_proposed) or ""].append(line)
    return tuple(Column(status, STATUS_LABELS.get(status, NO_STATUS), tuple(sorted_out[status])) for status in COLUMNS)


def by_month(lines: Sequence[Any]) -> tuple[Month, ...]:
    """The months in which a line begins or ends, in order."""
    ends = {line.id: _month(line.latest_on) for line in lines if line.latest_on}
    begins = {line.id: _month(line.earliest_on) for line in lines if line.earliest_on}
    months = sorted({*ends.values(), *(month for key, month in begins.items() if ends.get(key) != month)})
    return tuple(
        Month(
            month,
            tuple(
                sorted(
                    (line for line in lines if ends.get(line.id) == month),
                    key=lambda line: (line.latest_on, line.position),
                )
            ),
            tuple(line for line in lines if begins.get(line.id) == month and ends.get(line.id) != month),
            tuple(
                line
                for line in lines
                if line.id in begins and line.id in ends and begins[line.id] < month < ends[line.id]
            ),
        )
        for month in months
    )


def undated(lines: Iterable[Any]) -> tuple[Undated, ...]:
    """The lines without a last day, each with the reason."""
    return tuple(Undated(line, _why(line)) for line in lines if line.latest_on is None)


def _why(line: Any) -> str:
    if not line.timescale.strip():
        return "No timescale is written."
    reading = words_of_reading(line.timescale_kind, line.earliest_on, None) or "No date read"
    if line.earliest_on:
        reading = f"{reading}, with no last day"
    return " ".join(filter(None, (f"{reading}.", line.timescale_reason)))


def _month(day: date) -> date:
    return day.replace(day=1)


def rooms(totals: Sequence[int], most: int = MOST_LINES) -> tuple[int, ...]:
    """How many lines each section shows, `most` in all: as many each while there is room, then the first go first."""
    given = [0] * len(totals)
    while sum(given) < most and any(had < total for had, total in zip(given, totals, strict=True)):
        for place, total in enumerate(totals):
            if given[place] < total and sum(given) < most:
                given[place] += 1
    return tuple(given)


def section(title: str, definition: str, lines: Sequence[BriefLine], room: int) -> Section:
    """As many of the lines as there is room for, with their texts made short."""
    shown = tuple(
        BriefLine(shorten(line.ref, 14), shorten(line.text, LONGEST_TEXT), shorten(line.detail, LONGEST_DETAIL))
        for line in lines[:room]
    )
    return Section(title, definition, shown, len(lines))


def shorten(text: str, longest: int) -> str:
    """The text on one line, cut after a whole word where it is too long."""
    plain = " ".join(text.split())
    if len(plain) <= longest:
        return plain
    cut = plain[: longest - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut).rstrip(" ,;:.") + "…"

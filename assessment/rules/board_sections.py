"""Sections of a board report: a sentence, what its figures mean, their tables and a chart."""

from __future__ import annotations

from dataclasses import dataclass

Value = str | int


@dataclass(frozen=True, slots=True)
class Tabled:
    """Rows under headings; the first cell of a row is its heading."""

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A bar for each label: the values of all series upon each other. lying: bars lie, for long labels."""

    labels: tuple[str, ...]
    series: tuple[tuple[str, tuple[int, ...]], ...]
    lying: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """One thing the board is told."""

    code: str
    title: str
    sentence: str
    definition: str
    tables: tuple[Tabled, ...] = ()
    chart: Chart | None = None

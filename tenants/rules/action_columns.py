"""What each column of a table means: by its headings, by what people said of them, and by their corrections."""

from __future__ import annotations

import re
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tenants.rules import headings
from tenants.rules.grids import Row, Table

REF = re.compile(r"[(\[]?(?:[A-Za-z]{1,4}[-/.]?)?\d{1,4}(?:[.)/-]\d{0,3})*[a-z]?[.):\]]*")
_FIGURE = re.compile(r"[£$€]?\s?-?\d[\d,.]*\s?%?|-|–")

Corrections = Mapping[tuple[int, int], str]
"""What a person says columns mean: (table, at) as in Column, to a key of headings.HEADINGS or "" for none."""


class Column(NamedTuple):
    """A column of a table: the number of its table in the document (from 1) and its place in it (from 0).

    `meaning` is a key of headings.HEADINGS, or "" for a column that is kept as it stands. `name` is the table's.
    """

    table: int
    name: str
    at: int
    heading: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beside the document itself: remembered headings, and corrections of single columns."""

    remembered: Mapping[str, str] = field(default_factory=dict)
    corrections: Corrections = field(default_factory=dict)

    def of_table(self, number: int) -> dict[int, str]:
        return {at: meaning for (table, at), meaning in self.corrections.items() if table == number}


@dataclass(slots=True)
class Columns:
    """The headings in force and what each column means; columns under one merged heading mean the same."""

    headings: tuple[str, ...]
    meanings: list[str]
    has_refs: bool = False
    section: str = ""
    state: str = ""
    above: dict[int, str] = field(default_factory=dict)

    def meaning(self, at: int) -> str:
        return self.meanings[at] if at < len(self.meanings) else ""

    def text(self, row: Row, meaning: str) -> str:
        return next((cell.text for at, cell in enumerate(row.cells) if self.meaning(at) == meaning and cell.text), "")

    def same_as(self, other: Columns | None) -> bool:
        return (
            other is not None
            and self.meanings == other.meanings
            and [*map(headings.plain, self.headings)] == [*map(headings.plain, other.headings)]
        )

    def corrected(self, corrections: Mapping[int, str]) -> None:
        """Put corrections in force: a column that was taken for the same gives its meaning up."""
        given = {meaning for meaning in corrections.values() if meaning}
        for at in range(len(self.meanings)):
            if at in corrections:
                self.meanings[at] = corrections[at]
            elif self.meanings[at] in given:
                self.meanings[at] = ""

    def as_columns(self, number: int, name: str) -> list[Column]:
        return [
            Column(number, name, at, heading, meaning)
            for at, (heading, meaning) in enumerate(zip(self.headings, self.meanings, strict=True))
        ]


def columns_of(row: Row, table: Table, at: int, known: Known) -> Columns | None:
    """The columns that a row of headings begins, or None for any other row. `at`: where it stands in the table."""
    found = headings.meanings(row.texts, known.remembered) if row.cells else None
    if found is None:
        return None
    following = table.rows[at + 1 :]
    columns = Columns(row.texts, list(found))
    for place, cell in enumerate(row.cells):
        if cell.left and place:
            columns.meanings[place] = columns.meanings[place - 1]
    _give_action_to_item(columns, following)
    columns.has_refs = any(REF.fullmatch(columns.text(rest, "ref")) for rest in following)
    return columns


def assumed_columns(table: Table, known: Known) -> tuple[int, Columns] | None:
    """Where no row is one of headings: the first that is no title, as if it were; None where there is none.

    A title stands alone in the first column; headings may be missing above some columns.
    """
    for at, row in enumerate(table.rows):
        filled = [place for place, cell in enumerate(row.cells) if cell.text]
        if filled and (len(filled) > 1 or filled[0] > 0):
            meanings = [known.remembered.get(headings.plain(text), "") if text else "" for text in row.texts]
            return at, Columns(row.texts, meanings)
    return None


def position(names: Sequence[str], name: str) -> int:
    """Where a heading stands; the first column where it is not among them."""
    return next((at for at, heading in enumerate(names) if headings.plain(heading) == name), 0)


def is_statistics(columns: Columns, following: Sequence[Row]) -> bool:
    """Whether a table without dates holds next to nothing but figures beside its first words."""
    if "timescale" in columns.meanings:
        return False
    telling = [
        at
        for at, meaning in enumerate(columns.meanings)
        if meaning not in ("ref", "action") and not re.search(r"progress|%", columns.headings[at], re.IGNORECASE)
    ]
    texts = [row.cells[at].text for row in following for at in telling if at < len(row.cells) and row.cells[at].text]
    return bool(texts) and sum(bool(_FIGURE.fullmatch(text)) for text in texts) >= 0.8 * len(texts)


def _give_action_to_item(columns: Columns, following: Sequence[Row]) -> None:
    """Some councils head the people "Action" and the action "Item": the one is then far shorter."""
    item, action = position(columns.headings, "item"), position(columns.headings, "action")
    if "responsibility" in columns.meanings or columns.meanings[item] or columns.meanings[action] != "action":
        return
    lengths = [
        [len(row.cells[at].text.split()) for row in following if at < len(row.cells) and row.cells[at].text]
        for at in (item, action)
    ]
    if all(lengths) and statistics.median(lengths[0]) >= 2 * statistics.median(lengths[1]) <= 10:
        columns.meanings[item], columns.meanings[action] = "action", "responsibility"

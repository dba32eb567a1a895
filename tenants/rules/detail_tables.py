"""Tables that say more of actions listed before: each row begins with the number of one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tenants.rules.grids import Row, Table
from tenants.rules.headings import HEADINGS, plain

_KEPT = {"source": "section", "progress notes": ""}
_MEANINGS = {
    **{name: meaning for meaning in ("remark", "officer_days", "cost") for name in HEADINGS[meaning]},
    **_KEPT,
}


@dataclass(frozen=True, slots=True)
class DetailRow:
    """More of one action. ref: its number as written; `texts`: (meaning, heading, text), "section" for its source."""

    ref: str
    texts: tuple[tuple[str, str, str], ...]
    row: Row


def details_in(table: Table, refs: Sequence[str]) -> tuple[DetailRow, ...]:
    """The rows of a table of details; none where it is another table.

    It is one where the first column is headed as a number, each other as a remark, officer days, cost, source or
    notes, and its rows begin with numbers that are among `refs`.
    """
    filled = [row for row in table.rows if any(row.texts)]
    if len(filled) < 2:
        return ()
    names = [plain(text) for text in filled[0].texts]
    if names[0] not in HEADINGS["ref"] or len(names) < 2 or any(name not in _MEANINGS for name in names[1:]):
        return ()
    found = tuple(_row(row, filled[0].texts, names) for row in filled[1:])
    return found if any(each.ref in refs for each in found) else ()


def _row(row: Row, headings: Sequence[str], names: Sequence[str]) -> DetailRow:
    texts = tuple(
        (_MEANINGS[name], heading, text)
        for heading, name, text in zip(headings[1:], names[1:], row.texts[1:], strict=False)
        if text
    )
    return DetailRow(row.texts[0], texts, row)

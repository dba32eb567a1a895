"""Tables of our own papers that hold no actions and no answers: read again, they are nothing to look at."""

from __future__ import annotations

from tenants.rules.grids import Table
from tenants.rules.plan_papers import DETAILS

AS_IT_STOOD = "As it stood on"
_ABOUT = "About this file"
_HEADS = (DETAILS, DETAILS[:2], ("Requirement", "Judgement"))


def is_ours(table: Table) -> bool:
    """Whether it is the facts at the head of a paper, what no layout has a column for, or the sheet about the file."""
    rows = [tuple(filter(None, row.texts)) for row in table.rows]
    heads = next((row for row in rows if row), ())
    return table.name == _ABOUT or heads in _HEADS or any(row[:1] == (AS_IT_STOOD,) for row in rows)

"""Lines of a document that a plan has already, word for word, and a title that no plan has yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from tenants.rules.import_rows import columns_of

COMPARED = ("action", "timescale", "responsibility", "reason", "status_text")
"""What makes two lines the same; numbers differ from plan to plan, and so do remarks."""


def repeated(rows: Sequence[dict[str, Any]], lines: Iterable[Sequence[Any]]) -> dict[UUID, list[int]]:
    """For each plan, numbers (from 0) of the kept rows that it has already, however they are broken into lines.

    lines: of the plans, each its plan's id and its texts by COMPARED. A row without an action is nobody's.
    """
    plans: dict[tuple[str, ...], set[UUID]] = {}
    for plan_id, *texts in lines:
        plans.setdefault(_plain(texts), set()).add(plan_id)
    found: dict[UUID, list[int]] = {}
    for at, row in enumerate(rows):
        columns = columns_of(row)
        if columns["action"].strip():
            for plan_id in plans.get(_plain([columns[name] for name in COMPARED]), ()):
                found.setdefault(plan_id, []).append(at)
    return found


def _plain(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(" ".join(text.split()) for text in texts)


def free_title(title: str, taken: Iterable[str], longest: int) -> str:
    """The title, or with the first number from 2 behind it that no plan has: "Action plan (2)"."""
    known = {" ".join(each.split()).casefold() for each in taken}
    number, free = 2, title
    while " ".join(free.split()).casefold() in known:
        ending = f" ({number})"
        free, number = title[: longest - len(ending)].rstrip() + ending, number + 1
    return free

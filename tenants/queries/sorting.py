"""The order of a list as its address asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute

Sortable = ColumnElement[Any] | InstrumentedAttribute[Any]


def order_of(sorts: Mapping[str, Sortable], sort: str, usual: str) -> list[ColumnElement[Any]]:
    """What to order by for ?sort=key or ?sort=-key; nothing given stands last. Unknown keys give the usual order."""
    if sort.removeprefix("-") not in sorts:
        sort = usual
    column = sorts[sort.removeprefix("-")]
    return [(column.desc() if sort.startswith("-") else column.asc()).nulls_last()]

"""The columns of a document as a person corrects them: tables that look the same are corrected together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tenants.rules import headings
from tenants.rules.action_plans import Column, Corrections

MEANINGS: Mapping[str, str] = {
    "ref": "Number",
    "action": "Action",
    "timescale": "Timescale",
    "reason": "Source and reason",
    "responsibility": "Responsibility",
    "status": "Status, in its words",
    "remark": "Remark",
    "officer_days": "Officer days",
    "cost": "Cost",
}
"""What a column can mean → the words of the choice."""
KEPT = "Something else: kept in the remark"
MOST_TABLES = 60
"""So many different tables are offered for correction; a document with more was not made of tables of actions."""


@dataclass(frozen=True, slots=True)
class Group:
    """Tables with the same headings in the same places. columns: one {at, heading, meaning} for each place.

    `read` says that rows are read in them.
    """

    number: int
    tables: tuple[int, ...]
    names: tuple[str, ...]
    columns: tuple[dict[str, Any], ...]
    read: bool

    def field(self, at: int) -> str:
        """The name of the input for a place."""
        return f"meaning-{self.number}-{at}"


def kept(columns: Sequence[Column], corrections: Corrections) -> list[dict[str, Any]]:
    """The columns of a reading as plain JSON, each with whether a person said what it means."""
    return [
        {
            "table": column.table,
            "name": column.name,
            "at": column.at,
            "heading": column.heading,
            "meaning": column.meaning,
            "corrected": (column.table, column.at) in corrections,
        }
        for column in columns
    ]


def groups(columns: Sequence[Mapping[str, Any]], telling: str = "action") -> list[Group]:
    """The kept columns, tables of the same headings and meanings together, in the order of the document.

    telling: the meaning without which nothing of a table is read.
    """
    tables: dict[int, dict[int, dict[str, Any]]] = {}
    names: dict[int, str] = {}
    for column in columns:
        places = tables.setdefault(column["table"], {})
        places.setdefault(column["at"], {key: column[key] for key in ("at", "heading", "meaning")})
        names[column["table"]] = column["name"]
    alike: dict[tuple[Any, ...], list[int]] = {}
    for number, places in tables.items():
        shape = tuple((at, headings.plain(place["heading"]), place["meaning"]) for at, place in sorted(places.items()))
        alike.setdefault(shape, []).append(number)
    return [
        Group(
            at,
            tuple(numbers),
            tuple(names[number] for number in numbers),
            tuple(tables[numbers[0]][place] for place in sorted(tables[numbers[0]])),
            any(place["meaning"] == telling for place in tables[numbers[0]].values()),
        )
        for at, numbers in enumerate([*alike.values()][:MOST_TABLES], start=1)
    ]


def corrections_of(columns: Sequence[Mapping[str, Any]]) -> dict[tuple[int, int], str]:
    """What people said so far."""
    return {(column["table"], column["at"]): column["meaning"] for column in columns if column["corrected"]}


def corrected(columns: Sequence[Mapping[str, Any]], chosen: Mapping[str, str]) -> dict[tuple[int, int], str]:
    """What people said so far, and what is said now; what stands as it was is no correction. chosen: by Group.field."""
    said = corrections_of(columns)
    for group in groups(columns):
        for place in group.columns:
            meaning = chosen.get(group.field(place["at"]), place["meaning"])
            if meaning != place["meaning"]:
                said.update({(table, place["at"]): meaning for table in group.tables})
    return said


def to_remember(columns: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Plain heading → meaning of every corrected column that has a heading; two that differ are not remembered."""
    found: dict[str, set[str]] = {}
    for column in columns:
        name = headings.plain(column["heading"])
        if column["corrected"] and name:
            found.setdefault(name, set()).add(column["meaning"])
    return {name: next(iter(meanings)) for name, meanings in found.items() if len(meanings) == 1}

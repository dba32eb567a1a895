"""What each column of a self-assessment in a table means: by its headings, and as a person corrects it."""

from __future__ import annotations

from collections.abc import Mapping

from tenants.rules import headings, paper_tables
from tenants.rules.action_columns import Column, Known, assumed_columns
from tenants.rules.grids import Row, Table

MEANINGS: Mapping[str, str] = {
    "element": "Element",
    "requirement": "Requirement",
    "evidence": "Evidence",
    "action": "Action",
    "timescale": "By when",
    "responsibility": "By whom",
    "code": "Number of the requirement",
}
"""What a column can mean → the words of the choice."""
KEPT = "Something else, kept"
_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "element": ("elements", "element", "criterion", "criteria", "area", "theme", "section"),
    "requirement": (
        "requirements for charter",
        "requirements for charter plus",
        "requirements",
        "requirement",
        "requirement for charter",
        "requirement for charter plus",
        "standard",
        "standards",
        "indicator",
        "level 1 criteria",
        "level 2 criteria",
        "source reason",
    ),
    "evidence": (
        "evidence",
        "our evidence",
        "evidence and comments",
        "current position",
        "position",
        "answer",
        "how we meet this",
        "what we do",
        "self assessment",
        "commentary",
    ),
    "code": ("no", "ref", "reference", "code", "number"),
    "action": ("action", "actions", "action required", "actions required", "further action", "recommendations", "gaps"),
    "timescale": headings.HEADINGS["timescale"],
    "responsibility": headings.HEADINGS["responsibility"],
}


def is_enough(meanings: Mapping[int, str]) -> bool:
    """Whether rows can be read by these columns: one of requirements, and one of evidence or actions."""
    there = set(meanings.values())
    return "requirement" in there and bool(there & {"evidence", "action"})


def heads(table: Table, said: Mapping[int, str]) -> dict[int, dict[int, str]]:
    """Number of each row of headings (from 0) → place → meaning.

    said: what a person says places mean, "" for nothing; a column that was taken for the same gives its meaning up.
    Where no row is one of headings the first that looks like one counts, without meanings of its own.
    """
    found = {at: named for at, row in enumerate(table.rows) if (named := _named(row))}
    if not found and not paper_tables.is_ours(table):
        assumed = assumed_columns(table, Known())
        found = {assumed[0]: {}} if assumed else {}
    given = {meaning for meaning in said.values() if meaning}
    return {
        at: {place: meaning for place, meaning in named.items() if meaning not in given and place not in said}
        | {place: meaning for place, meaning in said.items() if meaning}
        for at, named in found.items()
    }


def columns_of(table: Table, number: int, found: Mapping[int, Mapping[int, str]]) -> list[Column]:
    """The columns of a table for a person to correct, by its first row of headings. number: its place, from 1."""
    if not found:
        return []
    at, meanings = next(iter(found.items()))
    return [
        Column(number, table.name, place, heading, meanings.get(place, ""))
        for place, heading in enumerate(table.rows[at].texts)
    ]


def _named(row: Row) -> dict[int, str]:
    """Place → meaning where a row is one of headings, else nothing."""
    names = [headings.plain(text) for text in row.texts]
    found: dict[int, str] = {}
    for meaning, known in _HEADINGS.items():
        ranked = sorted((known.index(name), at) for at, name in enumerate(names) if name in known and at not in found)
        if ranked:
            found[ranked[0][1]] = meaning
    return found if is_enough(found) else {}

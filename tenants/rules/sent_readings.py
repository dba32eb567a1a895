"""What was read in a document as plain data, so that one process can send it to another, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from tenants.rules.action_columns import Column
from tenants.rules.action_plans import ActionRow, Reading

_DAYS = ("earliest", "latest")


def as_json(reading: Reading) -> dict[str, Any]:
    """The reading with lists for tuples and days in ISO form."""
    rows = [
        {**asdict(row), **{name: day.isoformat() for name in _DAYS if (day := getattr(row, name)) is not None}}
        for row in reading.rows
    ]
    return {
        "rows": rows,
        "columns": reading.columns,
        "leftovers": reading.leftovers,
        "warnings": reading.warnings,
        "tables": reading.tables,
        "grid": reading.grid,
        "outside": reading.outside,
    }


def from_json(sent: Mapping[str, Any]) -> Reading:
    """The reading that `as_json` sent."""
    return Reading(
        rows=tuple(map(_row, sent["rows"])),
        columns=tuple((heading, meaning) for heading, meaning in sent["columns"]),
        leftovers=tuple(sent["leftovers"]),
        warnings=tuple(sent["warnings"]),
        tables=tuple(Column(*column) for column in sent["tables"]),
        grid=sent["grid"],
        outside=sent["outside"],
    )


def _row(sent: Mapping[str, Any]) -> ActionRow:
    days = {name: None if sent[name] is None else date.fromisoformat(sent[name]) for name in _DAYS}
    extra = tuple((heading, text) for heading, text in sent["extra"])
    return ActionRow(**{**sent, **days, "extra": extra, "notes": tuple(sent["notes"])})

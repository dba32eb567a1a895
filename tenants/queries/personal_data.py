"""Everything the tables hold about one person, for that person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from saas.db import db
from tenants.rules.personal_data import sources

ROWS = text("select document, whole from tenancy.person_rows(:source)")


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of rows: where they come from, its heading, and the rows, each with the values that are not empty."""

    source: str
    title: str
    rows: tuple[dict[str, Any], ...]
    shortened: int
    """How many rows say no more than what was done and when, since the person has no access there any more."""


def list_parts() -> list[Part]:
    """Everything about the person whose scope this is; kinds without a row are left out."""
    found = [(source, title, _rows(source)) for source, title in sources().items()]
    return [
        Part(source, title, tuple(row for row, _ in rows), sum(not whole for _, whole in rows))
        for source, title, rows in found
        if rows
    ]


def _rows(source: str) -> list[tuple[dict[str, Any], bool]]:
    rows = db.session.execute(ROWS, {"source": source}).all()
    kept = [({name: value for name, value in row.document.items() if _says(value)}, row.whole) for row in rows]
    return sorted(kept, key=lambda each: str(each[0].get("id", "")))


def _says(value: Any) -> bool:
    return value is not None and value != "" and value != [] and value != {}

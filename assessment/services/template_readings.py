"""Reading a self-assessment in a document, in a process apart: as it comes, and again as its columns are corrected."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assessment.rules import template_rows
from assessment.rules.template_rows import NoRows, TemplateReading, TemplateRow
from tenants.rules import grids
from tenants.rules.action_columns import Column, Corrections
from tenants.services.documents_apart import as_bytes, open_document, within_limits, work_apart

_TASK = "assessment.services.template_readings:rows_read"


@dataclass(frozen=True, slots=True)
class Opened:
    """What was read, and the document as plain data: with it `read_again` reads without the file.

    nothing: why no row was read, "" where one was.
    """

    reading: TemplateReading
    grid: Mapping[str, Any]
    nothing: str


def read(data: bytes, filename: str) -> Opened:
    """The rows of a file. Raises UnreadableDocument, naming the file."""
    return read_again(grids.as_json(open_document(data, filename)), filename, {})


def read_again(grid: Mapping[str, Any], filename: str, corrections: Corrections) -> Opened:
    """The rows of a document that was opened before; corrections as `template_rows.read` takes them."""
    said = [[*place, meaning] for place, meaning in corrections.items()]
    sent = work_apart(_TASK, as_bytes(grid), filename, {"corrections": said})
    rows = (TemplateRow(**{**row, "extra": tuple(row["extra"])}) for row in sent["rows"])
    columns = (Column(*column) for column in sent["tables"])
    reading = TemplateReading(tuple(rows), tuple(sent["leftovers"]), tuple(sent["warnings"]), tuple(columns))
    return Opened(reading, grid, sent["nothing"])


def rows_read(path: Path, filename: str) -> tuple[dict[str, Any], bytes]:
    """The child's task: the rows of an opened document."""
    return within_limits(path, filename, _rows)


def _rows(data: bytes, said: Mapping[str, Any]) -> dict[str, Any]:
    document = grids.from_json(json.loads(data.decode("utf-8", "surrogatepass")))
    corrections = {(table, at): meaning for table, at, meaning in said["corrections"]}
    try:
        reading, nothing = template_rows.read(document, corrections), ""
    except NoRows as refused:
        reading, nothing = refused.reading, str(refused)
    return {**asdict(reading), "tables": [list(column) for column in reading.tables], "nothing": nothing}

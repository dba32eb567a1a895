"""Workbooks and other tables: as HTML tables of a bounded size, and as text."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from html import escape
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from saas.documents.plain import LONGEST_PAGE, MOST_PAGES, Budget, clean, decoded
from saas.errors import Refused

MOST_SHEETS = 10
MOST_ROWS = 200
MOST_COLUMNS = 50
LONGEST_CELL = 1_000
SAMPLE = 8_192

Cell = int | float | str | bool | time | date | datetime | timedelta | None


def workbook_page(path: Path) -> tuple[dict[str, Any], bytes]:
    """The visible sheets as tables, and `notes`: what was cut or is hidden, in sentences."""
    with _opened(path) as workbook:
        names, notes = _visible(workbook)
        if len(names) > MOST_SHEETS:
            notes.append(f"Shown are the first {MOST_SHEETS} of {len(names):,} sheets.")
        tables = []
        for name in names[:MOST_SHEETS]:
            sheet = workbook.get_sheet_by_name(name)
            rows = [[shown(cell) for cell in row] for row in sheet.to_python(nrows=MOST_ROWS)]
            tables.append(table(name, rows))
            notes += cut(name, sheet.height, sheet.width)
    return {"notes": notes}, "".join(tables).encode()


def workbook_text(path: Path) -> tuple[dict[str, Any], bytes]:
    """Each visible sheet as a JSON list's text: its name, then a line for each row, cells parted by tabs."""
    budget = Budget()
    with _opened(path) as workbook:
        for name in _visible(workbook)[0][:MOST_PAGES]:
            lines = [name]
            length = 0
            for row in workbook.get_sheet_by_name(name).iter_rows():
                line = "\t".join(" ".join(shown(cell).split()) for cell in row).rstrip()
                lines.append(line)
                length += len(line)
                if length > budget.longest:
                    break
            budget.add("\n".join(lines))
    return {}, json.dumps(budget.pages).encode()


def table_page(path: Path, name: str) -> tuple[dict[str, Any], bytes]:
    """A CSV file as one table with that name as its caption, and `notes`: what was cut, in sentences."""
    text = clean(decoded(path))
    csv.field_size_limit(LONGEST_PAGE)
    # Whichever of the usual ones stands most often in the beginning parts the cells.
    delimiter = max(",;\t|", key=text[:SAMPLE].count)
    rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if any(row)]
    notes = cut(name, len(rows), max(map(len, rows), default=0))
    return {"notes": notes}, table(name, [[shown(cell) for cell in row] for row in rows[:MOST_ROWS]]).encode()


def table(caption: str, rows: Sequence[Sequence[str]]) -> str:
    """Rows of text as an HTML table whose first row is its heading; more than the limits is left out."""
    rows = [row[:MOST_COLUMNS] for row in rows[:MOST_ROWS]]
    width = max(map(len, rows), default=0)
    if width == 0:
        return f'<h2 class="govuk-heading-s">{escape(caption)}</h2><p class="govuk-body">This table is empty.</p>'
    heading, *others = [[*row, *[""] * (width - len(row))] for row in rows]
    head = "".join(
        f'<th class="govuk-table__header" scope="col">{escape(cell)}</th>'
        if cell.strip()
        # An empty heading would be read aloud as one.
        else '<td class="govuk-table__header"></td>'
        for cell in heading
    )
    body = "".join(
        '<tr class="govuk-table__row">'
        + "".join(f'<td class="govuk-table__cell">{escape(cell)}</td>' for cell in row)
        + "</tr>"
        for row in others
    )
    return (
        f'<div class="table-region" role="region" aria-label="{escape(caption)}" tabindex="0">'
        '<table class="govuk-table">'
        f'<caption class="govuk-table__caption govuk-table__caption--m">{escape(caption)}</caption>'
        f'<thead class="govuk-table__head"><tr class="govuk-table__row">{head}</tr></thead>'
        f'<tbody class="govuk-table__body">{body}</tbody></table></div>'
    )


def cut(name: str, height: int, width: int) -> list[str]:
    """What a table of that size loses, in sentences."""
    notes = []
    if height > MOST_ROWS:
        notes.append(f"“{name}”: the first {MOST_ROWS} of {height:,} rows are shown.")
    if width > MOST_COLUMNS:
        notes.append(f"“{name}”: the first {MOST_COLUMNS} of {width:,} columns are shown.")
    return notes


def shown(cell: Cell) -> str:
    """A cell as text: whole numbers without a point, days as they are spoken, long text cut."""
    if cell is None or cell == "":
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return f"{cell:.0f}" if cell.is_integer() and abs(cell) < 1e15 else f"{cell:.12g}"
    if isinstance(cell, datetime):
        day = shown(cell.date())
        return day if cell.time() == time(0) else f"{day} {cell:%H:%M}"
    if isinstance(cell, date):
        return f"{cell.day} {cell:%B %Y}"
    if isinstance(cell, time):
        return f"{cell:%H:%M}"
    text = str(cell)
    return text if len(text) <= LONGEST_CELL else text[:LONGEST_CELL] + "…"


def _opened(path: Path) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_path(path)
    except PasswordError as error:
        raise Refused("is protected by a password, so it cannot be opened here.") from error


def _visible(workbook: CalamineWorkbook) -> tuple[list[str], list[str]]:
    """The names of the visible sheets, and a note when others are hidden."""
    sheets: Iterable[Any] = [one for one in workbook.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
    names = [one.name for one in sheets if one.visible == SheetVisibleEnum.Visible]
    hidden = sum(1 for one in sheets if one.visible != SheetVisibleEnum.Visible)
    return names, [f"Hidden sheets are not shown: {hidden}."] if hidden else []

"""Excel workbooks as tables, one for each sheet, with dates and figures written as a person would."""

import io
from datetime import date, datetime, time, timedelta
from typing import Any

import python_calamine

from tenants.rules import archives, workbook_parts
from tenants.rules.grids import (
    MAXIMUM_COLUMNS,
    MAXIMUM_ROWS,
    Cell,
    Document,
    Line,
    Row,
    Table,
    UnreadableDocument,
    tidy,
)

MAXIMUM_COVERED = 100_000  # merged cells in one sheet


def read(data: bytes) -> Document:
    """Every sheet as a table named after it; a hidden sheet's words are given as lines, with a warning.

    Hidden rows and columns are read as any other, and named in a warning. A formula is the value that it had when the
    workbook was saved; none is ever run.
    """
    archives.check_sheets(data)
    facts = workbook_parts.facts(data)
    blocks: list[Line | Table] = []
    warnings: list[str] = []
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [
            (about, workbook.get_sheet_by_name(about.name))
            for about in workbook.sheets_metadata
            if about.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]
        tables = [(about, _table(sheet)) for about, sheet in sheets]
    except (UnreadableDocument, MemoryError):
        raise
    except Exception as broken:  # the library has an error of its own for every way a file can be wrong
        raise UnreadableDocument("The Excel workbook is damaged or protected by a password.") from broken
    if sum(len(table.rows) for _, table in tables) > MAXIMUM_ROWS:
        raise UnreadableDocument(f"The workbook has more than {MAXIMUM_ROWS:,} rows.")
    for about, table in tables:
        if about.visible == python_calamine.SheetVisibleEnum.Visible:
            blocks.append(table)
            warnings.extend(_told(about.name, facts.get(about.name)))
        elif table.rows:
            blocks.extend(Line(" | ".join(filter(None, row.texts))) for row in table.rows)
            warnings.append(f"The hidden sheet “{about.name}” was not read as actions; its words are kept apart.")
    return Document(tuple(blocks), tuple(warnings))


def _told(name: str, facts: workbook_parts.SheetFacts | None) -> list[str]:
    """What a person who sees the sheet in Excel would not see, or would see differently."""
    told = []
    if facts is not None:
        columns = [workbook_parts.letters(number) for number in sorted(facts.hidden_columns)]
        for noun, hidden in (("column", columns), ("row", [str(row) for row in sorted(facts.hidden_rows)])):
            if hidden:
                listed = ", ".join(hidden[:20]) + (f" and {len(hidden) - 20} more" if len(hidden) > 20 else "")
                number = f"{noun} {listed} is" if len(hidden) == 1 else f"{noun}s {listed} are"
                told.append(f"Sheet “{name}”: {number} hidden, and read as the others.")
        if facts.empty_formulas:
            count = f"{facts.empty_formulas} formula{'' if facts.empty_formulas == 1 else 's'}"
            told.append(f"Sheet “{name}”: no value is kept for {count}. Open it in Excel and save it again.")
    return told


def _table(sheet: Any) -> Table:
    values = sheet.to_python(skip_empty_area=False)
    merged = _merged(sheet.merged_cell_ranges or [], len(values))
    rows = []
    for at, line in enumerate(values):
        cells = tuple(_cell(value, merged.get((at, column), "")) for column, value in enumerate(line))
        if any(cell.text for cell in cells):
            rows.append(Row(cells, f"sheet “{sheet.name}”, row {at + 1}"))
    return Table(sheet.name, tuple(rows))


def _merged(ranges: list[tuple[tuple[int, int], tuple[int, int]]], height: int) -> dict[tuple[int, int], str]:
    covered: dict[tuple[int, int], str] = {}
    area = 0
    for (top, left), (bottom, right) in ranges:
        rows, columns = range(top, min(bottom + 1, height)), range(left, min(right + 1, MAXIMUM_COLUMNS))
        area += len(rows) * len(columns)
        if area > MAXIMUM_COVERED:
            raise UnreadableDocument("A sheet has more merged cells than a table can use.")
        for row in rows:
            for column in columns:
                if (row, column) != (top, left):
                    covered[row, column] = "left" if column > left else "above"
    return covered


def _cell(value: Any, merged: str) -> Cell:
    text = tidy(written(value))
    if text or not merged:
        return Cell(text, is_date=isinstance(value, date))
    return Cell(above=merged == "above", left=merged == "left")


def written(value: Any) -> str:
    """A cell's value in words: dates as "4 May 2017", whole numbers without a point."""
    match value:
        case bool():
            return "Yes" if value else "No"
        case datetime() if value.time() != time():
            return f"{value.day} {value:%B %Y %H:%M}"
        case date():
            return f"{value.day} {value:%B %Y}"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case float():
            return f"{value:.15g}"
        case timedelta():
            return str(value)
        case time():
            return f"{value:%H:%M}"
    return str(value)

"""Text as lines and tables: files with commas or tabs, and what is pasted from a page, a sheet or a document."""

import csv
import io
import re
from collections.abc import Sequence

from tenants.rules import markup
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

_MARKED_UP = re.compile(r"<(?:!doctype html|html|table|tbody)\b", re.IGNORECASE)


def read(text: str) -> Document:
    """What was pasted, or a text file: a table as HTML, a table with tabs, or lines."""
    if _MARKED_UP.search(text):
        return markup.read(text)
    return _with_tabs(text) if "\t" in text else _lines(text)


def read_separated(text: str) -> Document:
    """A whole file of cells with a comma, a semicolon or a tab between them."""
    separator = max(",;\t", key=text[:10_000].count)
    rows = _rows(_cells(text, separator), 1)
    return Document((Table("file", rows),))


def decoded(data: bytes) -> str:
    """Excel writes CSV in UTF-8 with a mark, UTF-16, or the Windows code page, without saying which."""
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise UnreadableDocument("This is not a text file, though its name says so.")


def _with_tabs(text: str) -> Document:
    """Lines with tabs are a table, with the lines that stand among them; what is before and after is text."""
    lines = _cells(text, "\t")
    if any("\t" in cell for line in lines for cell in line):  # a quotation mark that was no Excel's own swallowed cells
        lines = [line.split("\t") for line in text.splitlines()]
    tabbed = [at for at, line in enumerate(lines) if len(line) > 1]
    first, last = tabbed[0], tabbed[-1] + 1
    before, after = ([line[0] for line in part if line] for part in (lines[:first], lines[last:]))
    table = Table("table 1", _rows(lines[first:last], first + 1))
    return Document((*map(Line, _tidied(before)), table, *map(Line, _tidied(after))))


def _lines(text: str) -> Document:
    lines = _tidied(text.splitlines())
    if len(lines) > MAXIMUM_ROWS:
        raise UnreadableDocument(f"The text has more than {MAXIMUM_ROWS:,} lines.")
    return Document(tuple(map(Line, lines)))


def _tidied(lines: Sequence[str]) -> list[str]:
    return [part for line in lines for part in tidy(line).split("\n") if part]


def _cells(text: str, separator: str) -> list[list[str]]:
    lines: list[list[str]] = []
    try:
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            lines.append(line)
            if len(lines) > MAXIMUM_ROWS:
                raise UnreadableDocument(f"The file has more than {MAXIMUM_ROWS:,} rows.")
            if len(line) > MAXIMUM_COLUMNS:
                raise UnreadableDocument(f"Row {len(lines)} has more than {MAXIMUM_COLUMNS} columns.")
    except csv.Error as broken:
        raise UnreadableDocument(f"The file is damaged: {broken}.") from broken
    return lines


def _rows(lines: Sequence[Sequence[str]], first: int) -> tuple[Row, ...]:
    rows = (Row(tuple(Cell(tidy(value)) for value in line), f"row {at}") for at, line in enumerate(lines, first))
    return tuple(row for row in rows if any(row.texts))

"""Tables: CSV out, safe to open in a spreadsheet, and CSV in, within limits, every row's place known."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice

from flask import Response

from saas.downloads import file_response
from saas.errors import Refused

MOST_ROWS = 10_000
MOST_BYTES = 2 * 1024 * 1024
MOST_COLUMNS = 200
NAMED_ROWS = 5
"""How many wrong rows one message names."""
DELIMITERS = (",", ";", "\t")
SNIFFED_ROWS = 20
PIECE = 64 * 1024
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
PLAIN_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?%?")
SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)

Cell = str | int | float | Decimal | date | datetime | bool | None


class UnreadableTable(Refused):
    """A table cannot be taken as a whole; the message names the limit, the line or the column."""


@dataclass(frozen=True)
class Row:
    """One row: the line of the file it begins on (the first is 1) and its cells, as many as the headings."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table as it was sent: headings and rows, without empty rows, every cell trimmed."""

    headings: tuple[str, ...]
    rows: tuple[Row, ...]


def csv_response(filename: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """Stream a CSV download in UTF-8 that spreadsheets recognise and in which no text is run as a formula.

    rows: their values must be at hand, since the transaction of the request has ended when they are read.
    """
    return file_response(_encoded(headings, rows), filename, "text/csv; charset=utf-8")


def _encoded(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow([neutral(heading) for heading in headings])
    for row in rows:
        writer.writerow([neutral(value) for value in row])
        if buffer.tell() >= PIECE:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def neutral(value: Cell) -> str:
    """A value as a cell's text; what a spreadsheet would take for a formula gets an apostrophe in front."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, str):
        return str(value)
    text = value.replace("\x00", "")
    return f"'{text}" if text.startswith(FORMULA_STARTS) and not PLAIN_NUMBER.fullmatch(text) else text


def read_csv(data: bytes) -> Table:
    """Read a table under one line of headings: UTF-8, UTF-16 or Windows-1252; comma, semicolon or tab.

    Takes at most 10,000 rows and 2 MB. Raises UnreadableTable, naming the line, for what is not one table.
    """
    if len(data) > MOST_BYTES:
        raise UnreadableTable(f"The table is larger than {MOST_BYTES // 1024 // 1024} MB, the limit.")
    text = _decoded(data)
    if not text.strip():
        raise UnreadableTable("The table is empty.")
    offset = 0
    separator = SEPARATOR_LINE.match(text)
    if separator:
        text, offset = text[separator.end() :], 1
    records = _records(text, separator[1] if separator else _delimiter(text), offset)
    first = next(records, None)
    if first is None:
        raise UnreadableTable("The table is empty.")
    headings = _headings(first)
    rows = tuple(_fitting(records, len(headings)))
    return Table(headings, rows)


def _decoded(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    else:
        encodings = _unmarked_utf16(data[:200]) or ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return text
    raise UnreadableTable("This is not a text file. Save the sheet as CSV (UTF-8) and send it again.")


def _unmarked_utf16(head: bytes) -> list[str]:
    """UTF-16 without its mark: Western text then has zeros in every second place and in no other."""
    first, second = head[::2].count(0), head[1::2].count(0)
    most = len(head) // 4
    if second > most and not first:
        return ["utf-16-le"]
    if first > most and not second:
        return ["utf-16-be"]
    return []


def _delimiter(text: str) -> str:
    """The separator under which the first rows are most alike, and among those the one with most columns."""

    def fitness(delimiter: str) -> tuple[float, int]:
        widths: list[int] = []
        try:
            for record in islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), SNIFFED_ROWS):
                widths += [len(record)] if any(record) else []
        except csv.Error:
            return 0, 0
        if not widths or widths[0] == 1:
            return 0, 0
        return sum(width == widths[0] for width in widths) / len(widths), widths[0]

    return max(DELIMITERS, key=fitness)


def _records(text: str, delimiter: str, offset: int) -> Iterator[Row]:
    """Every record that is not blank, with the line it begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = offset + 1
    try:
        for record in reader:
            cells = tuple(_plain(cell) for cell in record)
            if any(cells):
                yield Row(line, cells)
            line = offset + reader.line_num + 1
    except csv.Error as error:
        raise UnreadableTable(f"Line {line} cannot be read: check its quotation marks.") from error


def _plain(cell: str) -> str:
    """The cell trimmed; the apostrophe our own downloads put before a formula is taken off again."""
    text = cell.replace("\xa0", " ").strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_STARTS) else text


def _headings(first: Row) -> tuple[str, ...]:
    headings = list(first.cells)
    while headings and not headings[-1]:
        headings.pop()
    if len(headings) > MOST_COLUMNS:
        raise UnreadableTable(f"The table has {len(headings)} columns; at most {MOST_COLUMNS} are accepted.")
    seen: set[str] = set()
    for number, heading in enumerate(headings, start=1):
        if not heading:
            raise UnreadableTable(f"Column {number} has no heading.")
        if heading.casefold() in seen:
            raise UnreadableTable(f"The heading “{heading}” stands there twice.")
        seen.add(heading.casefold())
    return tuple(headings)


def _fitting(records: Iterator[Row], width: int) -> Iterator[Row]:
    """The rows, as wide as the headings: empty cells beyond are dropped, all else is refused by line."""
    ragged: list[str] = []
    for count, row in enumerate(records, start=1):
        if count > MOST_ROWS:
            raise UnreadableTable(f"The table has more than {MOST_ROWS:,} rows, the limit.")
        cells = row.cells[:width] if not any(row.cells[width:]) else row.cells
        if len(cells) == width:
            yield Row(row.line, cells)
        else:
            ragged.append(f"line {row.line} has {len(cells)}")
    if ragged:
        more = f" and {len(ragged) - NAMED_ROWS} more" if len(ragged) > NAMED_ROWS else ""
        raise UnreadableTable(f"Every row must have {width} cells, but {', '.join(ragged[:NAMED_ROWS])}{more}.")

"""Excel files: each table on a sheet of its own with a marked heading row, and the words on a last one."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import UTC, date
from decimal import Decimal
from typing import Any

import xlsxwriter

from saas.papers.blocks import Cell, Facts, Heading, Link, Numbered, Paper, Picture, Prose, Row, Table, text_of
from saas.papers.texts import clean
from saas.prose import Part

WORDS_SHEET = "About this file"
LONGEST_CELL = 32_767
"""Characters that a cell of Excel holds; a longer text goes on in the cell below."""
LONGEST_ADDRESS = 2_000
LONGEST_NAME = 31
NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
LONGEST_CHOICES = 255
"""Characters of all that can be chosen in a cell, with a comma between two."""
ROWS_TO_CHOOSE_IN = 2_000
CHARACTERS = 150
"""How many characters the columns of a table share."""


def write_excel(paper: Paper) -> bytes:
    """The whole file. No text is ever a formula, whatever it begins with; numbers and days are those of a sheet."""
    written = io.BytesIO()
    book = xlsxwriter.Workbook(
        written,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    created = paper.created.astimezone(UTC).replace(tzinfo=None)
    book.set_properties(
        {"title": clean(paper.title), "author": clean(paper.council or paper.region), "created": created}
    )
    shapes = _Shapes(book)
    names: set[str] = set()
    for block in paper.blocks:
        if isinstance(block, Table):
            _add_table(_sheet(book, paper, _name(block.caption, names)), block, shapes)
    _add_words(_sheet(book, paper, _name(WORDS_SHEET, names)), paper, shapes)
    book.close()
    return written.getvalue()


class _Shapes:
    """How cells look."""

    def __init__(self, book: Any) -> None:
        wrapped = {"text_wrap": True, "valign": "top", "font_name": "Arial", "font_size": 10}
        self.text = book.add_format(wrapped | {"num_format": "@"})
        self.strong = book.add_format(wrapped | {"bold": True, "bottom": 1})
        self.title = book.add_format(wrapped | {"bold": True, "font_size": 14})
        self.number = book.add_format(wrapped | {"num_format": "#,##0.##", "align": "right"})
        self.whole = book.add_format(wrapped | {"num_format": "#,##0", "align": "right"})
        self.day = book.add_format(wrapped | {"num_format": "d mmmm yyyy", "align": "left"})
        self.link = book.add_format(wrapped | {"underline": 1, "font_color": "#1a65a6"})


def _name(caption: str, taken: set[str]) -> str:
    """A name that Excel takes for a sheet, and that no other sheet has."""
    plain = NOT_IN_NAMES.sub(" ", clean(caption)).replace("\n", " ").strip("' ") or "Table"
    name, number = plain[:LONGEST_NAME].strip("' "), 1
    while name.casefold() in taken:
        number += 1
        ending = f" {number}"
        name = plain[: LONGEST_NAME - len(ending)].strip("' ") + ending
    taken.add(name.casefold())
    return name


def _sheet(book: Any, paper: Paper, name: str) -> Any:
    sheet = book.add_worksheet(name)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    head = [("L", paper.council or paper.region), ("C", paper.marking), ("R", paper.region if paper.council else "")]
    sheet.set_header("".join(f"&{side}{_edge(words)}" for side, words in head if words))
    sheet.set_footer(f"&L{_edge(paper.title)}&RPage &P of &N")
    return sheet


def _edge(words: str) -> str:
    """Words at the edge of a printed page: an ampersand is one, and there is room for so many."""
    return str(clean(words)).replace("\n", " ")[:70].replace("&", "&&")


def _add_table(sheet: Any, table: Table, shapes: _Shapes) -> None:
    for at, share in enumerate(table.shares):
        sheet.set_column(at, at, max(round(CHARACTERS * share), 5))
    lines = [line for row in table.rows for line in _lines(row)]
    for at, heading in enumerate(table.headings):
        sheet.write_string(0, at, clean(heading), shapes.strong)
    headings = [clean(heading) for heading in table.headings]
    if lines and all(headings) and len({heading.casefold() for heading in headings}) == len(headings):
        # A table of Excel's own: its first row is read aloud as the headings.
        columns = [{"header": heading, "header_format": shapes.strong} for heading in headings]
        sheet.add_table(0, 0, len(lines), len(headings) - 1, {"columns": columns, "style": None})
    for down, line in enumerate(lines, 1):
        for at, cell in enumerate(line):
            _write(sheet, down, at, cell, shapes)
    for heading, texts in table.choices:
        _offer(sheet, table.headings.index(heading), texts)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)


def _offer(sheet: Any, at: int, texts: tuple[str, ...]) -> None:
    """Let the cells of a column be chosen; where Excel holds no such list, they are typed."""
    known = [clean(text) for text in texts]
    if known and len(",".join(known)) <= LONGEST_CHOICES and not any("," in text for text in known):
        offered = {"validate": "list", "source": known, "error_type": "warning"}
        sheet.data_validation(1, at, ROWS_TO_CHOOSE_IN, at, offered)


def _lines(row: Row) -> Iterator[tuple[Cell, ...]]:
    """The row, and below it what its cells cannot hold."""
    cells: tuple[Cell, ...] = tuple(clean(cell) if isinstance(cell, str) else cell for cell in row.marked)
    while True:
        yield tuple(cell[:LONGEST_CELL] if isinstance(cell, str) else cell for cell in cells)
        cells = tuple(cell[LONGEST_CELL:] if isinstance(cell, str) else None for cell in cells)
        if not any(cells):
            return


def _write(sheet: Any, down: int, at: int, cell: Cell, shapes: _Shapes) -> None:
    match cell:
        case None | "":
            sheet.write_blank(down, at, None, shapes.text)
        case Link(words, address) if cell.is_open and len(address) <= LONGEST_ADDRESS:
            sheet.write_url(down, at, clean(address), shapes.link, clean(words)[:255])
        case date():
            sheet.write_datetime(down, at, cell, shapes.day)
        case int():
            sheet.write_number(down, at, cell, shapes.whole)
        case Decimal():
            sheet.write_number(down, at, float(cell), shapes.number)
        case _:
            sheet.write_string(down, at, clean(text_of(cell)), shapes.text)


def _add_words(sheet: Any, paper: Paper, shapes: _Shapes) -> None:
    """Everything that is no table, under each other."""
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 90)
    sheet.write_string(0, 0, clean(paper.title), shapes.title)
    down = 1
    for first, second, strong in _said(paper):
        for cut in range(0, max(len(first), len(second), 1), LONGEST_CELL):
            for at, text in enumerate((first, second)):
                part = text[cut : cut + LONGEST_CELL]
                if part:
                    sheet.write_string(down, at, part, shapes.strong if strong else shapes.text)
            down += 1


def _said(paper: Paper) -> Iterator[tuple[str, str, bool]]:
    """First cell, second cell, and whether they are strong."""
    for words in filter(None, (paper.council, paper.region, paper.marking)):
        yield clean(words), "", False
    for block in paper.blocks:
        match block:
            case Heading(_, text):
                yield clean(text), "", True
            case Prose() | Numbered():
                for part in block.parts:
                    yield "", clean(_plain(part)), False
            case Facts(pairs):
                for name, value in pairs:
                    yield clean(name), clean("\n".join(_plain(part) for part in Prose(value).parts)), False
            case Picture(words=words):
                yield "", clean(words), False


def _plain(part: Part) -> str:
    return f"{part.mark} ".lstrip() + "".join(run.text for run in part.runs)

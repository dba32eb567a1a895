"""Tables of a Word file: facts and rows, with headings that repeat and are told to who has them read aloud."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from saas.papers.blocks import Cell, Link, Prose, Table, text_of
from saas.papers.texts import clean
from saas.papers.word_texts import add_link, add_parts, element_of, runs_of

RULE = "B1B4B6"
NAMES = 0.28
"""The share of the names in a list of facts."""


def add_facts(document: Any, pairs: Sequence[tuple[str, str]], width: int) -> None:
    """Names and values in two columns without lines, the names as headings of their rows."""
    table = _new_table(document, len(pairs), (NAMES, 1 - NAMES), width)
    for row, (name, value) in zip(table.rows, pairs, strict=True):
        _write_cell(row.cells[0], name, bold=True)
        add_parts(row.cells[1], Prose(value).parts, first=row.cells[1].paragraphs[0])
        _tighten(row)
    _look(table, first_row=False)
    _space_after(document)


def add_table(document: Any, block: Table, width: int) -> None:
    """A table under its headings, which stand again on every page that it reaches."""
    table = _new_table(document, len(block.rows) + 1, block.shares, width)
    _describe(table, block.caption)
    head = table.rows[0]
    for cell, words, is_number in zip(head.cells, block.headings, block.numbers, strict=True):
        _write_cell(cell, words, bold=True)
        if is_number:
            cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
        cell.paragraphs[0].paragraph_format.keep_with_next = True
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    element_of(head).get_or_add_trPr().append(repeated)
    for row, line in zip(table.rows[1:], block.rows, strict=True):
        for cell, said in zip(row.cells, line.marked, strict=True):
            _fill_cell(cell, said)
    for number, row in enumerate(table.rows):
        _tighten(row)
        for cell in row.cells:
            _line_under(cell, strong=number == 0)
    _look(table, first_row=True)
    _space_after(document)


def _new_table(document: Any, rows: int, shares: Sequence[float], width: int) -> Any:
    table = document.add_table(rows, len(shares))
    table.autofit = False
    for column, share in zip(table.columns, shares, strict=True):
        column.width = int(width * share)
        for cell in column.cells:
            cell.width = int(width * share)
    return table


def _write_cell(cell: Any, words: str, *, bold: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    for number, line in enumerate(clean(words).split("\n")):
        if number:
            paragraph.add_run().add_break()
        paragraph.add_run(line).bold = bold or None


def _fill_cell(cell: Any, said: Cell) -> None:
    paragraph = cell.paragraphs[0]
    if isinstance(said, Link) and said.is_open:
        add_link(paragraph, said)
    else:
        _write_cell(cell, text_of(said))
    if isinstance(said, int | Decimal):
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _tighten(row: Any) -> None:
    """Cells are read closely, and a row stays on one page."""
    for cell in row.cells:
        for paragraph in cell.paragraphs:
            paragraph.paragraph_format.space_after = Pt(3)
            paragraph.paragraph_format.space_before = Pt(2)
            for run in runs_of(paragraph):
                run.font.size = Pt(10)
    whole = OxmlElement("w:cantSplit")
    element_of(row).get_or_add_trPr().append(whole)


def _line_under(cell: Any, *, strong: bool) -> None:
    borders = OxmlElement("w:tcBorders")
    line = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "8" if strong else "4"), ("color", "0B0C0C" if strong else RULE)):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    element_of(cell).get_or_add_tcPr().append(borders)


def _look(table: Any, *, first_row: bool) -> None:
    """Which cells head others, for who has the table read aloud."""
    properties = element_of(table).tblPr
    for old in properties.findall(qn("w:tblLook")):
        properties.remove(old)
    look = OxmlElement("w:tblLook")
    for name, value in (("val", "04A0" if first_row else "0480"), ("firstRow", str(int(first_row)))):
        look.set(qn(f"w:{name}"), value)
    for name, value in (
        ("lastRow", "0"),
        ("firstColumn", "1"),
        ("lastColumn", "0"),
        ("noHBand", "1"),
        ("noVBand", "1"),
    ):
        look.set(qn(f"w:{name}"), value)
    caption = properties.find(qn("w:tblCaption"))
    if caption is not None:
        caption.addprevious(look)
    else:
        properties.append(look)


def _describe(table: Any, words: str) -> None:
    caption = OxmlElement("w:tblCaption")
    caption.set(qn("w:val"), clean(words))
    element_of(table).tblPr.append(caption)


def _space_after(document: Any) -> None:
    """Word joins tables that nothing stands between."""
    gap = document.add_paragraph()
    gap.paragraph_format.space_after, gap.paragraph_format.line_spacing = Pt(0), Pt(6)

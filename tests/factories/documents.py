"""Documents of the shape councils send, in invented words, and files that are not right."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import docx
import xlsxwriter

HEADINGS = ("", "<b>Action</b>", "<b>Timescale</b>", "<b>Source/Reason</b>", "Responsibility", "Completed By")
PREAMBLE = "These actions follow the areas for growth that Oakford’s assessors named in their letter."
FOOTNOTE = "* subject to the work programme of the year"
OWNER = "Member Learning Panel"
# Ref, action, timescale, reason, responsibility, status; the sixth goes on after a page break.
ROWS = (
    ("1.", "Invite two further members to the panel.", "May 2017", "<p>So that each ward has a voice.</p>",
     OWNER, "The number of seats was raised by two in June 2017."),
    ("2.", "Rewrite the role\u00a0descriptions.", "December 2018",
     ("Every councillor should know what the role asks. [The visiting team heard that needs were gathered in "
     "corridor talks and asked for something firmer]."), f"{OWNER} and Democratic Support",
     "Officers are working towards a fresh set of descriptions."),
    ("3.", "List outside leadership courses in the pro\u00adgramme.", "2018-19",
     "Tomorrow’s chairs need them.", OWNER, ""),
    ("4.", "Ask for feedback after outside courses.", "March 2017", "Others may learn from it.", OWNER,
     "August 2017."),
    ("5.", "Try shorter sessions before meetings.", "December 2017", "Evenings are full.", OWNER,
     "We have started with the licensing members and look to add planning."),
    ("6.", "Count who watches the recordings.", "2017-18",
     "Recordings should be worth their price. [The supplier sells a counter that needs an upgrade of our",
     OWNER, "The panel decided against the yearly cost of the counter."),
    ("", "", "", "present system at about £900 a year.]", "", ""),
    ("7.", "Draw a logo for learning.", "2017-18", "It should be seen.", OWNER, "Outstanding"),
    ("8", "Weigh an application for the higher level.", "2019", "The council means to go on.", OWNER,
     "Outstanding"),
)  # fmt: skip


def word_plan() -> bytes:
    """The plan on three pages, each a table with its own headings, between a preamble and a footnote."""
    return word_document(
        "ACTION PLAN",
        PREAMBLE,
        [HEADINGS, *ROWS[:2]],
        [HEADINGS, *ROWS[2:6]],
        [HEADINGS, *ROWS[6:]],
        FOOTNOTE,
    )


def excel_plan() -> bytes:
    """The plan as one sheet below a title, with headings repeated inside, and a second sheet of initials."""
    sheet = [["Action plan of Oakford"], [], HEADINGS, *ROWS[:4], HEADINGS, *ROWS[4:]]
    return workbook({"Plan": sheet, "Initials": [["MLP", OWNER]]})


def word_document(*blocks: str | Sequence[Sequence[str]]) -> bytes:
    """A paragraph for each text, a table for each list of rows."""
    document = docx.Document()
    for block in blocks:
        if isinstance(block, str):
            document.add_paragraph(block)
        else:
            add_table(document, block)
            document.add_paragraph()
    return saved(document)


def add_table(document: Any, rows: Sequence[Sequence[str]]) -> Any:
    table = document.add_table(rows=len(rows), cols=max(map(len, rows)))
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=False):
            cell.text = text
    return table


def saved(document: Any) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def workbook(sheets: dict[str, Iterable[Sequence[object]]], merged: Iterable[str] = (), hidden: str = "") -> bytes:
    """Sheets of values; dates become real dates. `merged` are ranges of the first sheet."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        as_date = book.add_format({"num_format": "mm/dd/yy"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            if name == hidden:
                sheet.hide()
            lines = [list(row) for row in rows]
            for at, row in enumerate(lines):
                for column, value in enumerate(row):
                    if isinstance(value, date):
                        sheet.write_datetime(at, column, value, as_date)
                    else:
                        sheet.write(at, column, value)
            for area in merged if name == next(iter(sheets)) else ():
                row, column = (int(area[1]) - 1, ord(area[0]) - ord("A"))
                sheet.merge_range(area, lines[row][column])
    return file.getvalue()


def archive(parts: dict[str, bytes]) -> bytes:
    """Any files in a ZIP, compressed as far as it goes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return file.getvalue()


def with_part(document: bytes, name: str, change: tuple[bytes, bytes]) -> bytes:
    """The same office document with one text replaced by another in one of its parts."""
    with zipfile.ZipFile(io.BytesIO(document)) as opened:
        parts = {entry: opened.read(entry) for entry in opened.namelist()}
    assert change[0] in parts[name]
    return archive(parts | {name: parts[name].replace(*change)})

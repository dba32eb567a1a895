"""Documents of the shape councils send, in invented words, and files that are not right."""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import docx
import typst
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


def workbook(
    sheets: dict[str, Iterable[Sequence[object]]],
    merged: Iterable[str] = (),
    hidden: str = "",
    hidden_columns: Iterable[str] = (),
    hidden_rows: Iterable[int] = (),
) -> bytes:
    """Sheets of values; dates become real dates. `merged` are ranges of the first sheet, `hidden` names a sheet.

    Columns ("B:C") and rows (from 1) are hidden in every sheet."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        as_date = book.add_format({"num_format": "mm/dd/yy"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            if name == hidden:
                sheet.hide()
            for columns in hidden_columns:
                sheet.set_column(columns, None, None, {"hidden": True})
            for row_number in hidden_rows:
                sheet.set_row(row_number - 1, None, None, {"hidden": True})
            lines = [list(row) for row in rows]
            for at, row in enumerate(lines):
                for column, value in enumerate(row):
                    if isinstance(value, date):
                        sheet.write_datetime(at, column, value, as_date)
                    else:
                        sheet.write(at, column, value)
            for area in merged if name == next(iter(sheets)) else ():
                top, left = (int(area[1]) - 1, ord(area[0]) - ord("A"))
                sheet.merge_range(area, lines[top][left])
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


def pdf_plan() -> bytes:
    """The plan as a PDF of several small pages, its headings on each, the sixth row over a page break."""
    return pdf_document("ACTION PLAN", PREAMBLE, [HEADINGS, *ROWS[:6], *ROWS[7:]], FOOTNOTE)


def pdf_document(*blocks: str | Sequence[Sequence[str]], upright: bool = True) -> bytes:
    """A paragraph for each text, a table with repeated headings for each list of rows.

    Its rows are ruled, and its columns as well where `upright`."""
    strokes = "0.5pt" if upright else "(x: none, y: 0.5pt)"
    source = [f"#set page(width: 297mm, height: 110mm)\n#set table(stroke: {strokes})"]
    for block in blocks:
        if isinstance(block, str):
            source.append(_typst(block))
        else:
            head, *rows = ([f"[{_typst(text)}]" for text in row] for row in block)
            cells = ", ".join(cell for row in rows for cell in row)
            source.append(f"#table(columns: {len(head)}, table.header({', '.join(head)}), {cells})")
    return typst.compile("\n\n".join(source).encode())


def _typst(text: str) -> str:
    words = re.sub(r"</?[bp]>", "", text).replace("\u00ad", "")
    return re.sub(r"([#$*_`<>@\[\]\\~=])", r"\\\1", words)


# Further layouts, each with the headings of one that councils use.
SERIAL = (
    ("Serial No.", "Priority (H/M/L)", "Item", "Relevant FY", "Action", "Progress %"),
    ("TRAINING", "", "", "", "", ""),
    ("1", "H", "Write the handbook that every new councillor of Oakford was promised", "16/17", "Clerk", "100"),
    ("2", "", "", "", "", ""),
    ("PEOPLE", "", "", "", "", ""),
    ("3", "L", "Plan a mentoring scheme together with the two neighbouring councils", "17/18",
     "Clerk + Cllr Ash", "25"),
)  # fmt: skip
MEASURES = (
    ("", "Lead responsibility", ""),
    ("Write the scheme\nAsk the panel for its views", "Policy Officer\nPolicy Officer / Chief Executive",
     "April 2023 – June 2023\nSeptember 2023"),
    ("Report every year", "Policy Officer", "31 August (annually)"),
)  # fmt: skip
BUDGET = (
    ("Activity", "No of Members", "Reason", "Cost", "Total"),
    ("Chairing skills", 6, "Three committees have a new chair", 250, 1500),
    ("Speaking in public", 4, "Asked for in the survey", 90, 360),
)
COURSES = (
    ("", "", "Further details", ""),
    ("Planning law", "Planning Committee", "Two evenings", "£400"),
    ("Licensing", "Licensing Committee", "One morning", "£150"),
)
COMMITMENTS = (
    "Our commitments to councillors",
    "Commitment 1", "A named officer for every new councillor", "Lead", "Head of Democratic Services",
    "Our progress", "Four officers have been named.", "They met in June.",
    "Next steps", "Ask the new councillors.", "When this will happen", "by summer 2025",
    "Commitment 2: Papers a week before each meeting", "Lead: Committee Manager", "Our progress: Not started",
    "Next steps: Agree the day", "When this will happen: in October 2025",
)  # fmt: skip
COMMENTS = (
    ("Member Comment/Suggestions", "Officer Response"),
    ("Sessions should be recorded for those who work.", "Agreed – this will be provided."),
    ("Hold a briefing in each ward.", "Enquiry not to be pursued."),
)
STATES = (
    "Table A: Live recommendations",
    (
        ("Ref", "Recommendation", "Responsible officer", "Due date"),
        ("A1", "Keep one list of courses", "HR", "May 2018"),
    ),
    "Table B – Completed actions",
    (("Ref", "Recommendation", "Responsible officer", "Due date"), ("B1", "Name a lead", "Leader", "March 2017")),
    "Table C: Outstanding",
    (("Ref", "Recommendation", "Responsible officer", "Due date"), ("C1", "Ask for feedback", "HR", "June 2016")),
)
PROGRESS = (
    ("Action", "Progress Update/To be completed", "Target date"),
    ("Map the skills of the cabinet", "In progress: two of nine done", "Before Cabinet Meeting on 2 nd December"),
    ("Share the programme", "To be incorporated in Q2.", "31 June 2018"),
)
NOTES = (
    ("Agenda Item", "Actions/Information", "Who"),
    ("1 Welcome", "The chair welcomed three new members.", ""),
    ("2 Coaching", "Send the list of coaches to every council", "Secretary"),
)
LOG = (
    ("Date added", "Title", "Who added", "Lead officer", "Measurable outcome", "Expected completion date",
     "Progress since last meeting"),
    (date(2022, 5, 3), "Quiet room for reading", "Ms Elm", "Estates", "A room by autumn", date(2022, 9, 1),
     "On target"),
    (date(2022, 6, 7), "Signs in Welsh and English", "Mr Oak", "Comms", "All signs", "TBC", "Pending"),
)  # fmt: skip
GAPS = (
    ("Level 1 criteria", "Current position", "Gaps", "Recommendations"),
    ("A named lead", "There is a working group", "Nobody is named in the constitution", "Name a cabinet member"),
)
MINUTES = (
    "Minutes of the steering group",
    "1. The group looked at the survey.",
    "Action: Officers to write to those who did not reply",
    "2. Next meeting in June.",
    "Action: Chair to ask the Leader for a date",
)


def drawn_pdf(content: bytes, packing: bytes = b"/FlateDecode") -> bytes:
    """A PDF of one page with this content, packed already."""
    parts = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        (b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Resources<</Font<</F 5 0 R>>>>/Contents 4 0 R>>"),
        b"<</Length %d/Filter%s>>stream\n%s\nendstream" % (len(content), packing, content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    written, places = b"%PDF-1.4\n", b""
    for number, part in enumerate(parts, 1):
        places += b"%010d 00000 n \n" % len(written)
        written += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    index = b"xref\n0 6\n0000000000 65535 f \n" + places + b"trailer<</Size 6/Root 1 0 R>>\n"
    return written + index + b"startxref\n%d\n%%%%EOF" % len(written)

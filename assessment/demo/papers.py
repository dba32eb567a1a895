"""The papers of the demo's councils: small files that really open, the same bytes at every load."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import docx
import xlsxwriter

from assessment.rules.packing import FIXED_DATE

PAGE_WIDTH, PAGE_HEIGHT, MARGIN, LINE_HEIGHT = 595, 842, 72, 18
"""Points of an A4 page."""
MADE_AT = datetime(2000, 1, 1)  # noqa: DTZ001 - a workbook's properties carry no zone


@dataclass(frozen=True)
class Paper:
    """A file of the library: what it is called there, its name, its bytes and the words that stand in it."""

    title: str
    filename: str
    content: bytes
    text: str


KINDS = ("pdf", "docx", "xlsx", "csv", "txt")


def papers_of(council: str, slug: str, day: date, kinds: Sequence[str] = KINDS) -> tuple[Paper, ...]:
    """The papers of one council, as they would be on that day: policy, minutes, programme, budget, note.

    kinds: makes these alone; a Word file takes longer than all that is written of a generated council.
    """
    year = day.year
    minutes = [
        f"Minutes of the steering group of {council}, {day:%B} {year}",
        "Present: eight councillors of all groups, and two officers.",
        "17. The group agreed the policy on learning and development, to be reviewed in a year.",
        "18. The budget for outside speakers was spent to four fifths; the rest goes to induction.",
        "19. Members who work in the day asked for evening dates. The programme now has three.",
    ]
    sessions: list[list[object]] = [
        ["Session", "Date", "Places", "Came"],
        ["Induction, first evening", date(year, 5, 20), 24, 19],
        ["Chairing a meeting", date(year, 6, 17), 12, 11],
        ["Reading a budget", date(year, 9, 9), 20, 14],
        ["Questions that help", date(year, 10, 14), 20, 17],
    ]
    policy = [
        f"{council}",
        f"Policy on learning and development of councillors, {year}",
        "",
        "1. Every councillor is offered a conversation about learning once a year.",
        "2. The programme is made from what those conversations say.",
        "3. Nobody is kept away by work, care or a disability.",
        "4. The steering group reports to the full council each May.",
    ]
    budget = "line,planned,spent\nSpeakers,4000,3180\nInduction,2500,2500\nTravel,900,412\nBooks and access,300,275\n"
    note = f"Note of a conversation with new members of {council}.\n\n" + "\n".join(
        f"- {line}"
        for line in (
            "The first evening was worth it.",
            "Too many papers at once.",
            "A buddy helped more than a binder.",
        )
    )
    made: dict[str, tuple[str, str, Callable[[], bytes], str]] = {
        "pdf": ("Policy on learning and development", "policy", lambda: pdf(policy), "\n".join(policy)),
        "docx": ("Minutes of the steering group", "minutes", lambda: word(minutes), "\n\n".join(minutes)),
        "xlsx": ("Programme and attendance", "programme", lambda: workbook(sessions), _typed(sessions)),
        "csv": ("Budget for member development", "budget", budget.encode, budget),
        "txt": ("What new members said", "new-members", note.encode, note),
    }
    return tuple(
        Paper(title, f"{slug}-{name}.{kind}", make(), text)
        for kind, (title, name, make, text) in made.items()
        if kind in kinds
    )


def renewed_policy(council: str, slug: str, day: date) -> Paper:
    """The policy after its yearly review, as it takes the place of the one before."""
    lines = [
        f"{council}",
        f"Policy on learning and development of councillors, reviewed in {day:%B} {day.year}",
        "",
        "1. Every councillor is offered a conversation about learning once a year.",
        "2. The programme is made from what those conversations say.",
        "3. Nobody is kept away by work, care or a disability.",
        "4. Sessions are offered in the evening too, and recorded.",
        "5. The steering group reports to the full council each May.",
    ]
    return Paper("Policy on learning and development", f"{slug}-policy-reviewed.pdf", pdf(lines), "\n".join(lines))


def older_plan(day: date) -> bytes:
    """An action plan as councils keep them in a workbook, with dates in every way of writing."""
    year = day.year
    rows = (
        ("1", "Agree a role description for every councillor", f"31.3.{year}", "Democratic Services", "Completed"),
        ("2", "Bring evening sessions into the programme", "Spring", "Development Officer", "In progress"),
        ("3", "Offer every new councillor a buddy", "After each election", "Group leaders", "Ongoing"),
        ("4", "Report to the full council on what was learned", f"May {year + 1}", "Steering group", ""),
        ("5", "Visit a council that holds the award", "tbc", "Steering group", "Not started"),
    )
    return workbook([["Ref", "Action", "Timescale", "Responsibility", "Status"], *rows], sheet="Action plan")


def pdf(lines: Sequence[str]) -> bytes:
    """A PDF of one page: the lines one under the other. Plain Latin text only."""
    shown = "".join(f"({_escaped(line)}) Tj T*\n" for line in lines)
    text = f"BT /F1 12 Tf {LINE_HEIGHT} TL {MARGIN} {PAGE_HEIGHT - MARGIN} Td\n{shown}ET".encode("cp1252")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (en-GB) >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>" % (PAGE_WIDTH, PAGE_HEIGHT),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    written, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return written + end % (len(objects) + 1, table, len(objects) + 1, len(written))


def word(paragraphs: Sequence[str]) -> bytes:
    """A Word document: a heading and paragraphs."""
    document = docx.Document()
    document.add_heading(paragraphs[0])
    for paragraph in paragraphs[1:]:
        document.add_paragraph(paragraph)
    document.core_properties.author = ""
    saved = io.BytesIO()
    document.save(saved)
    return _undated(saved.getvalue())


def workbook(rows: Sequence[Sequence[object]], sheet: str = "Sessions") -> bytes:
    """An Excel workbook with one sheet; dates are real dates."""
    saved = io.BytesIO()
    with xlsxwriter.Workbook(saved, {"in_memory": True}) as book:
        book.set_properties({"created": MADE_AT})
        day = book.add_format({"num_format": "d mmm yyyy"})
        page = book.add_worksheet(sheet)
        page.set_column(0, 1, 26)
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, date):
                    page.write_datetime(at, column, value, day)
                else:
                    page.write(at, column, value)
    return saved.getvalue()


def _typed(rows: Sequence[Sequence[object]]) -> str:
    return "\n".join("\t".join(str(value) for value in row) for row in rows)


def _undated(archive: bytes) -> bytes:
    """The same archive with one fixed date on every entry, so that the same text gives the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as before, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            after.writestr(zipfile.ZipInfo(name, FIXED_DATE), before.read(name), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _escaped(line: str) -> str:
    return line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")

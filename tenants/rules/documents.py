"""Opening a Word, Excel or CSV file as lines and tables, by what it is and not by its name."""

import csv
import io

from tenants.rules import archives, word_documents, workbooks
from tenants.rules.grids import (
    MAXIMUM_COLUMNS,
    MAXIMUM_ROWS,
    Cell,
    Document,
    Row,
    Table,
    UnreadableDocument,
    tidy,
)

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS = {
    b"%PDF": "a PDF. Send the Word or Excel document it was made from",
    b"{\\rtf": "a rich text document. Save it as .docx",
    b"\x89PNG": "a picture. Send the Word or Excel document",
    b"\xff\xd8\xff": "a picture. Send the Word or Excel document",
}
_READABLE = "A Word document (.docx), an Excel workbook (.xlsx) or a CSV file can be read"


def open_document(data: bytes, filename: str) -> Document:
    """The lines and tables of a file, every word kept; else UnreadableDocument, naming the file."""
    try:
        return _open(data, filename)
    except UnreadableDocument as unreadable:
        raise UnreadableDocument(f"{filename}: {unreadable}") from unreadable


def _open(data: bytes, filename: str) -> Document:
    if not data.strip():
        raise UnreadableDocument("The file is empty.")
    if len(data) > archives.MAXIMUM_BYTES:
        raise UnreadableDocument(f"The file is larger than {archives.MAXIMUM_BYTES // 1024**2} MB.")
    if data.startswith(_OLD_OFFICE):
        raise UnreadableDocument(
            "This is an older Office document or one protected by a password. "
            "Save it without a password as .docx or .xlsx."
        )
    for beginning, what in _OTHERS.items():
        if data.startswith(beginning):
            raise UnreadableDocument(f"This is {what}. {_READABLE}.")
    if data.startswith(b"PK"):
        names = archives.check(data)
        if any(name.startswith("word/") for name in names):
            return word_documents.read(data)
        if any(name.startswith("xl/") for name in names):
            return workbooks.read(data)
        raise UnreadableDocument(f"This is an archive, but not a Word document or Excel workbook. {_READABLE}.")
    if filename.lower().endswith((".csv", ".tsv", ".txt")):
        return _comma_separated(data)
    raise UnreadableDocument(f"This is not a kind of file that can be read here, or it is damaged. {_READABLE}.")


def _comma_separated(data: bytes) -> Document:
    text = _decoded(data)
    separator = max(",;\t", key=text[:10_000].count)
    rows = []
    try:
        for number, line in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator), 1):
            if number > MAXIMUM_ROWS:
                raise UnreadableDocument(f"The file has more than {MAXIMUM_ROWS:,} rows.")
            if len(line) > MAXIMUM_COLUMNS:
                raise UnreadableDocument(f"Row {number} has more than {MAXIMUM_COLUMNS} columns.")
            cells = tuple(Cell(tidy(value)) for value in line)
            if any(cell.text for cell in cells):
                rows.append(Row(cells, f"row {number}"))
    except csv.Error as broken:
        raise UnreadableDocument(f"The file is damaged: {broken}.") from broken
    return Document((Table("file", tuple(rows)),))


def _decoded(data: bytes) -> str:
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

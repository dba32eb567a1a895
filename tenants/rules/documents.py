"""Opening a Word, Excel, PDF, text or CSV file as lines and tables, by what it is and not by its name."""

from tenants.rules import archives, markup, text_documents, word_documents, workbooks
from tenants.rules.grids import Document, UnreadableDocument

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS = {
    b"{\\rtf": "a rich text document. Save it as .docx",
    b"\x89PNG": "a picture. Send the Word or Excel document",
    b"\xff\xd8\xff": "a picture. Send the Word or Excel document",
}
_READABLE = "A Word document (.docx), an Excel workbook (.xlsx), a PDF, a CSV or a text file can be read"
MAXIMUM_BYTES = 20 * 1024 * 1024


def open_document(data: bytes, filename: str) -> Document:
    """The lines and tables of a file, every word kept; else UnreadableDocument, naming the file.

    At most 20 MB, 200 pages of a PDF and 50,000 rows are read. Files with macros are refused.
    """
    try:
        return _open(data, filename)
    except UnreadableDocument as unreadable:
        raise UnreadableDocument(f"{filename}: {unreadable}") from unreadable


def open_pasted(text: str) -> Document:
    """The lines and tables of what was pasted from a page, a sheet or a document."""
    if not text.strip():
        raise UnreadableDocument("Nothing was pasted.")
    return text_documents.read(text)


def _open(data: bytes, filename: str) -> Document:
    if not data.strip():
        raise UnreadableDocument("The file is empty.")
    if len(data) > MAXIMUM_BYTES:
        raise UnreadableDocument(
            f"The file has {-(-len(data) // 1024**2)} MB; at most {MAXIMUM_BYTES // 1024**2} MB are read."
        )
    if data.startswith(_OLD_OFFICE):
        raise UnreadableDocument(
            "This is an older Office document or one protected by a password. "
            "Save it without a password as .docx or .xlsx."
        )
    for beginning, what in _OTHERS.items():
        if data.startswith(beginning):
            raise UnreadableDocument(f"This is {what}. {_READABLE}.")
    if b"%PDF-" in data[:1024]:
        # 13 MB of a library, for the process apart that opens a PDF and for no other.
        from tenants.rules import pdf_documents

        return pdf_documents.read(data)
    if data.startswith(b"PK"):
        return _packed(data)
    return _as_text(data, filename.rpartition(".")[2].lower())


def _packed(data: bytes) -> Document:
    names = archives.check(data)
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise UnreadableDocument("The file has macros, which are never run here. Save it as .docx or .xlsx.")
    if any(name.startswith("word/") for name in names):
        return word_documents.read(data)
    if any(name.startswith("xl/") for name in names):
        return workbooks.read(data)
    raise UnreadableDocument(f"This is an archive, but not a Word document or Excel workbook. {_READABLE}.")


def _as_text(data: bytes, ending: str) -> Document:
    """Text has no sign of its own: the ending of its name says what it is."""
    if ending in ("csv", "tsv"):
        return text_documents.read_separated(text_documents.decoded(data))
    if ending == "txt":
        return text_documents.read(text_documents.decoded(data))
    if ending in ("html", "htm"):
        return markup.read(text_documents.decoded(data))
    raise UnreadableDocument(f"This is not a kind of file that can be read here, or it is damaged. {_READABLE}.")

"""A file's type is judged by its content and must agree with its name."""

import codecs
import io
import struct
import zipfile
from collections.abc import Callable

import pytest

from saas.files import FileRefused, Received

Take = Callable[..., Received]
WithPart = Callable[[bytes, str, bytes], bytes]
PDF = b"%PDF-1.4\nwords\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
JPG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00"
WEBP = b"RIFF\x24\x00\x00\x00WEBPVP8 \x18\x00\x00\x00"
MESSAGE = b"From: ann@example.org\r\nDate: Thu, 4 May 2017 14:30:00 +0100\r\nSubject: Course\r\n"


def refusal_of(take: Take, content: bytes, filename: str) -> str:
    with pytest.raises(FileRefused) as refusal:
        take(content, filename)
    return refusal.value.message


def open_document(mimetype: str, **parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", mimetype)
        for name, content in {"content.xml": b"<office/>", **parts}.items():
            archive.writestr(name, content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def compound(*streams: str) -> bytes:
    """A compound file (the container of Word and Excel before 2007) with up to three empty streams."""
    free, end, fat_sector = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    names = ["Root Entry", *streams]
    directory = b""
    for place, name in enumerate(names):
        encoded = (name + "\0").encode("utf-16-le")
        following = place + 1 if 0 < place < len(names) - 1 else free
        links = (free, following, free if place else 1)
        directory += struct.pack(
            "<64sHBB3I16sIQQIQ", encoded, len(encoded), 2 if place else 5, 1, *links, b"", 0, 0, 0, end, 0
        )
    head = struct.pack("<8s16s5H6x", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<9I", 0, 1, 1, 0, 4096, end, 0, end, 0) + struct.pack("<109I", 0, *[free] * 108)
    return head + struct.pack("<128I", fat_sector, end, *[free] * 126) + directory.ljust(512, b"\0")


@pytest.mark.parametrize(
    ("content", "filename", "content_type"),
    [
        (PDF, "a.pdf", "application/pdf"),
        (PNG, "a.PNG", "image/png"),
        (JPG, "a.jpeg", "image/jpeg"),
        (b"GIF89a\x01\x00\x01\x00", "a.gif", "image/gif"),
        (WEBP, "a.webp", "image/webp"),
        ("Name,Course\nZoë,Chairing\n".encode(), "a.csv", "text/csv"),
        ("Zoë’s notes".encode("cp1252"), "a.txt", "text/plain"),
        (codecs.BOM_UTF16_LE + "Zoë\tCourse\r\n".encode("utf-16-le"), "a.txt", "text/plain"),
        (b"BM,MZ\nboth,begin like other types\n", "a.csv", "text/csv"),
        (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "a.ics", "text/calendar"),
        (MESSAGE + b"\r\nThank you\r\n", "a.eml", "message/rfc822"),
        (compound("WordDocument"), "a.doc", "application/msword"),
        (compound("Data", "Workbook"), "a.xls", "application/vnd.ms-excel"),
        (
            open_document("application/vnd.oasis.opendocument.text"),
            "a.odt",
            "application/vnd.oasis.opendocument.text",
        ),
        (
            open_document("application/vnd.oasis.opendocument.spreadsheet"),
            "a.ods",
            "application/vnd.oasis.opendocument.spreadsheet",
        ),
    ],
)
def test_accepted_kinds(received: Take, content: bytes, filename: str, content_type: str) -> None:
    assert received(content, filename).content_type == content_type


def test_word_and_excel_documents_are_told_apart(received: Take, word: bytes, excel: bytes) -> None:
    office = "application/vnd.openxmlformats-officedocument"
    assert received(word, "a.docx").content_type == f"{office}.wordprocessingml.document"
    assert received(excel, "a.xlsx").content_type == f"{office}.spreadsheetml.sheet"
    assert refusal_of(received, word, "a.xlsx") == "“a.xlsx” is not an Excel workbook: its content is a Word document."


@pytest.mark.parametrize(
    ("content", "filename", "reason"),
    [
        (
            b"MZ\x90\x00\x03\x00\x00\x00",
            "a.pdf",
            "is not a PDF: its content is of the type application/x-msdownload.",
        ),
        (
            b"\x7fELF\x02\x01\x01\x00" + bytes(60),
            "a.csv",
            "its content is of the type application/x-executable.",
        ),
        (PNG, "a.pdf", "is not a PDF: its content is a PNG image."),
        (PDF, "a.exe", "ends in .exe, which is not accepted. Accepted types: csv, doc, docx, eml,"),
        (PDF, "README", "has no ending that tells its type"),
        (PDF, "a.docm", "may contain macros. Save it without macros"),
        (b"\x00\x01\x02\x03", "a.txt", "its content is of an unknown type."),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg", "ends in .svg, which is not accepted."),
        (b" \n<svg onload='x()'/>", "a.txt", "its content is a web page or drawing"),
        (codecs.BOM_UTF8 + b"<!doctype html>", "a.csv", "its content is a web page or drawing"),
        (
            codecs.BOM_UTF16_LE + "<script>".encode("utf-16-le"),
            "a.txt",
            "its content is a web page or drawing",
        ),
        (b"#!/bin/sh\necho\n", "a.txt", "its content is a script."),
        (b"Dear all", "a.ics", "is not a calendar: its content is plain text."),
        (b"Dear all", "a.eml", "is not an e-mail message: its content is plain text."),
        (b"Dear all", "a.pdf", "is not a PDF: its content is plain text."),
        (compound("WordDocument", "_VBA_PROJECT"), "a.doc", "contains macros. Save it without macros"),
        (compound("EncryptedPackage"), "a.doc", "is protected by a password."),
        (
            compound("Workbook"),
            "a.doc",
            "is not a Word 97–2003 document: its content is an Excel 97–2003 workbook.",
        ),
        (compound("Something"), "a.xls", "its content is of an unknown type."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.doc", "is damaged and cannot be read."),
    ],
)
def test_refused_kinds(received: Take, content: bytes, filename: str, reason: str) -> None:
    message = refusal_of(received, content, filename)
    assert message.startswith(f"“{filename}” ")
    assert reason in message


def test_mail_with_attachments_or_scripts_is_refused(received: Take) -> None:
    attached = MESSAGE + b"Content-Type: application/octet-stream\r\n\r\nMZ\r\n"
    active = MESSAGE + b"Content-Type: text/html\r\n\r\n<p><script>x()</script></p>\r\n"
    assert refusal_of(received, attached, "a.eml") == "“a.eml” carries attachments: send them as files of their own."
    assert refusal_of(received, active, "a.eml") == "“a.eml” contains active content, which is not accepted."


def test_documents_with_macros_are_refused_whatever_they_are_called(
    received: Take, word: bytes, with_part: WithPart
) -> None:
    hidden = with_part(word, "word/vbaProject.bin", b"macro")
    basic = open_document("application/vnd.oasis.opendocument.text", **{"Basic/Standard/Module1.xml": b"<m/>"})
    said = "contains macros. Save it without macros and send it again."
    assert refusal_of(received, hidden, "a.docx") == f"“a.docx” {said}"
    assert refusal_of(received, basic, "a.odt") == f"“a.odt” {said}"

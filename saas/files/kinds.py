"""The kinds of file that are kept, and how each is known by its content rather than by its name."""

from __future__ import annotations

import codecs
import email
import email.policy
import re
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import filetype
import olefile

from saas.errors import Refused
from saas.files.archives import archive_kind

HEAD = 8192
CHUNK = 256 * 1024
LARGEST_MESSAGE = 30 * 1024 * 1024


class FileRefused(Refused):
    """A file is not kept; the message names the file and the reason in words for the person who sent it."""


@dataclass(frozen=True)
class Kind:
    """One kind of file: how a sentence calls it, its media type and the extensions that may carry it."""

    label: str
    content_type: str
    extensions: tuple[str, ...]


KINDS = {
    "pdf": Kind("a PDF", "application/pdf", ("pdf",)),
    "docx": Kind(
        "a Word document",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ("docx",),
    ),
    "doc": Kind("a Word 97–2003 document", "application/msword", ("doc",)),
    "xlsx": Kind("an Excel workbook", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ("xlsx",)),
    "xls": Kind("an Excel 97–2003 workbook", "application/vnd.ms-excel", ("xls",)),
    "pptx": Kind(
        "a PowerPoint presentation",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        ("pptx",),
    ),
    "odt": Kind("an OpenDocument text", "application/vnd.oasis.opendocument.text", ("odt",)),
    "ods": Kind("an OpenDocument spreadsheet", "application/vnd.oasis.opendocument.spreadsheet", ("ods",)),
    "png": Kind("a PNG image", "image/png", ("png",)),
    "jpg": Kind("a JPEG image", "image/jpeg", ("jpg", "jpeg")),
    "gif": Kind("a GIF image", "image/gif", ("gif",)),
    "webp": Kind("a WebP image", "image/webp", ("webp",)),
    "csv": Kind("a CSV table", "text/csv", ("csv",)),
    "txt": Kind("plain text", "text/plain", ("txt",)),
    "ics": Kind("a calendar", "text/calendar", ("ics",)),
    "eml": Kind("an e-mail message", "message/rfc822", ("eml",)),
}
CONTENT_TYPES = tuple(kind.content_type for kind in KINDS.values())
BY_EXTENSION = {extension: name for name, kind in KINDS.items() for extension in kind.extensions}
ALLOWED = ", ".join(sorted(BY_EXTENSION))
ACCEPTED = ",".join(f".{extension}" for extension in BY_EXTENSION)
"""The same as a form's file input says it."""
TEXTS = ("csv", "txt", "ics", "eml")
IMAGES = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp"}
WITH_MACROS = ("docm", "dotm", "xlsm", "xltm", "xlsb", "pptm", "ppsm")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MARKUP = re.compile(rb"^\s*<\s*[!?a-z]", re.IGNORECASE)
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
HARMLESS_PARTS = ("text/plain", "text/html", "text/calendar", *IMAGES)
ACTIVE_MARKUP = re.compile(r"<\s*(script|iframe|object|embed|form|svg)\b|\bon\w+\s*=|javascript:", re.IGNORECASE)


def kind_of(path: Path, filename: str) -> Kind:
    """The kind of the file at `path`, judged by its content and compared with the extension of `filename`.

    Raises FileRefused when the extension is not on the list, when name and content disagree, or when the
    content could run, explode or cannot be read.
    """
    extension = filename.rpartition(".")[2].lower() if "." in filename else ""
    if extension in WITH_MACROS:
        raise FileRefused(f"“{filename}” may contain macros. Save it without macros, as .docx, .xlsx or .pptx.")
    expected = BY_EXTENSION.get(extension)
    if expected is None:
        ending = f"ends in .{extension}" if extension else "has no ending that tells its type"
        raise FileRefused(f"“{filename}” {ending}, which is not accepted. Accepted types: {ALLOWED}.")
    found = _content(path, filename, expected)
    if found != expected:
        seen = KINDS[found].label if found in KINDS else found
        raise FileRefused(f"“{filename}” is not {KINDS[expected].label}: its content is {seen}.")
    return KINDS[found]


def _content(path: Path, filename: str, expected: str) -> str:
    """The name of the kind the content has, or words for what it is instead."""
    with path.open("rb") as stream:
        head = stream.read(HEAD)
    if head.startswith(b"%PDF-"):
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        try:
            return archive_kind(path)
        except Refused as refusal:
            raise FileRefused(f"“{filename}” {refusal.message}") from refusal
    if head.startswith(OLE):
        return _compound_kind(path, filename)
    guess = filetype.guess(head)
    if guess is not None and guess.mime in IMAGES:
        return IMAGES[guess.mime]
    if _is_text(path, head):
        return _text_kind(path, filename, head, expected)
    return f"of the type {guess.mime}" if guess is not None else "of an unknown type"


def _compound_kind(path: Path, filename: str) -> str:
    """Word and Excel before 2007, told apart by the streams in their compound file."""
    try:
        with olefile.OleFileIO(str(path)) as compound:
            entries = compound.listdir(streams=True, storages=True)
    except Exception as error:  # the library raises many kinds on damaged input
        raise FileRefused(f"“{filename}” is damaged and cannot be read.") from error
    names = {name.lower() for entry in entries for name in entry}
    if "encryptedpackage" in names:
        raise FileRefused(f"“{filename}” is protected by a password. Save it without one and send it again.")
    if names & {"vba", "_vba_project", "_vba_project_cur", "macros"}:
        raise FileRefused(f"“{filename}” contains macros. Save it without macros, as .docx or .xlsx.")
    top = {entry[0].lower() for entry in entries}
    if "worddocument" in top:
        return "doc"
    if top & {"workbook", "book"}:
        return "xls"
    return "of an unknown type"


def _text_kind(path: Path, filename: str, head: bytes, expected: str) -> str:
    """Which text it is, only the extension can say; what a browser or a shell would run is none of them."""
    plain = head.removeprefix(codecs.BOM_UTF8).replace(b"\x00", b"").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    if MARKUP.match(plain):
        return "a web page or drawing, which could run in a browser"
    if plain.startswith(b"#!"):
        return "a script"
    if expected == "ics" and not plain.lstrip().upper().startswith(b"BEGIN:VCALENDAR"):
        return "txt"
    if expected == "eml":
        return _message_kind(path, filename)
    return expected if expected in TEXTS else "txt"


def _is_text(path: Path, head: bytes) -> bool:
    """Text is what decodes from end to end without control characters."""
    encodings = ("utf-16",) if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else ("utf-8", "cp1252")
    return any(_decodes(path, encoding) for encoding in encodings)


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(CHUNK):
                if UNPRINTABLE.search(decoder.decode(chunk)):
                    return False
        return not UNPRINTABLE.search(decoder.decode(b"", final=True))
    except UnicodeDecodeError:
        return False


def _message_kind(path: Path, filename: str) -> str:
    """An e-mail is kept when it holds words and pictures only: what else it carries would pass unjudged."""
    if path.stat().st_size > LARGEST_MESSAGE:
        raise FileRefused(f"“{filename}” is too large for an e-mail: send what it carries as files of their own.")
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    if not (message["From"] and (message["Date"] or message["Subject"])):
        return "txt"
    for part in message.walk():
        if part.is_multipart() and part.get_content_maintype() == "multipart":
            continue
        if part.get_content_type() not in HARMLESS_PARTS:
            raise FileRefused(f"“{filename}” carries attachments: send them as files of their own.")
        if part.get_content_type() == "text/html" and _is_active(part):
            raise FileRefused(f"“{filename}” contains active content, which is not accepted.")
    return "eml"


def _is_active(part: EmailMessage) -> bool:
    content = part.get_payload(decode=True) or b""
    return bool(ACTIVE_MARKUP.search(content.decode("latin-1"))) if isinstance(content, bytes) else True

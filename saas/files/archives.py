"""Documents that are zip archives: opened part by part within limits, told apart by what they declare."""

from __future__ import annotations

import struct
import zipfile
import zlib
from pathlib import Path

from saas.errors import Refused

MOST_PARTS = 5_000
LARGEST_DIRECTORY = 2 * 1024 * 1024
MOST_UNPACKED = 256 * 1024 * 1024
SMALL_ENOUGH = 16 * 1024 * 1024
STEEPEST_RATIO = 200
LARGEST_DECLARATION = 1024 * 1024
CHUNK = 256 * 1024
OVERLAP = 32

OFFICE = "application/vnd.openxmlformats-officedocument."
OFFICE_KINDS = {
    f'"{OFFICE}wordprocessingml.document.main+xml"': "docx",
    f'"{OFFICE}spreadsheetml.sheet.main+xml"': "xlsx",
    f'"{OFFICE}presentationml.presentation.main+xml"': "pptx",
}
OPEN_DOCUMENT_KINDS = {
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
}
END = struct.Struct("<4s4H2LH")


def archive_kind(path: Path) -> str:
    """`docx`, `xlsx`, `pptx`, `odt` or `ods`, or words for another archive, of a file that begins like a zip.

    Every part is unpacked once within the limits, so what passes neither explodes nor is damaged. Raises
    Refused with the second half of a sentence whose subject is the file.
    """
    _check_directory(path)
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            _check_sizes(parts, path.stat().st_size)
            _check_names(parts)
            for part in parts:
                _check_content(archive, part)
            return _declared_kind(archive)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        ValueError,
        NotImplementedError,
        struct.error,
    ) as error:
        raise Refused("is damaged and cannot be read.") from error


def _check_directory(path: Path) -> None:
    """Look at the archive's closing record before the library loads a list of parts of any length."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        stream.seek(max(0, size - END.size - 20 - 65_535))
        tail = stream.read()
    position = tail.rfind(b"PK\x05\x06")
    if position < 0 or len(tail) - position < END.size:
        raise Refused("is damaged and cannot be read.")
    record = END.unpack_from(tail, position)
    if (
        tail[max(0, position - 20) : position].startswith(b"PK\x06\x07")
        or record[4] > MOST_PARTS
        or record[5] > LARGEST_DIRECTORY
    ):
        raise Refused(f"has more parts than a document has ({MOST_PARTS:,}), so it is not opened.")


def _check_sizes(parts: list[zipfile.ZipInfo], packed: int) -> None:
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MOST_UNPACKED or (unpacked > SMALL_ENOUGH and unpacked > STEEPEST_RATIO * packed):
        limit = MOST_UNPACKED // (1024 * 1024)
        raise Refused(f"unpacks to far more than its size, or to over {limit} MB, so it is not opened.")


def _check_names(parts: list[zipfile.ZipInfo]) -> None:
    names = [part.filename for part in parts]
    if len(set(names)) != len(names) or any(_is_outside(name) for name in names):
        raise Refused("is damaged and cannot be read.")
    lowered = [name.lower() for name in names]
    if any("vbaproject" in name or name.startswith(("basic/", "scripts/", "xl/macrosheets/")) for name in lowered):
        raise Refused("contains macros. Save it without macros and send it again.")
    if any("/activex/" in name for name in lowered):
        raise Refused("contains active controls. Save it without them and send it again.")
    if any(part.flag_bits & 1 for part in parts):
        raise Refused("is protected by a password. Save it without one and send it again.")


def _is_outside(name: str) -> bool:
    return name.startswith(("/", "\\")) or ":" in name or ".." in name.replace("\\", "/").split("/")


def _check_content(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Unpack a part: the checksum finds damage; XML that declares entities is refused, for it can explode."""
    is_xml = part.filename.lower().endswith((".xml", ".rels"))
    kept = b""
    with archive.open(part) as stream:
        while chunk := stream.read(CHUNK):
            if is_xml:
                seen = (kept + chunk).replace(b"\x00", b"")
                if b"<!ENTITY" in seen:
                    raise Refused("contains entity declarations, which can make it explode, so it is not opened.")
                kept = chunk[-OVERLAP:]


def _declared_kind(archive: zipfile.ZipFile) -> str:
    names = set(archive.namelist())
    if "[Content_Types].xml" in names:
        declared = _declaration(archive, "[Content_Types].xml")
        if "macroEnabled" in declared:
            raise Refused("contains macros. Save it without macros and send it again.")
        return next((kind for mark, kind in OFFICE_KINDS.items() if mark in declared), "of an unknown type")
    if "mimetype" in names:
        return OPEN_DOCUMENT_KINDS.get(_declaration(archive, "mimetype").strip(), "of an unknown type")
    return "a zip archive"


def _declaration(archive: zipfile.ZipFile, name: str) -> str:
    if archive.getinfo(name).file_size > LARGEST_DECLARATION:
        raise Refused("is damaged and cannot be read.")
    content = archive.read(name)
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    return content.decode(encoding, errors="replace").replace("'", '"')

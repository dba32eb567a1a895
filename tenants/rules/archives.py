"""Whether a zipped office document may be opened at all: whole, and not one that explodes."""

import io
import zipfile
import zlib
from xml.parsers import expat

from tenants.rules.grids import MAXIMUM_COLUMNS, MAXIMUM_ROWS, UnreadableDocument

MAXIMUM_BYTES = 200 * 1024 * 1024
MAXIMUM_ENTRIES = 5_000
MAXIMUM_RATIO = 200
# A parsed tree takes some twenty times the memory of its text, so a single part has a limit of its own.
MAXIMUM_PART_BYTES = 32 * 1024 * 1024
_ROWS_ABOVE = 1_000  # empty ones, above and between
_CHUNK = 1024 * 1024


def check(data: bytes) -> frozenset[str]:
    """The names in the archive once every entry was unpacked within the limits; else UnreadableDocument."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_sizes(entries)
            for entry in entries:
                with archive.open(entry) as unpacked:
                    while unpacked.read(_CHUNK):
                        pass
            return frozenset(entry.filename for entry in entries)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        NotImplementedError,
        RuntimeError,
        ValueError,
    ) as broken:
        if isinstance(broken, UnreadableDocument):
            raise
        raise UnreadableDocument("The file is damaged or incomplete: it could not be unpacked.") from broken


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAXIMUM_ENTRIES:
        raise UnreadableDocument(f"The file holds {len(entries):,} parts; at most {MAXIMUM_ENTRIES:,} are read.")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAXIMUM_BYTES:
        raise UnreadableDocument(
            f"Unpacked, the file takes {unpacked // 1024**2:,} MB; at most {MAXIMUM_BYTES // 1024**2} MB are read."
        )
    packed = sum(entry.compress_size for entry in entries)
    if unpacked > MAXIMUM_RATIO * max(packed, 1):
        raise UnreadableDocument(f"Unpacked, the file grows more than {MAXIMUM_RATIO} times; it is refused as unsafe.")
    for entry in entries:
        if entry.filename.endswith((".xml", ".rels")) and entry.file_size > MAXIMUM_PART_BYTES:
            raise UnreadableDocument(
                f"The part {entry.filename} takes {entry.file_size // 1024**2} MB of text; "
                f"at most {MAXIMUM_PART_BYTES // 1024**2} MB are read."
            )


def check_sheets(data: bytes) -> None:
    """Refuses a workbook with values so far out that a table reaching to them would exhaust memory."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for entry in archive.infolist():
            part = archive.read(entry)
            if b"sheetData" in part or b"s\x00h\x00e\x00e\x00t\x00D" in part:
                _check_sheet(part)


def _check_sheet(part: bytes) -> None:
    parser = expat.ParserCreate(namespace_separator=" ")
    place = {"row": 0, "column": 0}
    filled: set[int] = set()

    def opened(name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        if local == "row":
            place["row"] = int(attributes.get("r", place["row"] + 1))
            place["column"] = 0
        elif local == "c":
            letters = attributes.get("r", "").rstrip("0123456789").upper()
            place["column"] = column_number(letters) if letters else place["column"] + 1
            if letters:
                place["row"] = int(attributes["r"][len(letters) :])
        elif local in ("v", "t", "f"):
            filled.add(place["row"])
            if place["row"] > MAXIMUM_ROWS + _ROWS_ABOVE or len(filled) > MAXIMUM_ROWS:
                raise UnreadableDocument(f"A sheet has more than {MAXIMUM_ROWS:,} rows, or values far below its table.")
            if place["column"] > MAXIMUM_COLUMNS:
                raise UnreadableDocument(f"A sheet has values beyond column {MAXIMUM_COLUMNS}.")

    parser.StartElementHandler = opened
    try:
        parser.Parse(part, True)
    except (expat.ExpatError, ValueError) as broken:
        if isinstance(broken, UnreadableDocument):
            raise
        raise UnreadableDocument("The file is damaged: a sheet in it could not be read.") from broken


def column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number

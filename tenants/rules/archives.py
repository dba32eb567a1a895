"""Whether a zipped office document may be opened at all: whole, and not one that explodes."""

import io
import zipfile
import zlib
from itertools import zip_longest
from xml.parsers import expat

from tenants.rules.grids import MAXIMUM_COLUMNS, MAXIMUM_ROWS, MAXIMUM_TEXT, UnreadableDocument

MAXIMUM_BYTES = 200 * 1024 * 1024
MAXIMUM_ENTRIES = 5_000
MAXIMUM_RATIO = 200
# A parsed tree takes some twenty times the memory of its text, so a single part has a limit of its own.
MAXIMUM_PART_BYTES = 32 * 1024 * 1024
MAXIMUM_CELL_TEXT = 32_767  # Excel’s own limit
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
    """Refuses a workbook with values so far out, or texts so long or so often repeated, as would exhaust memory."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        lengths: list[int] = []
        for entry in entries:
            part = archive.read(entry)
            if _has(part, "sst"):
                lengths = [max(pair) for pair in zip_longest(lengths, _lengths(part), fillvalue=0)]
        text = 0
        for entry in entries:
            part = archive.read(entry)
            if _has(part, "sheetData"):
                text += _check_sheet(part, lengths)
                if text > MAXIMUM_TEXT:
                    raise UnreadableDocument(f"The workbook has more than {MAXIMUM_TEXT:,} characters of text.")


def _has(part: bytes, name: str) -> bool:
    return name.encode() in part or name.encode("utf-16-le") in part


def _lengths(part: bytes) -> list[int]:
    """How many characters each of the shared texts has; cells name them by their number."""
    parser = expat.ParserCreate(namespace_separator=" ")
    lengths: list[int] = []

    def opened(name: str, _: dict[str, str]) -> None:
        if name.rpartition(" ")[2] == "si":
            lengths.append(0)

    def said(words: str) -> None:
        if lengths:
            lengths[-1] += len(words)
            if lengths[-1] > MAXIMUM_CELL_TEXT:
                raise UnreadableDocument(f"A cell has more than {MAXIMUM_CELL_TEXT:,} characters.")

    parser.StartElementHandler, parser.CharacterDataHandler = opened, said
    _parse(parser, part)
    return lengths


def _check_sheet(part: bytes, lengths: list[int]) -> int:
    """How many characters the sheet's cells have, shared texts counted in every cell that names them."""
    parser = expat.ParserCreate(namespace_separator=" ")
    place = {"row": 0, "column": 0, "text": 0}
    filled: set[int] = set()
    shared: list[str] | None = None

    def opened(name: str, attributes: dict[str, str]) -> None:
        nonlocal shared
        local = name.rpartition(" ")[2]
        if local == "row":
            place["row"] = int(attributes.get("r", place["row"] + 1))
            place["column"] = 0
        elif local == "c":
            letters = attributes.get("r", "").rstrip("0123456789").upper()
            place["column"] = column_number(letters) if letters else place["column"] + 1
            if letters:
                place["row"] = int(attributes["r"][len(letters) :])
            shared = [] if attributes.get("t") == "s" else None
        elif local in ("v", "t", "f"):
            filled.add(place["row"])
            if place["row"] > MAXIMUM_ROWS + _ROWS_ABOVE or len(filled) > MAXIMUM_ROWS:
                raise UnreadableDocument(f"A sheet has more than {MAXIMUM_ROWS:,} rows, or values far below its table.")
            if place["column"] > MAXIMUM_COLUMNS:
                raise UnreadableDocument(f"A sheet has values beyond column {MAXIMUM_COLUMNS}.")

    def said(words: str) -> None:
        if shared is None:
            place["text"] += len(words)
        else:
            shared.append(words)

    def closed(name: str) -> None:
        nonlocal shared
        if name.rpartition(" ")[2] == "c":
            place["text"] += _length_of("".join(shared or ()).strip(), lengths)
            shared = None

    parser.StartElementHandler, parser.CharacterDataHandler, parser.EndElementHandler = opened, said, closed
    _parse(parser, part)
    return place["text"]


def _length_of(number: str, lengths: list[int]) -> int:
    return lengths[int(number)] if number.isdecimal() and len(number) < 10 and int(number) < len(lengths) else 0


def _parse(parser: expat.XMLParserType, part: bytes) -> None:
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

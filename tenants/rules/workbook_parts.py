"""What the library that reads workbooks does not tell: hidden rows and columns, and formulas without a value."""

from __future__ import annotations

import io
import posixpath
import zipfile
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET
from xml.parsers import expat

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(slots=True)
class SheetFacts:
    """Of one sheet: hidden columns by their numbers from 1, hidden rows, and how many formulas hold no value."""

    hidden_columns: set[int] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    empty_formulas: int = 0


def facts(data: bytes) -> dict[str, SheetFacts]:
    """The facts of each sheet by its name. `data` is a whole workbook (archives.check)."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())
        return {name: _facts(archive.read(part)) for name, part in _parts(archive, names).items() if part in names}


def _parts(archive: zipfile.ZipFile, names: set[str]) -> dict[str, str]:
    """The part of the archive that each sheet is in."""
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return {}
    try:
        relations = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - expat limits entities
        book = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
    except ET.ParseError:
        return {}
    targets = {each.get("Id", ""): each.get("Target", "") for each in relations}
    return {
        each.get("name", ""): _path(targets.get(each.get(_RELATION, ""), ""))
        for each in book.iter()
        if each.tag.endswith("}sheet")
    }


def _path(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")


def _facts(part: bytes) -> SheetFacts:
    told = SheetFacts()
    cell = {"formula": False, "value": False, "row": 0}

    def opened(name: str, given: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "col" and given.get("hidden") in ("1", "true"):
            first, last = int(given.get("min", 0)), int(given.get("max", 0))
            told.hidden_columns.update(range(first, min(last, first + 500) + 1))
        elif local == "row":
            cell["row"] = int(given.get("r", cell["row"] + 1))
            if given.get("hidden") in ("1", "true"):
                told.hidden_rows.add(cell["row"])
        elif local == "c":
            cell["formula"] = cell["value"] = False
        elif local == "f":
            cell["formula"] = True
        elif local in ("v", "is"):
            cell["value"] = True

    def closed(name: str) -> None:
        if name.rpartition(":")[2] == "c" and cell["formula"] and not cell["value"]:
            told.empty_formulas += 1

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = opened, closed
    try:
        parser.Parse(part, True)
    except (expat.ExpatError, ValueError):
        return SheetFacts()
    return told


def letters(number: int) -> str:
    """The name of a column: 1 is A, 27 is AA; the opposite of archives.column_number."""
    name = ""
    while number:
        number, last = divmod(number - 1, 26)
        name = chr(ord("A") + last) + name
    return name

"""Tagged PDF: papers as lists of blocks, and papers with a template of their own."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import typst

from saas.papers.blocks import (
    Block,
    Cell,
    Facts,
    Heading,
    Link,
    Numbered,
    Paper,
    Picture,
    Prose,
    Table,
    sheets_of,
    text_of,
)
from saas.papers.texts import clean, mapped

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "papers"
FONTS = TEMPLATES / "fonts"
NAME = re.compile(r"[a-z]+(-[a-z]+)*")
DEMANDED = ("title", "council", "region")
MOST_REPAIRS = 20
WITHOUT_GLYPH = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)
ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
BEYOND_LATIN = re.compile("[^\x00-\u024f\u1e00-\u1eff\u2010-\u2027\u2030-\u203a\u20ac]")


def write_pdf(paper: Paper) -> bytes:
    """The paper as PDF 1.7, tagged for PDF/UA-1, the same bytes for the same paper."""
    return render_pdf(
        "blocks",
        {
            "title": paper.title,
            "council": paper.council or paper.region,
            "region": paper.region,
            "created": paper.created,
            "marking": paper.marking,
            "watermark": paper.watermark,
            "logos": [{"png": list(logo.png), "name": logo.name} for logo in paper.logos],
            "sheets": [
                {"landscape": landscape, "blocks": [_printed(block) for block in blocks]}
                for landscape, blocks in sheets_of(paper)
            ],
        },
    )


def render_pdf(template: str, data: Mapping[str, Any]) -> bytes:
    """The paper `templates/papers/<template>.typ` as PDF 1.7, tagged for PDF/UA-1, the same bytes for the same data.

    data: JSON values. Every paper takes `title`, `council` and `region` (texts), `created` (an aware datetime,
    the date in the file's properties) and may take `language` (`en` when not given, or `cy`); what else, the
    head of the template says. Texts are data and never markup: they stand as they were typed, but for control
    characters, which are dropped, and characters that no font has, which are written as [U+1F600]. Raises
    ValueError for an unknown template, a missing or a naive value, and typst.TypstError for other data missing.
    """
    path = TEMPLATES / f"{template}.typ"
    if not NAME.fullmatch(template) or not path.is_file():
        raise ValueError(f"there is no paper named {template!r}")
    missing = [name for name in DEMANDED if not data.get(name)]
    if missing:
        raise ValueError(f"the paper {template!r} needs {', '.join(missing)}")
    values = clean({"language": "en", **data, "created": _parts(data.get("created"))})
    for repairs in range(MOST_REPAIRS + 2):
        try:
            return _compile(path, values)
        except typst.TypstError as error:
            found = WITHOUT_GLYPH.search(str(error))
            if found is None or repairs > MOST_REPAIRS:
                raise
            # One by one while they are few; a text in another script is not worth a compilation each.
            few = re.escape(ESCAPED.sub(lambda code: chr(int(code[1], 16)), found[1]))
            values = _without_glyphs(values, re.compile(few) if repairs < MOST_REPAIRS else BEYOND_LATIN)
    raise AssertionError("the last attempt returns or raises")


def _compile(path: Path, values: dict[str, Any]) -> bytes:
    return bytes(
        typst.compile(
            str(path),
            root=str(TEMPLATES),
            font_paths=[str(FONTS)],
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(values)},
            pdf_standards="ua-1",
        )
    )


def _parts(created: object) -> dict[str, int]:
    """A moment as the template's `datetime` takes it, in UTC."""
    if not isinstance(created, datetime) or created.tzinfo is None:
        raise ValueError(f"created is {created!r}: expected a datetime with its zone")
    moment = created.astimezone(UTC)
    names = ("year", "month", "day", "hour", "minute", "second")
    return {name: getattr(moment, name) for name in names}


def _without_glyphs(value: Any, missing: re.Pattern[str]) -> Any:
    def written(found: re.Match[str]) -> str:
        return "".join(f"[U+{ord(character):04X}]" for character in found[0])

    return mapped(value, lambda text: missing.sub(written, text))


def _printed(block: Block) -> dict[str, Any]:
    """A block as the template reads it: prose in parts, cells with their marks."""
    match block:
        case Prose() | Numbered():
            small = isinstance(block, Prose) and block.small
            return {"kind": "prose", "parts": [asdict(part) for part in block.parts], "small": small}
        case Facts(pairs):
            return {
                "kind": "facts",
                "pairs": [[name, [asdict(part) for part in Prose(value).parts]] for name, value in pairs],
            }
        case Table():
            return {
                "kind": "table",
                "caption": block.caption,
                "headings": list(block.headings),
                "shares": list(block.shares),
                "numbers": list(block.numbers),
                "rows": [[_cell(cell) for cell in row.marked] for row in block.rows],
            }
        case Heading(level, text):
            return {"kind": "heading", "level": level, "text": text}
        case Picture(svg, _, words, share):
            return {"kind": "picture", "svg": svg, "words": words, "share": share}
    raise TypeError(f"{block!r} is no block of a sheet")


def _cell(cell: Cell) -> dict[str, Any]:
    is_number = isinstance(cell, int | Decimal)
    address = cell.address if isinstance(cell, Link) and cell.is_open else ""
    return {"text": text_of(cell), "number": is_number, "address": address}

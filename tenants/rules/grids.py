"""Lines and tables as every kind of document is turned into them, and the limits they keep."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

MAXIMUM_ROWS = 50_000
MAXIMUM_COLUMNS = 200
MAXIMUM_CELLS = 500_000  # of one document
MAXIMUM_TEXT = 5_000_000  # characters of one document

# Only tags that converters are known to leave in the text; anything else between angle brackets is somebody's
# words.
_INLINE_TAG = re.compile(r"</?(?:b|i|u|em|strong|span|font|sup|sub|a)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_BLOCK_TAG = re.compile(r"</?(?:p|br|div|ul|ol|li|h[1-6]|table|tbody|thead|tr|td|th)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_ENTITIES = {"&nbsp;": " ", "&amp;": "&", "&quot;": '"', "&#39;": "'"}
# Excel writes any control character as _x0001_; none is part of a word, and no database keeps the first.
_CONTROLS = sorted({*range(0x20), 0x7F} - set(map(ord, "\t\n\r\x0b\x0c")))
_INVISIBLE = dict.fromkeys([*map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"), *_CONTROLS])
_SPACES = dict.fromkeys(map(ord, "\u00a0\u2002\u2003\u2007\u2009\u202f\t\x0b\x0c"), " ") | {0x2011: "-"}


class UnreadableDocument(ValueError):
    """The file cannot be read; the message tells the person who sent it why."""


@dataclass(frozen=True, slots=True)
class Cell:
    """`above`: a merged cell going on from the row above, `left`: from the column before; without text."""

    text: str = ""
    is_date: bool = False
    above: bool = False
    left: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """`place` tells a person where it stands: "table 2, row 5"."""

    cells: tuple[Cell, ...]
    place: str

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(cell.text for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Line:
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    blocks: tuple[Line | Table, ...]
    warnings: tuple[str, ...] = field(default=())

    @property
    def tables(self) -> Iterator[Table]:
        return (block for block in self.blocks if isinstance(block, Table))

    def words(self) -> list[str]:
        """Every word of the document in reading order, with its punctuation."""
        texts: list[str] = []
        for block in self.blocks:
            if isinstance(block, Line):
                texts.append(block.text)
            else:
                texts.extend(text for row in block.rows for text in row.texts)
        return " ".join(texts).split()


def as_json(document: Document) -> dict[str, Any]:
    """The document as plain data, so that it can be read again without its file; see `from_json`.

    blocks: a line is its text; a table is {name, rows: [[place, cells]]}, where a cell is its text, or [text, marks]
    with a letter for each of date, above and left.
    """
    blocks: list[Any] = [
        block.text
        if isinstance(block, Line)
        else {"name": block.name, "rows": [[row.place, [*map(_cell_as_json, row.cells)]] for row in block.rows]}
        for block in document.blocks
    ]
    return {"blocks": blocks, "warnings": list(document.warnings)}


def from_json(kept: Mapping[str, Any]) -> Document:
    """The document that `as_json` kept."""
    blocks: list[Line | Table] = [
        Line(block)
        if isinstance(block, str)
        else Table(block["name"], tuple(Row(tuple(map(_kept_cell, cells)), place) for place, cells in block["rows"]))
        for block in kept["blocks"]
    ]
    return Document(tuple(blocks), tuple(kept["warnings"]))


def _cell_as_json(cell: Cell) -> str | list[str]:
    marks = "d" * cell.is_date + "a" * cell.above + "l" * cell.left
    return [cell.text, marks] if marks else cell.text


def _kept_cell(kept: str | list[str]) -> Cell:
    if isinstance(kept, str):
        return Cell(kept)
    text, marks = kept
    return Cell(text, is_date="d" in marks, above="a" in marks, left="l" in marks)


def tidy(text: str) -> str:
    """The text without literal HTML tags and invisible characters, with plain spaces; every word kept."""
    for entity, character in _ENTITIES.items():
        text = text.replace(entity, character)
    text = text.translate(_INVISIBLE).translate(_SPACES)
    text = _BLOCK_TAG.sub("\n", _INLINE_TAG.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
    return "\n".join(line for part in text.split("\n") if (line := part.strip()))

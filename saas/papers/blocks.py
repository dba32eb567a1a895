"""A paper as one list of blocks: page, Word, PDF and Excel are all written from it, word for word."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from saas.prose import Part, Run, parts_of
from saas.templating import day

MARKS = {"met": "●", "partly": "◐", "not": "○", "inapplicable": "–"}
"""The shape of a judgement as a character, before its word."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading under the title: level 1 or 2."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Prose:
    """One paragraph as it was written, light formatting and all. `key` names it for comments, "" where it has none.

    small: in smaller type, as a note at the foot.
    """

    text: str
    key: str = ""
    small: bool = False

    @property
    def parts(self) -> tuple[Part, ...]:
        """The words in paragraphs and entries of lists."""
        return parts_of(self.text)


@dataclass(frozen=True, slots=True)
class Numbered:
    """Texts numbered from 1 on, each kept as it was typed."""

    texts: tuple[str, ...]

    @property
    def parts(self) -> tuple[Part, ...]:
        """Each text as one entry of a list."""
        return tuple(
            Part(tuple(_lines(text)), f"{number}.", 1) for number, text in enumerate(self.texts, 1) if text.strip()
        )


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and values. `key` names the paragraph that ends here."""

    pairs: tuple[tuple[str, str], ...]
    key: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead to a web address. Only http and https are links on paper; another address is left out."""

    words: str
    address: str

    @property
    def is_open(self) -> bool:
        """Whether the address may be followed."""
        return self.address.startswith(("https://", "http://"))


Cell = str | int | Decimal | date | Link | None
"""A number stands at the right, and is a number in a sheet; a day is written 4 May 2017, and is a date in a sheet."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table. `shape` is the shape of the judgement in the second cell (see MARKS), "" for none."""

    cells: tuple[Cell, ...]
    key: str = ""
    shape: str = ""

    @property
    def texts(self) -> tuple[str, ...]:
        """The cells as texts."""
        return tuple(text_of(cell) for cell in self.cells)

    @property
    def marked(self) -> tuple[Cell, ...]:
        """The cells with the judgement's mark before its word."""
        if not self.shape:
            return self.cells
        return (self.cells[0], f"{MARKS[self.shape]} {text_of(self.cells[1])}", *self.cells[2:])


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings; the first cell of a row is its heading. `caption` is read aloud, and names the sheet.

    widths: the share of each column, of any sum; () for the usual ones. choices: (heading, texts), from which a sheet
    lets its cells be chosen; another kind of file says nothing of them.
    """

    caption: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    widths: tuple[float, ...] = ()
    choices: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def shares(self) -> tuple[float, ...]:
        """The width of each column as a part of 1."""
        widths = self.widths or SHARES.get(len(self.headings), (1,) * len(self.headings))
        return tuple(width / sum(widths) for width in widths)

    @property
    def numbers(self) -> tuple[bool, ...]:
        """Which columns hold numbers and nothing else: they stand at the right, their headings too."""
        return tuple(
            bool(self.rows) and all(isinstance(row.cells[at], int | Decimal) for row in self.rows)
            for at in range(len(self.headings))
        )


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart or another drawing: `svg` for the PDF, `png` (300 dots an inch) for Word.

    words: what it says, for who cannot see it. share: how much of the text's width it takes, at most 1. `key` names
    it in the address a page has it from.
    """

    svg: str
    png: bytes
    words: str
    share: float = 1.0
    key: str = ""


@dataclass(frozen=True, slots=True)
class NewPage:
    """What follows begins on a new page, standing or lying."""

    landscape: bool = False


Block = Heading | Prose | Numbered | Facts | Table | Picture | NewPage
SHARES: dict[int, tuple[float, ...]] = {2: (0.68, 0.32), 3: (0.42, 0.2, 0.38), 4: (0.24, 0.17, 0.25, 0.34)}
"""How the columns of a table share the width of the text where it does not say so."""


@dataclass(frozen=True, slots=True)
class Logo:
    """A PNG at the head of the first page; `name` is whose it is."""

    png: bytes
    name: str


@dataclass(frozen=True, slots=True)
class Paper:
    """What is written, whatever the kind of file.

    council, region: the names at the head of every page; a region's own paper has no council (""). created: aware, the
    date in the file's properties. marking: words at the head of every page ("Draft", "Public version"). watermark: one
    word across every page. landscape: whether its first pages lie.
    """

    title: str
    council: str
    region: str
    created: datetime
    blocks: tuple[Block, ...]
    marking: str = ""
    watermark: str = ""
    landscape: bool = False
    logos: tuple[Logo, ...] = ()


def text_of(cell: Cell) -> str:
    """A cell in words: 4 May 2017, 1,250, "" for None."""
    match cell:
        case None:
            return ""
        case Link(words):
            return words
        case date():
            return day(cell)
        case Decimal():
            return f"{cell:,f}"
        case int():
            return f"{cell:,}"
        case _:
            return cell


def sheets_of(paper: Paper) -> Iterator[tuple[bool, list[Block]]]:
    """The blocks between one NewPage and the next, each with whether its pages lie."""
    landscape, found = paper.landscape, list[Block]()
    for block in paper.blocks:
        if isinstance(block, NewPage):
            if found:
                yield landscape, found
            landscape, found = block.landscape, []
        else:
            found.append(block)
    yield landscape, found


def _lines(text: str) -> Iterator[Run]:
    for number, line in enumerate(text.strip().replace("\r\n", "\n").split("\n")):
        if number:
            yield Run("\n")
        yield Run(line)

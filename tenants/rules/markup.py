"""Pages of the web and pasted pieces of them as lines and tables."""

import re
from collections.abc import Iterator
from typing import Any

from lxml import html

from tenants.rules.grids import (
    MAXIMUM_COLUMNS,
    MAXIMUM_ROWS,
    Cell,
    Document,
    Line,
    Row,
    Table,
    UnreadableDocument,
    tidy,
)

_UNSEEN = {"script", "style", "head", "title", "template", "noscript"}
_BLOCKS = {
    *("p", "div", "br", "li", "ul", "ol", "tr", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article"),
    *("header", "footer", "caption", "dt", "dd", "dl", "table", "tbody", "thead", "blockquote", "pre", "hr"),
}


def read(text: str) -> Document:
    """The page's lines and tables in reading order; scripts and styles are left out."""
    try:
        page = html.document_fromstring(_without_declaration(text))
        blocks = tuple(_gathered(page))
    except UnreadableDocument:
        raise
    except (ValueError, html.etree.LxmlError, RecursionError) as broken:
        raise UnreadableDocument("The page is damaged: its tables could not be found.") from broken
    return Document(blocks)


def _without_declaration(text: str) -> str:
    """The text itself is already characters; what it says of its encoding would only confuse the parser."""
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", text)


def _gathered(page: Any) -> list[Line | Table]:
    blocks: list[Line | Table] = []
    pieces: list[str] = []
    rows = 0

    def flush() -> None:
        blocks.extend(Line(line) for line in tidy("".join(pieces)).split("\n") if line)
        pieces.clear()

    stack: list[Any] = [page]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            pieces.append(item)
        elif item.tag == "table" and not _is_frame(item):
            flush()
            table = _table(item, f"table {sum(isinstance(block, Table) for block in blocks) + 1}")
            rows += len(table.rows)
            if rows > MAXIMUM_ROWS:
                raise UnreadableDocument(f"The page has more than {MAXIMUM_ROWS:,} table rows.")
            blocks.append(table)
        else:
            stack.extend(reversed(list(_inside(item))))
    flush()
    return blocks


def _inside(element: Any) -> Iterator[Any]:
    """The texts and elements of an element in order, with a line's end around those that begin a line."""
    if not isinstance(element.tag, str) or element.tag in _UNSEEN:
        return
    around = "\n" if element.tag in _BLOCKS else ""
    yield around + _spaced(element.text)
    for child in element:
        yield child
        yield _spaced(child.tail)
    yield around


def _spaced(text: str | None) -> str:
    """Outside the lines it makes itself, HTML shows every run of white space as one space."""
    return " ".join(f"|{text or ''}|".split())[1:-1]


def _is_frame(table: Any) -> bool:
    """Whether a table only frames others: its cells hold tables, and no words beside them."""
    return table.find(".//table") is not None and all(
        cell.find(".//table") is not None or not cell.text_content().strip()
        for row in _own_rows(table)
        for cell in row.iterchildren("td", "th")
    )


def _own_rows(table: Any) -> Iterator[Any]:
    for child in table.iterchildren("tr", "thead", "tbody", "tfoot"):
        if child.tag == "tr":
            yield child
        else:
            yield from child.iterchildren("tr")


def _table(table: Any, name: str) -> Table:
    rows: list[Row] = []
    reaching: dict[int, int] = {}  # column: how many more rows a cell from above covers it
    for number, row in enumerate(_own_rows(table), 1):
        cells: list[Cell] = []
        for given in row.iterchildren("td", "th"):
            _covered_from_above(cells, reaching)
            cells.append(Cell(_text(given)))
            wide, tall = _span(given, "colspan"), _span(given, "rowspan")
            cells.extend([Cell(left=True)] * min(wide - 1, MAXIMUM_COLUMNS))
            if tall > 1:
                reaching.update(dict.fromkeys(range(len(cells) - wide, len(cells)), tall - 1))
            if len(cells) > MAXIMUM_COLUMNS:
                raise UnreadableDocument(f"{name.capitalize()} has more than {MAXIMUM_COLUMNS} columns.")
        _covered_from_above(cells, reaching)
        rows.append(Row(tuple(cells), f"{name}, row {number}"))
    return Table(name, tuple(row for row in rows if row.cells))


def _covered_from_above(cells: list[Cell], reaching: dict[int, int]) -> None:
    while reaching.get(len(cells), 0) > 0:
        reaching[len(cells)] -= 1
        cells.append(Cell(above=True))


def _span(cell: Any, name: str) -> int:
    value = (cell.get(name) or "1").strip()
    return max(1, min(int(value), MAXIMUM_COLUMNS)) if value.isascii() and value.isdigit() else 1


def _text(cell: Any) -> str:
    pieces: list[str] = []
    stack: list[Any] = [cell]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            pieces.append(item)
        else:
            stack.extend(reversed(list(_inside(item))))
    return tidy("".join(pieces))

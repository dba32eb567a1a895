"""PDFs as lines and tables: those whose cells are ruled, as committee systems make them from Word."""

import io
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import pdfplumber

from tenants.rules import headings, pdf_limits
from tenants.rules.grids import MAXIMUM_COLUMNS, Cell, Document, Line, Row, Table, UnreadableDocument, tidy

MAXIMUM_PAGES = 200
_FEWEST_LINES = 3  # between the rows of a table
_BETWEEN_WORDS = 6  # points; words further apart stand in two cells
_ITEM = re.compile(r"[•●▪◦‣∙·*–-]\s|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]\s")
NOT_TOLD_APART = "This PDF’s tables could not be told apart; use the Word or Excel file."

Box = tuple[float, float, float, float]


def read(data: bytes) -> Document:
    """Every page's lines and tables, from top to bottom. Lines that a narrow cell broke are joined again."""
    pdf_limits.check_streams(data)
    try:
        with pdfplumber.open(io.BytesIO(data)) as opened:
            if len(opened.pages) > MAXIMUM_PAGES:
                raise UnreadableDocument(f"The PDF has {len(opened.pages)} pages; at most {MAXIMUM_PAGES} are read.")
            if _is_a_paper_of_ours(opened.metadata):
                raise UnreadableDocument(NOT_TOLD_APART)
            blocks: list[Line | Table] = []
            for page in opened.pages:
                blocks.extend(_blocks(page, sum(isinstance(block, Table) for block in blocks)))
                page.close()
    except (UnreadableDocument, MemoryError):
        raise
    except Exception as broken:  # the library lets whatever it meets in a damaged file through
        raise UnreadableDocument("The PDF is damaged or protected by a password.") from broken
    if not blocks:
        raise UnreadableDocument(
            "The PDF holds no text, only pictures of pages. Send the document that it was made from."
        )
    return Document(tuple(blocks))


def _is_a_paper_of_ours(metadata: Mapping[str, Any]) -> bool:
    """Whether it is one of our own papers: they have no lines between columns, and rows that run over pages."""
    made_with = str(metadata.get("Creator", ""))
    return made_with.startswith("Typst") and bool(metadata.get("Author")) and bool(metadata.get("Title"))


def _blocks(page: Any, tables_before: int) -> list[Line | Table]:
    pdf_limits.check_page(page)
    if len(page.chars) > pdf_limits.MAXIMUM_CHARACTERS or len(page.edges) > pdf_limits.MAXIMUM_STROKES:
        raise pdf_limits.too_full(page.page_number)
    found = [table for table in page.find_tables() if len(table.rows) > 1 and len(table.columns) > 1]
    if not found and (between := _columns_by_headings(page)):
        ruled = {"vertical_strategy": "explicit", "explicit_vertical_lines": between, "horizontal_strategy": "lines"}
        found = [table for table in page.find_tables(ruled) if len(table.rows) > 1]
        if any(_cuts_words(page, table.bbox, between) for table in found):
            raise UnreadableDocument(NOT_TOLD_APART)
    boxes: list[Box] = [table.bbox for table in found]
    outside = page.filter(lambda piece: not any(_is_in(piece, box) for box in boxes))
    placed: list[tuple[float, Line | Table]] = [
        (line["top"], Line(text)) for line in outside.extract_text_lines() if (text := tidy(line["text"]))
    ]
    for number, table in enumerate(sorted(found, key=lambda each: each.bbox[1]), tables_before + 1):
        placed.append((table.bbox[1], _table(table, number, page.page_number)))
    return [block for _, block in sorted(placed, key=lambda pair: pair[0])]


def _columns_by_headings(page: Any) -> list[float]:
    """Where the columns of a table that has lines between its rows alone begin, by its headings; else empty."""
    if len({round(edge["top"]) for edge in page.edges if edge["orientation"] == "h"}) < _FEWEST_LINES:
        return []
    words = page.extract_words(x_tolerance_ratio=0.15)
    for top in sorted({word["top"] for word in words}):
        cells: list[list[dict[str, Any]]] = []
        for word in (word for word in words if abs(word["top"] - top) < 1):
            if cells and word["x0"] - cells[-1][-1]["x1"] < _BETWEEN_WORDS:
                cells[-1].append(word)
            else:
                cells.append([word])
        if headings.meanings([" ".join(word["text"] for word in cell) for cell in cells]):
            left, right = min(word["x0"] for word in words), max(word["x1"] for word in words)
            begins = sorted({left - 2, *(cell[0]["x0"] - 2 for cell in cells), right + 2})
            return [begins[0], *(place for before, place in pairwise(begins) if place - before > _BETWEEN_WORDS)]
    return []


def _cuts_words(page: Any, box: Box, between: Sequence[float]) -> bool:
    """Whether a column would begin in the middle of a word: then its headings say nothing of the rows below them."""
    return any(
        word["x0"] + 1 < place < word["x1"] - 1
        for word in page.extract_words(x_tolerance_ratio=0.15)
        if _is_in(word, box)
        for place in between
    )


def _is_in(piece: dict[str, Any], box: Box) -> bool:
    across, down = (piece["x0"] + piece["x1"]) / 2, (piece["top"] + piece["bottom"]) / 2
    return box[0] <= across <= box[2] and box[1] <= down <= box[3]


def _table(table: Any, number: int, page: int) -> Table:
    name = f"table {number}"
    places: list[Sequence[Box | None]] = [row.cells for row in table.rows]
    if max(map(len, places)) > MAXIMUM_COLUMNS:
        raise UnreadableDocument(f"{name.capitalize()} has more than {MAXIMUM_COLUMNS} columns.")
    begins = [min((row[at][0] for row in places if row[at]), default=0.0) for at in range(len(places[0]))]  # type: ignore[index]
    rows = []
    for at, (texts, boxes) in enumerate(zip(table.extract(), places, strict=True), 1):
        reach = 0.0  # how far to the right the last cell of this row goes
        cells = []
        for text, box, begin in zip(texts, boxes, begins, strict=True):
            if box is None:
                cells.append(Cell(left=True) if reach > begin + 1 else Cell(above=True))
            else:
                reach = box[2]
                cells.append(Cell(tidy(_unbroken(text or ""))))
        rows.append(Row(tuple(cells), f"page {page}, {name}, row {at}"))
    return Table(name, tuple(rows))


def _unbroken(text: str) -> str:
    """The text of a cell in one line, but for its list items; a word divided at a hyphen keeps the hyphen."""
    whole = ""
    for line in text.split("\n"):
        joint = "\n" if _ITEM.match(line) else "" if re.search(r"\w[-/]$", whole) else " "
        whole += joint + line if whole else line
    return whole

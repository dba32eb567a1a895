"""Word documents as lines and tables: merged cells, tracked changes, footnotes and text boxes included."""

import io
from collections.abc import Iterator
from typing import Any

import docx
from docx.oxml import parse_xml

from tenants.rules.grids import (
    MAXIMUM_CELLS,
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

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BREAKS = {_W + "br": "\n", _W + "cr": "\n", _W + "tab": " ", _W + "noBreakHyphen": "-"}
# Parts that stand beside the body, in the order in which they are given as lines after it.
_BESIDE = ("header", "footnotes", "endnotes", "comments", "footer")


def read(data: bytes) -> Document:
    """The document in reading order, then headers, footnotes, endnotes, comments and footers as lines.

    Text that tracked changes delete is left out of its place and given as a line of its own, with a warning.
    """
    try:
        return _read(docx.Document(io.BytesIO(data)))
    except (UnreadableDocument, MemoryError):
        raise
    except Exception as broken:  # python-docx lets whatever it meets in a damaged package through
        raise UnreadableDocument("The Word document is damaged, or is a template. Save it as .docx.") from broken


def _read(opened: Any) -> Document:
    body = opened.element.body
    if sum(1 for _ in body.iter(_W + "tr")) > MAXIMUM_ROWS:
        raise UnreadableDocument(f"The document has more than {MAXIMUM_ROWS:,} table rows.")
    blocks: list[Line | Table] = []
    deleted: list[str] = []
    cells = 0
    for element in _blocks(body):
        if element.tag == _W + "tbl":
            number = sum(isinstance(block, Table) for block in blocks) + 1
            table = _table(element, f"table {number}", deleted, MAXIMUM_CELLS - cells)
            cells += sum(len(row.cells) for row in table.rows)
            blocks.append(table)
        else:
            blocks.extend(_lines(element, deleted))
    ranked = [
        (rank, str(part.partname), part)
        for part in opened.part.package.iter_parts()
        if (rank := _beside_rank(str(part.partname))) is not None
    ]
    for _, _, part in sorted(ranked, key=lambda ranked_part: ranked_part[:2]):
        blocks.extend(_lines(_root(part), deleted))
    if not deleted:
        return Document(tuple(blocks))
    blocks.append(Line("Deleted in tracked changes: " + " / ".join(map(tidy, deleted))))
    return Document(tuple(blocks), ("The document has tracked changes; it was read as if all were accepted.",))


def _beside_rank(name: str) -> int | None:
    file = name.rpartition("/")[2]
    return next((rank for rank, word in enumerate(_BESIDE) if file.startswith(word) and file.endswith(".xml")), None)


def _root(part: Any) -> Any:
    element = getattr(part, "element", None)
    return parse_xml(part.blob) if element is None else element


def _blocks(element: Any) -> Iterator[Any]:
    """Paragraphs and tables, also those inside content controls, tracked insertions and tables that only frame them."""
    for child in element.iterchildren(tag="*"):
        if child.tag == _W + "tbl" and _is_frame(child):
            for row in _inner(child, "tr"):
                for cell in _inner(row, "tc"):
                    yield from _blocks(cell)
        elif child.tag in (_W + "p", _W + "tbl"):
            yield child
        elif child.tag != _W + "sectPr":
            yield from _blocks(child)


def _is_frame(table: Any) -> bool:
    """Whether a table of one column holds other tables, as layouts do."""
    rows = [list(_inner(row, "tc")) for row in _inner(table, "tr")]
    return all(len(cells) == 1 for cells in rows) and any(
        next(cell.iter(_W + "tbl"), None) is not None for cells in rows for cell in cells
    )


def _lines(element: Any, deleted: list[str]) -> list[Line | Table]:
    return [Line(line) for line in tidy(_text(element, deleted)).split("\n") if line]


def _text(element: Any, deleted: list[str]) -> str:
    """The words below an element, a line for each paragraph, without field codes and second copies."""
    pieces: list[str] = []
    for child in element.iterchildren(tag="*"):
        if child.tag in _BREAKS:
            pieces.append(_BREAKS[child.tag])
        elif child.tag == _W + "delText":
            deleted.append(child.text or "")
        elif child.tag == _W + "moveFrom":
            deleted.append(_text(child, deleted))
        elif child.tag in (_FALLBACK, _W + "instrText", _W + "pPr", _W + "rPr", _W + "tblPr"):
            continue
        elif child.tag.endswith("}t"):
            pieces.append(child.text or "")
        elif child.tag == _W + "p":
            pieces.append("\n" + _text(child, deleted) + "\n")
        else:
            pieces.append(_text(child, deleted))
    return "".join(pieces)


def _table(element: Any, name: str, deleted: list[str], left: int) -> Table:
    """left: how many cells the document may have from here on, those that merged ones cover included."""
    rows = []
    for number, row in enumerate(_inner(element, "tr"), 1):
        cells: list[Cell] = [Cell()] * min(_before(row), MAXIMUM_COLUMNS // 2)
        for cell in _inner(row, "tc"):
            above = cell.find(f"{_W}tcPr/{_W}vMerge")
            continues = above is not None and above.get(_W + "val", "continue") == "continue"
            text = tidy(_text(cell, deleted))
            cells.append(Cell(text, above=continues and not text))
            cells.extend([Cell(left=True, above=continues)] * _covered(cell, len(cells)))
        if sum(not cell.left for cell in cells) > MAXIMUM_COLUMNS:
            raise UnreadableDocument(f"{name.capitalize()} has more than {MAXIMUM_COLUMNS} columns.")
        left -= len(cells)
        if left < 0:
            raise UnreadableDocument(f"The document has more than {MAXIMUM_CELLS:,} table cells.")
        rows.append(Row(tuple(cells), f"{name}, row {number}"))
    return Table(name, tuple(rows))


def _inner(element: Any, tag: str) -> Iterator[Any]:
    """The rows of a table or cells of a row, looking through content controls but not into tables within."""
    for child in element.iterchildren(tag="*"):
        if child.tag == _W + tag:
            yield child
        elif child.tag in (_W + "sdt", _W + "sdtContent", _W + "ins", _W + "customXml"):
            yield from _inner(child, tag)


def _before(row: Any) -> int:
    mark = row.find(f"{_W}trPr/{_W}gridBefore")
    return 0 if mark is None else _span(mark)


def _covered(cell: Any, width: int) -> int:
    """How many columns a merged cell covers beyond its own, within the widest row that is read."""
    return max(0, min(_span(cell.find(f"{_W}tcPr/{_W}gridSpan")) - 1, MAXIMUM_COLUMNS - width))


def _span(mark: Any) -> int:
    value = "1" if mark is None else mark.get(_W + "val", "1")
    return min(int(value), MAXIMUM_COLUMNS) if value.isdigit() else 1

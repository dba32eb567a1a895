"""Actions that stand as labelled lines, one below the other, where a document has no table of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tenants.rules import headings
from tenants.rules.grids import Cell, Document, Line, Row, Table

_NUMBERED = re.compile(
    r"(?P<noun>commitment|action|objective|recommendation|priority|measure|improvement|task)\s+"
    r"(?:no\.?\s*)?(?P<number>\d{1,3}[a-z]?)\s*(?:[-–—:.]\s*(?P<title>.+))?",
    re.IGNORECASE,
)
_LABELLED = re.compile(r"(?P<label>[^:\n]{2,40}?)\s*(?::\s*(?P<text>.*)|$)")
_FEWEST = 2


@dataclass(slots=True)
class _Block:
    """One action: its number and the texts under each label, in the order in which the labels came."""

    number: str
    noun: str
    place: int
    title: list[str] = field(default_factory=list)
    texts: dict[str, list[str]] = field(default_factory=dict)


def with_tables(document: Document) -> Document | None:
    """The document with its stacked actions as one table; None where there are no two of the same labels.

    A block begins with a numbered line ("Commitment 3") and its title, and goes on in labels: a known heading alone in
    its line or before a colon ("Lead: …", "When this will happen"). Lines before the first block stay lines. Where
    there is no such block, each line that begins with "Action:" is an action of its own.
    """
    lines = [block.text for block in document.blocks if isinstance(block, Line)]
    before, blocks = _blocks(lines)
    labels = list(dict.fromkeys(label for block in blocks for label in block.texts))
    if len(blocks) < _FEWEST or not labels or not _are_actions(labels):
        return _minutes(document)
    found = headings.meanings(("No.", blocks[0].noun, *labels)) or ()
    noun = blocks[0].noun if "action" in found[1:2] else "Action"
    rows = [Row((Cell("No."), Cell(noun), *map(Cell, labels)), "line 1")]
    for block in blocks:
        texts = (*(block.texts.get(label, []) for label in labels),)
        cells = (Cell(block.number), Cell("\n".join(block.title)), *(Cell("\n".join(text)) for text in texts))
        rows.append(Row(cells, f"line {block.place}"))
    tables = [block for block in document.blocks if isinstance(block, Table)]
    warning = "No table of actions was found; labelled lines were read as one."
    return Document((*map(Line, before), Table("lines", tuple(rows)), *tables), (*document.warnings, warning))


def _are_actions(labels: list[str]) -> bool:
    return headings.meanings(("No.", "Action", *labels)) is not None


def _blocks(lines: list[str]) -> tuple[list[str], list[_Block]]:
    before: list[str] = []
    blocks: list[_Block] = []
    label = ""
    for place, line in enumerate(lines, 1):
        numbered = _NUMBERED.fullmatch(line)
        if numbered and (not blocks or numbered["noun"].lower() == blocks[0].noun.lower()):
            blocks.append(_Block(numbered["number"], numbered["noun"].capitalize(), place))
            blocks[-1].title.extend(filter(None, [numbered["title"]]))
            label = ""
        elif not blocks:
            before.append(line)
        elif found := _label(line):
            label, text = found
            blocks[-1].texts.setdefault(label, []).extend(filter(None, [text]))
        elif label:
            blocks[-1].texts[label].append(line)
        else:
            blocks[-1].title.append(line)
    return before, blocks


def _label(line: str) -> tuple[str, str] | None:
    """The label that a line is or begins with, and what follows it."""
    found = _LABELLED.fullmatch(line)
    if found is None:
        return None
    label = found["label"].strip()
    return (label, found["text"] or "") if headings.is_known(label) else None


def _minutes(document: Document) -> Document | None:
    """Minutes whose lines begin with "Action:", as a table of these lines."""
    rows: list[Row] = []
    blocks: list[Line | Table] = []
    for place, block in enumerate(document.blocks, 1):
        found = _label(block.text) if isinstance(block, Line) else None
        if found and found[1] and headings.plain(found[0]) in ("action", "actions", "action point"):
            rows.append(Row((Cell(found[1]), Cell("")), f"line {place}"))
        else:
            blocks.append(block)
    if not rows:
        return None
    table = Table("lines", (Row((Cell("Action"), Cell("By whom")), "line 1"), *rows))
    warning = "No table of actions was found; lines that begin with “Action:” were read as actions."
    return Document((*blocks, table), (*document.warnings, warning))

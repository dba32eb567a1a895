"""Finding actions in a document's tables: headings, sections, rows over two pages, merged cells."""

import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field

from tenants.rules import headings, timescales
from tenants.rules.grids import Document, Line, Row, Table

_FIGURE = re.compile(r"[£$€]?\s?-?\d[\d,.]*\s?%?|-|–")
_REF = re.compile(r"[(\[]?(?:[A-Za-z]{1,4}[-/.]?)?\d{1,4}(?:[.)/-]\d{0,3})*[a-z]?[.):\]]*")
_REMARK = re.compile(r"[ \n]{0,3}\[(?P<inside>[^\[\]]*)(?:\](?P<stop>\s*\.)?|\Z)")
_REMARK_WORDS = 6


@dataclass(slots=True)
class Draft:
    """An action while its row is still being put together; `texts` by meaning, `extra` as (heading, text)."""

    texts: dict[str, str]
    extra: list[tuple[str, str]]
    section: str
    place: str
    timescale_is_date: bool = False


@dataclass(slots=True)
class Gathered:
    drafts: list[Draft] = field(default_factory=list)
    columns: list[tuple[str, str]] = field(default_factory=list)
    leftovers: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Columns:
    """The headings in force and what each column means; columns under one merged heading mean the same."""

    headings: tuple[str, ...]
    meanings: list[str]
    has_refs: bool = False
    section: str = ""
    above: dict[int, str] = field(default_factory=dict)

    def meaning(self, at: int) -> str:
        return self.meanings[at] if at < len(self.meanings) else ""

    def text(self, row: Row, meaning: str) -> str:
        return next((cell.text for at, cell in enumerate(row.cells) if self.meaning(at) == meaning and cell.text), "")

    def same_as(self, other: "_Columns | None") -> bool:
        return other is not None and [*map(headings.plain, self.headings)] == [*map(headings.plain, other.headings)]


def gather(document: Document) -> Gathered:
    """The actions of all tables of actions as drafts, and all other words as leftovers, in reading order."""
    gathered = Gathered()
    before: _Columns | None = None
    for block in document.blocks:
        if isinstance(block, Line):
            gathered.leftovers.append(block.text)
        elif any(any(row.texts) for row in block.rows):
            before = _gather_table(block, before, gathered)
    return gathered


def split_remark(reason: str) -> tuple[str, str]:
    """The reason without its passages in square brackets, and these passages without the brackets.

    Assessors explain themselves in such passages; a short one ("[2.7]") is a reference and stays. A bracket
    that is never closed runs to the end.
    """
    remarks: list[str] = []

    def taken(match: re.Match[str]) -> str:
        if len(match["inside"].split()) < _REMARK_WORDS:
            return match.group()
        inside = match["inside"].strip()
        remarks.append(inside + ("." if match["stop"] and not inside.endswith(".") else ""))
        return ""

    rest = _REMARK.sub(taken, reason)
    return rest.strip(), "\n".join(remarks)


def plain_ref(text: str) -> str:
    """A reference as bare as it can be compared: "1." and "(1)" are "1"; words stay as they are."""
    return text.strip("()[].: ") if _REF.fullmatch(text) else text


def _gather_table(table: Table, before: _Columns | None, gathered: Gathered) -> _Columns | None:
    """Adds one table. The answer is the columns that a table without headings may go on with."""
    columns: _Columns | None = None
    if before is not None and _goes_on(table, before):
        columns = before
        gathered.warnings.append(f"{table.name} has no headings; it was read with those of the table before it.")
    known = columns is not None
    for at, row in enumerate(table.rows):
        headed = _columns_of(row, table.rows[at + 1 :])
        if headed is None and columns is not None:
            _add_row(row, columns, gathered)
        elif headed is None:
            gathered.leftovers.extend(filter(None, [_line(row)]))
        elif _is_statistics(headed, table.rows[at + 1 :]):
            gathered.warnings.append(f"{table.name} holds figures and not actions; its words are kept apart.")
            gathered.leftovers.extend(filter(None, map(_line, table.rows[at:])))
            return columns
        else:
            known = True
            current = columns or before
            if current is not None and headed.same_as(current):
                current.above.clear()
                current.has_refs = current.has_refs or headed.has_refs
                columns = current
                continue
            columns = headed
            gathered.columns.extend(
                pair
                for pair in zip(headed.headings, headed.meanings, strict=True)
                if any(pair) and pair not in gathered.columns
            )
            if headed.meanings[_position(headed.headings, "action")] == "responsibility":
                gathered.warnings.append(
                    f"{row.place}: the column “Action” names people; “Item” was read as the action."
                )
    if not known:
        gathered.warnings.append(f"{table.name} has no headings of an action plan; its words are kept apart.")
    return columns


def _goes_on(table: Table, before: _Columns) -> bool:
    """Whether a table without headings of its own goes on where the one before it ended."""
    first = next(row for row in table.rows if any(row.texts))
    if len(first.cells) != len(before.headings) or any(_columns_of(row, ()) for row in table.rows[:3]):
        return False
    ref = before.text(first, "ref")
    if ref or before.has_refs:
        return bool(_REF.fullmatch(ref)) or (not ref and not before.text(first, "action"))
    return timescales.read(before.text(first, "timescale")).kind != "none"


def _columns_of(row: Row, following: Sequence[Row]) -> _Columns | None:
    found = headings.meanings(row.texts) if row.cells else None
    if found is None:
        return None
    columns = _Columns(row.texts, list(found))
    for at, cell in enumerate(row.cells):
        if cell.left and at:
            columns.meanings[at] = columns.meanings[at - 1]
    _give_action_to_item(columns, following)
    columns.has_refs = any(_REF.fullmatch(columns.text(rest, "ref")) for rest in following)
    return columns


def _position(names: Sequence[str], name: str) -> int:
    """Where a heading stands; the first column where it is not among them."""
    return next((at for at, heading in enumerate(names) if headings.plain(heading) == name), 0)


def _give_action_to_item(columns: _Columns, following: Sequence[Row]) -> None:
    """Some councils head the people "Action" and the action "Item": the one is then far shorter."""
    item, action = _position(columns.headings, "item"), _position(columns.headings, "action")
    if "responsibility" in columns.meanings or columns.meanings[item] or columns.meanings[action] != "action":
        return
    lengths = [
        [len(row.cells[at].text.split()) for row in following if at < len(row.cells) and row.cells[at].text]
        for at in (item, action)
    ]
    if all(lengths) and statistics.median(lengths[0]) >= 2 * statistics.median(lengths[1]) <= 10:
        columns.meanings[item], columns.meanings[action] = "action", "responsibility"


def _is_statistics(columns: _Columns, following: Sequence[Row]) -> bool:
    """Whether a table without dates holds next to nothing but figures beside its first words."""
    if "timescale" in columns.meanings:
        return False
    telling = [
        at
        for at, meaning in enumerate(columns.meanings)
        if meaning not in ("ref", "action") and not re.search(r"progress|%", columns.headings[at], re.IGNORECASE)
    ]
    texts = [row.cells[at].text for row in following for at in telling if at < len(row.cells) and row.cells[at].text]
    return bool(texts) and sum(bool(_FIGURE.fullmatch(text)) for text in texts) >= 0.8 * len(texts)


def _line(row: Row) -> str:
    return " | ".join(filter(None, row.texts))


def _add_row(row: Row, columns: _Columns, gathered: Gathered) -> None:
    filled = [(at, cell.text) for at, cell in enumerate(row.cells) if cell.text]
    if not filled:
        return
    ref, action = columns.text(row, "ref"), columns.text(row, "action")
    action_goes_on = any(cell.above for at, cell in enumerate(row.cells) if columns.meaning(at) == "action")
    last = gathered.drafts[-1] if gathered.drafts else None
    if len(filled) == 1 and _is_section(row, filled[0][0], columns):
        columns.section = filled[0][1]
        gathered.leftovers.append(columns.section)
        if columns.meaning(filled[0][0]) == "action" and not _is_merged(row, filled[0][0]):
            gathered.warnings.append(f"{row.place}: “{columns.section}” was read as the title of a section.")
    elif len(filled) == 1 and ref:
        gathered.leftovers.append(ref)
    elif (
        last is not None and not ref and (not action or action[0].islower() or (columns.has_refs and len(filled) == 1))
    ):
        _join(last, row, columns, "\n" if action_goes_on else "")
    elif not ref and not action:
        gathered.leftovers.append(_line(row))
        gathered.warnings.append(f"{row.place}: there is no action before these words to join them to.")
    else:
        gathered.drafts.append(_draft(row, columns))


def _is_merged(row: Row, at: int) -> bool:
    return at + 1 < len(row.cells) and row.cells[at + 1].left


def _is_section(row: Row, at: int, columns: _Columns) -> bool:
    """Whether a row's only words are a title: merged over columns, or few where an action would begin."""
    text, meaning = row.cells[at].text, columns.meaning(at)
    if _is_merged(row, at):
        return True
    if meaning == "ref" or (at == 0 and meaning != "action"):
        return not _REF.fullmatch(text)
    return meaning == "action" and len(text.split()) <= 6 and not text[0].islower() and text[-1] not in ".;,"


def _draft(row: Row, columns: _Columns) -> Draft:
    draft = Draft({}, [], columns.section, row.place)
    for at, cell in enumerate(row.cells):
        text = columns.above.get(at, "") if cell.above else cell.text
        columns.above[at] = text
        _put(draft, columns, at, text, "\n")
        if columns.meaning(at) == "timescale" and cell.is_date:
            draft.timescale_is_date = True
    return draft


def _join(draft: Draft, row: Row, columns: _Columns, separator: str) -> None:
    """Adds a row after a page break, or of cells stacked beside a merged one, to the action above."""
    for at, cell in enumerate(row.cells):
        if cell.text:
            _put(draft, columns, at, cell.text, separator)
            columns.above[at] = cell.text


def _put(draft: Draft, columns: _Columns, at: int, text: str, separator: str) -> None:
    """Adds a cell's text; without a separator a sentence that was broken off goes on in its own line."""
    if not text:
        return
    meaning = columns.meaning(at)
    if meaning:
        draft.texts[meaning] = _joined(draft.texts.get(meaning, ""), text, separator)
        return
    heading = columns.headings[at] if at < len(columns.headings) else ""
    for place, (name, before) in enumerate(draft.extra):
        if name == heading:
            draft.extra[place] = (name, _joined(before, text, separator))
            return
    draft.extra.append((heading, text))


def _joined(before: str, text: str, separator: str) -> str:
    if not before:
        return text
    return before + (separator or ("\n" if before[-1] in '.!?:;)]”’"' else " ")) + text

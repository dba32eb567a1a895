"""Finding actions in a document's tables: headings, sections, rows over two pages, merged cells."""

import re
from dataclasses import dataclass, field

from tenants.rules import document_dates, paper_tables, progress, timescales
from tenants.rules.action_columns import (
    REF,
    Column,
    Columns,
    Known,
    assumed_columns,
    columns_of,
    is_statistics,
    position,
)
from tenants.rules.detail_tables import details_in
from tenants.rules.grids import Document, Line, Row, Table

_REMARK = re.compile(r"[ \n]{0,3}\[(?P<inside>[^\[\]]*)(?:\](?P<stop>\s*\.)?|\Z)")
_REMARK_WORDS = 6
_PER_CENT = re.compile(r"\d{1,3}(?:\.\d+)?")  # under a heading that says so


@dataclass(slots=True)
class Draft:
    """An action while its row is still being put together; `texts` by meaning, `extra` as (heading, text).

    `state` is the status that the title of its table or section tells, one of progress.PROPOSALS or ""."""

    texts: dict[str, str]
    extra: list[tuple[str, str]]
    section: str
    place: str
    timescale_is_date: bool = False
    per_cent: bool = False
    state: str = ""

    def add(self, meaning: str, heading: str, text: str) -> None:
        """More that another table says of it; "" for words with no meaning here, "section" for its source."""
        if meaning == "section" and not self.section:
            self.section = text
        elif meaning in ("", "section"):
            self.extra.append((heading, text))
        else:
            self.texts[meaning] = _joined(self.texts.get(meaning, ""), text, "\n")


@dataclass(slots=True)
class Gathered:
    """What was found so far. `lines` counts the lines of text outside every table.

    `titles` are the places among the leftovers of lines that were read as the title of a section.
    """

    drafts: list[Draft] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)
    leftovers: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    lines: int = 0
    titles: dict[int, str] = field(default_factory=dict)
    headed: bool = False


def gather(document: Document, known: Known | None = None) -> Gathered:
    """The actions of all tables of actions as drafts, and all other words as leftovers, in reading order."""
    known = known or Known()
    gathered = Gathered()
    before: Columns | None = None
    title, number = "", 0
    for block in document.blocks:
        if isinstance(block, Line):
            gathered.leftovers.append(block.text)
            gathered.lines += 1
            title = block.text
            continue
        number += 1
        if any(any(row.texts) for row in block.rows):
            before = _TableReader(block, number, known, gathered).read(before, title)
            title = ""
    used = {draft.section for draft in gathered.drafts}
    told = {at for at, words in gathered.titles.items() if words in used}
    gathered.leftovers = [words for at, words in enumerate(gathered.leftovers) if at not in told]
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
    return text.strip("()[].: ") if REF.fullmatch(text) else text


@dataclass(slots=True)
class _TableReader:
    """Adds one table to what was gathered."""

    table: Table
    number: int
    known: Known
    gathered: Gathered

    def read(self, before: Columns | None, title: str) -> Columns | None:
        """Read it below `title`, the line right above it. Answers what a table without headings may go on with."""
        corrections = self.known.of_table(self.number)
        found = {
            at: headed
            for at, row in enumerate(self.table.rows)
            if (headed := columns_of(row, self.table, at, self.known))
        }
        columns: Columns | None = None
        if not found and before is not None and _goes_on(self.table, before):
            columns = before
            if corrections:
                columns = Columns(before.headings, [*before.meanings], before.has_refs, before.section, before.state)
                columns.corrected(corrections)
            self._list(columns)
            name = self.table.name
            self._warn(f"{name} has no headings; it was read with those of the table before it.")
        elif not found and not corrections and self._joins_details():
            return None
        elif not found:
            assumed = assumed_columns(self.table, self.known)
            if assumed is None or not corrections:
                self._list(assumed[1] if assumed else None)
                why = f"{self.table.name} has no headings of an action plan; its words are kept apart."
                self._leave(0, "" if paper_tables.is_ours(self.table) else why)
                return None
            found = dict([assumed])
        for headed in found.values():
            headed.corrected(corrections)
        return self._read_rows(columns, found, before, progress.state_of(title) or progress.state_of(self.table.name))

    def _read_rows(
        self, columns: Columns | None, found: dict[int, Columns], before: Columns | None, state: str
    ) -> Columns | None:
        if columns is not None:
            columns.state = state or columns.state
        for at, row in enumerate(self.table.rows):
            headed = found.get(at)
            if headed is None and columns is not None:
                _add_row(row, columns, self.gathered)
            elif headed is None:
                self.gathered.leftovers.extend(filter(None, [_line(row)]))
            else:
                self._list(headed)
                if "action" not in headed.meanings:
                    self._leave(at, f"{self.table.name} has no column with actions; its words are kept apart.")
                    return columns
                if not self.known.of_table(self.number) and is_statistics(headed, self.table.rows[at + 1 :]):
                    self._leave(at, f"{self.table.name} holds figures and not actions; its words are kept apart.")
                    return columns
                columns = self._put_in_force(headed, columns or before, row, state)
        return columns

    def _put_in_force(self, headed: Columns, current: Columns | None, row: Row, state: str) -> Columns:
        self.gathered.headed = True
        if current is not None and headed.same_as(current):
            current.above.clear()
            current.has_refs = current.has_refs or headed.has_refs
            current.state = state
            return current
        headed.state = state
        if headed.meanings[position(headed.headings, "action")] == "responsibility":
            self._warn(f"{row.place}: the column “Action” names people; “Item” was read as the action.")
        return headed

    def _joins_details(self) -> bool:
        """Whether the table says more of actions read before; then its words are theirs."""
        by_ref: dict[str, list[Draft]] = {}
        for draft in self.gathered.drafts:
            by_ref.setdefault(plain_ref(draft.texts.get("ref", "")), []).append(draft)
        found = details_in(self.table, [ref for ref in by_ref if ref])
        for each in found:
            named = by_ref.get(plain_ref(each.ref), []) if each.ref else []
            if len(named) != 1:
                self._warn(f"{each.row.place}: “{each.ref}” is not the number of one action; its words are kept apart.")
                self.gathered.leftovers.append(_line(each.row))
                continue
            for meaning, heading, text in each.texts:
                named[0].add(meaning, heading, text)
        return bool(found)

    def _list(self, columns: Columns | None) -> None:
        if columns is not None:
            listed = columns.as_columns(self.number, self.table.name)
            self.gathered.columns.extend(column for column in listed if column not in self.gathered.columns[-200:])

    def _leave(self, at: int, why: str) -> None:
        if why:
            self._warn(why)
        self.gathered.leftovers.extend(filter(None, map(_line, self.table.rows[at:])))

    def _warn(self, sentence: str) -> None:
        self.gathered.warnings.append(sentence)


def _goes_on(table: Table, before: Columns) -> bool:
    """Whether a table without headings of its own goes on where the one before it ended."""
    first = next(row for row in table.rows if any(row.texts))
    if len(first.cells) != len(before.headings):
        return False
    ref = before.text(first, "ref")
    if ref or before.has_refs:
        return bool(REF.fullmatch(ref)) or (not ref and not before.text(first, "action"))
    return timescales.read(before.text(first, "timescale")).kind != "none"


def _line(row: Row) -> str:
    return " | ".join(filter(None, row.texts))


def _add_row(row: Row, columns: Columns, gathered: Gathered) -> None:
    filled = [(at, cell.text) for at, cell in enumerate(row.cells) if cell.text]
    if not filled:
        return
    ref, action = columns.text(row, "ref"), columns.text(row, "action")
    action_goes_on = any(cell.above for at, cell in enumerate(row.cells) if columns.meaning(at) == "action")
    last = gathered.drafts[-1] if gathered.drafts else None
    if len(filled) == 1 and document_dates.dates_the_document(filled[0][1]):
        gathered.leftovers.append(filled[0][1])
    elif len(filled) == 1 and _is_section(row, filled[0][0], columns):
        columns.section = filled[0][1]
        gathered.titles[len(gathered.leftovers)] = columns.section
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


def _is_section(row: Row, at: int, columns: Columns) -> bool:
    """Whether a row's only words are a title: merged over columns, or few where an action would begin."""
    text, meaning = row.cells[at].text, columns.meaning(at)
    if _is_merged(row, at):
        return True
    if meaning == "ref" or (at == 0 and meaning != "action"):
        return not REF.fullmatch(text)
    return meaning == "action" and len(text.split()) <= 6 and not text[0].islower() and text[-1] not in ".;,"


def _draft(row: Row, columns: Columns) -> Draft:
    state = progress.state_of(columns.section) or columns.state
    draft = Draft({}, [], columns.section, row.place, state=state)
    for at, cell in enumerate(row.cells):
        text = columns.above.get(at, "") if cell.above else cell.text
        columns.above[at] = text
        _put(draft, columns, at, text, "\n")
        if columns.meaning(at) == "timescale" and cell.is_date:
            draft.timescale_is_date = True
    return draft


def _join(draft: Draft, row: Row, columns: Columns, separator: str) -> None:
    """Adds a row after a page break, or of cells stacked beside a merged one, to the action above."""
    for at, cell in enumerate(row.cells):
        if cell.text:
            _put(draft, columns, at, cell.text, separator)
            columns.above[at] = cell.text


def _put(draft: Draft, columns: Columns, at: int, text: str, separator: str) -> None:
    """Adds a cell's text; without a separator a sentence that was broken off goes on in its own line."""
    if not text:
        return
    meaning = columns.meaning(at)
    if meaning == "status" and "%" in columns.headings[at] and _PER_CENT.fullmatch(text):
        draft.per_cent = True
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

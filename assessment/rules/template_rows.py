"""A self-assessment in a Word or Excel template: which row speaks of which requirement, by code, else by its words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from assessment.rules import template_columns
from assessment.rules.framework_tree import Requirement
from tenants.rules import headings, paper_tables
from tenants.rules.action_columns import Column, Corrections
from tenants.rules.grids import Document, Line, Row, Table

BY_CODE, BY_WORDS, CHOSEN, LEFT_OUT, UNMATCHED = "code", "words", "chosen", "left_out", ""
"""How a row came to its requirement; one that is left out was left out by a person, one unmatched is still to ask."""
_FEWEST_LETTERS = 4
CITED = "Evidence cited: "
"""How our own papers begin the list of what an answer cites; it is no part of the answer's words."""

_NO_ACTION = re.compile(
    r"[\s\-–—.]*|n/?a\.?|nil\.?|none\.?|no (?:further )?actions?(?: (?:required|needed))?\.?", re.IGNORECASE
)
_CODE = re.compile(
    r"(?:requirement\s+)?([a-z]{0,4}[-.]?\d{1,3}(?:\.\d{1,3}){0,4}[a-z]?)(?=[\s.:;)\-–—]|$)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """One row as written. `code` is that of its requirement, "" where none was found, and `how` how it was found.

    `place` says where it begins: "table 2, row 5". `extra` holds what stands in columns with no meaning here.
    """

    place: str
    element: str
    requirement: str
    evidence: str
    action: str
    timescale: str
    responsibility: str
    number: str = ""
    extra: tuple[str, ...] = ()
    code: str = ""
    how: str = UNMATCHED


@dataclass(frozen=True, slots=True)
class TemplateReading:
    """Every row, every other line of the document in its order, and sentences about places to look at.

    tables: the columns of every table, also of those that were not read, for a person to correct.
    """

    rows: tuple[TemplateRow, ...]
    leftovers: tuple[str, ...]
    warnings: tuple[str, ...]
    tables: tuple[Column, ...] = ()


class NoRows(ValueError):
    """The document has no table with requirements; the message says what was looked for.

    `reading` is what was read: no rows, all words left over.
    """

    def __init__(self, message: str, reading: TemplateReading) -> None:
        super().__init__(message)
        self.reading = reading


def read(document: Document, corrections: Corrections | None = None) -> TemplateReading:
    """The rows of every table with a column of requirements and one of evidence or actions. Raises NoRows.

    corrections: what a person says columns mean, {(table, at): meaning} as in TemplateReading.tables; a meaning is a
    key of template_columns.MEANINGS or "" for none.
    """
    rows: list[TemplateRow] = []
    leftovers: list[str] = []
    numbered: list[Table] = []
    warnings = list(document.warnings)
    tables: list[Column] = []
    for block in document.blocks:
        if isinstance(block, Line):
            leftovers.append(block.text)
            continue
        number = len(numbered) + 1
        numbered.append(block)
        said = {at: meaning for (table, at), meaning in (corrections or {}).items() if table == number}
        heads = template_columns.heads(block, said)
        tables.extend(template_columns.columns_of(block, number, heads))
        was_read = _read_table(block, heads, rows, leftovers)
        if not was_read and any(any(row.texts) for row in block.rows) and not paper_tables.is_ours(block):
            warnings.append(f"{block.name} has no headings of a self-assessment; its words are kept apart.")
    reading = TemplateReading(tuple(rows), tuple(leftovers), tuple(warnings), tuple(tables))
    if not rows:
        raise NoRows(
            "No self-assessment was found. Looked for a table with a heading “Requirements” and beside it “Evidence”"
            " or “Action”.",
            reading,
        )
    return reading


def names_framework(lines: Iterable[str], title: str, version: str) -> bool:
    """Whether a line outside the rows names this framework, with its version: then its codes are ours."""
    wanted, year = headings.plain(title), headings.plain(version)
    said = (f" {headings.plain(line)} " for line in lines)
    return any(f" {wanted} " in line and f" {year} " in line.replace(f" {wanted} ", " ", 1) for line in said)


def matched(
    rows: Sequence[TemplateRow], requirements: Sequence[Requirement], *, same_framework: bool = False
) -> tuple[TemplateRow, ...]:
    """The rows with their requirements: by the code they begin with, else by exactly the title's or the text's words.

    Another framework has other requirements under the same codes: without `same_framework` (see `names_framework`) a
    code counts only where the words beside it begin as the requirement's. Words that two requirements share match
    neither: a person chooses.
    """
    codes = {each.code.casefold(): each for each in requirements}
    by_words: dict[str, set[str]] = {}
    for each in requirements:
        for words in {headings.plain(each.title), headings.plain(each.text)} - {""}:
            by_words.setdefault(words, set()).add(each.code)
    return tuple(_matched(row, codes, by_words, same_framework) for row in rows)


def is_action(text: str) -> bool:
    """Whether words in the column of actions name one; “None” and “n/a” do not."""
    return _NO_ACTION.fullmatch(text.strip()) is None


def united(rows: Sequence[TemplateRow]) -> str:
    """What the rows of one requirement say as evidence, each text once, in their order."""
    return "\n\n".join(dict.fromkeys(row.evidence for row in rows if row.evidence))


def _matched(
    row: TemplateRow, codes: Mapping[str, Requirement], by_words: Mapping[str, set[str]], same_framework: bool
) -> TemplateRow:
    first = row.requirement.strip().split("\n")[0]
    without_code = _CODE.sub("", first, count=1) if _CODE.match(first) else first
    for text in (row.number, row.requirement, row.element):
        found = _CODE.match(text.strip())
        coded = codes.get(found[1].casefold()) if found else None
        if coded and (same_framework or _agree(without_code, coded)):
            return replace(row, code=coded.code, how=BY_CODE)
    for text in (row.requirement, first, without_code):
        there = by_words.get(headings.plain(text), set())
        if len(there) == 1:
            return replace(row, code=next(iter(there)), how=BY_WORDS)
    return replace(row, code="", how=UNMATCHED)


def _agree(words: str, requirement: Requirement) -> bool:
    """Whether the words begin as the requirement's title or text do, or go on behind them."""
    said = headings.plain(words)
    known = [words for words in map(headings.plain, (requirement.title, requirement.text)) if words]
    return len(said) >= _FEWEST_LETTERS and any(
        f"{each} ".startswith(f"{said} ") or f"{said} ".startswith(f"{each} ") for each in known
    )


def _read_table(
    table: Table, heads: Mapping[int, Mapping[int, str]], rows: list[TemplateRow], leftovers: list[str]
) -> bool:
    """Whether the table has headings by which its rows could be read."""
    meanings: Mapping[int, str] = {}
    above: dict[str, str] = {}
    for at, row in enumerate(table.rows):
        if at in heads and template_columns.is_enough(heads[at]):
            meanings = heads[at]
        elif not meanings or not any(row.texts):
            leftovers.extend(filter(None, [" | ".join(filter(None, row.texts))]))
        else:
            _read_row(row, meanings, above, rows, leftovers)
    return bool(meanings)


def _read_row(
    row: Row, meanings: Mapping[int, str], above: dict[str, str], rows: list[TemplateRow], leftovers: list[str]
) -> None:
    texts = dict.fromkeys(template_columns.MEANINGS, "")
    extra = []
    for at, cell in enumerate(row.cells):
        meaning = meanings.get(at, "")
        text = above.get(meaning, "") if cell.above and meaning in ("element", "requirement", "code") else cell.text
        if meaning and not texts[meaning]:
            texts[meaning] = text
        elif text:
            extra.append(text)
    said = [texts[name] for name in ("evidence", "action", "timescale", "responsibility")]
    if not texts["requirement"] and not any(said) and not extra:
        above["element"] = texts["element"] or above.get("element", "")
        leftovers.extend(filter(None, [texts["element"], texts["code"]]))
        return
    if not texts["requirement"] and rows and above.get("requirement") and not texts["code"]:
        if not texts["action"] or not rows[-1].action:
            rows[-1] = _gone_on(rows[-1], texts, extra)
            return
        texts["requirement"], texts["code"] = above["requirement"], above.get("code", "")
    texts["element"] = texts["element"] or above.get("element", "")
    above.update({name: texts[name] for name in ("element", "requirement", "code")})
    evidence, cited = _without_citations(texts["evidence"])
    rows.append(
        TemplateRow(
            place=row.place,
            element=texts["element"],
            requirement=texts["requirement"],
            evidence=evidence,
            action=texts["action"],
            timescale=texts["timescale"],
            responsibility=texts["responsibility"],
            number=texts["code"],
            extra=(*extra, *cited),
        )
    )


def _gone_on(row: TemplateRow, texts: Mapping[str, str], extra: Sequence[str]) -> TemplateRow:
    """A row whose cells go on in the next, after a page break or with a paragraph in a row of its own."""
    names = ("evidence", "action", "timescale", "responsibility")
    joined = {name: "\n".join(filter(None, (getattr(row, name), texts[name]))) for name in names}
    return replace(row, **joined, extra=(*row.extra, *extra))


def _without_citations(text: str) -> tuple[str, list[str]]:
    lines = text.split("\n")
    cited = [line for line in lines if line.startswith(CITED)]
    return "\n".join(line for line in lines if not line.startswith(CITED)).strip(), cited

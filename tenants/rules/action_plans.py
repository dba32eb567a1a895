"""Reading a council's own action plan, whatever its columns, into actions that a person then confirms."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from tenants.rules import action_tables, documents, grids, headings, progress, stacked_blocks, timescales
from tenants.rules.action_columns import Column, Corrections, Known
from tenants.rules.grids import Document, Line, UnreadableDocument

__all__ = [
    "ActionRow",
    "Column",
    "Corrections",
    "NoActions",
    "Reading",
    "UnreadableDocument",
    "read_document",
    "read_grid",
    "read_pasted",
    "read_rows",
    "rows_as_json",
]

_JSON_KEYS = (
    "ref",
    "action",
    "reason",
    "remark",
    "responsibility",
    "status",
    "status_proposed",
    "timescale",
    "earliest",
    "latest",
    "kind",
    "confidence",
)


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One action as written, and what is proposed for its status and dates.

    `remark` is the assessors' explanation in square brackets, taken out of the reason, or a column of
    remarks. `status_proposed` is one of progress.PROPOSALS; "outstanding", for that very word, is an open
    action not yet begun. `earliest` to `confidence` are the timescales.Timescale of `timescale`.
    `officer_days` and `cost` are as written. `section` is the line above it inside the table; `extra` holds
    (heading, text) of the columns with no meaning here; `place` says where it begins: "table 2, row 5".
    `notes` are sentences about what a person should look at in this row. `per_cent`: the status is a bare figure below
    a heading with "%".
    """

    ref: str
    action: str
    reason: str
    remark: str
    responsibility: str
    status: str
    status_proposed: str
    timescale: str
    earliest: date | None
    latest: date | None
    kind: str
    confidence: str
    timescale_reason: str
    officer_days: str
    cost: str
    section: str
    extra: tuple[tuple[str, str], ...]
    place: str
    notes: tuple[str, ...] = ()
    per_cent: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read. Every word of the document stands in `rows`, in `leftovers` or is a heading in
    `columns`.

    `columns` pairs each heading of the tables of actions with its meaning (a key of headings.HEADINGS, or "" for
    none); `leftovers` are the lines outside the rows, in reading order; `warnings` are sentences that name the place.

    `tables` has the columns of every table, also of those that hold no actions, for a person to correct. `grid` is
    the opened document as plain JSON: with it `read_grid` reads again without the file. `outside` counts the
    leftovers that stood in no table.
    """

    rows: tuple[ActionRow, ...]
    columns: tuple[tuple[str, str], ...]
    leftovers: tuple[str, ...]
    warnings: tuple[str, ...]
    tables: tuple[Column, ...] = ()
    grid: dict[str, Any] = field(default_factory=dict, repr=False)
    outside: int = 0


class NoActions(UnreadableDocument):
    """The document was opened, but no action was found. `reading` is what was read: no rows, all words left over.

    With it a person may still be asked what the columns mean.
    """

    def __init__(self, message: str, reading: Reading) -> None:
        super().__init__(message)
        self.reading = reading


def read_document(
    data: bytes,
    filename: str,
    document_on: date | None = None,
    remembered: Mapping[str, str] | None = None,
    columns: Corrections | None = None,
) -> Reading:
    """The actions in a Word, Excel, PDF, text, CSV or HTML file.

    `document_on` is the document's own date, used for a timescale without a year and for warnings, and nothing else.
    `remembered` are meanings by plain heading (headings.plain), `columns` corrections {(table, at): meaning} as in
    Reading.tables; a meaning is a key of headings.HEADINGS or "" for none. Raises UnreadableDocument, naming the
    file, where it cannot be opened, and NoActions, naming it too, where nothing in it is an action.
    """
    try:
        return read_rows(documents.open_document(data, filename), document_on, remembered, columns)
    except NoActions as nothing:
        raise NoActions(f"{filename}: {nothing}", nothing.reading) from nothing


def read_pasted(
    text: str,
    document_on: date | None = None,
    remembered: Mapping[str, str] | None = None,
    columns: Corrections | None = None,
) -> Reading:
    """The actions in what was pasted: a table as HTML or with tabs between its cells, or lines of text."""
    return read_rows(documents.open_pasted(text), document_on, remembered, columns)


def read_grid(
    grid: Mapping[str, Any],
    document_on: date | None = None,
    remembered: Mapping[str, str] | None = None,
    columns: Corrections | None = None,
) -> Reading:
    """The actions in a document that was opened before: `grid` is Reading.grid. Raises NoActions."""
    return read_rows(grids.from_json(grid), document_on, remembered, columns)


def read_rows(
    document: Document,
    document_on: date | None = None,
    remembered: Mapping[str, str] | None = None,
    columns: Corrections | None = None,
) -> Reading:
    """The actions in an opened document. Raises NoActions."""
    known = Known(remembered or {}, columns or {})
    gathered = action_tables.gather(document, known)
    if not gathered.drafts and not gathered.headed and (stacked := stacked_blocks.with_tables(document)):
        document, gathered = stacked, action_tables.gather(stacked, known)
    rows, warnings = [], list(document.warnings) + gathered.warnings
    for draft in gathered.drafts:
        row, notes = _row(draft, document_on)
        rows.append(row)
        warnings.extend(f"{row.place}: {note}" for note in notes)
    of_actions = {column.table for column in gathered.columns if column.meaning == "action"}
    pairs = [(column.heading, column.meaning) for column in gathered.columns if column.table in of_actions]
    reading = Reading(
        rows=tuple(rows),
        columns=tuple(dict.fromkeys(pair for pair in pairs if any(pair))),
        leftovers=tuple(gathered.leftovers),
        warnings=tuple(warnings),
        tables=tuple(gathered.columns),
        grid=grids.as_json(document),
        outside=gathered.lines,
    )
    if not rows:
        raise NoActions(_nothing_found(document, gathered.headed), reading)
    return reading


def outside_words(count: int) -> str:
    """The sentence above the leftovers: how many lines stood in no table; "" for none."""
    if not count:
        return ""
    return (
        "1 line was not part of a table: shown below."
        if count == 1
        else f"{count:,} lines were not part of a table: shown below."
    )


def rows_as_json(reading: Reading) -> list[dict[str, str | None]]:
    """The rows as plain data with the twelve keys of an import, dates in ISO form or None."""
    return [{key: _plain(value) for key, value in asdict(row).items() if key in _JSON_KEYS} for row in reading.rows]


def _plain(value: Any) -> str | None:
    return value.isoformat() if isinstance(value, date) else value


def _row(draft: action_tables.Draft, document_on: date | None) -> tuple[ActionRow, list[str]]:
    text = draft.texts.get
    reason, bracketed = action_tables.split_remark(text("reason", ""))
    when = timescales.read(text("timescale", ""), document_on=document_on)
    notes = []
    if draft.timescale_is_date and when.latest and when.latest.day == 1:
        when = replace(
            when,
            confidence="medium",
            reason="The sheet holds the first of a month; it may mean the whole month.",
        )
        notes.append(f"“{when.text}” may stand for the whole month.")
    row = ActionRow(
        ref=action_tables.plain_ref(text("ref", "")),
        action=text("action", ""),
        reason=reason,
        remark="\n".join(filter(None, (text("remark", ""), bracketed))),
        responsibility=text("responsibility", ""),
        status=text("status", ""),
        status_proposed=progress.propose(text("status", "")),
        timescale=when.text,
        earliest=when.earliest,
        latest=when.latest,
        kind=when.kind,
        confidence=when.confidence,
        timescale_reason=when.reason,
        officer_days=text("officer_days", ""),
        cost=text("cost", ""),
        section=draft.section,
        extra=tuple((heading, extra) for heading, extra in draft.extra if extra),
        place=draft.place,
        per_cent=draft.per_cent,
    )
    if not row.status and draft.state:
        row = replace(row, status_proposed=draft.state)
    if not row.action:
        notes.append("no action is written.")
    lines = [line for line in when.text.split("\n") if timescales.read(line).kind != "none"]
    if len(lines) > 1:
        notes.append(f"{len(lines)} timescales stand in this row; it may hold as many actions.")
    if when.kind == "impossible":
        notes.append(f"“{when.text}”: {when.reason}")
    if document_on and row.latest and row.latest < document_on and row.status_proposed in progress.OPEN:
        notes.append(f"“{when.text}” lies before the document's date and the action is still open.")
    return replace(row, notes=tuple(notes)), notes


def _nothing_found(document: Document, headed: bool) -> str:
    if headed:
        return "The table has headings but no row with an action."
    found = []
    for table in document.tables:
        first = next((row for row in table.rows if any(row.texts)), None)
        if first:
            words = ", ".join(f"“{text[:40]}”" for text in first.texts[:8] if text)
            found.append(f"{table.name} begins with {words}")
    if not found:
        count = sum(isinstance(block, Line) for block in document.blocks)
        lines = f"{count} line{'' if count == 1 else 's'}"
        return f"No table was found, only {lines} of text. Looked for a table with {headings.sought()}."
    more = f", and {len(found) - 5} more" if len(found) > 5 else ""
    return f"No table of actions was found. Looked for {headings.sought()}. Found: {'; '.join(found[:5])}{more}."

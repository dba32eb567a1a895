"""The evidence index on paper: what there is, of which day, where it is cited and where it is found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from saas.clock import LONDON
from saas.papers import Cell, Link, Row, Table
from tenants.models.evidence import Evidence
from tenants.rules.plan_papers import PUBLIC

HEADINGS = ("No.", "Evidence", "Kind", "Date", "Where it is cited", "Link")
WIDTHS = (1, 8, 3, 3, 8, 4)
KINDS = {"file": "Document", "link": "Web page", "measure": "Live measure"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A piece of evidence, and where it is cited, in words."""

    evidence: Evidence
    cited: tuple[str, ...]


def index_table(entries: Sequence[Entry], *, version: str, library: str) -> Table:
    """The index, numbered from 1 on.

    library: the web address of the council's library, below which each piece has its page; the public, who cannot
    open it, are led to web pages alone.
    """
    rows = []
    for number, entry in enumerate(entries, 1):
        evidence = entry.evidence
        dated = evidence.speaks_for_on or evidence.added_at.astimezone(LONDON).date()
        cells: tuple[Cell, ...] = (
            str(number),
            evidence.title,
            KINDS[evidence.kind],
            dated,
            "; ".join(entry.cited),
            _link(evidence, "" if version == PUBLIC else library),
        )
        rows.append(Row(cells))
    return Table("Evidence", HEADINGS, tuple(rows), WIDTHS)


def _link(evidence: Evidence, library: str) -> Cell:
    if evidence.removed_at is not None:
        return "No longer in the library"
    if evidence.url:
        return Link("Open the web page", evidence.url)
    return Link("Open in the library", f"{library}/{evidence.id}") if library else "Held by the council"

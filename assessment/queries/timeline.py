"""What happened: of one accreditation, in a council, in a region."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select

from assessment.rules.event_words import FOLDED, QUIET, ROUTINE, folded_words
from saas.db import db
from saas.events import Event
from tenants.models.councils import Council


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a timeline; `by` and `council` are "" where nobody and no council is named."""

    words: str
    at: datetime
    by: str
    council: str


def list_timeline(accreditation_id: UUID, *, limit: int = 100) -> list[Happening]:
    """What happened to one accreditation, newest first, as far as the scope may see it."""
    return _read(Event.accreditation_id == accreditation_id, limit=limit)


def list_news(council_id: UUID, *, subjects: Collection[str], limit: int = 10) -> list[Happening]:
    """What happened in a council to rows of these tables, newest first, without what is done many times a day."""
    return _read(Event.council_id == council_id, Event.subject.in_(subjects), Event.verb.not_in(ROUTINE), limit=limit)


BY_COUNCIL = frozenset({
    "accreditation.committed", "appeal.lodged", "case_study.published", "case_study.taken_back",
    "clarification.answered", "confirmation.given", "improvement.progress_reported", "improvement.replied",
    "report.commented", "submission.sealed", "visit_people.named",
})  # fmt: skip
"""What councils do, of what they share with their regions."""


def list_regional_news(region_id: UUID, *, shared_only: bool, limit: int = 10) -> list[Happening]:
    """What happened in a region, newest first. shared_only: only what the council concerned reads too, without names.

    Instead of the name, `by` then says whether it was the council or the region.
    """
    conditions = [Event.region_id == region_id]
    if shared_only:
        conditions.append(Event.audience == "shared")
    return _read(*conditions, limit=limit, named=not shared_only)


def _read(*conditions: ColumnElement[bool], limit: int, named: bool = True) -> list[Happening]:
    # Ids are ordered by time: the newest rows come from the index, however many there are.
    rows: Any = db.session.execute(
        select(Event.id, Event.verb, Event.at, Event.payload, Council.name)
        .outerjoin(Council, Council.id == Event.council_id)
        .where(*conditions, Event.verb.not_in(QUIET))
        .order_by(Event.id.desc())
        .limit(limit)
    )
    return [_happening(list(together), named=named) for _, together in groupby(rows, _fold)]


def _fold(row: Any) -> tuple[Any, ...]:
    """What neighbours have in common that make one line: all of a minute by one person, or nothing."""
    if row.verb not in FOLDED:
        return (row.id,)
    return row.verb, row.at.replace(second=0, microsecond=0), (row.payload or {}).get("by", ""), row.name


def _happening(rows: list[Any], *, named: bool) -> Happening:
    newest, payloads = rows[0], [row.payload or {} for row in rows]
    by = str(payloads[0].get("by", ""))
    if not named:
        by = ("the council" if newest.verb in BY_COUNCIL else "the region") if by else ""
        payloads = [{**each, "name": "Somebody"} if "name" in each else each for each in payloads]
    return Happening(folded_words(newest.verb, payloads), newest.at, by, newest.name or "")

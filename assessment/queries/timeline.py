"""What happened: of one accreditation, in a council, in a region."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select

from assessment.rules.event_words import FOLDED, folded_words
from assessment.rules.news import BY_COUNCIL, QUIET, ROUTINE
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


@dataclass(frozen=True, slots=True)
class Entry:
    """One event by itself, in words; never its payload. `by` and `council` as a happening has them."""

    id: UUID
    at: datetime
    verb: str
    words: str
    by: str
    subject: str
    subject_id: UUID | None
    council: str
    council_id: UUID | None
    accreditation_id: UUID | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events: a verb or a noun ("" for any), of one accreditation, from an instant on, before another."""

    verb: str = ""
    accreditation_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    oldest_first: bool = False

    def conditions(self) -> list[ColumnElement[bool]]:
        """The same as SQL."""
        found: list[ColumnElement[bool]] = []
        if self.verb:
            noun = Event.verb.startswith(f"{self.verb}.", autoescape=True)
            found.append(Event.verb == self.verb if "." in self.verb else noun)
        if self.accreditation_id is not None:
            found.append(Event.accreditation_id == self.accreditation_id)
        if self.since is not None:
            found.append(Event.at >= self.since)
        if self.until is not None:
            found.append(Event.at < self.until)
        return found


def list_events_of_council(
    council_id: UUID, wanted: Wanted, *, subjects: Collection[str], after: UUID | None, limit: int
) -> list[Entry]:
    """Events of a council to rows of these tables, small steps too. after: the id of the last one seen."""
    return _entries(
        Event.council_id == council_id, Event.subject.in_(subjects), wanted=wanted, after=after, limit=limit
    )


def list_events_of_region(
    region_id: UUID, wanted: Wanted, *, shared_only: bool, after: UUID | None, limit: int
) -> list[Entry]:
    """Events of a region without small steps. shared_only: as `list_regional_news`, without names."""
    conditions = [Event.region_id == region_id, Event.verb.not_in(QUIET)]
    if shared_only:
        conditions.append(Event.audience == "shared")
    return _entries(*conditions, wanted=wanted, after=after, limit=limit, named=not shared_only)


def list_timeline(accreditation_id: UUID, *, limit: int = 100) -> list[Happening]:
    """What happened to one accreditation, newest first, as far as the scope may see it."""
    return _read(Event.accreditation_id == accreditation_id, limit=limit)


def list_news(council_id: UUID, *, subjects: Collection[str], limit: int = 10) -> list[Happening]:
    """What happened in a council to rows of these tables, newest first, without what is done many times a day."""
    return _read(Event.council_id == council_id, Event.subject.in_(subjects), Event.verb.not_in(ROUTINE), limit=limit)


def list_regional_news(region_id: UUID, *, shared_only: bool, limit: int = 10) -> list[Happening]:
    """What happened in a region, newest first. shared_only: only what the council concerned reads too, without names.

    Instead of the name, `by` then says whether it was the council or the region.
    """
    conditions = [Event.region_id == region_id]
    if shared_only:
        conditions.append(Event.audience == "shared")
    return _read(*conditions, limit=limit, named=not shared_only)


def _entries(
    *conditions: ColumnElement[bool], wanted: Wanted, after: UUID | None, limit: int, named: bool = True
) -> list[Entry]:
    """Ids are ordered by time, so that the next page is found by the last one's."""
    query = (
        select(
            Event.id, Event.verb, Event.at, Event.payload, Event.subject, Event.subject_id, Event.council_id,
            Event.accreditation_id, Council.name,
        )
        .outerjoin(Council, Council.id == Event.council_id)
        .where(*conditions, *wanted.conditions())
    )  # fmt: skip
    if after is not None:
        query = query.where(Event.id > after if wanted.oldest_first else Event.id < after)
    rows: Any = db.session.execute(query.order_by(Event.id if wanted.oldest_first else Event.id.desc()).limit(limit))
    return [_entry(row, _happening([row], named=named)) for row in rows]


def _entry(row: Any, told: Happening) -> Entry:
    return Entry(
        row.id, row.at, row.verb, told.words, told.by, row.subject, row.subject_id, told.council, row.council_id,
        row.accreditation_id,
    )  # fmt: skip


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

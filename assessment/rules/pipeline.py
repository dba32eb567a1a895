"""The pipeline's rows: what they are narrowed by, in which orders they stand, and what they come to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from assessment.rules.stages import BEFORE_DECISION

UNDER_WAY = frozenset(stage.value for stage in BEFORE_DECISION)
ON_THE_WAY, HOLDING, NO_LEAD = "under_way", "held", "-"
"""What is asked for instead of one stage, the first two, and instead of a lead's name."""
ENDS_WITHIN = {"90": "90 days", "180": "180 days", "365": "a year"}


@dataclass(frozen=True, slots=True)
class PipelineRow:
    """One council: the accreditation under way (else the newest), and the newest award.

    `state` is the stage, the state of the award once awarded, or "none"; `days` the whole days since it began.
    `next_due_on` is the day of `next_day`. `open_improvements` counts issued ones that
    the region has not ended, `mandatory` those of them that must be done. `valid_to_on` is None when there is no award
    or it was ended early.
    """

    council_id: UUID
    slug: str
    name: str
    kind: str
    county: str
    accreditation_id: UUID | None
    level: str
    framework: str
    state: str
    days: int | None
    next_due_on: date | None
    late: bool
    leads: tuple[str, ...]
    open_improvements: int
    mandatory: int
    valid_to_on: date | None
    grace_to_on: date | None

    @property
    def lead(self) -> str:
        """The names of the leads, "" where there is none."""
        return ", ".join(self.leads)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What is asked for; "" asks for nothing.

    `stage`: a state, ON_THE_WAY or HOLDING; `ends_within`: a key of ENDS_WITHIN.
    """

    stage: str = ""
    kind: str = ""
    county: str = ""
    lead: str = ""
    ends_within: str = ""
    late: bool = False

    def holds(self, row: PipelineRow, today: date) -> bool:
        """Whether the row is one of those asked for."""
        return (
            self._is_at(row, today)
            and (not self.kind or row.kind == self.kind)
            and (not self.county or row.county == self.county)
            and (not self.lead or self.lead in row.leads or (self.lead == NO_LEAD and not row.leads))
            and (self.ends_within not in ENDS_WITHIN or ends_within(row, int(self.ends_within), today))
            and (not self.late or row.late)
        )

    def _is_at(self, row: PipelineRow, today: date) -> bool:
        if self.stage == HOLDING:
            return is_held(row, today)
        return not self.stage or row.state == self.stage or (self.stage == ON_THE_WAY and row.state in UNDER_WAY)


@dataclass(frozen=True, slots=True)
class Standing:
    """How many councils there are, hold an award, are on the way, have none at all; and what runs out or is open."""

    councils: int
    holding: int
    under_way: int
    nowhere: int
    ending: int
    late: int
    open_improvements: int
    mandatory: int


def standing_of(rows: Sequence[PipelineRow], today: date) -> Standing:
    """The counts of a pipeline, by the definitions of its filters."""
    return Standing(
        councils=len(rows),
        holding=sum(is_held(row, today) for row in rows),
        under_way=sum(row.state in UNDER_WAY for row in rows),
        nowhere=sum(row.state == "none" for row in rows),
        ending=sum(ends_within(row, 90, today) for row in rows),
        late=sum(row.late for row in rows),
        open_improvements=sum(row.open_improvements for row in rows),
        mandatory=sum(row.mandatory for row in rows),
    )


def is_held(row: PipelineRow, today: date) -> bool:
    """Whether the council's newest award is held, its days of grace included."""
    return row.valid_to_on is not None and row.grace_to_on is not None and today <= row.grace_to_on


def ends_within(row: PipelineRow, days: int, today: date) -> bool:
    """Whether the council's newest award has its last day within so many days from today."""
    return row.valid_to_on is not None and today <= row.valid_to_on <= today + timedelta(days=days)


def next_day(due_on: date | None, of_award: Iterable[date | None], today: date, *, late: bool) -> date | None:
    """The first day still to come of an accreditation and an award; a late one's own day, though it is past.

    due_on: the accreditation's next date. late: by the definition of `queries.late`.
    """
    if late and due_on is not None and due_on < today:
        return due_on
    return min((day for day in (due_on, *of_award) if day is not None and today <= day), default=None)


def arrange(rows: Sequence[PipelineRow], wanted: str, order: Mapping[str, int]) -> list[PipelineRow]:
    """The rows in an order: a key of `SORTS`, "-" before it for the reverse; by name for any other.

    order: state → its place in the journey. Rows without the value stand last, whichever way; equal ones by name.
    """
    name = wanted.removeprefix("-")
    value = SORTS.get(name, SORTS["name"])

    def key(row: PipelineRow) -> Any:
        return order.get(row.state, len(order)) if name == "stage" else value(row)

    by_name = sorted(rows, key=SORTS["name"])
    known = [row for row in by_name if key(row) is not None]
    unknown = [row for row in by_name if key(row) is None]
    return sorted(known, key=key, reverse=wanted.startswith("-")) + unknown


SORTS: dict[str, Callable[[PipelineRow], Any]] = {
    "name": lambda row: row.name.casefold(),
    "stage": lambda row: row.state,
    "days": lambda row: row.days,
    "next": lambda row: row.next_due_on,
    "lead": lambda row: row.lead.casefold() or None,
    "improvements": lambda row: row.open_improvements,
    "mandatory": lambda row: row.mandatory,
    "ends": lambda row: row.valid_to_on,
}


def without_leads(rows: Iterable[PipelineRow]) -> list[PipelineRow]:
    """The rows for a reader who is not to know who leads."""
    return [replace(row, leads=()) for row in rows]


def columns_of(rows: Sequence[PipelineRow], order: Mapping[str, int]) -> list[tuple[str, list[PipelineRow]]]:
    """State → its rows, in the order of the journey; states without a row are left out."""
    columns: dict[str, list[PipelineRow]] = {}
    for row in rows:
        columns.setdefault(row.state, []).append(row)
    return sorted(columns.items(), key=lambda column: order.get(column[0], len(order)))

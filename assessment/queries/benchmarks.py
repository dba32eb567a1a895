"""Comparisons: what a council shares of its own figures, and the figures of groups; never another council's."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text

from assessment.models.sharing import ReleasedMeasure
from assessment.queries.measures import compute_all, find_current
from assessment.rules.benchmarks import FigureClass, Group, size_band
from assessment.rules.measures import MEASURES, Measured
from saas import clock
from saas.db import db
from saas.errors import NotFound
from tenants.models.councils import Council

BENCHMARK = text(
    "select asked.code, shown.* from unnest(:codes) with ordinality as asked (code, place)"
    " cross join lateral tenancy.benchmark(asked.code, :period) as shown"
    " order by asked.place, shown.council_kind, shown.size_band"
).bindparams(bindparam("codes", type_=ARRAY(Text)))
CLASSES = text("select shown, kind, band, number from tenancy.benchmark_classes(:measure, :period)")


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one group of five or more: how many councils, their middle figure and quartiles in percent, rounded to five.

    Below nine councils there are no quartiles: they would be single councils' figures.
    """

    group: Group
    councils: int
    lower: int | None
    median: int
    upper: int | None
    shown_at: datetime


@dataclass(frozen=True, slots=True)
class CouncilSize:
    """What puts a council in its groups."""

    kind: str
    seats: int | None
    band: str


def list_figures(period: str) -> dict[str, list[Figures]]:
    """Measure → the groups that may be shown, everybody first, then by kind, by size, by both. One statement.

    For a region, every measure; for a council, those it shares a figure of.
    """
    found: dict[str, list[Figures]] = {}
    for row in db.session.execute(BENCHMARK, {"codes": list(MEASURES), "period": period}):
        group = Group(row.council_kind, row.size_band)
        found.setdefault(row.code, []).append(
            Figures(group, row.councils, row.lower, row.median, row.upper, row.shown_at)
        )
    for figures in found.values():
        figures.sort(key=lambda each: (bool(each.group.kind) + 2 * bool(each.group.band), each.group))
    return found


def list_released(council_id: UUID, period: str) -> dict[str, ReleasedMeasure]:
    """What the council itself shares of a year, by measure."""
    wanted = select(ReleasedMeasure).where(ReleasedMeasure.council_id == council_id, ReleasedMeasure.period == period)
    return {row.measure: row for row in db.session.scalars(wanted)}


def list_classes(measure: str, period: str) -> list[FigureClass]:
    """How many figures were counted in the same groups and are of the same kind and size; in council scope.

    Whoever shares or takes back the same figure at the same time waits until this transaction ends.
    """
    rows: Any = db.session.execute(CLASSES, {"measure": measure, "period": period})
    found = [FigureClass(frozenset(row.shown), row.kind, row.band, row.number) for row in rows]
    return sorted(found, key=lambda each: (sorted(each.shown), each.kind or "", each.band or ""))


def size_of(council_id: UUID, figures: dict[str, Measured]) -> CouncilSize:
    """Kind and size of the council: its seats where they are known, else the members it has recorded.

    figures: its live measures, members_in_office among them. Raises NotFound.
    """
    row = db.session.execute(select(Council.kind, Council.seats).where(Council.id == council_id)).one_or_none()
    if row is None:
        raise NotFound
    recorded = figures["members_in_office"].denominator
    return CouncilSize(row.kind, row.seats, size_band(row.seats if row.seats is not None else recorded))


def own_figures(council_id: UUID, codes: Collection[str] = tuple(MEASURES)) -> dict[str, Measured]:
    """The council's live measures now."""
    return compute_all(find_current(council_id), council_id, codes, clock.now())


def count_released(council_id: UUID) -> int:
    """How many figures the council shares, of any year."""
    wanted = select(func.count()).select_from(ReleasedMeasure).where(ReleasedMeasure.council_id == council_id)
    return db.session.scalar(wanted) or 0

"""Figures for comparisons: a council shares its own, one by one, and takes each back when it likes."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, text

from assessment.models.sharing import ReleasedMeasure
from assessment.queries.benchmarks import CouncilSize, list_classes, list_released, own_figures, size_of
from assessment.rules.benchmarks import financial_year, to_show
from assessment.rules.measures import MEASURES, Measured
from saas import clock, events
from saas.db import db, new_id, turning
from saas.errors import Conflict, NotFound
from saas.tenancy import Actor

SHARED = "uq_released_measures_council_id_measure_period"
PUBLISH = text("select tenancy.publish_benchmark(:id, :measure, :period, :kind, :band)")


def share(council_id: UUID, region_id: UUID, figure: Measured, size: CouncilSize, *, by: Actor) -> ReleasedMeasure:
    """Let a figure, as it is now, count for this financial year. Raises Conflict when it is shared already or empty.

    It does not move with the records any more: take it back and share it again for a newer one.
    """
    period = financial_year(clock.today())
    if not figure.denominator:
        raise Conflict(f"“{figure.title}” has nothing to count yet.")
    released = ReleasedMeasure(
        council_id=council_id,
        id=new_id(),
        region_id=region_id,
        measure=figure.code,
        period=period,
        numerator=figure.numerator,
        denominator=figure.denominator,
        council_kind=size.kind,
        size_band=size.band,
        released_at=clock.now(),
        released_by_name=by.name,
    )
    there = f"“{figure.title}” is shared for {period} already. Take it back first to share a newer figure."
    with turning(SHARED, lambda: Conflict(there)):
        db.session.add(released)
        db.session.flush()
    _show(figure.code, period)
    payload = {"title": figure.title, "period": period}
    events.record("figure.shared", released, by=by, audience="council", payload=payload)
    return released


def share_own(council_id: UUID, region_id: UUID, measure: str, *, by: Actor) -> ReleasedMeasure:
    """Share the live figure of a measure. Raises NotFound where there is no such measure, Conflict as above."""
    if measure not in MEASURES:
        raise NotFound
    now = own_figures(council_id)
    return share(council_id, region_id, now[measure], size_of(council_id, now), by=by)


def take_back(council_id: UUID, measure: str, period: str, *, by: Actor) -> bool:
    """Take a figure back: groups it counted in are hidden from the next look on. False when it was not shared."""
    released = list_released(council_id, period).get(measure)
    if released is None:
        return False
    payload = {"title": MEASURES[measure].title, "period": period}
    events.record("figure.taken_back", released, by=by, audience="council", payload=payload)
    db.session.execute(
        delete(ReleasedMeasure).where(ReleasedMeasure.council_id == council_id, ReleasedMeasure.id == released.id)
    )
    _show(measure, period)
    return True


def _show(measure: str, period: str) -> None:
    """Work out anew every group that tells of no few."""
    for group in to_show(list_classes(measure, period)):
        values = {"id": new_id(), "measure": measure, "period": period, "kind": group.kind, "band": group.band}
        db.session.execute(PUBLISH, values)

"""Rounds: jobs that go over every council, every region or the whole service once a day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, time
from uuid import UUID

from sqlalchemy import insert, select, text
from sqlalchemy.dialects.postgresql import insert as insert_once

from saas import clock, jobs
from saas.db import new_id
from saas.events import Outbox, Round
from saas.jobs import outbox_row
from saas.tenancy import Scope
from saas.transaction import within

_daily: dict[str, time] = {}
_of_regions: set[str] = set()
"""Daily jobs that go over regions, not councils."""
_of_platform: set[str] = set()
"""Daily jobs that run once, for the whole service."""
MORNING = time(7)
ACTIVE_COUNCILS = text("select id, region_id from tenancy.active_councils()")
REGIONS = text("select id from tenancy.all_regions()")


def daily(function: Callable[[UUID], None], *, at: time = MORNING) -> Callable[[UUID], None]:
    """Let a job go over every active council once a day, as the service, in the council's scope; it gets its id.

    A job that stands above `@job()` as `@daily`, or is named as `daily(tell_dates, at=time(7, 30))`. It starts at the
    first sweep after that time in London, so a morning that was missed is made up for on the same day and no later.
    """
    if function.__name__ not in jobs.names():
        raise RuntimeError(f"{function.__name__} is no job: mark it with @job() first")
    _daily[function.__name__] = at
    return function


def daily_in_regions(function: Callable[[UUID], None]) -> Callable[[UUID], None]:
    """The same for a job that goes over every region, in the region's scope; it gets the region's id."""
    _of_regions.add(function.__name__)
    return daily(function)


def daily_on_platform(function: Callable[[UUID], None]) -> Callable[[UUID], None]:
    """The same for a job that runs once a day for the whole service, in the console's scope; it gets no id of use."""
    _of_platform.add(function.__name__)
    return daily(function)


def start_rounds() -> list[UUID]:
    """Put today's rounds that are due into the outbox, each once however many schedulers ask; the new rows' ids."""
    local = clock.now().astimezone(clock.LONDON)
    due = [name for name, at in sorted(_daily.items()) if local.time() >= at]
    if not due:
        return []
    with within(Scope.nobody(), read_only=True) as session:
        begun = set(session.scalars(select(Round.job).where(Round.day == local.date(), Round.job.in_(due))))
    return [row_id for name in due if name not in begun for row_id in _start_round(name, local.date())]


def _start_round(name: str, day: date) -> list[UUID]:
    """The round's own row decides who starts it: a second scheduler waits for the first and then finds it there."""
    with within(Scope.operator(None)) as session:
        begin = insert_once(Round).values(job=name, day=day).on_conflict_do_nothing().returning(Round.job)
        if session.scalar(begin) is None:
            return []
        if name in _of_platform:
            rows = [outbox_row(name, new_id(), Scope.operator(None))]
        elif name in _of_regions:
            rows = [outbox_row(name, region_id, Scope.region(region_id)) for region_id in session.scalars(REGIONS)]
        else:
            councils = session.execute(ACTIVE_COUNCILS).all()
            rows = [outbox_row(name, council.id, Scope.council(council.id, council.region_id)) for council in councils]
        if rows:
            session.execute(insert(Outbox), rows)
    return [row["id"] for row in rows]


def names() -> list[str]:
    """Every job that runs once a day."""
    return sorted(_daily)


def are_known(functions: Sequence[Callable[[UUID], None]]) -> None:
    """Stop the start when a feature names a job that nothing marked as daily."""
    missing = sorted({function.__name__ for function in functions} - set(_daily))
    if missing:
        raise RuntimeError(f"jobs without an hour of the day: {', '.join(missing)}")

"""Jobs: the other door. What is due after an event, done once in effect, in the scope it was asked for.

An outbox row is leased for thirty seconds by whoever runs it and the lease is renewed while it runs; the job's own
transaction deletes the row, so what it did and that it was done are kept together or not at all. A worker killed at
any moment leaves a lease that runs out, and the sweep hands the row on. A job may therefore start twice and must be
idempotent towards the world outside the database.
"""

from __future__ import annotations

import ctypes
import logging
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from secrets import token_hex
from time import perf_counter
from typing import Any
from uuid import UUID

from flask import Flask, current_app
from redis import Redis
from redis.backoff import ExponentialWithJitterBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue
from rq.serializers import JSONSerializer
from sqlalchemy import case, delete, insert, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert as insert_once
from sqlalchemy.exc import OperationalError

from saas import clock, events, present, transaction
from saas.db import db, new_id
from saas.events import Outbox, Round, RunsIn
from saas.job_list import GIVE_UP_AFTER, NEVER
from saas.tally import Tally
from saas.tenancy import Scope
from saas.transaction import within

LEASE = timedelta(seconds=30)
RENEW_SECONDS = 10.0
PROCESS_ENDED = "the process ended"
"""The reason of a job whose process was killed, by its own hunger or from outside: nobody was left to say more."""
LAST_WORDS_TRIES = 3
"""How often what follows a job that was given up is tried itself."""
TRIES_IN_ONE_LEASE = 4
COLLISIONS = {"40001", "40P01"}
"""SQLSTATE of a serialization failure and of a deadlock: nothing is wrong, somebody else was there."""
QUEUE = "charterway"
ACROSS_A_RESTART = 5
"""Tries that come to one to two seconds: a queue that is restarted is waited for, one that is away is not."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """A function that takes an id, run after commit in the scope of its event, or in the one `runs_in` makes of it."""

    name: str
    run: Callable[[UUID], None]
    isolation: str | None = None
    on_failure: Callable[[UUID, Exception], None] | None = None
    runs_in: RunsIn | None = None


_jobs: dict[str, Job] = {}
_daily: dict[str, time] = {}
_of_regions: set[str] = set()
"""Daily jobs that go over regions, not councils."""
_of_platform: set[str] = set()
"""Daily jobs that run once, for the whole service."""
MORNING = time(7)
ACTIVE_COUNCILS = text("select id, region_id from tenancy.active_councils()")
REGIONS = text("select id from tenancy.all_regions()")


def job(
    *,
    isolation: str | None = None,
    on_failure: Callable[[UUID, Exception], None] | None = None,
    runs_in: RunsIn | None = None,
) -> Callable[[Callable[[UUID], None]], Callable[[UUID], None]]:
    """Make a function a job, named by itself.

    on_failure: called in a transaction of its own, in the same scope, when the job was given up.
    runs_in: `Scope.council` for a job that does the council's own part of what its region did,
    `Scope.region_of_council` for the other way round; see `events.react`.
    """

    def register(function: Callable[[UUID], None]) -> Callable[[UUID], None]:
        name = function.__name__
        known = _jobs.get(name)
        if known is not None and known.run.__module__ != function.__module__:
            raise RuntimeError(f"two jobs are named {name}")
        _jobs[name] = Job(name, function, isolation, on_failure, runs_in)
        return function

    return register


def daily(function: Callable[[UUID], None], *, at: time = MORNING) -> Callable[[UUID], None]:
    """Let a job go over every active council once a day, as the service, in the council's scope; it gets its id.

    A job that stands above `@job()` as `@daily`, or is named as `daily(tell_dates, at=time(7, 30))`. It starts at the
    first sweep after that time in London, so a morning that was missed is made up for on the same day and no later.
    """
    if function.__name__ not in _jobs:
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
            rows = [_row(name, new_id(), Scope.operator(None))]
        elif name in _of_regions:
            rows = [_row(name, region_id, Scope.region(region_id)) for region_id in session.scalars(REGIONS)]
        else:
            councils = session.execute(ACTIVE_COUNCILS).all()
            rows = [_row(name, council.id, Scope.council(council.id, council.region_id)) for council in councils]
        if rows:
            session.execute(insert(Outbox), rows)
    return [row["id"] for row in rows]


def put(function: Callable[[UUID], None], subject_id: UUID, scope: Scope, *, due_at: datetime | None = None) -> None:
    """Let a job follow from another, when the open transaction commits: it runs in this scope, found by the sweep.

    due_at: not before then.
    """
    db.session.execute(insert(Outbox), [_row(_jobs[function.__name__].name, subject_id, scope, due_at)])


def _row(name: str, subject_id: UUID, scope: Scope, due_at: datetime | None = None) -> dict[str, Any]:
    return {
        "id": new_id(),
        "event_id": new_id(),
        "job": name,
        "args": events.args_of(str(subject_id)),
        "scope": scope.to_json(),
        "due_at": due_at or clock.now(),
        "attempts": 0,
    }


def runs_in(name: str) -> RunsIn | None:
    """How the scope of a known job follows from its event; None where it is the event's own."""
    known = _jobs.get(name)
    return known.runs_in if known else None


def daily_names() -> list[str]:
    """Every job that goes over the councils once a day."""
    return sorted(_daily)


def names() -> list[str]:
    """Every job that is known, for checks."""
    return sorted(_jobs)


def install(app: Flask) -> None:
    """Give the app its queue, and let committed outbox rows go to it at once."""
    config = app.config["CHARTERWAY"]
    waiting = Retry(ExponentialWithJitterBackoff(base=0.1, cap=0.5), ACROSS_A_RESTART)
    connection = Redis.from_url(config.redis_url, socket_connect_timeout=2, socket_timeout=30, retry=waiting)
    app.extensions["redis"] = connection
    app.extensions["charterway_tally"] = Tally(connection)
    app.extensions["queue"] = Queue(QUEUE, connection=connection, serializer=JSONSerializer)
    if enqueue not in transaction.after_commit:
        transaction.after_commit.append(enqueue)


def enqueue(due: list[UUID]) -> None:
    """Hand outbox rows to the queue. A queue that is away costs nothing: the sweep finds them."""
    if current_app.config.get("JOBS_BY_HAND"):
        return
    try:
        for row_id in due:
            name = f"{row_id}_{token_hex(4)}"
            times = {"job_timeout": 900, "result_ttl": 0, "failure_ttl": 3600}
            current_app.extensions["queue"].enqueue(run, str(row_id), job_id=name, **times)
    except RedisError:
        log.warning("the queue is away; %s rows wait for the sweep", len(due))


def enqueue_forgotten() -> None:
    """Hand the queue what is due, free and not in the queue already: a long queue does not grow while it waits.

    Raises RedisError when the queue is away.
    """
    waiting = {name.partition("_")[0] for name in current_app.extensions["queue"].get_job_ids()}
    enqueue([row_id for row_id in sweep() if str(row_id) not in waiting])


def sweep() -> list[UUID]:
    """The rows that are due and that nobody holds, oldest first."""
    now = clock.now()
    with within(Scope.nobody(), read_only=True) as session:
        free = or_(Outbox.leased_until.is_(None), Outbox.leased_until < now)
        rows = select(Outbox.id).where(Outbox.due_at <= now, free).order_by(Outbox.due_at).limit(200)
        return list(session.scalars(rows))


@dataclass(frozen=True, slots=True)
class Leased:
    """A row that this process holds now. `attempt` counts from 1."""

    name: str
    subject_id: UUID
    scope: Scope
    request_id: str
    attempt: int


class GivenUp(Exception):
    """What a job's `on_failure` gets where no error gave it up: its process was killed each time, or a person did."""


def run(row_id: str) -> None:
    """Do one outbox row, if it is still due and free. Called by the worker, and by tests on purpose."""
    _die_with_parent()
    wanted = UUID(row_id)
    leased = _lease(wanted)
    if leased is None:
        return
    with present.doing(present.Work(leased.request_id, leased.name)) as now:
        begun = perf_counter()
        result = _try(wanted, leased)
        seconds = perf_counter() - begun
        figures = {"attempt": leased.attempt, "ms": round(seconds * 1000), "statements": now.statements}
        log.info("job %s", result, extra={"job_id": row_id, **figures})
        current_app.extensions["charterway_tally"].add_now(
            {("jobs", leased.name, result): 1, ("job_seconds_sum", leased.name): seconds}
        )


def _try(row_id: UUID, leased: Leased) -> str:
    """Do it; in one word what came of it: done, failed (it waits and is tried again), or given_up."""
    known = _jobs.get(leased.name)
    if leased.attempt > GIVE_UP_AFTER:
        return "given_up" if _give_up(row_id, leased, known, GivenUp()) else "failed"
    try:
        if known is None:  # of another release, whose worker may come by
            raise LookupError
        with _renewed(row_id):
            _do(known, row_id, leased.subject_id, leased.scope)
    except Exception as error:
        log.exception("job failed", extra={"job_id": str(row_id), "attempt": leased.attempt})
        _put_back(row_id, present.reason(error))
        last = leased.attempt == GIVE_UP_AFTER
        return "given_up" if last and _give_up(row_id, leased, known, error) else "failed"
    return "done"


def _do(known: Job, row_id: UUID, subject_id: UUID, scope: Scope) -> None:
    """Run the job and delete its row in one transaction, again at once when others changed what it read."""
    for tries_left in reversed(range(TRIES_IN_ONE_LEASE)):
        try:
            with within(scope, isolation=known.isolation) as session:
                known.run(subject_id)
                session.execute(delete(Outbox).where(Outbox.id == row_id))
        except OperationalError as error:
            if not tries_left or getattr(error.orig, "sqlstate", None) not in COLLISIONS:
                raise
        else:
            return


def run_all() -> int:
    """Run everything that is due, here and now, until nothing is; the number of rows run. For tests and the demo."""
    done = 0
    while rows := sweep():
        for row_id in rows:
            run(str(row_id))
            done += 1
    return done


def _lease(row_id: UUID) -> Leased | None:
    now = clock.now()
    with within(Scope.nobody()) as session:
        taken = session.execute(
            update(Outbox)
            .where(
                Outbox.id == row_id,
                Outbox.due_at <= now,
                or_(Outbox.leased_until.is_(None), Outbox.leased_until < now),
            )
            .values(
                leased_until=now + LEASE,
                attempts=Outbox.attempts + 1,
                # A lease that ran out is one that nobody gave back.
                failure=case((Outbox.leased_until.is_not(None), PROCESS_ENDED), else_=Outbox.failure),
            )
            .returning(Outbox.job, Outbox.args, Outbox.scope, Outbox.attempts)
        ).one_or_none()
        if taken is None:
            return None
        request_id = taken.args.get("request_id", str(row_id))
        scope = Scope.from_json(taken.scope)
        return Leased(taken.job, UUID(taken.args["subject_id"]), scope, request_id, taken.attempts)


def _put_back(row_id: UUID, reason: str) -> None:
    """Let a failed row wait, longer each time."""
    with within(Scope.nobody()) as session:
        row = session.get(Outbox, row_id)
        if row is not None:
            row.due_at = clock.now() + timedelta(seconds=min(5 * 2**row.attempts, 3600))
            row.leased_until = None
            row.failure = reason


def _give_up(row_id: UUID, leased: Leased, known: Job | None, error: Exception) -> bool:
    """Keep the row for operators, never due again, together with what follows from giving it up; False when not yet.

    What follows may fail or kill its process too: then it is tried at the next lease, and left out at last.
    """
    given_up = update(Outbox).where(Outbox.id == row_id).values(due_at=NEVER, leased_until=None)
    if known is None or known.on_failure is None or leased.attempt > GIVE_UP_AFTER + LAST_WORDS_TRIES:
        with within(Scope.nobody()) as session:
            session.execute(given_up)
        return True
    try:
        with within(leased.scope) as session:
            known.on_failure(leased.subject_id, error)
            session.execute(given_up)
    except Exception:
        log.exception("what follows a job that was given up failed", extra={"job_id": str(row_id)})
        return False
    return True


@contextmanager
def _renewed(row_id: UUID) -> Iterator[None]:
    """Renew the lease from a second thread while the job runs."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    done = threading.Event()

    def renew() -> None:
        while not done.wait(RENEW_SECONDS):
            with app.app_context(), suppress(Exception), within(Scope.nobody()) as session:
                session.execute(update(Outbox).where(Outbox.id == row_id).values(leased_until=clock.now() + LEASE))

    thread = threading.Thread(target=renew, name="lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join(timeout=5)


def _die_with_parent() -> None:
    """End with the worker that forked this process, so that a killed worker leaves no job running beside the next."""
    if current_app.config.get("JOBS_BY_HAND"):
        return
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def connection_pool_reset() -> None:
    """Forget database connections inherited from the parent process."""
    db.engine.dispose(close=False)


def daily_are_known(functions: Sequence[Callable[[UUID], None]]) -> None:
    """Stop the start when a feature names a job that nothing marked as daily."""
    missing = sorted({function.__name__ for function in functions} - set(_daily))
    if missing:
        raise RuntimeError(f"jobs without an hour of the day: {', '.join(missing)}")


def reactions_are_known(reactions: dict[str, list[Any]]) -> None:
    """Stop the start when a reaction names a job that does not exist."""
    missing = sorted({name for jobs_of in reactions.values() for name in jobs_of} - set(_jobs))
    if missing:
        raise RuntimeError(f"reactions name unknown jobs: {', '.join(missing)}")

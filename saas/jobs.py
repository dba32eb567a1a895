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
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
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
from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.exc import OperationalError

from saas import clock, events, leases, present, transaction
from saas.db import db, new_id
from saas.events import Outbox, RunsIn
from saas.job_list import GIVE_UP_AFTER, NEVER
from saas.tally import Tally
from saas.tenancy import Scope
from saas.transaction import within

LAST_WORDS_TRIES = 3
"""How often what follows a job that was given up is tried itself."""
TRIES_IN_ONE_LEASE = 4
COLLISIONS = {"40001", "40P01"}
"""SQLSTATE of a serialization failure and of a deadlock: nothing is wrong, somebody else was there."""
FIRST, USUAL = QUEUES = ("charterway-first", "charterway")
"""The queues in the order in which a worker looks into them."""
USUAL_LONGEST_SECONDS = 15 * 60
"""A job that runs for longer is ended, and tried again later."""
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
    longest_seconds: int = USUAL_LONGEST_SECONDS
    waited_for: bool = False


_jobs: dict[str, Job] = {}


def job(
    *,
    isolation: str | None = None,
    on_failure: Callable[[UUID, Exception], None] | None = None,
    runs_in: RunsIn | None = None,
    longest_seconds: int = USUAL_LONGEST_SECONDS,
    waited_for: bool = False,
) -> Callable[[Callable[[UUID], None]], Callable[[UUID], None]]:
    """Make a function a job, named by itself.

    on_failure: called in a transaction of its own, in the same scope, when the job was given up.
    runs_in: `Scope.council` for a job that does the council's own part of what its region did,
    `Scope.region_of_council` for the other way round; see `events.react`.
    waited_for: somebody sits before a page until it is done; it goes before all others.
    """

    def register(function: Callable[[UUID], None]) -> Callable[[UUID], None]:
        name = function.__name__
        known = _jobs.get(name)
        if known is not None and known.run.__module__ != function.__module__:
            raise RuntimeError(f"two jobs are named {name}")
        _jobs[name] = Job(name, function, isolation, on_failure, runs_in, longest_seconds, waited_for)
        return function

    return register


def put(function: Callable[[UUID], None], subject_id: UUID, scope: Scope, *, due_at: datetime | None = None) -> None:
    """Let a job follow from another, when the open transaction commits: it runs in this scope, found by the sweep.

    due_at: not before then.
    """
    db.session.execute(insert(Outbox), [outbox_row(_jobs[function.__name__].name, subject_id, scope, due_at)])


def outbox_row(name: str, subject_id: UUID, scope: Scope, due_at: datetime | None = None) -> dict[str, Any]:
    """A new row of the outbox that is due from an instant on, now unless it is given."""
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
    app.extensions["queues"] = {name: Queue(name, connection=connection, serializer=JSONSerializer) for name in QUEUES}
    if enqueue not in transaction.after_commit:
        transaction.after_commit.append(enqueue)


def enqueue(due: Mapping[UUID, str]) -> None:
    """Hand outbox rows, each with the name of its job, to the queues. A queue that is away costs nothing: the sweep
    finds them.
    """
    if current_app.config.get("JOBS_BY_HAND"):
        return
    try:
        for row_id, job_name in due.items():
            known = _jobs.get(job_name)  # None: of another release, whose worker may come by
            queue = current_app.extensions["queues"][FIRST if known and known.waited_for else USUAL]
            limit = known.longest_seconds if known else USUAL_LONGEST_SECONDS
            name = f"{row_id}_{token_hex(4)}"
            queue.enqueue(run, str(row_id), job_id=name, job_timeout=limit, result_ttl=0, failure_ttl=3600)
    except RedisError:
        log.warning("the queue is away; %s rows wait for the sweep", len(due))


def enqueue_forgotten() -> None:
    """Hand the queue what is due, free and not in the queue already: a long queue does not grow while it waits.

    Raises RedisError when the queue is away.
    """
    queues = current_app.extensions["queues"].values()
    waiting = {name.partition("_")[0] for queue in queues for name in queue.get_job_ids()}
    enqueue({row_id: name for row_id, name in sweep().items() if str(row_id) not in waiting})


def sweep() -> dict[UUID, str]:
    """The rows that are due and that nobody holds, oldest first, each with the name of its job."""
    now = clock.now()
    with within(Scope.nobody(), read_only=True) as session:
        free = or_(Outbox.leased_until.is_(None), Outbox.leased_until < now)
        rows = select(Outbox.id, Outbox.job).where(Outbox.due_at <= now, free).order_by(Outbox.due_at).limit(200)
        return {row.id: row.job for row in session.execute(rows)}


class GivenUp(Exception):
    """What a job's `on_failure` gets where no error gave it up: its process was killed each time, or a person did."""


def run(row_id: str) -> None:
    """Do one outbox row, if it is still due and free. Called by the worker, and by tests on purpose."""
    _die_with_parent()
    wanted = UUID(row_id)
    leased = leases.take(wanted)
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


def _try(row_id: UUID, leased: leases.Leased) -> str:
    """Do it; in one word what came of it: done, failed (it waits and is tried again), or given_up."""
    known = _jobs.get(leased.name)
    if leased.attempt > GIVE_UP_AFTER:
        return "given_up" if _give_up(row_id, leased, known, GivenUp()) else "failed"
    try:
        if known is None:  # of another release, whose worker may come by
            raise LookupError
        with leases.renewed(row_id):
            _do(known, row_id, leased.subject_id, leased.scope)
    except Exception as error:
        log.exception("job failed", extra={"job_id": str(row_id), "attempt": leased.attempt})
        leases.put_back(row_id, present.reason(error))
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


def _give_up(row_id: UUID, leased: leases.Leased, known: Job | None, error: Exception) -> bool:
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


def _die_with_parent() -> None:
    """End with the worker that forked this process, so that a killed worker leaves no job running beside the next."""
    if current_app.config.get("JOBS_BY_HAND"):
        return
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def forget_connections() -> None:
    """Forget database connections inherited from the parent process."""
    db.engine.dispose(close=False)


def reactions_are_known(reactions: dict[str, list[Any]]) -> None:
    """Stop the start when a reaction names a job that does not exist."""
    missing = sorted({name for jobs_of in reactions.values() for name in jobs_of} - set(_jobs))
    if missing:
        raise RuntimeError(f"reactions name unknown jobs: {', '.join(missing)}")

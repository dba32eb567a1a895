"""The list of jobs as an operator reads it: what waits, runs, failed and was given up; and what to do about it.

A job that is done leaves no row. `retry` lets one begin anew, `give_up` ends it: the worker then does what follows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, or_, select, true

from saas import clock, events
from saas.db import db
from saas.errors import Conflict, NotFound
from saas.events import Outbox
from saas.tally import Name
from saas.tenancy import Actor

GIVE_UP_AFTER = 12
"""How often a job is tried."""
NEVER = datetime(9000, 1, 1, tzinfo=UTC)
"""When a row is due that was given up."""
GIVEN_UP_FROM = datetime(2100, 1, 1, tzinfo=UTC)
STATES = ("given_up", "failed", "running", "retried", "queued", "later")
"""In the order in which they need a look: given up; failed and to be tried again by itself; running; to be tried again
because an operator said so; due now; due later."""
ENDED_BY_OPERATOR = "an operator ended it"
PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class ListedJob:
    """One job that is not done. `failure` is a kind and a code, never a text."""

    id: UUID
    name: str
    state: str
    attempts: int
    due_at: datetime
    failure: str | None
    request_id: str
    council_id: UUID | None
    region_id: UUID | None

    @property
    def words(self) -> str:
        """The name as people read it."""
        return words_of(self.name)


@dataclass(frozen=True, slots=True)
class Came:
    """What came of all runs of one job since the queue began to count. `seconds` is the time of one run on average."""

    words: str
    done: int
    failed: int
    given_up: int
    seconds: float


def words_of(name: str) -> str:
    """The name of a job as people read it: `seal_submission` is Seal submission."""
    return name.replace("_", " ").capitalize()


def _state() -> ColumnElement[str]:
    now = clock.now()
    return case(
        (Outbox.due_at >= GIVEN_UP_FROM, "given_up"),
        (Outbox.leased_until >= now, "running"),
        (and_(Outbox.failure.is_not(None), Outbox.attempts == 0), "retried"),
        (Outbox.failure.is_not(None), "failed"),
        (Outbox.due_at > now, "later"),
        else_="queued",
    )


def count_jobs() -> dict[str, int]:
    """State → how many jobs are in it; every state is named."""
    state = _state().label("state")
    rows = db.session.execute(select(state, func.count()).group_by(state))
    return dict.fromkeys(STATES, 0) | {row[0]: row[1] for row in rows}


def oldest_due_seconds() -> float:
    """For how long the job that has waited longest has been due; 0 when none waits."""
    now = clock.now()
    free = or_(Outbox.leased_until.is_(None), Outbox.leased_until < now)
    oldest = db.session.scalar(select(func.min(Outbox.due_at)).where(Outbox.due_at <= now, free))
    return max(0.0, (now - oldest).total_seconds()) if oldest else 0.0


def came_of(counts: Mapping[Name, float]) -> list[Came]:
    """What came of each job, by its name, from the counts of all processes."""
    results: defaultdict[str, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    for (name, *labels), number in counts.items():
        if name == "jobs":
            results[labels[0]][labels[1]] += number
        elif name == "job_seconds_sum":
            results[labels[0]]["seconds"] += number
    rows = []
    for name, found in sorted(results.items()):
        done, failed, given_up = (int(found[result]) for result in ("done", "failed", "given_up"))
        runs = done + failed + given_up
        rows.append(Came(words_of(name), done, failed, given_up, found["seconds"] / runs if runs else 0.0))
    return rows


def list_jobs(state: str = "", page: int = 1) -> tuple[list[ListedJob], int]:
    """One page of the jobs in this state (of all that are not done), those that need a look first; and how many."""
    known = _state()
    wanted = known == state if state else true()
    rank = case({name: rank for rank, name in enumerate(STATES)}, value=known)
    total = db.session.scalar(select(func.count()).select_from(Outbox).where(wanted)) or 0
    rows = db.session.execute(
        select(Outbox, known.label("state"))
        .where(wanted)
        .order_by(rank, Outbox.due_at, Outbox.id)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    return [_listed(row, state) for row, state in rows], total


def _listed(row: Outbox, state: str) -> ListedJob:
    def place(name: str) -> UUID | None:
        return UUID(row.scope[name]) if row.scope.get(name) else None

    return ListedJob(
        row.id,
        row.job,
        state,
        row.attempts,
        row.due_at,
        row.failure,
        row.args.get("request_id", str(row.id)),
        place("council_id"),
        place("region_id") or place("home_region_id"),
    )


def retry(job_id: UUID, *, by: Actor) -> str:
    """Let a job that failed or was given up begin anew at once; its name. Raises NotFound, Conflict while it runs."""
    return _change(job_id, "job.retried", by, attempts=0, failure=None)


def give_up(job_id: UUID, *, by: Actor) -> str:
    """End a job: it is not tried again, and what follows from that is done; its name. Raises as `retry`."""
    return _change(job_id, "job.ended", by, attempts=GIVE_UP_AFTER, failure=ENDED_BY_OPERATOR)


def _change(job_id: UUID, verb: str, by: Actor, *, attempts: int, failure: str | None) -> str:
    row: Any = db.session.get(Outbox, job_id, with_for_update=True)
    if row is None:
        raise NotFound("This job is done: it is no longer in the list.")
    if row.leased_until is not None and row.leased_until >= clock.now():
        raise Conflict("This job runs just now. Look again in a minute.")
    if verb == "job.ended" and row.due_at >= GIVEN_UP_FROM:
        raise Conflict("This job was given up already.")
    row.attempts = attempts
    row.due_at = clock.now() - timedelta(seconds=1)
    row.leased_until = None
    row.failure = failure or row.failure or "asked for by an operator"
    events.record(verb, row, by=by, audience="platform", payload={"job": row.job})
    return str(row.job)

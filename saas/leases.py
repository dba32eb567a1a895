"""Leases: an outbox row is held for thirty seconds by the process that runs it, renewed while it runs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from flask import Flask, current_app
from sqlalchemy import case, or_, update

from saas import clock
from saas.events import Outbox
from saas.tenancy import Scope
from saas.transaction import within

LEASE = timedelta(seconds=30)
RENEW_SECONDS = 10.0
PROCESS_ENDED = "the process ended"
"""The reason of a job whose process was killed, by its own hunger or from outside: nobody was left to say more."""


@dataclass(frozen=True, slots=True)
class Leased:
    """A row that this process holds now. `attempt` counts from 1."""

    name: str
    subject_id: UUID
    scope: Scope
    request_id: str
    attempt: int


def take(row_id: UUID) -> Leased | None:
    """Hold a row that is due; None when it is not, or somebody else holds it."""
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


def put_back(row_id: UUID, reason: str) -> None:
    """Let a failed row wait, longer each time."""
    with within(Scope.nobody()) as session:
        row = session.get(Outbox, row_id)
        if row is not None:
            row.due_at = clock.now() + timedelta(seconds=min(5 * 2**row.attempts, 3600))
            row.leased_until = None
            row.failure = reason


@contextmanager
def renewed(row_id: UUID) -> Iterator[None]:
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

"""Leases: a row is held by one process, renewed while its job runs, and waits longer each time it failed."""

from __future__ import annotations

from datetime import timedelta
from time import sleep
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import insert, select

from saas import clock, leases
from saas.db import new_id
from saas.events import Outbox
from saas.jobs import outbox_row
from saas.tenancy import Scope
from tests.conftest import InScope

OPERATOR = Scope.operator(None)


@pytest.fixture
def subject_id() -> UUID:
    """What the job is about."""
    return new_id()


@pytest.fixture
def row_id(in_scope: InScope, subject_id: UUID) -> UUID:
    """A row of the outbox that is due."""
    row = outbox_row("send_calendars", subject_id, OPERATOR)
    with in_scope(OPERATOR) as session:
        session.execute(insert(Outbox), [row])
    wanted: UUID = row["id"]
    return wanted


def row_of(row_id: UUID, in_scope: InScope) -> Outbox:
    with in_scope(Scope.nobody()) as session:
        row = session.scalars(select(Outbox).where(Outbox.id == row_id)).one()
        session.expunge(row)
        return row


def test_a_row_is_held_by_the_first_that_takes_it(app: Flask, row_id: UUID, subject_id: UUID) -> None:
    with app.app_context():
        held = leases.Leased("send_calendars", subject_id, OPERATOR, str(row_id), 1)
        assert [leases.take(row_id), leases.take(row_id), leases.take(new_id())] == [held, None, None]


def test_a_lease_that_ran_out_tells_that_its_process_ended(app: Flask, row_id: UUID, in_scope: InScope) -> None:
    with app.app_context():
        leases.take(row_id)
        with clock.at(clock.now() + leases.LEASE + timedelta(seconds=1)):
            again = leases.take(row_id)
    assert again is not None
    assert (again.attempt, row_of(row_id, in_scope).failure) == (2, "the process ended")


def test_what_failed_waits_longer_each_time_but_no_longer_than_an_hour(
    app: Flask, row_id: UUID, in_scope: InScope
) -> None:
    waits, moment = [], clock.now()
    for _ in range(11):
        with app.app_context(), clock.at(moment):
            assert leases.take(row_id) is not None
            leases.put_back(row_id, "DataError 22012")
        row = row_of(row_id, in_scope)
        assert (row.leased_until, row.failure) == (None, "DataError 22012")
        waits.append((row.due_at - moment).total_seconds())
        moment = row.due_at
    assert waits == [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]


def test_putting_back_what_is_gone_is_harmless(app: Flask) -> None:
    with app.app_context():
        leases.put_back(new_id(), "it was done meanwhile")


def test_a_lease_is_renewed_while_its_job_runs(
    app: Flask, row_id: UUID, in_scope: InScope, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "RENEW_SECONDS", 0.01)
    with app.app_context():
        leases.take(row_id)
        before = row_of(row_id, in_scope).leased_until
        with leases.renewed(row_id):
            sleep(0.2)
    after = row_of(row_id, in_scope).leased_until
    assert before is not None
    assert after is not None
    assert after > before

"""Killing the worker in the middle of a seal: nothing half done, and sealed once by the next one.

A real worker process works on a real, committed database of this test's own. The cited file is a pipe that nobody
writes to: the worker stops there, with its transaction open, for as long as the test needs.
"""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from flask import Flask
from sqlalchemy import func, select, update

from assessment.models.submissions import Submission, SubmissionAnswer, SubmissionFile
from assessment.queries import submissions as queries
from assessment.queries.accreditations import get_accreditation
from assessment.services import submissions
from charterway import create_app
from saas import clock, jobs
from saas.config import Config, load
from saas.db import db
from saas.embedded import Cluster, throwaway
from saas.events import Event, Outbox
from saas.health import alembic_settings
from saas.tenancy import CONSOLE, Scope
from saas.transaction import within
from tests.factories.assessment import make_accreditation
from tests.factories.submissions import FILE_CONTENT, answer_all
from tests.factories.tenants import MadeCouncil, make_council, make_region

ROOT = Path(__file__).parents[3]
PATIENCE_SECONDS = 30.0
FILE_SHA256 = hashlib.sha256(FILE_CONTENT).hexdigest()
Facts = tuple[str, int, int, int, int]


@pytest.fixture
def servers() -> Iterator[Cluster]:
    """PostgreSQL and Valkey of this test alone: what it does is committed."""
    with throwaway() as cluster:
        yield cluster


@pytest.fixture
def settings(servers: Cluster, tmp_path: Path) -> dict[str, str]:
    """The environment of the app and of its workers."""
    urls = servers.urls()
    return {
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": urls.app,
        "DATABASE_OWNER_URL": urls.owner,
        "REDIS_URL": urls.redis,
        "SECRET_KEY": "a key for tests only, long enough to be taken",
        "BASE_URL": "http://localhost",
    }


@pytest.fixture
def real_app(settings: dict[str, str]) -> Iterator[Flask]:
    """The app on the migrated database; its jobs go to real workers."""
    config: Config = load(settings)
    app = create_app(config, ARGON2_FAST=True)
    with app.app_context():
        command.upgrade(alembic_settings(), "head")
    yield app
    with app.app_context():
        db.engine.dispose()
    app.extensions["redis"].close()


def test_a_worker_killed_in_the_middle_of_a_seal_leaves_it_to_the_next(
    real_app: Flask, settings: dict[str, str], servers: Cluster
) -> None:
    council = make_council(real_app, make_region(real_app))
    made = make_accreditation(real_app, council)
    answer_all(real_app, council, made)
    root: Path = real_app.extensions["charterway_storage"].root
    cited = root / str(council.id) / FILE_SHA256[:2] / FILE_SHA256
    cited.unlink()
    os.mkfifo(cited)
    with real_app.app_context(), within(council.scope()):
        submissions.request_seal(get_accreditation(made, lock=True), "plan", monitor="Alex Reed", by=CONSOLE)

    admin = sa.create_engine(servers.urls().admin.replace("postgresql://", "postgresql+psycopg://"))
    with worker(settings) as process:
        until(lambda: _transactions_waiting(admin) == 1, "the worker to be in the middle of the seal")
        process.send_signal(signal.SIGKILL)
        process.wait(PATIENCE_SECONDS)
        until(lambda: _transactions_waiting(admin) == 0, "the killed job's transaction to be undone")
    assert _facts(real_app, council, made) == ("self_assessing", 0, 0, 0, 0)

    cited.unlink()
    cited.write_bytes(FILE_CONTENT)
    with real_app.app_context():
        with within(Scope.nobody()) as session:  # as if the half minute of the lease were over
            session.execute(update(Outbox).values(leased_until=clock.now() - timedelta(seconds=1)))
        jobs.enqueue(jobs.sweep())
        jobs.enqueue(jobs.sweep())  # handed out twice: sealed once all the same
    with worker(settings):
        until(lambda: _facts(real_app, council, made)[0] == "plan_submitted", "the next worker to seal")
        until(lambda: _outbox(real_app) == 0, "nothing to be left to do")
    assert _facts(real_app, council, made) == ("plan_submitted", 1, 28, 1, 1)
    admin.dispose()


@contextmanager
def worker(settings: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A real `charterway worker`, ended with the block."""
    program = [sys.executable, "-c", "from charterway import main; main()", "worker"]
    process = subprocess.Popen(program, env={**os.environ, **settings}, cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait(PATIENCE_SECONDS)


def until(holds: Callable[[], bool], what: str) -> None:
    """Wait for something to become true; fail by its name."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.05)


def _transactions_waiting(admin: sa.Engine) -> int:
    """How many transactions of the app stand open while their process does something else."""
    waiting = sa.text(
        "select count(*) from pg_stat_activity where usename = 'app' and state = 'idle in transaction' "
        "and now() - state_change > interval '0.3 seconds'"
    )
    with admin.connect() as connection:
        return connection.scalar(waiting) or 0


def _facts(app: Flask, council: MadeCouncil, accreditation_id: object) -> Facts:
    """The stage, and how many submissions, sealed answers, sealed files and events of sealing there are."""
    with app.app_context(), within(council.scope(), read_only=True) as session:
        counts = [
            session.scalar(select(func.count()).select_from(table)) or 0
            for table in (Submission, SubmissionAnswer, SubmissionFile)
        ]
        sealed = session.scalar(select(func.count()).where(Event.verb == "submission.sealed")) or 0
        request = queries.find_latest_request(accreditation_id, "plan")  # type: ignore[arg-type]
        assert request is not None
        assert request.failure is None
        stage = get_accreditation(accreditation_id).stage  # type: ignore[arg-type]
        return (stage, counts[0], counts[1], counts[2], sealed)


def _outbox(app: Flask) -> int:
    with app.app_context(), within(Scope.nobody(), read_only=True) as session:
        return session.scalar(select(func.count()).select_from(Outbox)) or 0

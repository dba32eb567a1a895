"""The ground of the bench: PostgreSQL that waits for its disk, Valkey, and the app on a database of its own."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from alembic import command
from flask import Flask

from assessment.demo.places import PASSWORD
from charterway import create_app
from saas.config import load
from saas.db import db
from saas.embedded import Cluster
from saas.health import alembic_settings
from tests.bench import floors, story
from tests.bench.served import Served, served
from tests.bench.story import Story
from tests.bench.visitor import Visitor
from tests.bench.work import Work

FRAMEWORK = "fixture-45"


@dataclass(frozen=True, slots=True)
class Ground:
    """The app, whose jobs run when they are told to, and the environment another process needs to be the same app."""

    app: Flask
    environment: dict[str, str]


@dataclass(frozen=True)
class Standing:
    """The demo of so many councils behind a real server, and the floors behind another."""

    app: Flask
    councils: int
    loading_seconds: float | None
    """How long the demo took to load; None where it was there."""
    product: Served
    floors: Served
    works: tuple[Work, ...]
    heard: dict[str, list[str]] = field(default_factory=dict)
    """Work → the statements of one request."""
    _visitors: dict[str, Visitor] = field(default_factory=dict)

    def visitor(self, email: str) -> Visitor:
        """Somebody who has signed in."""
        if email not in self._visitors:
            self._visitors[email] = Visitor(self.product.port)
            self._visitors[email].sign_in(email, PASSWORD)
        return self._visitors[email]

    def leave(self) -> None:
        """Close every connection."""
        for visitor in self._visitors.values():
            visitor.close()


@contextmanager
def ground(data_dir: Path | None = None, **settings: object) -> Iterator[Ground]:
    """Servers and app of this run; everything is gone after the block, unless a folder is given to keep it in."""
    with ExitStack() as stack:
        if data_dir is None:
            data_dir = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="charterway-bench-")))
        data_dir.mkdir(parents=True, exist_ok=True)
        data_dir.chmod(0o711)
        cluster = Cluster(data_dir)
        cluster.start()
        stack.callback(cluster.stop)
        urls = cluster.urls()
        environment = {
            "DATA_DIR": str(data_dir),
            "DATABASE_URL": urls.app,
            "DATABASE_OWNER_URL": urls.owner,
            "REDIS_URL": urls.redis,
            "SECRET_KEY": "a key for the bench only, long enough to be taken",
            "BASE_URL": "http://127.0.0.1",
        }
        app = create_app(load(environment), JOBS_BY_HAND=True, **{"ARGON2_FAST": True, **settings})
        with app.app_context():
            command.upgrade(alembic_settings(), "head")
        yield Ground(app, environment)
        with app.app_context():
            db.engine.dispose()
        app.extensions["redis"].close()


@contextmanager
def standing(councils: int, works: Sequence[Callable[[Story], Work]], data: Path | None = None) -> Iterator[Standing]:
    """The demo of so many councils, loaded where it is not there yet, served as it is in production.

    works: what will be measured, made from what the demo holds. data: a folder that keeps the demo for the next run.
    """
    with ground(data / str(councils) if data else None) as there:
        took = _load(there, councils)
        with psycopg.connect(there.environment["DATABASE_OWNER_URL"], autocommit=True) as owner:
            told = story.tell(owner, councils, Path(there.environment["DATA_DIR"]))
            owner.execute("vacuum (analyze)")
        made = tuple(make(told) for make in works)
        beneath = Path(there.environment["DATA_DIR"]) / "floors.json"
        floors.write({work.name: work.floor for work in made if isinstance(work.floor, floors.Floor)}, beneath)
        environment = there.environment | {floors.FLOORS: str(beneath)}
        with (
            served("charterway:create_wsgi()", there.environment, "/healthz") as product,
            served("tests.bench.floors:create_wsgi()", environment, "/hello") as below,
        ):
            found = Standing(there.app, councils, took, product, below, made)
            try:
                yield found
            finally:
                found.leave()


def _load(there: Ground, councils: int) -> float | None:
    with psycopg.connect(there.environment["DATABASE_OWNER_URL"]) as owner:
        mark = owner.execute("select obj_description('tenancy'::regnamespace, 'pg_namespace')").fetchone()
        if mark == ("demo",):
            return None
    begun = time.perf_counter()
    charterway = [sys.executable, "-c", "import sys; from charterway import main; sys.exit(main())"]
    wanted = ["demo", "load", "--councils", str(councils), "--framework", FRAMEWORK]
    subprocess.run([*charterway, *wanted], env=there.environment, check=True, stdout=sys.stderr)
    return time.perf_counter() - begun

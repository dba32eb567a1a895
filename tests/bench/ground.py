"""The ground of the bench: PostgreSQL that waits for its disk, Valkey, and the app on a database of its own."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from flask import Flask

from charterway import create_app
from saas.config import load
from saas.db import db
from saas.embedded import Cluster
from saas.health import alembic_settings


@dataclass(frozen=True, slots=True)
class Ground:
    """The app, whose jobs run when they are told to, and the environment another process needs to be the same app."""

    app: Flask
    environment: dict[str, str]


@contextmanager
def ground() -> Iterator[Ground]:
    """Servers and app of this run alone; everything is gone after the block."""
    with tempfile.TemporaryDirectory(prefix="charterway-bench-") as folder:
        data_dir = Path(folder)
        data_dir.chmod(0o711)
        cluster = Cluster(data_dir)
        cluster.start()
        try:
            urls = cluster.urls()
            environment = {
                "DATA_DIR": str(data_dir),
                "DATABASE_URL": urls.app,
                "DATABASE_OWNER_URL": urls.owner,
                "REDIS_URL": urls.redis,
                "SECRET_KEY": "a key for the bench only, long enough to be taken",
                "BASE_URL": "http://127.0.0.1",
            }
            app = create_app(load(environment), JOBS_BY_HAND=True, ARGON2_FAST=True)
            with app.app_context():
                command.upgrade(alembic_settings(), "head")
            yield Ground(app, environment)
            with app.app_context():
                db.engine.dispose()
            app.extensions["redis"].close()
        finally:
            cluster.stop()

"""Databases of their own, for tests that commit for real and must not meet each other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg
from alembic import command
from flask import Flask

from charterway import create_app
from saas.config import Config
from saas.db import db
from saas.embedded import Cluster
from saas.health import alembic_settings

MIGRATED = "migrated"
"""A database without rows, made once on each cluster: others begin as copies of it."""


@contextmanager
def app_on_own_database(
    cluster: Cluster, config: Config, name: str, folder: Path, *, like: str = MIGRATED
) -> Iterator[Flask]:
    """The application on a new migrated database of this name, with its files in `folder`, inside its context.

    like: the database whose rows it begins with; nobody may be connected to it at that moment.
    """
    if like == MIGRATED and not _exists(cluster, MIGRATED):
        with _app_on(cluster, config, MIGRATED, folder, like="template0"):
            pass
    with _app_on(cluster, config, name, folder, like=like) as app:
        yield app


@contextmanager
def _app_on(cluster: Cluster, config: Config, name: str, folder: Path, *, like: str) -> Iterator[Flask]:
    admin_url = cluster.urls().admin
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute(f"drop database if exists {name} with (force)")
        admin.execute(f"create database {name} owner owner template {like}")
        admin.execute(f"revoke connect, temporary on database {name} from public")
        admin.execute(f"grant connect on database {name} to app")
    with psycopg.connect(f"{admin_url.removesuffix('/postgres')}/{name}", autocommit=True) as admin:
        admin.execute("revoke create on schema public from public")
        admin.execute("grant create on schema public to owner")
    moved = replace(
        config,
        database_url=f"{str(config.database_url).removesuffix('/charterway')}/{name}",
        database_owner_url=f"{str(config.database_owner_url).removesuffix('/charterway')}/{name}",
        storage_url=f"file://{folder}",
    )
    app = create_app(moved, TESTING=True, JOBS_BY_HAND=True, ARGON2_FAST=True)
    with app.app_context():
        command.upgrade(alembic_settings(), "head")
        yield app
        db.session.remove()
        db.engine.dispose()
    app.extensions["redis"].close()


def _exists(cluster: Cluster, name: str) -> bool:
    with psycopg.connect(cluster.urls().admin, autocommit=True) as admin:
        return admin.execute("select from pg_database where datname = %s", [name]).fetchone() is not None

"""The ground of every test: real servers, one database per worker process, a savepoint per test, a checking client."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import time
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from charterway import create_app
from saas import rounds
from saas.config import Config, load
from saas.db import Base, db
from saas.embedded import Cluster, throwaway
from saas.tenancy import Scope
from saas.transaction import within
from tests.caller import Caller
from tests.checking_client import CheckingClient
from tests.factories import remembering
from tests.factories.buckets import running_bucket
from tests.factories.invitations import Postbox
from tests.factories.remembering import Memory
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser, make_council, make_region, make_user

CHANGING = {"monkeypatch", "owner"}
"""Fixtures of tests that change what factories run on, or commit for real."""
InScope = Callable[[Scope], AbstractContextManager[Session]]


REHEARSAL = "rehearse_backup"
"""A round of some first Sundays that restores a whole backup: no test whose clock comes by one waits for it."""
LONGEST_FIRST = ("soak/", "browser/", "journeys/", "assessment/demo/", "house/", "saas/test_supervisor.py")
"""Where the longest tests are: they begin first, so that none of them ends alone."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first, the rest as they stand."""
    here = Path(__file__).parent

    def rank(item: pytest.Item) -> int:
        path = item.path.relative_to(here).as_posix() if item.path.is_relative_to(here) else ""
        return next((place for place, start in enumerate(LONGEST_FIRST) if path.startswith(start)), len(LONGEST_FIRST))

    items.sort(key=rank)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """PostgreSQL and Valkey of this test process."""
    with throwaway() as running:
        yield running


@pytest.fixture(scope="session")
def config(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Config:
    """Settings that point at the test servers, with a folder for files."""
    urls = cluster.urls()
    folder: Path = tmp_path_factory.mktemp("data")
    return load(
        {
            "DATA_DIR": str(folder),
            "DATABASE_URL": urls.app,
            "DATABASE_OWNER_URL": urls.owner,
            "REDIS_URL": urls.redis,
            "SECRET_KEY": "a key for tests only, long enough to be taken",
            "BASE_URL": "http://localhost",
        }
    )


@pytest.fixture(scope="session")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a bucket on an S3-compatible server; its keys are `KEYS` of tests/factories/buckets.py."""
    with running_bucket(tmp_path_factory.mktemp("s3")) as address:
        yield address


@pytest.fixture(scope="session")
def built_app(config: Config) -> Iterator[Flask]:
    """The whole application on a migrated database."""
    from alembic import command

    from saas.health import alembic_settings

    app = create_app(
        replace(config),
        TESTING=True,
        JOBS_BY_HAND=True,
        WTF_CSRF_ENABLED=False,
        ARGON2_FAST=True,
        PROPAGATE_EXCEPTIONS=True,
    )
    app.test_client_class = CheckingClient
    rounds._daily[REHEARSAL] = time.max  # known still, as every app that is made demands, but never due
    with app.app_context():
        command.upgrade(alembic_settings(), "head")
    yield app
    with app.app_context():
        db.engine.dispose()
    app.extensions["redis"].close()


@pytest.fixture
def owner(built_app: Flask, config: Config) -> Iterator[sa.Engine]:
    """The owner's engine, for tests that really commit; afterwards every table is emptied again."""
    engine = sa.create_engine(config.sqlalchemy_owner_url, poolclass=sa.pool.NullPool)
    try:
        yield engine
    finally:
        with built_app.app_context():
            db.engine.dispose()
        names = ", ".join(table.name for table in Base.metadata.sorted_tables)
        with engine.begin() as connection:
            connection.execute(sa.text(f"truncate {names}"))
        engine.dispose()


@pytest.fixture(scope="session")
def memory(built_app: Flask, cluster: Cluster) -> Iterator[Memory]:
    """The one connection of tests, acting as `app`, and what factories made on it before."""
    address = sa.make_url(built_app.config["SQLALCHEMY_DATABASE_URI"])
    admin = sa.make_url(cluster.urls().admin)
    address = address.set(username=admin.username, password=admin.password)
    engine = sa.create_engine(address, **built_app.config["SQLALCHEMY_ENGINE_OPTIONS"])

    @sa.event.listens_for(engine, "connect")
    def act_as_app(connection: Any, _record: Any) -> None:
        connection.execute("set session authorization app")
        connection.commit()

    yield Memory(built_app, engine, cluster.own_folder(cluster.base / "remembered"))
    engine.dispose()


@pytest.fixture
def app(built_app: Flask, memory: Memory, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The application; everything a test does in the database is undone after it.

    What factories make is put back from earlier tests, but not where a test changes what they run on, and never with
    REMEMBER=0 in the environment.
    """
    with built_app.app_context():
        engine = db.engine
    made_anew = CHANGING & set(request.fixturenames) or os.environ.get("REMEMBER") == "0"
    remembering.memory = None if made_anew else memory
    with memory.engine.connect() as connection:
        outer = connection.begin()
        engines = db._app_engines[built_app]
        engines[None] = connection  # type: ignore[assignment]
        db.session.session_factory.configure(join_transaction_mode="create_savepoint", info={"shared_connection": True})
        try:
            with memory.over(connection):
                yield built_app
        finally:
            remembering.memory = None
            with built_app.app_context():
                db.session.remove()
            engines[None] = engine
            db.session.session_factory.configure(join_transaction_mode="conditional_savepoint", info={})
            outer.rollback()
    built_app.extensions["redis"].flushdb()


@pytest.fixture
def in_scope(app: Flask) -> InScope:
    """`with in_scope(council.scope()) as session:` one transaction of that scope, with an app context."""

    @contextmanager
    def opened(scope: Scope, **options: Any) -> Iterator[Session]:
        with app.app_context(), within(scope, **options) as session:
            yield session

    return opened


@pytest.fixture
def client(app: Flask) -> CheckingClient:
    """A browser's stand-in that checks every page it visits."""
    return app.test_client()  # type: ignore[return-value]


@pytest.fixture
def region(app: Flask) -> MadeRegion:
    """A region."""
    return make_region(app)


@pytest.fixture
def council(app: Flask, region: MadeRegion) -> MadeCouncil:
    """A council of the region."""
    return make_council(app, region)


@pytest.fixture
def lead(app: Flask, council: MadeCouncil) -> MadeUser:
    """The council's lead."""
    return make_user(app, council, "council_lead")


@pytest.fixture
def officer(app: Flask, region: MadeRegion) -> MadeUser:
    """The region's officer."""
    return make_user(app, region, "region_officer")


@pytest.fixture
def caller(app: Flask, council: MadeCouncil, lead: MadeUser) -> Caller:
    """A program that acts for the council's lead."""
    return Caller.of(app, lead, council)


@pytest.fixture
def postbox(app: Flask, capsys: pytest.CaptureFixture[str]) -> Postbox:
    """The mails that jobs send."""
    return Postbox(app, capsys)


@pytest.fixture
def statements(app: Flask) -> Callable[[], AbstractContextManager[list[str]]]:
    """`with statements() as sql:` the SQL statements sent in the block, without transaction control."""

    @contextmanager
    def counted() -> Iterator[list[str]]:
        sent: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if not statement.upper().startswith(("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")):
                sent.append(statement)

        sa.event.listen(sa.Engine, "before_cursor_execute", note)
        try:
            yield sent
        finally:
            sa.event.remove(sa.Engine, "before_cursor_execute", note)

    return counted

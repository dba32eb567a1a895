"""Migrations run up, down and up again on data, in numbered files, and end where the models are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.util.exc import CommandError
from flask import Flask

from charterway import create_app
from saas.config import Config
from saas.db import db
from saas.embedded import Cluster
from saas.health import alembic_settings
from tests.factories.assessment import make_accreditation
from tests.factories.plans import make_action, make_plan
from tests.factories.sharing import make_practised
from tests.factories.tenants import make_council, make_region, make_user

VERSIONS = Path(__file__).parents[2] / "migrations" / "versions"


@pytest.fixture
def empty(cluster: Cluster, config: Config) -> Iterator[Flask]:
    """An app on an empty database of its own, with the same roles."""
    name = "migrating"
    with psycopg.connect(cluster.urls().admin, autocommit=True) as admin:
        admin.execute(f"drop database if exists {name} with (force)")
        admin.execute(f"create database {name} owner owner template template0")
        admin.execute(f"revoke connect, temporary on database {name} from public")
        admin.execute(f"grant connect on database {name} to app")
    with psycopg.connect(f"{cluster.urls().admin.removesuffix('/postgres')}/{name}", autocommit=True) as admin:
        admin.execute("revoke create on schema public from public")
        admin.execute("grant create on schema public to owner")

    def elsewhere(url: str | None) -> str:
        return f"{str(url).removesuffix('/charterway')}/{name}"

    moved = replace(
        config,
        database_url=elsewhere(config.database_url),
        database_owner_url=elsewhere(config.database_owner_url),
    )
    app = create_app(moved, TESTING=True, JOBS_BY_HAND=True, ARGON2_FAST=True)
    with app.app_context():
        yield app
        db.engine.dispose()


def test_up_down_and_up_again_on_data(empty: Flask) -> None:
    settings = alembic_settings()
    command.upgrade(settings, "head")
    region = make_region(empty)
    council = make_council(empty, region)
    make_user(empty, council, "council_lead")
    make_accreditation(empty, council)
    db.session.remove()
    db.engine.dispose()
    command.downgrade(settings, "base")
    owner = sa.create_engine(empty.config["CHARTERWAY"].sqlalchemy_owner_url, poolclass=sa.pool.NullPool)
    with owner.connect() as connection:
        left = connection.scalars(
            sa.text(
                "select relname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
                " where n.nspname in ('public', 'tenancy') and relkind in ('r', 'v', 'S')"
            )
        )
        assert list(left) == ["alembic_version"]
        functions = connection.scalar(sa.text("select count(*) from pg_namespace where nspname = 'tenancy'"))
        assert functions == 0
    command.upgrade(settings, "head")
    command.check(settings)


FILLED = {
    "action_versions": "action_id, number, document, meeting_id, written_at",
    "good_practice": "report_id, number, requirement_id, criterion_code, requirement_code, words, issued_at",
    "issued_judgements": "report_id, requirement_id, judgement, issued_at",
    "register_entries": "certificate_number, county, council_kind, level",
}
"""What migrations after the nineteenth fill from rows that were there before them."""


def test_rows_that_were_there_are_filled_in_as_new_ones_are(empty: Flask) -> None:
    settings = alembic_settings()
    command.upgrade(settings, "head")
    council = make_council(empty, make_region(empty))
    make_practised(empty, council, "Mentors from every group.", "A diary that members keep.")
    make_action(empty, council, make_plan(empty, council), action="Train the chairs.", timescale="May 2027")
    db.session.remove()
    db.engine.dispose()
    owner = sa.create_engine(empty.config["CHARTERWAY"].sqlalchemy_owner_url, poolclass=sa.pool.NullPool)

    def filled() -> dict[str, list[Any]]:
        with owner.connect() as connection:
            wanted = {name: f"select {columns} from {name} order by 1, 2" for name, columns in FILLED.items()}
            return {name: [tuple(row) for row in connection.execute(sa.text(sql))] for name, sql in wanted.items()}

    before = filled()
    assert {name: len(rows) > 0 for name, rows in before.items()} == dict.fromkeys(FILLED, True)
    command.downgrade(settings, "0019")
    command.upgrade(settings, "head")
    assert filled() == before


def test_a_model_without_its_migration_is_noticed(empty: Flask) -> None:
    command.upgrade(alembic_settings(), "head")
    owner = sa.create_engine(empty.config["CHARTERWAY"].sqlalchemy_owner_url, poolclass=sa.pool.NullPool)
    with owner.begin() as connection:
        connection.execute(sa.text("drop policy council_select on answers"))
        connection.execute(sa.text("create policy council_select on answers for select to app using (true)"))
    with pytest.raises(CommandError, match="New upgrade operations detected"):
        command.check(alembic_settings())


def test_files_are_numbered_without_a_gap_and_each_follows_the_one_before() -> None:
    files = sorted(VERSIONS.glob("*.py"))
    numbers = [path.name[:4] for path in files]
    assert numbers == [f"{number:04}" for number in range(1, len(files) + 1)]
    for before, path in zip([None, *numbers], files, strict=False):
        revision, down = (
            re.search(rf"^{name} = (.+)$", path.read_text(), re.MULTILINE) for name in ("revision", "down_revision")
        )
        assert revision is not None
        assert down is not None
        assert (revision[1].strip("\"'"), down[1].strip("\"'")) == (path.name[:4], str(before))

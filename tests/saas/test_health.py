"""The checks say what is there: a bucket where its address says, and a schema that may be ahead of the release."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask

from saas import health
from saas.config import Config
from saas.health import Finding
from tests.factories.buckets import KEYS

HEAD = max(health.schema_heads())


def test_a_bucket_is_asked_for_where_its_address_says(
    bucket: str, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    there = replace(config, storage_url=bucket)
    assert health.storage(there) == Finding("storage", True, "bucket files answers")
    missing = health.storage(replace(config, storage_url=bucket.replace("files/", "nowhere/")))
    assert (missing.holds, missing.advice) == (False, "make the place of STORAGE_URL writable, or correct STORAGE_URL")
    assert "404" in missing.seen


@pytest.mark.parametrize(
    ("there", "expected"),
    [
        (HEAD, Finding("schema", True, f"at {HEAD}, expected {HEAD}")),
        ("9999", Finding("schema", True, f"at 9999, later than {HEAD} of this release")),
        ("0019", Finding("schema", False, f"at 0019, expected {HEAD}", "run `charterway migrate`")),
    ],
)
def test_a_schema_ahead_of_the_release_is_in_order_and_one_behind_it_is_not(
    built_app: Flask, config: Config, there: str, expected: Finding
) -> None:
    engine = sa.create_engine(config.sqlalchemy_owner_url, poolclass=sa.pool.NullPool)
    with engine.begin() as connection:
        connection.execute(sa.text("update alembic_version set version_num = :there"), {"there": there})
    try:
        assert health.schema(config) == expected
    finally:
        with engine.begin() as connection:
            connection.execute(sa.text("update alembic_version set version_num = :head"), {"head": HEAD})
        engine.dispose()

"""Loading: only over nothing or over a demo, the same every time, and leaving no file behind."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from assessment.demo import loading
from assessment.demo.loading import Loaded
from saas import clock
from saas.config import Config
from saas.db import Base
from saas.embedded import Cluster
from saas.errors import Refused
from saas.tenancy import CONSOLE, Scope
from saas.transaction import within
from tenants.services.councils import add_region
from tests.factories.databases import app_on_own_database

BY_CHANCE = {
    "awards": {"certificate_number"},
    "calendar_feeds": {"key_hash"},
    "credentials": {"password_hash"},
    "event_heads": {"hash"},
    "events": {"payload", "salt", "payload_digest", "previous_hash", "hash"},
    "register_entries": {"certificate_number"},
    "reports": {"hash"},
}
"""What nobody may be able to guess, and the hashes over it."""
OF_INTERIM = {"document_sha256", "hash", "manifest", "page"}
"""What a sealed interim return says of its award's certificate."""
CERTIFICATE = re.compile(r'"certificate_number": "[-A-Z0-9]{14}"')


@pytest.fixture(scope="module")
def app(cluster: Cluster, config: Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application on a database of its own."""
    with app_on_own_database(cluster, config, "loading", tmp_path_factory.mktemp("loading")) as own:
        yield own


def load(
    app: Flask, *, seed: int = 1, councils: int = 3, if_empty: bool = False, year: int | None = 2031
) -> Loaded | None:
    """Three councils: one has just committed, one is half done, one held an award before."""
    return loading.load(
        app, councils=councils, seed=seed, year=year, framework=None, if_empty=if_empty, tell=lambda *_: None
    )


def test_the_same_seed_gives_the_same_rows_and_another_seed_others(app: Flask) -> None:
    assert load(app) == Loaded(3, clock.today().replace(year=2031))
    first = _rows(app)
    load(app)
    second = _rows(app)
    assert [table for table in first if first[table] != second[table]] == []
    load(app, seed=2)
    other = _rows(app)
    assert {"answers", "members", "scores"} <= {table for table in first if first[table] != other[table]}


def test_the_files_are_those_of_the_records_and_no_others(app: Flask) -> None:
    load(app, councils=1)
    with loading.as_owner(app.config["CHARTERWAY"]) as owner:
        wanted = {f"{row[0]}/{row[1]}" for row in owner.execute(loading.LIST_FILES)}
    root = Path(app.config["CHARTERWAY"].storage_url.removeprefix("file://"))
    stored = {f"{path.parts[-3]}/{path.name}" for path in root.rglob("*") if path.is_file()}
    assert stored == wanted
    assert len(stored) == 5


def test_an_empty_database_is_asked_for_and_an_unfinished_load_is_begun_again(app: Flask) -> None:
    config = app.config["CHARTERWAY"]
    load(app, councils=1)
    assert load(app, councils=1, if_empty=True) is None
    loading.set_mark(config, loading.UNFINISHED)
    with pytest.raises(Refused, match="not marked as a demo"):
        loading.accounts({"dunmarrow"})
    assert load(app, councils=1, if_empty=True) is not None
    assert {each.scope for each in loading.accounts({"dunmarrow"})} == {"platform", "larkmere", "dunmarrow"}


def test_what_is_no_demo_is_left_alone(app: Flask) -> None:
    config = app.config["CHARTERWAY"]
    load(app, councils=1)
    loading.set_mark(config, "")
    try:
        with pytest.raises(Refused, match="not marked as a demo"):
            load(app)
        assert load(app, if_empty=True) is None
        with within(Scope.operator(None)):
            add_region(slug="real", name="A Real Region", by=CONSOLE)
        with pytest.raises(Refused, match="not marked as a demo"):
            load(app)
        with loading.as_owner(config) as owner:
            slugs = owner.scalars(sa.text("select slug from regions order by slug"))
            assert list(slugs) == ["larkmere", "real"]
    finally:
        loading.set_mark(config, loading.MARK)


def _rows(app: Flask) -> dict[str, list[str]]:
    """Table → its rows as text in order, without what falls by chance on purpose."""
    found = {}
    with loading.as_owner(app.config["CHARTERWAY"]) as owner:
        for table in Base.metadata.tables:
            rows = owner.scalars(sa.text(f"select to_jsonb(t) from {table} as t"))
            kept = [{name: row[name] for name in row if name not in _by_chance(table, row)} for row in rows]
            found[table] = sorted(CERTIFICATE.sub("", json.dumps(row, sort_keys=True)) for row in kept)
    return found


def _by_chance(table: str, row: dict[str, object]) -> set[str]:
    of_interim = table == "submissions" and row["kind"] == "interim"
    return OF_INTERIM if of_interim else BY_CHANCE.get(table, set())

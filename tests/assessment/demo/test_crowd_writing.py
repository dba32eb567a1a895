"""Writing the crowd: files and rows are there at the end, and what goes wrong beside us is heard."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from assessment.demo.crowd_writing import MOST_WAITING, Writing
from assessment.demo.loading import as_owner
from assessment.demo.papers import Paper
from saas.config import Config
from saas.db import new_id
from saas.embedded import Cluster
from saas.files import storage
from saas.tenancy import CONSOLE, Scope
from saas.transaction import within
from tenants.services import councils as places
from tests.factories.databases import app_on_own_database

NAMES = sa.text("select name from political_groups order by name")


@pytest.fixture(scope="module")
def app(cluster: Cluster, config: Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application on a database of its own."""
    with app_on_own_database(cluster, config, "crowd_writing", tmp_path_factory.mktemp("writing")) as own:
        yield own


@pytest.fixture(scope="module")
def council_id(app: Flask) -> UUID:
    """A council, as the database knows it."""
    with within(Scope.operator(None)):
        region_id = places.add_region(slug="hills", name="Hills", by=CONSOLE)
        return places.add_council(
            region_id, slug="upper", name="Upper Council", kind="district", county="Larkshire", by=CONSOLE
        )


def group(council_id: UUID, name: str) -> dict[str, list[dict[str, Any]]]:
    """A batch of one row."""
    return {"political_groups": [{"council_id": council_id, "id": new_id(), "name": name}]}


def test_all_batches_and_papers_are_there_at_the_end_and_every_council_was_told(app: Flask, council_id: UUID) -> None:
    told: list[int] = []
    names = [f"Group {number}" for number in range(2 * MOST_WAITING)]
    with Writing(lambda: as_owner(app.config["CHARTERWAY"]), told.append) as writing:
        kept = writing.keep(council_id, Paper("A note", "note.txt", b"Three words only", "Three words only")).result()
        for name in names:
            writing.write(group(council_id, name), 10)
    with as_owner(app.config["CHARTERWAY"]) as owner:
        assert list(owner.scalars(NAMES)) == names
    with storage().open(str(council_id), kept.sha256) as opened:
        assert b"".join(opened) == b"Three words only"
    assert (kept.filename, kept.size, kept.crc32) == ("note.txt", 16, zlib.crc32(b"Three words only"))
    assert told == [10, 20, 30, 40, 50, 60]


def test_what_the_database_refuses_beside_us_ends_the_load(app: Flask, council_id: UUID) -> None:
    told: list[int] = []
    with (
        pytest.raises(sa.exc.IntegrityError, match="uq_political_groups_council_id_name"),
        Writing(lambda: as_owner(app.config["CHARTERWAY"]), told.append) as writing,
    ):
        twice = group(council_id, "Twice")["political_groups"] + group(council_id, "Twice")["political_groups"]
        writing.write({"political_groups": twice}, 10)
    with (
        pytest.raises(ValueError, match="no order is known for minutes"),
        Writing(lambda: as_owner(app.config["CHARTERWAY"]), told.append) as writing,
    ):
        writing.write({"minutes": [{"id": 1}]}, 10)
    assert told == []

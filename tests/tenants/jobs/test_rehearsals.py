"""The rehearsal of a backup: really made and restored elsewhere, and told on the status page."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask

from saas import backups, clock
from saas.backups import Outcome, owner_known
from saas.config import Config, database_address
from saas.kept import Kept
from saas.status import Line
from saas.tenancy import Scope
from saas.transaction import within
from tenants.jobs.rehearsals import rehearse_backup
from tenants.queries.rehearsals import find_last
from tenants.services.rehearsals import note
from tenants.web.rehearsals import tell_last
from tests.factories.tenants import make_council, make_region

FIRST_SUNDAY = datetime(2026, 11, 1, 4, tzinfo=UTC)
HELD = Outcome(True, 9, "", None)
FAILED_WORDS = "Restoring one on 1 November 2026 failed. We are looking into it."
FAILED = Outcome(False, 9, "the disk is full", None)


def test_a_backup_is_made_restored_and_compared(
    built_app: Flask, config: Config, owner: sa.Engine, tmp_path: Path
) -> None:
    make_council(built_app, make_region(built_app))
    here = replace(config, data_dir=tmp_path / "data", storage_url=f"file://{tmp_path / 'files'}")
    with built_app.app_context():
        outcome = backups.rehearse(here)
    assert (outcome.holds, outcome.reason) == (True, "")
    assert outcome.manifest is not None
    assert outcome.document() == {
        "reason": "",
        "tables": len(outcome.manifest.tables),
        "rows": outcome.manifest.rows,
        "files": 0,
    }
    assert list((tmp_path / "data").iterdir()) == []


def test_what_cannot_be_restored_is_said_and_nothing_stays(
    built_app: Flask, config: Config, owner: sa.Engine, tmp_path: Path
) -> None:
    folder = tmp_path / "files" / "council-1" / "00"
    folder.mkdir(parents=True)
    (folder / ("0" * 64)).write_text("not what its name says")
    here = replace(config, data_dir=tmp_path / "data", storage_url=f"file://{tmp_path / 'files'}")
    with built_app.app_context():
        outcome = backups.rehearse(here)
    assert (outcome.holds, outcome.reason) == (False, "1 files of the storage are damaged")
    assert list((tmp_path / "data").iterdir()) == []


def test_the_job_waits_for_its_day_and_for_somebody_who_may(app: Flask) -> None:
    with app.app_context():
        app.config["CHARTERWAY"], before = (
            replace(app.config["CHARTERWAY"], database_owner_url=None),
            app.config["CHARTERWAY"],
        )
        try:
            with clock.at(FIRST_SUNDAY), within(Scope.operator(None)):
                rehearse_backup(uuid4())
                assert find_last() is None
        finally:
            app.config["CHARTERWAY"] = before


def test_the_owner_is_known_beside_the_embedded_servers_only(config: Config, tmp_path: Path) -> None:
    alone = replace(config, database_owner_url=None, data_dir=tmp_path)
    assert owner_known(alone) is None
    kept = Kept.read(tmp_path)
    assert owner_known(alone) is None
    beside = replace(alone, database_url=database_address("app", kept.app_password, kept.database_port))
    found = owner_known(beside)
    assert found is not None
    assert found.database_owner_url == database_address("owner", kept.owner_password, kept.database_port)


@pytest.mark.parametrize(
    ("outcome", "today", "line"),
    [
        (HELD, FIRST_SUNDAY, Line("Backups", "Works", "done", "One was restored and compared on 1 November 2026.")),
        (
            FAILED,
            FIRST_SUNDAY,
            Line("Backups", "Not proven", "waiting", FAILED_WORDS),
        ),
        (
            HELD,
            datetime(2026, 12, 24, 4, tzinfo=UTC),
            Line("Backups", "Overdue", "waiting", "One was last restored and compared on 1 November 2026."),
        ),
    ],
)
def test_the_status_page_tells_the_last(app: Flask, outcome: Outcome, today: datetime, line: Line) -> None:
    with app.app_context():
        with within(Scope.nobody(), read_only=True):
            assert tell_last() is None
        with clock.at(FIRST_SUNDAY), within(Scope.operator(None)):
            note(outcome)
        with clock.at(today), within(Scope.nobody(), read_only=True):
            assert tell_last() == line

"""Generated councils: what is written for them at once is what the product itself would have written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from assessment.demo import crowd
from assessment.demo.crowd_writing import TABLES
from assessment.demo.loading import as_owner
from assessment.demo.places import ASSESSORS, OFFICER, REGION
from assessment.demo.scene import Ids, Scene, opened
from assessment.models.accreditations import Accreditation
from assessment.models.submissions import Submission, SubmissionAnswer
from assessment.queries.accreditations import get_accreditation
from assessment.queries.earlier import previous_answers
from assessment.rules.seal_checks import verify_archive
from assessment.services.archives import archive
from assessment.services.frameworks import publish_framework, starter
from saas import clock, events, jobs
from saas.config import Config
from saas.db import db, ids_from
from saas.embedded import Cluster
from saas.events import Event, Outbox
from saas.security import hash_password
from saas.tenancy import CONSOLE, Scope
from tenants.services import councils as places
from tests.factories.databases import app_on_own_database

FRAMEWORK = "fixture-45"
NUMBER = 10
"""One council at each stage of its third cycle, and two more in their first."""


@contextmanager
def crowded(cluster: Cluster, config: Config, name: str, folder: Path) -> Iterator[tuple[Flask, Scene]]:
    """A region with its people and its crowd, on a database of this name."""
    with app_on_own_database(cluster, config, name, folder) as app:
        made = Scene(date(2031, 11, 22), "crowd", FRAMEWORK)
        with ids_from(Ids(made.chance("ids"))):
            with clock.at(datetime(2031, 11, 22, 10, tzinfo=UTC)):
                _found(made)
            crowd.add(made, NUMBER, lambda: as_owner(app.config["CHARTERWAY"]), lambda _done: None)
        yield app, made


def _found(made: Scene) -> None:
    with opened(Scope.operator(None)):
        made.region_id = places.add_region(slug=REGION.slug, name=REGION.name, by=CONSOLE)
        made.frameworks = {FRAMEWORK: publish_framework(starter(FRAMEWORK), by=CONSOLE)[0].id}
        for person in (OFFICER, *ASSESSORS):
            made.users[person.email] = places.add_user(
                email=person.email, name=person.name, scope_slug=REGION.slug, role=person.role,
                hashed=hash_password("a password of nobody"), by=CONSOLE,
            )  # fmt: skip
    jobs.run_all()


@pytest.fixture(scope="module")
def scene(cluster: Cluster, config: Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, Scene]]:
    """The crowd that most of these look at."""
    with crowded(cluster, config, "crowd", tmp_path_factory.mktemp("crowd")) as found:
        yield found


def test_the_same_seed_gives_the_same_crowd(
    scene: tuple[Flask, Scene], cluster: Cluster, config: Config, tmp_path: Path
) -> None:
    with crowded(cluster, config, "crowd_again", tmp_path) as again:
        found = [rows_of(app) for app in (scene[0], again[0])]
    assert found[0] == found[1]
    assert min(count for count, _ in found[0].values()) > 0


def rows_of(app: Flask) -> dict[str, tuple[int, str]]:
    """Table of the crowd → how many rows and the digest of them all."""
    with as_owner(app.config["CHARTERWAY"]) as owner:
        asked = "select count(*), md5(string_agg(t::text, '' order by t.id)) from {} as t"
        keyed = {"submission_files": asked.replace("t.id", "(t.submission_id, t.id)")}
        return {table: tuple(owner.execute(sa.text(keyed.get(table, asked).format(table))).one()) for table in TABLES}


def test_every_stage_is_there_and_nothing_is_left_to_be_done(scene: tuple[Flask, Scene]) -> None:
    app, made = scene
    with opened(made.in_region()):
        found = db.session.execute(
            sa.select(Accreditation.stage, sa.func.count()).group_by(Accreditation.stage).order_by(Accreditation.stage)
        ).all()
    with as_owner(app.config["CHARTERWAY"]) as owner:
        waiting = owner.scalars(sa.select(Outbox.job)).all()
    # A region sees every case; the ten of today stand two by two, and eight have two earlier cycles.
    assert [tuple(row) for row in found] == [
        ("assessing", 2), ("awarded", 18), ("improving", 2), ("self_assessing", 2), ("submitted", 2),
    ]  # fmt: skip
    assert set(waiting) <= {"mail_invitation"}


def test_every_seal_verifies_as_an_archive_whose_files_are_there(scene: tuple[Flask, Scene], tmp_path: Path) -> None:
    _app, made = scene
    with opened(made.in_council("council-0007")):
        found = db.session.scalars(sa.select(Submission).order_by(Submission.sealed_at)).all()
        checked = []
        for submission in found:
            path = tmp_path / f"{submission.id}.zip"
            path.write_bytes(b"".join(archive(submission).pieces()))
            checked.append(verify_archive(path, submission.hash).ok)
    assert checked == [True, True, True]


def test_what_the_last_cycle_said_is_what_the_database_says_of_it(scene: tuple[Flask, Scene]) -> None:
    _app, made = scene
    with opened(made.in_council("council-0007")):
        newest = db.session.scalars(sa.select(Submission).order_by(Submission.sealed_at.desc()).limit(1)).one()
        kept = db.session.scalars(sa.select(SubmissionAnswer).where(SubmissionAnswer.submission_id == newest.id))
        assert {row.requirement_id: row.previous for row in kept} == previous_answers(
            get_accreditation(newest.accreditation_id)
        )


def test_the_log_of_a_council_and_of_the_region_hold(scene: tuple[Flask, Scene]) -> None:
    app, made = scene
    with as_owner(app.config["CHARTERWAY"]) as owner:
        for scope in (f"council:{made.councils['council-0007']}", f"region:{made.region_id}"):
            rows = list(owner.scalars(sa.select(Event).where(Event.scope == scope).order_by(Event.seq)))
            assert (events.verify(scope, rows), len(rows) > 3) == (None, True)

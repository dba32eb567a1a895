"""Generated councils: what is written for them at once is what the product itself would have written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from assessment.demo import crowd
from assessment.demo.loading import as_owner
from assessment.demo.places import ASSESSORS, OFFICER, REGION
from assessment.demo.scene import Scene, opened
from assessment.models.accreditations import Accreditation
from assessment.models.submissions import Submission, SubmissionAnswer
from assessment.queries.accreditations import get_accreditation
from assessment.queries.earlier import previous_answers
from assessment.rules.seal_checks import verify_archive
from assessment.services.archives import archive
from assessment.services.frameworks import publish_framework, starter
from saas import events, jobs
from saas.config import Config
from saas.db import db
from saas.embedded import Cluster
from saas.events import Event, Outbox
from saas.security import hash_password
from saas.tenancy import CONSOLE, Scope
from tenants.services import councils as places
from tests.factories.databases import app_on_own_database

FRAMEWORK = "fixture-45"
NUMBER = 10
"""One council at each stage of its third cycle, and two more in their first."""


@pytest.fixture(scope="module")
def scene(cluster: Cluster, config: Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, Scene]]:
    """A region with its people and its crowd, on a database of its own."""
    with app_on_own_database(cluster, config, "crowd", tmp_path_factory.mktemp("crowd")) as app:
        made = Scene(date(2031, 11, 22), "crowd", FRAMEWORK)
        with opened(Scope.operator(None)):
            made.region_id = places.add_region(slug=REGION.slug, name=REGION.name, by=CONSOLE)
            made.frameworks = {FRAMEWORK: publish_framework(starter(FRAMEWORK), by=CONSOLE)[0].id}
            for person in (OFFICER, *ASSESSORS):
                made.users[person.email] = places.add_user(
                    email=person.email, name=person.name, scope_slug=REGION.slug, role=person.role,
                    hashed=hash_password("a password of nobody"), by=CONSOLE,
                )  # fmt: skip
        jobs.run_all()
        crowd.add(made, NUMBER, lambda: as_owner(app.config["CHARTERWAY"]), lambda _done: None)
        yield app, made


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

"""Several instances of the app share few connections through PgBouncer, and no scope follows another's on them."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from assessment.queries import submissions
from assessment.rules.seal_checks import verify_archive
from assessment.services.council_exports import write_export
from charterway import create_app
from saas import health, jobs
from saas.config import Config
from saas.db import db
from saas.embedded import Cluster
from saas.events import Outbox
from saas.tenancy import Scope
from saas.transaction import within
from tenants.models.plans import Action
from tests.caller import Caller
from tests.factories.assessment import make_accreditation
from tests.factories.plans import make_action, make_plan
from tests.factories.pooling import running_pool
from tests.factories.submissions import make_submission
from tests.factories.tenants import MadeCouncil, make_council, make_region, make_user

PROGRAM = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', os.defpath)}{os.pathsep}/usr/sbin")
INSTANCES, CONNECTIONS, THREADS, ROUNDS = 3, 2, 6, 120
OUTCOMES = sa.text("select pg_backend_pid(), current_setting('app.council_id', true)")

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="PgBouncer is not installed on this machine")


@pytest.fixture(scope="module")
def address(cluster: Cluster) -> Iterator[str]:
    """The address of the database through PgBouncer."""
    with running_pool(cluster, str(PROGRAM), connections=CONNECTIONS) as found:
        yield found


@pytest.fixture(scope="module")
def made(
    address: str, config: Config, built_app: Flask, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[Flask]]:
    """The app three times, as on three machines with one storage."""
    there = replace(config, database_url=address, storage_url=f"file://{tmp_path_factory.mktemp('files')}")
    with ExitStack() as ends:
        apps = []
        for _ in range(INSTANCES):
            app = create_app(there, TESTING=True, JOBS_BY_HAND=True, WTF_CSRF_ENABLED=False, ARGON2_FAST=True)
            ends.callback(app.extensions["redis"].close)
            ends.callback(dispose, app)
            apps.append(app)
        yield apps


@pytest.fixture
def instances(made: list[Flask], owner: sa.Engine) -> list[Flask]:
    """The same, with a database that is emptied after the test."""
    return made


def dispose(app: Flask) -> None:
    """Give every connection back."""
    with app.app_context():
        db.engine.dispose()


def test_scopes_that_share_connections_never_see_each_other(instances: list[Flask]) -> None:
    region = make_region(instances[0])
    councils = [make_council(instances[0], region) for _ in range(3)]
    for council in councils:
        make_action(instances[0], council, make_plan(instances[0], council), action=f"Only for {council.name}.")

    def look(number: int) -> tuple[int, str]:
        """One transaction: what it saw must be its council's, and nothing at all in nobody's scope."""
        council: MadeCouncil | None = councils[number % 4] if number % 4 < 3 else None
        scope = council.scope() if council else Scope.nobody()
        with instances[number % INSTANCES].app_context():
            with within(scope, read_only=number % 3 == 0) as session:
                process, told = session.execute(OUTCOMES).one()
                seen = list(session.scalars(sa.select(Action.action)))
            db.session.remove()
        assert (told or "", seen) == ((str(council.id), [f"Only for {council.name}."]) if council else ("", []))
        return process, told or ""

    with ThreadPoolExecutor(THREADS) as threads:
        looks = list(threads.map(look, range(ROUNDS)))
    served = {process: {told for other, told in looks if other == process} for process, _ in looks}
    assert len(served) <= CONNECTIONS
    assert max(len(scopes) for scopes in served.values()) == len(councils) + 1


def test_answers_jobs_and_seals_pass_from_instance_to_instance(instances: list[Flask]) -> None:
    first, second, third = instances
    council = make_council(first, make_region(first))
    lead = make_user(first, council, "council_lead")
    accreditation_id = make_accreditation(first, council)
    answer = f"/councils/{council.slug}/accreditations/{accreditation_id}/answers/1.1.1"
    given = {"judgement": "partly_met", "narrative": "Every spring."}
    here, there = Caller.of(first, lead, council), Caller.of(second, lead, council)
    assert here.call("PUT", answer, json=given, headers={"If-None-Match": "*"}).status_code == 200
    assert there.call("PUT", answer, json=given, headers={"If-None-Match": "*"}).status_code == 412
    assert there.call("PUT", answer, json=given | {"judgement": "met"}, match='"1"').status_code == 200
    read = here.get(answer)
    assert (read.headers["ETag"], read.json and read.json["judgement"]) == ('"2"', "met")

    submission_id = make_submission(second, council, accreditation_id)
    with third.app_context():
        jobs.run_all()
        with within(Scope.nobody(), read_only=True) as session:
            assert session.scalar(sa.select(sa.func.count()).select_from(Outbox)) == 0
    sealed = there.get(
        f"/councils/{council.slug}/accreditations/{accreditation_id}/submissions/{submission_id}/archive"
    )
    with third.app_context(), within(council.scope(), read_only=True):
        found = submissions.find_latest(accreditation_id, "readiness")
        assert found is not None
        assert (found.id, verify_archive(io.BytesIO(sealed.data), found.hash).ok) == (submission_id, True)
    assert isinstance(submission_id, UUID)
    exported = io.BytesIO()
    with third.app_context(), within(council.scope(), read_only=True, isolation="REPEATABLE READ"):
        manifest = write_export(council.id, council.region.id, exported)
    assert manifest["tables"]["submissions"]["rows"] == 2


def test_the_checks_hold_through_it(instances: list[Flask]) -> None:
    checked = (health.database, health.roles, health.schema, health.clocks)
    findings = health.run(checked, instances[0].config["CHARTERWAY"])
    assert [finding.name for finding in findings if not finding.holds] == []

"""Reports are read from a real streaming replica behind the same walls, and from the primary where it will not do."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask, Response
from prometheus_client.parser import text_string_to_metric_families

from charterway import create_app
from saas import health
from saas import replica as reading
from saas.config import Config
from saas.db import db
from saas.embedded import Cluster
from saas.replica import HEADER
from saas.tenancy import Scope
from saas.transaction import within
from tenants.models.councils import Council
from tests.caller import Caller
from tests.checking_client import CheckingClient
from tests.factories.awards import make_award
from tests.factories.board_reports import make_report
from tests.factories.buckets import free_ports
from tests.factories.replicas import Following, running_replica
from tests.factories.tenants import MadeRegion, MadeUser, make_council, make_region, make_user

TOKEN = "token-for-tests"
REPORTS = (
    "pipeline", "pipeline?view=board", "pipeline.csv", "pipeline.xlsx",
    "matrix", "matrix/print", "matrix.csv", "matrix.xlsx", "matrix/lines", "matrix/lines.csv", "matrix/lines.xlsx",
    "matrix/trend", "matrix/trend.csv",
    "improvements", "improvements?weight=recommended", "improvements.csv", "improvements.xlsx",
    "board-reports", "board-reports/1", "board-reports/1.docx", "board-reports/1.xlsx",
)  # fmt: skip
OPERATIONS = ("pipeline", "matrix", "improvements", "improvements/counts", "export?table=improvements")


@pytest.fixture(scope="module")
def following(cluster: Cluster, built_app: Flask) -> Iterator[Following]:
    """The replica of the migrated database."""
    with running_replica(cluster, free_ports(1)[0]) as running:
        yield running


@pytest.fixture(scope="module")
def made(following: Following, config: Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The app that knows it."""
    there = replace(
        config,
        replica_url=following.url(config.dsn()),
        metrics_token=TOKEN,
        storage_url=f"file://{tmp_path_factory.mktemp('files')}",
    )
    app = create_app(there, TESTING=True, JOBS_BY_HAND=True, WTF_CSRF_ENABLED=False, ARGON2_FAST=True)
    app.test_client_class = CheckingClient
    yield app
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()
    app.extensions["redis"].close()


@pytest.fixture
def split(made: Flask, following: Following, owner: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The same on an emptied database, with a replica that follows and was never away."""
    monkeypatch.setattr(reading, "REST_SECONDS", 0.0)
    following.resume()
    yield made
    following.resume()
    made.extensions["redis"].flushdb()


def signed_in(app: Flask, user: MadeUser) -> CheckingClient:
    """A browser of this user."""
    client: CheckingClient = app.test_client()  # type: ignore[assignment]
    return client.sign_in(user)


def councils_seen(client: CheckingClient, region: MadeRegion) -> tuple[list[str], bool]:
    """The councils in the region's pipeline, and whether the replica told of them."""
    answer = client.get(f"/regions/{region.slug}/pipeline.csv")
    assert answer.status_code == 200
    names = [line.partition(",")[0] for line in answer.text.strip().splitlines()[1:]]
    return names, HEADER in answer.headers


def test_every_report_is_read_there_and_says_what_the_primary_says(
    split: Flask, following: Following, config: Config
) -> None:
    region = make_region(split)
    council = make_council(split, region)
    make_award(split, council, improvements=2)
    make_report(split, region)
    officer = make_user(split, region, "region_officer")
    operator = make_user(split, "platform", "operator")
    following.catch_up()

    client, caller = signed_in(split, officer), Caller.of(split, officer, region)
    addresses = [f"/regions/{region.slug}/{report}" for report in REPORTS]
    pages = {address: client.get(address) for address in addresses}
    called = {name: caller.get(f"/regions/{region.slug}/{name}") for name in OPERATIONS}
    home = signed_in(split, operator).get("/platform")
    told = {**pages, **called, "/platform": home}
    assert {address: (answer.status_code, HEADER in answer.headers) for address, answer in told.items()} == (
        dict.fromkeys(told, (200, True))
    )
    assert region.name in home.text

    # The same person at the same service without its replica.
    known, split.extensions["charterway_replica"] = split.extensions["charterway_replica"], None
    try:
        plain = {name: caller.get(f"/regions/{region.slug}/{name}") for name in OPERATIONS}
    finally:
        split.extensions["charterway_replica"] = known
    assert {name: HEADER in answer.headers for name, answer in plain.items()} == dict.fromkeys(plain, False)
    assert {name: answer.data for name, answer in called.items() if answer.is_json} == {
        name: answer.data for name, answer in plain.items() if answer.is_json
    }
    assert [row["action"] for row in (called["improvements"].json or {})["items"]] == ["Do thing 1", "Do thing 2"]


def test_the_walls_stand_there_too(split: Flask, following: Following, config: Config) -> None:
    region, other = make_region(split), make_region(split)
    ours, theirs = make_council(split, region), make_council(split, other)
    officer = make_user(split, region, "region_officer")
    following.catch_up()
    client = signed_in(split, officer)
    assert councils_seen(client, region) == ([ours.name], True)
    assert client.get(f"/regions/{other.slug}/pipeline").status_code == 404
    with closing(psycopg.connect(following.url(config.dsn()))) as connection:
        read = [connection.execute(f"select count(*) from {name}").fetchone() for name in ("councils", "submissions")]
        connection.execute("select set_config('app.region_id', %s, true)", [str(other.id)])
        named = [row[0] for row in connection.execute("select name from councils")]
    assert (read, named) == ([(0,), (0,)], [theirs.name])


def test_a_page_says_how_far_behind_it_is_and_shows_no_more(split: Flask, following: Following) -> None:
    region = make_region(split)
    first = make_council(split, region, name="Ashby Fold")
    officer = make_user(split, region, "region_officer")
    following.catch_up()
    following.pause()
    begun = datetime.now(UTC)
    make_council(split, region, name="Birch Fold")
    client = signed_in(split, officer)
    assert councils_seen(client, region) == ([first.name], True)
    time.sleep(1.0)
    page = client.get(f"/regions/{region.slug}/pipeline")
    at = datetime.fromisoformat(page.headers[HEADER])
    assert at <= begun
    told = re.search(r"As of .*?, (\d+) seconds? behind\.", page.text)
    assert told is not None
    assert abs((datetime.now(UTC) - at).total_seconds() - int(told[1])) < 2
    assert "Birch Fold" not in page.text
    following.resume()
    following.catch_up()
    assert councils_seen(client, region) == ([first.name, "Birch Fold"], True)


def test_who_saved_something_reads_the_primary_until_the_replica_has_it(split: Flask, following: Following) -> None:
    region = make_region(split)
    saving, reads = make_user(split, region, "region_officer"), make_user(split, region, "region_viewer")
    following.catch_up()
    following.pause()
    council = make_council(split, region)
    officer, viewer = signed_in(split, saving), signed_in(split, reads)
    assert councils_seen(officer, region) == ([], True)
    saved = officer.post(f"/regions/{region.slug}/board-reports/schedule", data={"quarterly": "on"})
    assert saved.status_code == 303
    assert councils_seen(officer, region) == ([council.name], False)
    assert councils_seen(viewer, region) == ([], True)
    # So does a program of the same person.
    assert HEADER not in Caller.of(split, saving, region).get(f"/regions/{region.slug}/pipeline").headers
    following.resume()
    following.catch_up()
    assert councils_seen(officer, region) == ([council.name], True)


def test_what_it_has_not_yet_is_found_in_the_primary(split: Flask, following: Following) -> None:
    region = make_region(split)
    viewer = signed_in(split, make_user(split, region, "region_viewer"))
    following.catch_up()
    following.pause()
    report = make_report(split, region)
    page = viewer.get(f"/regions/{region.slug}/board-reports/{report.number}")
    assert (page.status_code, HEADER in page.headers) == (200, False)


def test_one_that_is_too_far_behind_is_not_asked(split: Flask, following: Following, config: Config) -> None:
    region = make_region(split)
    viewer = signed_in(split, make_user(split, region, "region_viewer"))
    following.catch_up()
    following.pause()
    council = make_council(split, region)
    known: reading.Replica = split.extensions["charterway_replica"]
    usual, known.most = known.most, timedelta(seconds=0.5)
    try:
        time.sleep(0.6)
        assert councils_seen(viewer, region) == ([council.name], False)
    finally:
        known.most = usual
    there = replace(split.config["CHARTERWAY"], replica_max_lag=0)
    finding = health.replica_follows(there)
    assert (finding.holds, finding.advice) == (
        False,
        "let it catch up: REPLICA_MAX_LAG is 0 s; until then it is not read",
    )
    assert figures(split)["charterway_replica_behind_seconds",] >= 0.6
    ready = split.test_client().get("/readyz")
    assert (ready.status_code, (ready.json or {})["replica"]["state"]) == (200, "ok")
    assert (ready.json or {})["replica"]["seconds_behind"] >= 0.6


def test_one_that_is_killed_is_missed_by_nobody(split: Flask, following: Following) -> None:
    region = make_region(split)
    council = make_council(split, region)
    viewer = signed_in(split, make_user(split, region, "region_viewer"))
    following.catch_up()
    assert councils_seen(viewer, region) == ([council.name], True)
    assert health.replica_follows(split.config["CHARTERWAY"]).holds

    assert following.server.child is not None
    os.kill(following.server.child.pid, signal.SIGKILL)
    following.server.child.wait()
    begun = time.monotonic()
    assert councils_seen(viewer, region) == ([council.name], False)
    assert councils_seen(viewer, region) == ([council.name], False)
    assert time.monotonic() - begun < 5
    ready = split.test_client().get("/readyz")
    assert (ready.status_code, (ready.json or {})["status"], (ready.json or {})["replica"]) == (
        200,
        "ok",
        {"state": "away", "seconds_behind": None},
    )
    told = figures(split)
    assert (told["charterway_up", "replica"], told["charterway_up", "database"]) == (0, 1)
    finding = health.replica_follows(split.config["CHARTERWAY"])
    assert (finding.holds, finding.advice) == (
        False,
        "start the replica, or correct REPLICA_URL; until then it is not read",
    )

    following.server.start()
    following.catch_up()
    assert councils_seen(viewer, region) == ([council.name], True)


def test_a_reader_whom_replay_puts_out_is_answered_by_the_primary(
    split: Flask, following: Following, owner: sa.Engine
) -> None:
    region = make_region(split)
    council = make_council(split, region)
    following.catch_up()

    def meeting() -> Response:
        """A page that reads twice, while a migration locks what it reads."""
        seen = list(db.session.scalars(sa.select(Council.name)))
        with owner.begin() as connection:
            connection.execute(sa.text("lock table councils in access exclusive mode"))
        following.catch_up()
        return Response(", ".join([*seen, *db.session.scalars(sa.select(Council.name))]))

    with split.test_request_context():
        assert reading.answer(Scope.region(region.id), meeting) is None
        with within(Scope.region(region.id), read_only=True) as session:
            assert list(session.scalars(sa.select(Council.name))) == [council.name]


def test_a_primary_in_its_place_is_no_replica(split: Flask, config: Config) -> None:
    region = make_region(split)
    with split.app_context():
        engines = db._app_engines[split]
        copy, engines["replica"] = engines["replica"], engines[None]
        try:
            assert reading.answer(Scope.region(region.id), Response) is None
        finally:
            engines["replica"] = copy
    there = replace(split.config["CHARTERWAY"], replica_url=config.dsn())
    assert health.replica_follows(there).seen == "it copies no other database"


def figures(app: Flask) -> dict[tuple[str, ...], float]:
    """The figures of /metrics that are told of parts: name and labels → value."""
    answer = app.test_client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }

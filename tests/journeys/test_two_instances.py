"""Two instances of the service work as one, and go on when their queue was away: real processes, one of each server."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
import urllib3
from alembic import command
from flask import Flask

from charterway import create_app
from saas.api import PREFIX
from saas.config import Config
from saas.db import db
from saas.embedded import Cluster, throwaway
from saas.events import Outbox
from saas.health import alembic_settings
from saas.tenancy import Scope
from saas.transaction import within
from tenants.models.evidence import Evidence
from tests.factories.assessment import make_accreditation
from tests.factories.instances import Part, running_parts
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_region, make_token, make_user
from tests.soak.visitor import Unanswered, Visitor

PATIENCE_SECONDS = 60
KEPT = "We reviewed it in the spring."


@pytest.fixture
def own_cluster() -> Iterator[Cluster]:
    """Servers of this test alone, since it ends one of them."""
    with throwaway() as running:
        yield running


@pytest.fixture
def app(own_cluster: Cluster, config: Config, tmp_path: Path) -> Iterator[Flask]:
    """The application on them, to make what people meet; its processes come later."""
    urls = own_cluster.urls()
    there = replace(
        config,
        database_url=urls.app,
        database_owner_url=urls.owner,
        redis_url=urls.redis,
        storage_url=f"file://{tmp_path / 'files'}",
        log_level="info",
    )
    made = create_app(there, TESTING=True, JOBS_BY_HAND=True, ARGON2_FAST=True)
    with made.app_context():
        command.upgrade(alembic_settings(), "head")
        yield made
        db.session.remove()
        db.engine.dispose()
    made.extensions["redis"].close()


@pytest.fixture
def council(app: Flask) -> MadeCouncil:
    """A council."""
    return make_council(app, make_region(app))


@pytest.fixture
def lead(app: Flask, council: MadeCouncil) -> MadeUser:
    """Its lead."""
    return make_user(app, council, "council_lead")


def wait_for(holds: Callable[[], bool]) -> None:
    """Wait until it holds; fail when it takes too long."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < until, "it took too long"
        time.sleep(0.2)


def seen(app: Flask, scope: Scope, statement: Any) -> list[Any]:
    """What stands in the database now."""
    with within(scope, read_only=True) as session:
        return list(session.scalars(statement))


def is_read(app: Flask, council: MadeCouncil, title: str) -> bool:
    """Whether the job after an upload has looked into the file."""
    states = seen(app, council.scope(), sa.select(Evidence.text_state).where(Evidence.title == title))
    return states != [] and "waiting" not in states


def test_two_instances_work_as_one_and_outlive_their_queue(
    app: Flask, own_cluster: Cluster, council: MadeCouncil, lead: MadeUser, tmp_path: Path
) -> None:
    accreditation_id = make_accreditation(app, council)
    token = make_token(app, lead, council)
    with running_parts(app.config["CHARTERWAY"], tmp_path, webs=2) as (web, others), ExitStack() as ends:
        answer = f"/councils/{council.slug}/accreditations/{accreditation_id}/requirements/1.1.1"
        here = Visitor(web[0].url, lead.email, lead.password, "127.0.0.1", [])
        here.sign_in()
        there = here.at(web[1].url)
        ends.callback(here.close)
        ends.callback(there.close)
        conflict_is_met(here, there, answer)
        job_ends_once(app, council, here, there)
        queue_is_away(app, own_cluster, council, web, here, token, accreditation_id)
        wait_for(lambda: is_read(app, council, "While it was away"))
        assert KEPT in there.get(answer.replace("1.1.1", "1.2.1")).text
        assert seen(app, Scope.nobody(), sa.select(Outbox.job)) == []
        ends.close()
        assert [part.stop() for part in (*others, *web)] == [0, 0, 0, 0]
        assert [part.log.read_text().count("Traceback") for part in web] == [0, 0]


def conflict_is_met(here: Visitor, there: Visitor, answer: str) -> None:
    """Signed in at one, at work at both: the second of two saves on the same answer is shown the first."""
    mine, theirs = here.get(answer).hidden["version"], there.get(answer).hidden["version"]
    first = here.post(answer, {"judgement": "met", "narrative": "Written here.", "version": mine})
    second = there.post(answer, {"judgement": "met", "narrative": "Written there.", "version": theirs})
    assert (first.status, second.status) == (303, 409)
    assert ("Written here." in second.text, "Written there." in second.text) == (True, True)
    third = there.post(answer, {"judgement": "met", "narrative": "Of both.", "version": second.hidden["version"]})
    assert (third.status, "Of both." in here.get(answer).text) == (303, True)


def job_ends_once(app: Flask, council: MadeCouncil, here: Visitor, there: Visitor) -> None:
    """An upload at one is read by a job, whose end the other shows."""
    upload(here, council, "minutes.txt")
    wait_for(lambda: is_read(app, council, "minutes.txt"))
    wait_for(lambda: seen(app, Scope.nobody(), sa.select(Outbox.job)) == [])
    counts = app.extensions["charterway_tally"].read()
    assert {name[2]: count for name, count in counts.items() if name[:2] == ("jobs", "read_evidence")} == {"done": 1}
    assert "minutes.txt" in there.get(f"/councils/{council.slug}/evidence").text


def upload(visitor: Visitor, council: MadeCouncil, filename: str) -> None:
    """Keep a text as evidence."""
    page = f"/councils/{council.slug}/evidence/upload"
    visitor.get(page)
    assert visitor.post(page, {}, {"file": (filename, f"What {filename} says.".encode())}).status == 303


def queue_is_away(
    app: Flask,
    cluster: Cluster,
    council: MadeCouncil,
    web: list[Part],
    here: Visitor,
    token: str,
    accreditation_id: UUID,
) -> None:
    """Killed and gone for some seconds: pages say so, or go on; what a program saves is acknowledged and kept."""
    assert cluster.queue.child is not None
    cluster.queue.child.kill()
    cluster.queue.child.wait()
    with pytest.raises(Unanswered, match=r": 503$"):
        here.get(f"/councils/{council.slug}/")
    assert {path: web[0].status(path) for path in ("/healthz", "/sign-in", "/readyz")} == {
        "/healthz": 200,
        "/sign-in": 200,
        "/readyz": 503,
    }
    at = f"{web[1].url}{PREFIX}/councils/{council.slug}"
    shown = {"Authorization": token}
    with urllib3.PoolManager(timeout=60, retries=False) as program:
        saved = program.request(
            "PUT",
            f"{at}/accreditations/{accreditation_id}/answers/1.2.1",
            json={"judgement": "met", "narrative": KEPT},
            headers=shown | {"If-None-Match": "*"},
        )
        fields: dict[str, Any] = {"file": ("notes.txt", b"What the panel agreed."), "title": "While it was away"}
        kept = program.request("POST", f"{at}/evidence/files", fields=fields, headers=shown)
    assert (saved.status, saved.json()["narrative"], kept.status) == (200, KEPT, 201)
    time.sleep(2)
    cluster.queue.start()
    wait_for(lambda: web[0].status("/readyz") == 200)
    assert here.get(f"/councils/{council.slug}/").status == 200

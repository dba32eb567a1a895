"""The status page: what works now, for everybody, asked of the parts themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from charterway import create_app
from saas import clock, status
from saas.config import Config
from saas.db import new_id
from saas.events import Outbox
from saas.status import Line
from saas.tenancy import Scope
from tests.conftest import InScope

WORKS = [
    ("Pages and sign-in", "Works"),
    ("Files", "Works"),
    ("Work in the background", "Works"),
    ("Email", "Works"),
]


def lines(page: str) -> list[tuple[str, str]]:
    """Part and state of each line of the page."""
    return re.findall(r'<th[^>]* scope="row"[^>]*>([^<]+)</th>\s*<td[^>]*><strong[^>]*>([^<]+)</strong>', page)


@pytest.fixture
def worked(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """A worker and a scheduler that were seen just now, and nothing looked at yet."""
    monkeypatch.setattr(status.Worker, "count", lambda **_connection: 1)
    status.note_sweep(app.extensions["redis"])
    status.install(app, ())
    yield app
    status.install(app, ())


def test_all_is_well(worked: Flask, client: FlaskClient) -> None:
    page = client.get("/status").text
    assert (lines(page), "Everything works." in page) == (WORKS, True)


def test_work_that_waits_too_long_is_said_to_be_late(worked: Flask, client: FlaskClient, in_scope: InScope) -> None:
    with in_scope(Scope.nobody()) as session:
        session.add(
            Outbox(event_id=new_id(), job="x", args={}, scope={}, due_at=clock.now() - timedelta(minutes=7, seconds=5))
        )
    page = client.get("/status").text
    assert lines(page)[2] == ("Work in the background", "Late")
    assert "come up to 8 minutes late." in page
    assert "The service works; some of it is late." in page


def test_without_a_scheduler_work_waits(app: Flask, client: FlaskClient) -> None:
    status.install(app, ())
    assert lines(client.get("/status").text)[2] == ("Work in the background", "Waits")


def test_one_look_serves_many_readers_for_a_moment(worked: Flask, client: FlaskClient) -> None:
    client.get("/status")
    worked.extensions["redis"].delete(status.SWEPT_KEY)
    assert lines(client.get("/status").text) == WORKS


def test_a_feature_adds_its_own_line(worked: Flask, client: FlaskClient) -> None:
    status.install(worked, (lambda: Line("Backups", "Rehearsed", "done", "Put back on 4 May."), lambda: None))
    assert lines(client.get("/status").text) == [*WORKS, ("Backups", "Rehearsed")]


def test_the_page_stands_while_the_database_is_away(config: Config) -> None:
    away = replace(config, database_url="postgresql://app:none@127.0.0.1:1/none")
    page = create_app(away, TESTING=True, JOBS_BY_HAND=True).test_client().get("/status").text
    assert lines(page) == [
        ("Pages and sign-in", "Does not work"),
        ("Files", "Does not work"),
        ("Work in the background", "Waits"),
        ("Email", "Works"),
    ]

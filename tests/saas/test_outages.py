"""What people meet while a part is away or a disk is full: a page that says so, and nothing undone that was done."""

from __future__ import annotations

import errno
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from redis.exceptions import ConnectionError as Unreachable
from sqlalchemy.exc import OperationalError

from charterway import create_app
from saas.config import Config
from saas.db import db
from saas.outages import is_full
from tenants.models.evidence import Evidence
from tests.checking_client import CheckingClient, check_page
from tests.conftest import InScope
from tests.factories.tenants import MadeCouncil, MadeUser

AWAY = "The service is not available just now"
FULL = "There is no room to keep this just now"
TYPED = "your browser usually still has what you typed"


@pytest.fixture
def without_queue(config: Config) -> Iterator[CheckingClient]:
    """A browser's stand-in for an app whose queue and sessions cannot be reached."""
    app = create_app(replace(config, redis_url="redis://127.0.0.1:1/0"), JOBS_BY_HAND=True, ARGON2_FAST=True)
    app.test_client_class = CheckingClient
    yield app.test_client()  # type: ignore[misc]
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    app.extensions["redis"].close()


def test_without_the_sessions_nobody_is_taken_for_a_stranger(without_queue: CheckingClient) -> None:
    without_queue.set_cookie("charterway", "somebody's")
    seen = {path: without_queue.get(path) for path in ("/", "/councils/ashby/plans", "/healthz")}
    sent = without_queue.post("/councils/ashby/plans/import", data={"csrf_token": "x"})
    assert {path: answer.status_code for path, answer in seen.items()} == {
        "/": 503,
        "/councils/ashby/plans": 503,
        "/healthz": 200,
    }
    assert (sent.status_code, AWAY in sent.text, AWAY in seen["/"].text) == (503, True, True)
    assert TYPED in sent.text


def test_without_the_database_a_signed_in_person_gets_the_page_that_says_so(
    config: Config, app: Flask, lead: MadeUser, council: MadeCouncil
) -> None:
    elsewhere = create_app(replace(config, database_url="postgresql://app:x@127.0.0.1:1/charterway"), JOBS_BY_HAND=True)
    elsewhere.test_client_class = CheckingClient
    client: Any = elsewhere.test_client()
    client.sign_in(lead)
    answer = client.get(f"/councils/{council.slug}/plans")
    elsewhere.extensions["redis"].close()
    assert (answer.status_code, AWAY in answer.text, lead.name in answer.text) == (503, True, False)


def test_a_sign_in_that_the_absent_database_ended_counts_for_nobody(
    config: Config, app: Flask, client: CheckingClient, lead: MadeUser
) -> None:
    elsewhere = create_app(
        replace(config, database_url="postgresql://app:x@127.0.0.1:1/charterway"),
        JOBS_BY_HAND=True,
        WTF_CSRF_ENABLED=False,
    )
    tries: Any = elsewhere.test_client()
    given = {"email": lead.email, "password": lead.password}
    answered = [tries.post("/sign-in", data=given).status_code for _ in range(12)]
    elsewhere.extensions["redis"].close()
    assert answered == [503] * 12
    assert client.post("/sign-in", data=given).status_code == 303


def test_what_was_kept_stays_acknowledged_though_the_session_cannot_be_written(
    app: Flask,
    client: CheckingClient,
    lead: MadeUser,
    council: MadeCouncil,
    monkeypatch: pytest.MonkeyPatch,
    in_scope: InScope,
) -> None:
    def away(*_: object, **__: object) -> None:
        raise Unreachable

    client.sign_in(lead)
    monkeypatch.setattr(app.session_interface, "_upsert_session", away, raising=False)
    monkeypatch.setattr(app.extensions["redis"], "set", away)
    data = {"file": (BytesIO(b"What the panel agreed."), "minutes.txt")}
    assert client.post(f"/councils/{council.slug}/evidence/upload", data=data).status_code == 303
    with in_scope(council.scope()) as session:
        assert session.scalars(sa.select(Evidence.filename)).all() == ["minutes.txt"]


@contextmanager
def no_file_longer_than(size_bytes: int) -> Iterator[None]:
    """Let this process meet a full disk: a write beyond the size fails, as one without room does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_an_upload_to_a_full_disk_is_refused_whole_and_works_again_afterwards(
    client: CheckingClient, lead: MadeUser, council: MadeCouncil, in_scope: InScope
) -> None:
    client.sign_in(lead)
    page = f"/councils/{council.slug}/evidence/upload"
    content = b"What the panel agreed, line by line.\n" * 7_000

    def send() -> Any:
        return client.post(page, data={"file": (BytesIO(content), "minutes.txt")})

    client.application.config["PROPAGATE_EXCEPTIONS"] = False
    with no_file_longer_than(100_000):
        refused = send()
    client.application.config["PROPAGATE_EXCEPTIONS"] = True
    with in_scope(council.scope()) as session:
        assert session.scalars(sa.select(Evidence.filename)).all() == []
    assert (refused.status_code, FULL in refused.text, TYPED in refused.text) == (507, True, True)
    check_page(refused.text)
    assert send().status_code == 303


def test_a_full_disk_is_known_by_the_reason_behind_the_failure() -> None:
    class DatabaseFull(Exception):
        sqlstate = "53100"

    behind = RuntimeError("the folder cannot keep files")
    behind.__cause__ = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert [
        is_full(behind),
        is_full(OperationalError("insert", {}, DatabaseFull())),
        is_full(OSError(errno.EACCES, "no")),
        is_full(OperationalError("insert", {}, Exception("away"))),
    ] == [True, True, False, False]

"""Requests: an id that comes and goes with them, one line in the log without personal data, counted."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from charterway import create_app
from saas import present
from saas.config import Config
from saas.db import db
from saas.events import Outbox
from saas.requests import counts_of
from saas.tenancy import Scope
from tests.conftest import InScope
from tests.factories.tenants import MadeCouncil, MadeUser


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Iterator[list[dict[str, Any]]]:
    """What the log says of requests, as it is asked for."""
    caplog.set_level(logging.INFO, "saas.requests")
    told: list[dict[str, Any]] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            told.append({name: vars(record)[name] for name in ("method", "path", "status", "statements", "bytes")})

    handler = Keep()
    logging.getLogger("saas.requests").addHandler(handler)
    yield told
    logging.getLogger("saas.requests").removeHandler(handler)


def test_a_plain_id_of_a_proxy_is_kept_and_another_is_made_anew(client: FlaskClient) -> None:
    kept = client.get("/healthz", headers={"X-Request-ID": "edge-42"}).headers["X-Request-ID"]
    made = client.get("/healthz", headers={"X-Request-ID": "Ola; drop"}).headers["X-Request-ID"]
    assert (kept, len(made), made.isalnum()) == ("edge-42", 32, True)


def test_a_page_of_an_error_shows_its_reference(client: FlaskClient) -> None:
    page = client.get("/no-such-page", headers={"X-Request-ID": "edge-43"})
    assert (page.status_code, "give them this reference: <span" in page.text, "edge-43" in page.text) == (
        404,
        True,
        True,
    )


def test_a_request_leaves_one_line_without_what_was_typed(
    client: FlaskClient, lead: MadeUser, council: MadeCouncil, lines: list[dict[str, Any]]
) -> None:
    client.sign_in(lead)
    page = client.get(f"/councils/{council.slug}/search?words=Ola+Newly")
    client.get("/invitations/a-secret-that-nobody-may-read-in-a-log")
    client.get("/councils/ola@example.org/search")
    client.get("/ola@example.org")
    client.get("/healthz")
    assert [(line["method"], line["path"], line["status"]) for line in lines] == [
        ("GET", f"/councils/{council.slug}/search", 200),
        ("GET", "/invitations/<secret>", 410),
        ("GET", "/councils/<council>/search", 404),
        ("GET", "", 404),
    ]
    assert lines[0]["bytes"] == len(page.data)
    assert lines[0]["statements"] > 0


def test_the_line_counts_the_statements_that_were_sent(
    client: FlaskClient, lead: MadeUser, council: MadeCouncil, lines: list[dict[str, Any]], statements: Any
) -> None:
    client.sign_in(lead)
    with statements() as sent:
        client.get(f"/councils/{council.slug}/evidence")
    assert lines[0]["statements"] == len(sent)


def test_what_follows_a_request_carries_its_id(
    client: FlaskClient, lead: MadeUser, council: MadeCouncil, in_scope: InScope
) -> None:
    client.sign_in(lead)
    answer = client.post(
        f"/councils/{council.slug}/access/invite",
        data={"name": "Ola", "email": "ola@example.org", "role": "council_viewer"},
        headers={"X-Request-ID": "edge-44"},
    )
    assert answer.status_code == 303
    with in_scope(Scope.nobody()) as session:
        carried = session.scalars(sa.select(Outbox.args["request_id"].astext).order_by(Outbox.id.desc()).limit(1)).all()
    assert carried == ["edge-44"]


def test_probes_and_the_status_page_answer_while_the_queue_is_away(config: Config) -> None:
    """A browser shows the cookie of its session, which cannot be read then."""
    app = create_app(replace(config, redis_url="redis://127.0.0.1:1/0"), TESTING=True, JOBS_BY_HAND=True)
    client = app.test_client()
    client.set_cookie("charterway", "a-session-that-was")
    assert (client.get("/healthz").status_code, client.get("/readyz").status_code) == (200, 503)
    page = client.get("/status")
    assert (page.status_code, "Some of the service does not work just now." in page.text) == (200, True)
    with app.app_context():
        db.engine.dispose()
    app.extensions["redis"].close()


def test_what_one_request_adds_to_the_counts() -> None:
    work = present.Work("asked-1", statements=5, database_seconds=0.002)
    assert counts_of("answers.save", "BREW", 303, work, 0.04) == {
        ("requests", "answers.save", "OTHER", "303"): 1,
        ("request_seconds", "answers.save", "0.05"): 1,
        ("request_seconds_sum", "answers.save"): 0.04,
        ("statements", "answers.save", "6.0"): 1,
        ("statements_sum", "answers.save"): 5,
        ("database_seconds_sum", "answers.save"): 0.002,
    }
    long = counts_of("answers.save", "GET", 200, present.Work("asked-2", statements=300), 60.0)
    assert [name for name in long if "+Inf" in name] == [
        ("request_seconds", "answers.save", "+Inf"),
        ("statements", "answers.save", "+Inf"),
    ]

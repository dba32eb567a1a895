"""Metrics: there for who shows the token, with the figures of all processes."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from charterway import create_app
from saas.config import Config
from saas.db import db
from saas.tally import Tally


@pytest.fixture
def watched(app: Flask, config: Config) -> Iterator[Flask]:
    """Another process of the same service, which keeps figures."""
    made = create_app(replace(config, metrics_token="token-for-tests"), TESTING=True, JOBS_BY_HAND=True)
    yield made
    with made.app_context():
        db.engine.dispose()
    made.extensions["redis"].close()


def figures(app: Flask) -> dict[tuple[str, ...], float]:
    """Every figure that is told: name and labels → value."""
    answer = app.test_client().get("/metrics", headers={"Authorization": "Bearer token-for-tests"})
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_without_a_token_set_there_is_no_such_page(client: FlaskClient) -> None:
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.parametrize("shown", ["", "Bearer", "Bearer token-for-test", "Basic token-for-tests", "Bearer tökén"])
def test_another_token_is_refused(watched: Flask, shown: str) -> None:
    answer = watched.test_client().get("/metrics", headers={"Authorization": shown})
    assert (answer.status_code, answer.headers["WWW-Authenticate"], answer.text) == (401, "Bearer", "Show the token.\n")


def test_requests_are_told_by_endpoint_with_their_time_and_statements(watched: Flask) -> None:
    before = figures(watched)
    watched.test_client().get("/privacy")
    watched.test_client().get("/no-such-page")
    told = figures(watched)
    requests = {key: value for key, value in told.items() if key[0] == "charterway_requests_total"}
    added = {key: value - before.get(key, 0) for key, value in requests.items()}
    assert {key[1:]: value for key, value in added.items() if key[1] != "metrics.show"} == {
        ("public.show_privacy", "GET", "200"): 1,
        ("none", "GET", "404"): 1,
    }
    assert told["charterway_request_seconds_bucket", "public.show_privacy", "+Inf"] == 1
    assert 0 < told["charterway_request_seconds_sum", "public.show_privacy"] < 10
    assert told["charterway_request_statements_bucket", "public.show_privacy", "1.0"] == 1
    assert (told["charterway_up", "database"], told["charterway_up", "queue"]) == (1, 1)
    assert told["charterway_outbox_jobs", "given_up"] == 0
    assert told["charterway_outbox_oldest_seconds",] >= 0


def test_counts_of_several_processes_add_up_and_connections_are_those_of_now(watched: Flask) -> None:
    redis = watched.extensions["redis"]
    for _ in range(2):
        Tally(redis).add_now({("jobs", "check_link", "done"): 2})
    figures(watched)  # opens a connection, which is kept
    told = figures(watched)
    assert told["charterway_jobs_total", "check_link", "done"] == 4
    assert (told["charterway_pool_connections", "kept"], told["charterway_pool_connections", "used"]) == (1, 0)
    assert told["charterway_sessions",] == len(redis.keys("session:*"))


def test_a_part_that_is_away_is_told_and_the_rest_still_stands(config: Config) -> None:
    app = create_app(
        replace(config, metrics_token="token-for-tests", redis_url="redis://127.0.0.1:1/0"),
        TESTING=True, JOBS_BY_HAND=True,
    )  # fmt: skip
    told = figures(app)
    assert (told["charterway_up", "database"], told["charterway_up", "queue"]) == (1, 0)
    app.extensions["charterway_tally"].end()
    with app.app_context():
        db.engine.dispose()


def test_what_waits_in_memory_reaches_redis_by_itself(app: Flask) -> None:
    """Also in a child that was forked: it has a thread of its own."""
    redis = app.extensions["redis"]
    tally = Tally(redis, every_seconds=0.05)
    tally.add({("requests", "somewhere", "GET", "200"): 1})
    child = os.fork()
    if child == 0:
        tally.add({("requests", "somewhere", "GET", "200"): 1})
        tally.flush()
        os._exit(0)
    os.waitpid(child, 0)
    until = time.monotonic() + 10
    while Tally(redis).read().get(("requests", "somewhere", "GET", "200"), 0) < 2 and time.monotonic() < until:
        time.sleep(0.05)
    assert Tally(redis).read()["requests", "somewhere", "GET", "200"] >= 2

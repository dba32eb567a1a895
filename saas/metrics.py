"""The figures of this service for Prometheus, at /metrics: there only where METRICS_TOKEN is set, for who shows it.

Counts are those of all processes together (`saas.tally`), so one process answers for all of them.
"""

from __future__ import annotations

import hmac
import os
import socket
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

import orjson
import psycopg
from flask import Blueprint, Flask, Response, abort, current_app, request
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from saas import job_list, replica
from saas.db import db
from saas.guard import public
from saas.requests import BUCKETS, MORE, STATEMENT_BUCKETS
from saas.tally import Name, Tally
from saas.tenancy import Scope
from saas.transaction import within

POOL_KEY = "charterway:pool:"
POOL_KEPT_SECONDS = 20
"""How long what a process said of its connections counts; it says it anew every five."""
blueprint = Blueprint("metrics", __name__)


def install(app: Flask) -> None:
    """Let each process tell of its database connections, beside its counts."""
    tally: Tally = app.extensions["charterway_tally"]
    redis: Redis = app.extensions["redis"]

    def tell() -> None:
        with app.app_context():
            pool: Any = db.engine.pool
        standing = {"used": pool.checkedout(), "kept": pool.checkedin()}
        name = f"{POOL_KEY}{socket.gethostname()}:{os.getpid()}"
        redis.set(name, orjson.dumps(standing), ex=POOL_KEPT_SECONDS)

    tally.also = tell


@blueprint.get("/metrics")
@public("a collector of figures shows the token it was given; the figures name no person", own_transaction=True)
def show() -> Response:
    """Every figure in the text format of Prometheus; 404 without a token set, 401 for another token."""
    token: str | None = current_app.config["CHARTERWAY"].metrics_token
    if token is None:
        abort(404)
    kind, _, shown = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not hmac.compare_digest(shown.strip().encode(), token.encode()):
        return Response("Show the token.\n", 401, {"WWW-Authenticate": "Bearer"}, content_type="text/plain")
    if (tell := current_app.extensions["charterway_tally"].also) is not None:
        with suppress(RedisError):
            tell()
    from prometheus_client import CollectorRegistry
    from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

    registry = CollectorRegistry()
    registry.register(_Figures())
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


class _Figures:
    """Reads everything when asked; a part that is away is told as such, and the rest still stands."""

    def collect(self) -> Iterator[Any]:
        """The families of figures."""
        from prometheus_client.core import GaugeMetricFamily

        up = GaugeMetricFamily("charterway_up", "Whether this part answers (1) or is away (0).", labels=["part"])
        for part, read, errors in (
            ("queue", self._of_queue, (RedisError,)),
            ("database", self._of_database, (SQLAlchemyError,)),
            ("replica", self._of_replica, (psycopg.Error,)),
        ):
            if part == "replica" and current_app.config["CHARTERWAY"].replica_url is None:
                continue
            found: list[Any] = []
            with suppress(*errors):
                found = list(read())
            up.add_metric([part], 1 if found else 0)
            yield from found
        yield up

    def _of_queue(self) -> Iterable[Any]:
        from prometheus_client.core import GaugeMetricFamily

        redis: Redis = current_app.extensions["redis"]
        counts = _Counts(current_app.extensions["charterway_tally"].read())
        yield counts.counter("requests", "Requests answered.", ["endpoint", "method", "status"])
        yield counts.histogram("request_seconds", "Time to answer.", BUCKETS)
        yield counts.histogram("statements", "SQL statements of a request.", STATEMENT_BUCKETS, "request_statements")
        yield counts.counter(
            "database_seconds_sum", "Time requests spent in the database.", ["endpoint"], "request_database_seconds"
        )
        yield counts.counter("jobs", "Jobs run, by what came of it: done, failed, given_up.", ["job", "result"])
        yield counts.counter("job_seconds_sum", "Time spent in jobs.", ["job"], "job_seconds")
        waiting = GaugeMetricFamily("charterway_queue_length", "Jobs handed to the workers and not begun.")
        waiting.add_metric([], sum(queue.count for queue in current_app.extensions["queues"].values()))
        yield waiting
        sessions = GaugeMetricFamily("charterway_sessions", "Sessions of browsers, signed in or not.")
        prefix = current_app.config["SESSION_KEY_PREFIX"]
        sessions.add_metric([], sum(1 for _ in redis.scan_iter(f"{prefix}*", count=1000)))
        yield sessions
        yield _pool(redis)

    def _of_database(self) -> Iterable[Any]:
        from prometheus_client.core import GaugeMetricFamily

        with within(Scope.nobody(), read_only=True):
            states, oldest = job_list.count_jobs(), job_list.oldest_due_seconds()
        depth = GaugeMetricFamily("charterway_outbox_jobs", "Jobs that are not done, by state.", labels=["state"])
        for state, number in states.items():
            depth.add_metric([state], number)
        yield depth
        age = GaugeMetricFamily("charterway_outbox_oldest_seconds", "For how long the oldest free job has been due.")
        age.add_metric([], oldest)
        yield age

    def _of_replica(self) -> Iterable[Any]:
        """Nothing while it is away."""
        from prometheus_client.core import GaugeMetricFamily

        copy = replica.standing(current_app.config["CHARTERWAY"])
        if copy is None or copy.state == replica.AWAY:
            return
        lag = GaugeMetricFamily("charterway_replica_behind_seconds", "How far the replica is behind the database.")
        if copy.seconds_behind is not None:
            lag.add_metric([], copy.seconds_behind)
        yield lag


def _pool(redis: Redis) -> Any:
    from prometheus_client.core import GaugeMetricFamily

    told: defaultdict[str, int] = defaultdict(int)
    for key in redis.scan_iter(f"{POOL_KEY}*", count=1000):
        if (standing := redis.get(key)) is not None:
            for state, number in orjson.loads(standing).items():
                told[state] += number
    family = GaugeMetricFamily(
        "charterway_pool_connections",
        "Database connections of the web processes: used, or kept open.",
        labels=["state"],
    )
    for state in ("used", "kept"):
        family.add_metric([state], told[state])
    return family


class _Counts:
    """Counts by their first name, as families."""

    def __init__(self, counts: dict[Name, float]) -> None:
        self._by_name: defaultdict[str, dict[Name, float]] = defaultdict(dict)
        for (name, *labels), value in counts.items():
            self._by_name[name][tuple(labels)] = value

    def counter(self, name: str, words: str, labels: list[str], shown: str = "") -> Any:
        """One line for each combination of labels."""
        from prometheus_client.core import CounterMetricFamily

        family = CounterMetricFamily(f"charterway_{shown or name}", words, labels=labels)
        for values, number in sorted(self._by_name[name].items()):
            if len(values) == len(labels):
                family.add_metric(list(values), number)
        return family

    def histogram(self, name: str, words: str, edges: tuple[float, ...], shown: str = "") -> Any:
        """By endpoint; a class holds all below its edge."""
        from prometheus_client.core import HistogramMetricFamily

        family = HistogramMetricFamily(f"charterway_{shown or name}", words, labels=["endpoint"])
        counts, sums = self._by_name[name], self._by_name[f"{name}_sum"]
        for endpoint in sorted({values[0] for values in counts}):
            below, classes = 0.0, []
            for edge in (*map(str, edges), MORE):
                below += counts.get((endpoint, edge), 0.0)
                classes.append((edge, below))
            family.add_metric([endpoint], buckets=classes, sum_value=sums.get((endpoint,), 0.0))
        return family

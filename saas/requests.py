"""Each request: it has an id from its first moment, leaves one line in the log, and is counted.

A proxy's `X-Request-ID` is taken where it is a plain one, else an id is made; the answer carries it, jobs that follow
carry it, and pages of errors show it. Probes and the status page know nobody, so that they answer while parts are away.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from time import perf_counter
from typing import Any
from uuid import UUID

from flask import Flask, Response, request

from saas import present
from saas.tally import Name, Tally

FOR_NOBODY = frozenset({"/healthz", "/readyz", "/metrics", "/status"})
NAMED = frozenset({"council", "region", "slug", "code", "kind", "about", "version", "layout", "listing", "measure"})
"""Texts in an address that name a place or a kind, never a person or a secret."""
QUIET = frozenset({"static", "health.alive", "health.ready", "metrics.show"})
"""Asked every few seconds or beside every page: in the log only when they fail."""
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper ends of the classes of duration, in seconds."""
STATEMENT_BUCKETS = (1.0, 2.0, 4.0, 6.0, 8.0, 10.0, 15.0, 20.0, 40.0, 80.0)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
MORE = "+Inf"
log = logging.getLogger(__name__)


def install(app: Flask) -> None:
    """Watch every request of the app; to be called before anything else may answer one."""
    tally: Tally | None = app.extensions["charterway_tally"] if app.config["CHARTERWAY"].metrics_token else None
    inner = app.wsgi_app

    def watched(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ.get("PATH_INFO") in FOR_NOBODY:
            environ.pop("HTTP_COOKIE", None)
        environ["charterway.begun"] = perf_counter()
        with present.doing(present.Work(present.request_id_from(environ.get("HTTP_X_REQUEST_ID")))):
            return inner(environ, start_response)

    app.wsgi_app = watched  # type: ignore[method-assign]

    @app.before_request
    def name_the_work() -> None:
        if (now := present.work()) is not None:
            now.name = request.endpoint or ""

    # The first that is registered comes last: what the others do is part of the answer.
    @app.after_request
    def tell(response: Response) -> Response:
        now = present.work()
        if now is None:
            return response
        response.headers[present.HEADER] = now.request_id
        seconds = perf_counter() - request.environ.get("charterway.begun", perf_counter())
        if request.endpoint not in QUIET or response.status_code >= 400:
            log.info("request", extra=_line(response, now, seconds))
        if tally is not None:
            tally.add(counts_of(request.endpoint or "none", request.method, response.status_code, now, seconds))
        return response


def path_shown(found: bool = True) -> str:
    """The path of this request where all of it may be told, else its pattern; nothing where it leads nowhere.

    An address that nobody made may hold anything, and some of ours hold a secret.
    """
    if request.url_rule is None:
        return ""
    if not found:
        return request.url_rule.rule
    for name, value in (request.view_args or {}).items():
        if not isinstance(value, UUID | int) and name not in NAMED and request.endpoint != "static":
            return request.url_rule.rule
    return request.path


def _line(response: Response, now: present.Work, seconds: float) -> dict[str, Any]:
    return {
        "method": request.method,
        "path": path_shown(response.status_code not in {400, 404}),
        "status": response.status_code,
        "ms": round(seconds * 1000, 1),
        "statements": now.statements,
        "database_ms": round(now.database_seconds * 1000, 1),
        "bytes": response.content_length,
    }


def counts_of(endpoint: str, method: str, status: int, now: present.Work, seconds: float) -> dict[Name, float]:
    """What one request adds to the counts."""
    method = method if method in METHODS else "OTHER"
    duration = next((str(edge) for edge in BUCKETS if seconds <= edge), MORE)
    sent = next((str(edge) for edge in STATEMENT_BUCKETS if now.statements <= edge), MORE)
    return {
        ("requests", endpoint, method, str(status)): 1,
        ("request_seconds", endpoint, duration): 1,
        ("request_seconds_sum", endpoint): seconds,
        ("statements", endpoint, sent): 1,
        ("statements_sum", endpoint): now.statements,
        ("database_seconds_sum", endpoint): now.database_seconds,
    }

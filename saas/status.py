"""The status page: what works now, for everybody, in plain words. It knows nobody and stands while parts are away."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from time import monotonic

from flask import Blueprint, Flask, current_app, g, render_template
from redis import Redis
from redis.exceptions import RedisError
from rq import Worker
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from saas import clock, health, job_list
from saas.config import Config
from saas.db import db
from saas.guard import public
from saas.health import Finding
from saas.tenancy import Scope
from saas.transaction import within

SWEPT_KEY = "charterway:swept"
SWEEP_COUNTS_SECONDS = 60
KEPT_SECONDS = 15.0
"""How long one look counts: many readers at once cost what one does."""
LATE_SECONDS = 120.0
"""A job that has been due for longer says that work is late."""

blueprint = Blueprint("status", __name__)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the page. kind: done where it works, waiting where it is late, problem where it is away."""

    part: str
    state: str
    kind: str
    words: str


Tell = Callable[[], Line | None]


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen at one moment."""

    lines: tuple[Line, ...]
    at: datetime

    @property
    def kind(self) -> str:
        """The worst of all lines."""
        kinds = {line.kind for line in self.lines}
        return next((kind for kind in ("problem", "waiting") if kind in kinds), "done")


class _Kept:
    """The last look of this process."""

    def __init__(self, told: tuple[Tell, ...]) -> None:
        self.told = told
        self._lock = threading.Lock()
        self._look: Look | None = None
        self._until = 0.0

    def look(self) -> Look:
        with self._lock:
            if self._look is None or monotonic() >= self._until:
                self._look = _look(current_app.config["CHARTERWAY"], self.told)
                self._until = monotonic() + KEPT_SECONDS
            return self._look


def install(app: Flask, told: tuple[Tell, ...]) -> None:
    """Make ready the page; `told` are the lines that features add, as the result of the last rehearsal of a backup."""
    app.extensions["charterway_status"] = _Kept(told)


def note_sweep(redis: Redis) -> None:
    """The scheduler looked for work just now."""
    redis.set(SWEPT_KEY, clock.now().isoformat(), ex=SWEEP_COUNTS_SECONDS)


@blueprint.get("/status")
@public("whether the service works is for everybody, above all when something does not", own_transaction=True)
def show() -> tuple[str, int] | Response | str:
    """What works now."""
    g.setdefault("place", None)
    look: Look = current_app.extensions["charterway_status"].look()
    return render_template("components/service_status.html", look=look)


def _look(config: Config, told: tuple[Tell, ...]) -> Look:
    database, storage, mail = (
        health.run((check,), config)[0] for check in (health.database, health.storage, health.mail)
    )
    queue = health.queue(config)
    lines = [
        _line("Pages and sign-in", database.holds and queue.holds, "You can sign in, read and save."),
        _line("Files", storage.holds and database.holds, "Evidence and papers can be added and opened."),
        _work(database, queue),
        _line("Email", mail.holds, "Invitations, reminders and notices are sent."),
    ]
    if database.holds:
        lines += _told(told)
    return Look(tuple(lines), clock.now())


def _line(part: str, works: bool, words: str) -> Line:
    if works:
        return Line(part, "Works", "done", words)
    return Line(part, "Does not work", "problem", "We are looking after it. What you had saved is safe.")


def _work(database: Finding, queue: Finding) -> Line:
    part = "Work in the background"
    away = Line(part, "Waits", "problem", "Sealing, papers and emails wait and follow by themselves.")
    if not (database.holds and queue.holds):
        return away
    redis: Redis = current_app.extensions["redis"]
    try:
        swept, workers = redis.get(SWEPT_KEY), Worker.count(connection=redis)
        with within(Scope.nobody(), read_only=True):
            late = job_list.oldest_due_seconds()
    except (RedisError, SQLAlchemyError):
        db.session.remove()
        return away
    if swept is None or not workers:
        return away
    if late > LATE_SECONDS:
        return Line(
            part, "Late", "waiting", f"Sealing, papers and emails come up to {late // 60 + 1:.0f} minutes late."
        )
    return Line(part, "Works", "done", "Sealing, papers and emails follow within seconds.")


def _told(told: tuple[Tell, ...]) -> list[Line]:
    try:
        with within(Scope.nobody(), read_only=True):
            return [line for tell in told if (line := tell()) is not None]
    except (RedisError, SQLAlchemyError):
        db.session.remove()
        return []

"""The replica: reports that may lag a little are read from a copy of the database, so that saving never waits for them.

A view declares `@requires(…, may_lag=True)`. Who may see it is asked of the primary as ever; then its transaction opens
on the replica, in the same scope under the same row-level security. The primary answers instead where the replica is
away, further behind than REPLICA_MAX_LAG, has not what this user saved before, or would refuse.

Both are compared by their place in the write-ahead log, a number of bytes. Where the replica has all that was written
when the primary was asked, its rows are of that moment; else of the last commit it has, by the primary's clock.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any
from uuid import UUID

import psycopg
from flask import Flask, Response, current_app
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from saas import clock, present
from saas.config import Config
from saas.db import REPLICA, db
from saas.errors import Refused
from saas.templating import moment, plural
from saas.tenancy import Scope
from saas.transaction import within

PRIMARY_PLACE = "select pg_wal_lsn_diff(pg_current_wal_flush_lsn(), '0/0')::bigint, clock_timestamp()"
REPLICA_PLACE = """select pg_is_in_recovery(), pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')::bigint,
                          pg_last_xact_replay_timestamp()"""
WRITTEN = text("select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint")
NOBODY_KNOWS = 2**63 - 1
"""The place of a commit that could not be asked for: no replica has it."""
OWN_WRITES = "charterway:written-to:"
CONNECT_SECONDS = 2
REST_SECONDS = 10.0
"""So long a process leaves alone a replica that failed, lest each reader wait for it."""
HEADER = "Charterway-Figures-At"
NOW, LATE, AWAY = "ok", "late", "away"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Figures:
    """The moment whose rows an answer shows, and how long ago that was; `behind` is None for the primary's."""

    at: datetime
    behind: timedelta | None = None

    @property
    def words(self) -> str:
        """Such as "4 May 2017 at 2:30pm, 3 seconds behind": how far, where it is a second or more."""
        seconds = round(self.behind.total_seconds()) if self.behind else 0
        return f"{moment(self.at)}, {plural(seconds, 'second')} behind" if seconds else moment(self.at)


@dataclass(frozen=True, slots=True)
class Standing:
    """How the replica stands: `ok`, `late` or `away`; how far it is behind, where it is known; and why it is away."""

    state: str
    behind: timedelta | None = None
    reason: str = ""

    @property
    def seconds_behind(self) -> float | None:
        """How far, in seconds."""
        return None if self.behind is None else round(self.behind.total_seconds(), 3)


class Replica:
    """What one process knows of the replica."""

    def __init__(self, most: timedelta) -> None:
        self.most = most
        self._rests_until = 0.0

    @property
    def rests(self) -> bool:
        """Whether it failed a moment ago."""
        return monotonic() < self._rests_until

    def rest(self) -> None:
        """It failed just now."""
        self._rests_until = monotonic() + REST_SECONDS


def engine_options(config: Config, usual: dict[str, Any]) -> dict[str, Any]:
    """SQLAlchemy's settings for the replica: those of the primary, but it is given up sooner."""
    soon = {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 2, "tcp_user_timeout": 5_000}
    given_up = {"connect_args": usual["connect_args"] | soon | {"connect_timeout": CONNECT_SECONDS}}
    return usual | given_up | {"url": config.sqlalchemy_replica_url}


def install(app: Flask) -> None:
    """Let the app read from the replica where REPLICA_URL names one."""
    config: Config = app.config["CHARTERWAY"]
    known = Replica(timedelta(seconds=config.replica_max_lag)) if config.replica_url else None
    app.extensions["charterway_replica"] = known
    app.jinja_env.globals["figures"] = figures


def figures() -> Figures:
    """Of when the rows are that are read now."""
    read: Figures | None = db.session.info.get("figures")
    return read or Figures(clock.now())


def answer(scope: Scope, make: Callable[[], Response]) -> Response | None:
    """What `make` answers in a transaction on the replica; None where the primary has to answer."""
    known: Replica | None = current_app.extensions["charterway_replica"]
    if known is None or known.rests:
        return None
    try:
        own = _own_place(scope.user_id)
        with within(Scope.nobody(), isolation="AUTOCOMMIT") as session:
            place, now = session.execute(text(PRIMARY_PLACE)).one()
    except RedisError:
        return None
    response: Response | None = None
    try:
        with within(scope, read_only=True, engine=db.engines[REPLICA]) as session:
            copied, replayed, last_commit = session.execute(text(REPLICA_PLACE)).one()
            at = _moment(copied, replayed, last_commit, place, now)
            if at is None or now - at > known.most or replayed < own:
                return None
            session.info["figures"] = Figures(at, now - at)
            response = make()
    except SQLAlchemyError as error:
        # Away, a conflict with what it replays, a table not there yet: the primary says whether anything is wrong.
        known.rest()
        log.warning("the replica did not answer: %s", present.reason(error))
        return None
    except (Refused, HTTPException):
        return None  # what it has not yet may be why
    if response.status_code >= 400:
        return None
    response.headers[HEADER] = at.astimezone(clock.UTC).isoformat(timespec="seconds")
    return response


def note_write(user_id: UUID | None) -> None:
    """This user saved something just now: until the replica has it, the primary answers him or her.

    To be called after the commit; whatever is away now does not undo that.
    """
    known: Replica | None = current_app.extensions["charterway_replica"]
    if known is None or user_id is None:
        return
    try:
        with within(Scope.nobody(), isolation="AUTOCOMMIT") as session:
            place: int = session.execute(WRITTEN).scalar_one()
    except SQLAlchemyError as error:
        log.error("the place of a commit is not known: %s", present.reason(error))
        place = NOBODY_KNOWS
    try:
        # A replica that is not used beyond the longest lag has what is older.
        current_app.extensions["redis"].set(f"{OWN_WRITES}{user_id}", place, ex=known.most + timedelta(seconds=10))
    except RedisError as error:
        log.error("the place of a commit was not kept: %s", present.reason(error))


def standing(config: Config) -> Standing | None:
    """How the replica stands now, asked on connections of its own; None without one.

    Raises psycopg.Error when the primary is away: then nobody knows.
    """
    if config.replica_url is None:
        return None
    with psycopg.connect(config.dsn("app"), connect_timeout=CONNECT_SECONDS, autocommit=True) as connection:
        place, now = connection.execute(PRIMARY_PLACE).fetchone() or (0, clock.now())
    try:
        with psycopg.connect(config.replica_url, connect_timeout=CONNECT_SECONDS, autocommit=True) as connection:
            copied, replayed, last_commit = connection.execute(REPLICA_PLACE).fetchone() or (False, None, None)
    except psycopg.Error as error:
        return Standing(AWAY, reason=str(error).strip().partition("\n")[0] or type(error).__name__)
    at = _moment(copied, replayed, last_commit, place, now)
    if not copied:
        return Standing(AWAY, reason="it copies no other database")
    if at is None or now - at > timedelta(seconds=config.replica_max_lag):
        return Standing(LATE, now - at if at else None)
    return Standing(NOW, now - at)


def _moment(
    copied: bool, replayed: int | None, last_commit: datetime | None, place: int, now: datetime
) -> datetime | None:
    """Of when the replica's rows are; None where that cannot be said. Never later than the truth."""
    if not copied or replayed is None:
        return None
    if replayed >= place:
        return now
    return min(last_commit, now) if last_commit else None


def _own_place(user_id: UUID | None) -> int:
    """Up to where the log has to be read for this user to find what he or she saved; 0 for nothing lately."""
    kept: bytes | None = current_app.extensions["redis"].get(f"{OWN_WRITES}{user_id}")
    return int(kept) if kept else 0

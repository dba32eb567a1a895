"""Outages: what people meet while queue, database or disk are away or full, and what goes on without them."""

from __future__ import annotations

import errno
import logging
from typing import Any

from flask import Flask, Request, Response, abort, g, request, session
from flask.sessions import NullSession, SessionInterface, SessionMixin
from flask_login import AnonymousUserMixin
from redis.exceptions import RedisError

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
DATABASE_FULL = "53100"
"""SQLSTATE disk_full."""
WITHOUT_SESSION = {"static", "health.alive", "health.ready"}
log = logging.getLogger(__name__)


class PatientSessions(SessionInterface):
    """The sessions of the server's store, which may be away for a moment.

    Without the store nobody is known: the request is answered with 503 rather than as to a stranger. What a request
    did is done when its transaction is committed: that its session cannot be written afterwards does not undo it.
    """

    def __init__(self, kept: SessionInterface) -> None:
        self._kept = kept

    def open_session(self, app: Flask, request: Request) -> SessionMixin | None:
        """The session; None, which Flask turns into an empty one that cannot be written, while the store is away."""
        try:
            return self._kept.open_session(app, request)
        except RedisError as error:
            log.error("the sessions are away: %s", type(error).__name__)
            return None

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Keep the session; where the store went away in the meantime, say so in the log only."""
        try:
            self._kept.save_session(app, session, response)
        except RedisError as error:
            log.error("a session was not kept: %s", type(error).__name__)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._kept, name)


def install(app: Flask) -> None:
    """Give the app sessions that may be away; to be called before anything that reads them in front of a view."""
    app.session_interface = PatientSessions(app.session_interface)

    @app.before_request
    def refuse_without_session() -> None:
        if isinstance(session, NullSession) and request.endpoint not in WITHOUT_SESSION:
            abort(503)


def as_to_nobody() -> None:
    """Let the page that says what is away be made without asking who reads it: that would need what is away."""
    g.place = None
    g._login_user = AnonymousUserMixin()  # noqa: SLF001  where Flask-Login keeps who is signed in


def is_full(error: BaseException | None) -> bool:
    """Whether a disk has no room left, or this or what caused it says so: the storage's or the database's."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in FULL:
            return True
        if getattr(getattr(error, "orig", None), "sqlstate", None) == DATABASE_FULL:
            return True
        error = error.__cause__
    return False

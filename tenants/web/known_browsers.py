"""Browsers that were seen before: a signed cookie of those people who want a mail when a new one signs in."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from saas.security import digest

LIFE = timedelta(days=365)
MOST = 10
"""People of one browser: councils share machines."""


def knows(user_id: UUID) -> bool:
    """Whether this person signed in from this browser before."""
    return _mark(user_id) in _marks()


def remember(response: Response, user_id: UUID) -> None:
    """Let the browser keep that this person signed in from it; nobody can read from it who that is."""
    marks = [mark for mark in _marks() if mark != _mark(user_id)] + [_mark(user_id)]
    response.set_cookie(
        _name(),
        _signer().dumps(marks[-MOST:]),
        max_age=LIFE,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )


def _marks() -> list[str]:
    try:
        kept = _signer().loads(request.cookies.get(_name(), ""))
    except BadSignature:
        return []
    return [mark for mark in kept if isinstance(mark, str)] if isinstance(kept, list) else []


def _mark(user_id: UUID) -> str:
    return digest(f"known browser {user_id}")[:22]


def _name() -> str:
    return f"{current_app.config['SESSION_COOKIE_NAME']}-known"


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="known browsers")

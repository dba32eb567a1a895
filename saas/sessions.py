"""Sessions: what was proved in one, when it was used, and which of them somebody has open.

A session lies in the queue's store under its secret id. Beside it stands a set of the ids of each user, so that people
can see their sessions and end one. An id itself is never shown: sessions are named by the beginning of its SHA-256.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Flask, Request, current_app, request, session
from flask_session.base import ServerSideSession
from flask_session.redis import RedisSessionInterface

from saas import clock
from saas.security import digest

BEGUN, SEEN, BROWSER, FACTOR, CONFIRMED = "begun_at", "seen_at", "browser", "factor_at", "confirmed_at"
"""Keys in a session: instants in whole seconds, and the words for the browser."""
CAME_THROUGH = "came_through"
"""And the id of the single sign-on through which its person came."""
PROOFS = (BEGUN, BROWSER, FACTOR, CONFIRMED, CAME_THROUGH)
FRESH = timedelta(minutes=15)
"""So long after proving who one is, one may change how one proves it."""
SEEN_EVERY = timedelta(minutes=1)
SETS = "sessions-of:"
NAME_LENGTH = 16
BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("Firefox/", "Firefox"),
            ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))  # fmt: skip
"""What a browser's own words hold → its name; the first that fits, since most claim to be others too."""
SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"),
           ("Windows", "Windows"), ("Mac OS X", "Mac"), ("Linux", "Linux"))  # fmt: skip


class Store(RedisSessionInterface):
    """Where sessions lie. One that was ended while a request of it was on its way is not written again after it."""

    def open_session(self, app: Flask, request: Request) -> ServerSideSession:
        """The session of the request's cookie, or a new one."""
        opened = super().open_session(app, request)
        opened.read_as = opened.sid if request.cookies.get(app.config["SESSION_COOKIE_NAME"]) == opened.sid else None
        return opened

    def _upsert_session(self, session_lifetime: timedelta, session: ServerSideSession, store_id: str) -> None:
        there_before = getattr(session, "read_as", None) == session.sid
        self.client.set(store_id, self.serializer.encode(session), ex=session_lifetime, xx=there_before)


def install(app: Flask) -> None:
    """Let the app keep its sessions in the queue's store."""
    app.session_interface = Store(
        app,
        client=app.extensions["redis"],
        key_prefix=app.config["SESSION_KEY_PREFIX"],
        sid_length=app.config["SESSION_ID_LENGTH"],
    )


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One session of somebody."""

    name: str
    browser: str
    begun_at: datetime
    seen_at: datetime
    here: bool
    """Whether it is the one that this request is in."""
    with_factor: bool


def begin(*, factor: bool, provider_id: UUID | None = None) -> None:
    """Somebody has just proved who he or she is.

    factor: by a second factor too, or by a passkey alone. provider_id: of the single sign-on that vouched for it.
    """
    session[BEGUN] = session[CONFIRMED] = _now()
    session[BROWSER] = browser_words(request.user_agent.string)
    if factor:
        session[FACTOR] = session[BEGUN]
    if provider_id is not None:
        come_through(provider_id)


def come_through(provider_id: UUID) -> None:
    """Somebody came through this single sign-on now."""
    session[CAME_THROUGH] = str(provider_id)


def find_sign_on() -> UUID | None:
    """The single sign-on through which the person of this session came, if any."""
    kept = session.get(CAME_THROUGH)
    return UUID(kept) if kept else None


def proofs() -> dict[str, Any]:
    """What was proved in this session, to go on with in one of a new id."""
    return {name: session[name] for name in PROOFS if name in session}


def has_factor() -> bool:
    """Whether a second factor was shown in this session."""
    return FACTOR in session


def add_factor() -> None:
    """A second factor was shown now."""
    session[FACTOR] = session[CONFIRMED] = _now()


def confirm() -> None:
    """Somebody proved anew who he or she is."""
    session[CONFIRMED] = _now()


def is_fresh() -> bool:
    """Whether that was proved in this session a short while ago."""
    return _now() - session.get(CONFIRMED, 0) <= FRESH.total_seconds()


def note_use() -> None:
    """Note that the session of this request is in use, by whom it is told."""
    now = _now()
    seen = session.get(SEEN)
    if seen is None:
        session.setdefault(BEGUN, now)
        session.setdefault(BROWSER, browser_words(request.user_agent.string))
        name, life = SETS + session["_user_id"].partition(":")[0], current_app.permanent_session_lifetime
        with _store().pipeline() as together:
            together.sadd(name, _own_id()).expire(name, 2 * life).execute()
    if seen is None or now - seen >= SEEN_EVERY.total_seconds():
        session[SEEN] = now


def list_open(kept: str) -> list[OpenSession]:
    """The sessions that still hold, the one used last first.

    kept: what they keep of their user (`Viewer.get_id`); those of an earlier epoch have ended.
    """
    found = {sid: state for sid, state in _states(kept).items() if state is not None and state.get("_user_id") == kept}
    shown = [
        OpenSession(
            name=_name(sid),
            browser=state.get(BROWSER, ""),
            begun_at=_instant(state.get(BEGUN, 0)),
            seen_at=_instant(state.get(SEEN, 0)),
            here=sid == _own_id(),
            with_factor=FACTOR in state,
        )
        for sid, state in found.items()
    ]
    return sorted(shown, key=lambda each: (not each.here, -each.seen_at.timestamp(), each.name))


def end(kept: str, name: str) -> bool:
    """End one of somebody's sessions in the store; whether there was one of that name."""
    named = [sid for sid in _states(kept) if _name(sid) == name]
    for sid in named:
        _forget(kept, sid)
    return bool(named)


def end_others(kept: str) -> None:
    """End all of somebody's sessions in the store but the one of this request."""
    for sid in _states(kept):
        if sid != _own_id():
            _forget(kept, sid)


def browser_words(user_agent: str) -> str:
    """A browser in words, such as "Firefox on Windows"; empty where it says nothing known."""
    browser = next((words for mark, words in BROWSERS if mark in user_agent), "")
    system = next((words for mark, words in SYSTEMS if mark in user_agent), "")
    return f"{browser or 'A browser'} on {system}" if system else browser


def _states(kept: str) -> dict[str, dict[str, Any] | None]:
    """Session id → what it holds; those that have run out are struck off the list."""
    store, name = _store(), SETS + kept.partition(":")[0]
    ids = sorted(each.decode() for each in store.smembers(name))
    if not ids:
        return {}
    texts = store.mget([current_app.config["SESSION_KEY_PREFIX"] + sid for sid in ids])
    if gone := [sid for sid, text in zip(ids, texts, strict=True) if text is None and sid != _own_id()]:
        store.srem(name, *gone)
    decode = current_app.session_interface.serializer.decode  # type: ignore[attr-defined]
    return {sid: None if text is None else decode(text) for sid, text in zip(ids, texts, strict=True)}


def _forget(kept: str, sid: str) -> None:
    with _store().pipeline() as together:
        together.delete(current_app.config["SESSION_KEY_PREFIX"] + sid)
        together.srem(SETS + kept.partition(":")[0], sid).execute()


def _own_id() -> str:
    sid: str = session.sid  # type: ignore[attr-defined]
    return sid


def _name(sid: str) -> str:
    return digest(sid)[:NAME_LENGTH]


def _now() -> int:
    return int(clock.now().timestamp())


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, clock.UTC)


def _store() -> Any:
    return current_app.extensions["redis"]

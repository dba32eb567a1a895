"""Sessions: one that was ended stays ended, and the words for a browser."""

from __future__ import annotations

import pytest
from flask import Flask, Response

from saas.sessions import browser_words

CHROME = "Mozilla/5.0 ({}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 {}Safari/537.36{}"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (CHROME.format("Windows NT 10.0; Win64; x64", "", ""), "Chrome on Windows"),
        (CHROME.format("Windows NT 10.0; Win64; x64", "", " Edg/141.0.0.0"), "Edge on Windows"),
        (CHROME.format("Linux; Android 10; K", "Mobile ", ""), "Chrome on Android"),
        (CHROME.format("X11; CrOS x86_64 14541.0.0", "", ""), "Chrome on ChromeOS"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.5 Safari/605.1.15", "Safari on Mac"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        ("Something (Windows)", "A browser on Windows"),
        ("curl/8.0", ""),
        ("", ""),
    ],
)
def test_a_browser_is_told_in_words(user_agent: str, words: str) -> None:
    assert browser_words(user_agent) == words


def test_a_session_that_ended_during_a_request_is_not_written_again(app: Flask) -> None:
    store, kept = app.session_interface, app.extensions["redis"]
    with app.test_request_context():
        made = store.open_session(app, app.request_class({"wsgi.url_scheme": "http"}))
        made["_user_id"] = "somebody"
        store.save_session(app, made, Response())
    cookie = {"HTTP_COOKIE": f"{app.config['SESSION_COOKIE_NAME']}={made.sid}", "wsgi.url_scheme": "http"}
    with app.test_request_context():
        on_its_way = store.open_session(app, app.request_class(cookie))
        assert on_its_way["_user_id"] == "somebody"
        kept.delete(f"session:{made.sid}")
        on_its_way["more"] = True
        store.save_session(app, on_its_way, Response())
    assert kept.exists(f"session:{made.sid}") == 0

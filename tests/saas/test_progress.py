"""How far long work is: told beside the database, looked up by whoever asks, missed by nobody when it is away."""

from __future__ import annotations

import time

import pytest
from flask import Flask
from redis import Redis

from saas import progress


def test_what_was_told_last_is_found_for_an_hour(app: Flask) -> None:
    with app.app_context():
        assert progress.look("seal:1") is None
        tell = progress.teller("seal:1")
        tell(files=1, of_files=60)
        assert progress.look("seal:1") == {"files": 1, "of_files": 60}
        assert progress.look("seal:2") is None
        left = app.extensions["redis"].ttl("progress:seal:1")
    assert 3500 < left <= progress.KEPT_SECONDS


def test_it_is_said_no_more_often_than_anybody_looks(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with app.app_context():
        tell = progress.teller("seal:3")
        for number in range(50):
            tell(files=number)
        assert progress.look("seal:3") == {"files": 0}
        monkeypatch.setattr(progress, "PAUSE_SECONDS", 0.0)
        tell(files=50)
        assert progress.look("seal:3") == {"files": 50}


def test_a_queue_that_is_away_costs_one_question_and_no_work(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = Redis(port=1, socket_connect_timeout=0.2, retry=None)
    monkeypatch.setitem(app.extensions, "redis", gone)
    monkeypatch.setattr(progress, "PAUSE_SECONDS", 0.0)
    begun = time.monotonic()
    with app.app_context():
        tell = progress.teller("seal:4")
        for number in range(100):
            tell(files=number)
        assert progress.look("seal:4") is None
    assert time.monotonic() - begun < 2

"""What the tests of the ground share: a bare app that has settings and nothing else."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from saas.config import Config

ROOT = Path(__file__).parents[2]
MakeBareApp = Callable[..., Flask]


@pytest.fixture
def bare_app(tmp_path: Path) -> Iterator[MakeBareApp]:
    """Makes an app from some settings and keeps its context open; each test installs the room it is about."""
    opened: list[Any] = []

    def make(**settings: Any) -> Flask:
        values: dict[str, Any] = {
            "port": 8000,
            "bind": "127.0.0.1",
            "data_dir": tmp_path,
            "storage_url": f"file://{tmp_path / 'files'}",
            "mail_url": "console:",
            "base_url": "http://localhost:8000",
        }
        app = Flask("bare", root_path=str(ROOT), static_folder=None)
        app.config.update(
            CHARTERWAY=Config(**(values | settings)),
            ARGON2_FAST=True,
            SECRET_KEY="only for tests",
            TESTING=True,
        )
        context = app.app_context()
        context.push()
        opened.append(context)
        return app

    yield make
    for context in reversed(opened):
        context.pop()

"""The command line as somebody at the server's console uses it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from charterway import FEATURES
from saas.cli import create_cli
from saas.config import Config

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask, config: Config, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`run("region", "add", "--slug", "north", …, typed="…")` on the test's own database."""
    for name, value in config.environ(owner=True).items():
        monkeypatch.setenv(name, value)

    def run_command(*arguments: str, typed: str = "") -> Result:
        return CliRunner().invoke(create_cli(FEATURES, lambda _config: app), list(arguments), input=typed)

    return run_command

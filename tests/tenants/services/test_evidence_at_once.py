"""Several uploads at once: threads with connections of their own that really commit."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask

from saas.config import Config
from saas.files import FileRefused, receive
from saas.tenancy import CONSOLE
from saas.transaction import within
from tenants.queries.evidence import used_bytes
from tenants.services import evidence
from tests.factories.tenants import MadeCouncil, make_council, make_region

PATIENCE_SECONDS = 30.0
MEGABYTE = 1024 * 1024


@pytest.fixture
def council(built_app: Flask, config: Config, owner: sa.Engine) -> Iterator[MadeCouncil]:
    """A council that may keep 1 MB."""
    try:
        built_app.config["CHARTERWAY"] = replace(config, evidence_quota_mb=1)
        yield make_council(built_app, make_region(built_app))
    finally:
        built_app.config["CHARTERWAY"] = config


def test_of_four_files_sent_at_once_only_those_that_fit_are_kept(built_app: Flask, council: MadeCouncil) -> None:
    start = threading.Barrier(4)
    outcomes: list[str] = []

    def send(number: int) -> None:
        content = f"{number} ".encode() * (400 * 1024 // 2)
        with receive(io.BytesIO(content), f"{number}.txt", limit_bytes=MEGABYTE) as received, built_app.app_context():
            try:
                with within(council.scope()):
                    start.wait(PATIENCE_SECONDS)
                    evidence.add_file(council.id, received=received, title="", speaks_for_on=None, by=CONSOLE)
                outcomes.append("kept")
            except FileRefused:
                outcomes.append("refused")

    threads = [threading.Thread(target=send, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    with built_app.app_context(), within(council.scope(), read_only=True):
        assert (sorted(outcomes), used_bytes(council.id)) == (["kept", "kept", "refused", "refused"], 800 * 1024)

"""`charterway files sweep`: says what no row names, and removes it."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from saas import clock
from saas.files import storage_at
from tests.factories.evidence import make_file, pdf
from tests.factories.tenants import MadeCouncil
from tests.tenants.commands.conftest import Run
from tests.tenants.services.test_unnamed_files import leave


def test_what_would_go_is_said_first_and_then_it_goes(
    app: Flask, run: Run, council: MadeCouncil, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = storage_at(f"file://{tmp_path / 'kept'}")
    monkeypatch.setitem(app.extensions, "charterway_storage", storage)
    make_file(app, council)
    named = set(storage.list_files())
    old = leave(storage, str(council.id), "never committed")
    leave(storage, str(council.id), "of a moment ago")
    two_days_ago = (clock.now() - timedelta(days=2)).timestamp()
    os.utime(tmp_path / "kept" / str(council.id) / old[:2] / old, (two_days_ago, two_days_ago))
    size = len(pdf("never committed"))
    said = [run("files", "sweep", *options).stdout for options in (["--dry-run"], [], [])]
    assert said == [
        f"{council.id}/{old} {size} bytes\n1 stored file ({size} bytes) that no row names would be removed.\n",
        f"1 stored file ({size} bytes) that no row names was removed.\n",
        "0 stored files (0 bytes) that no row names were removed.\n",
    ]
    assert (str(council.id), old) not in storage.list_files()
    assert named < set(storage.list_files())

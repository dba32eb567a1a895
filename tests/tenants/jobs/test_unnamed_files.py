"""Once a night, what no row names for a day is taken out of the storage, council by council."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from saas import clock, jobs
from saas.db import new_id
from saas.files import storage_at
from saas.tenancy import Scope
from saas.transaction import within
from tenants.jobs.unnamed_files import sweep_storage
from tests.factories.evidence import make_file
from tests.factories.tenants import MadeCouncil
from tests.tenants.services.test_unnamed_files import leave


def test_a_leftover_goes_on_the_next_day_and_what_is_named_stays(
    app: Flask, council: MadeCouncil, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = storage_at(f"file://{tmp_path / 'kept'}")
    monkeypatch.setitem(app.extensions, "charterway_storage", storage)
    make_file(app, council)
    named = set(storage.list_files())
    leave(storage, str(council.id), "never committed")
    seen = []
    for later in (timedelta(hours=23), timedelta(hours=25)):
        with app.app_context(), clock.at(clock.now() + later):
            with within(Scope.operator(None)):
                jobs.put(sweep_storage, new_id(), Scope.operator(None))
            jobs.run_all()
        seen.append(len(list(storage.list_files())))
    assert (seen, set(storage.list_files())) == ([2, 1], named)

"""Only stored files that no row names go, after a day, and never where storage and database do not belong together."""

from __future__ import annotations

import io
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from saas import clock
from saas.db import db, new_id
from saas.errors import Refused
from saas.files import Received, Storage, receive, storage_at
from saas.tenancy import CONSOLE, Scope
from saas.transaction import within
from tenants.models.data_protection import PreparedFile
from tenants.services import evidence, unnamed_files
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation
from tests.factories.evidence import make_file, pdf
from tests.factories.submissions import make_submission
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_region

SOON = timedelta(minutes=1)


@pytest.fixture
def storage(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Storage:
    """A storage of this test's own, empty at first."""
    found = storage_at(f"file://{tmp_path / 'kept'}")
    monkeypatch.setitem(app.extensions, "charterway_storage", found)
    return found


@contextmanager
def sent(words: str) -> Iterator[Received]:
    """An upload that has arrived."""
    with receive(io.BytesIO(pdf(words)), "minutes.pdf", limit_bytes=1_000_000) as received:
        yield received


def leave(storage: Storage, namespace: str, words: str) -> str:
    """Keep a file that no row will name; its hash."""
    with sent(words) as received:
        storage.put(namespace, received)
        return received.sha256


def listed(in_scope: InScope, scope: Scope | None = None, *, after: timedelta = SOON) -> set[str]:
    """The hashes of what no row names and lies there a while after now, as the console sees it."""
    with in_scope(scope or Scope.operator(None)):
        return {each.sha256 for each in unnamed_files.list_unnamed(clock.now() + after)}


def test_every_file_that_a_row_names_stays_and_the_rest_is_listed(
    app: Flask, storage: Storage, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    make_file(app, council)
    make_submission(app, council, make_accreditation(app, council))
    prepared, expired = leave(storage, str(lead.id), "all about you"), leave(storage, str(lead.id), "long ago")
    now = clock.now()
    with in_scope(Scope.person(lead.id)) as session:
        for digest, file in ((prepared, "there"), (expired, None)):
            row = PreparedFile(id=new_id(), user_id=lead.id, kind="person", sha256=digest, file=file, asked_at=now)
            row.expires_at, row.failure = now, ""
            session.add(row)
    named = {sha256 for _, sha256 in storage.list_files()} - {expired}
    torn = leave(storage, str(council.id), "never committed")
    elsewhere = leave(storage, str(make_council(app, make_region(app)).id), "never committed")
    assert torn == elsewhere
    leave(storage, "no-id", "of another kind")
    assert listed(in_scope) == {expired, torn}
    with in_scope(Scope.operator(None)):
        removed = unnamed_files.remove_unnamed(council.id, clock.now() + SOON)
    assert [(each.namespace, each.sha256, each.size) for each in removed] == [
        (council.id, torn, len(pdf("never committed")))
    ]
    kept = set(storage.list_files())
    assert {sha256 for _, sha256 in kept} >= named
    assert (str(council.id), torn) not in kept


def test_a_file_rests_before_it_goes(storage: Storage, council: MadeCouncil, in_scope: InScope) -> None:
    torn = leave(storage, str(council.id), "never committed")
    assert [listed(in_scope, after=-SOON), listed(in_scope, after=SOON)] == [set(), {torn}]


def test_the_database_tells_the_console_alone(
    storage: Storage, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    leave(storage, str(council.id), "never committed")
    for scope in (council.scope(lead.id), council.region.scope(), Scope.nobody(), Scope.operator(lead.id)):
        assert listed(in_scope, scope) == set()


def test_a_storage_beside_another_database_is_left_alone(
    storage: Storage, council: MadeCouncil, in_scope: InScope
) -> None:
    for number in range(20):
        leave(storage, str(council.id), f"of another database {number}")
    with pytest.raises(Refused, match=r"names none of 20 of 20 stored files"):
        listed(in_scope)


def test_what_was_cut_off_on_its_way_goes_too_and_is_counted(
    app: Flask, storage: Storage, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    arriving = tmp_path / "kept" / ".arriving"
    arriving.mkdir(parents=True)
    (arriving / "a-piece").write_bytes(b"%PD")
    with app.app_context(), caplog.at_level(logging.INFO):
        assert unnamed_files.clear_arriving(clock.now() + SOON) == 1
    assert [(record.message, record.files) for record in caplog.records if hasattr(record, "files")] == [
        ("removed pieces of files that were cut off", 1)
    ]


def test_an_upload_of_the_same_content_that_is_under_way_is_waited_for(
    built_app: Flask, owner: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The leftover is old; while it is swept, somebody uploads the very file again and has not committed yet."""
    storage = storage_at(f"file://{tmp_path / 'kept'}")
    monkeypatch.setitem(built_app.extensions, "charterway_storage", storage)
    council = make_council(built_app, make_region(built_app))
    digest = leave(storage, str(council.id), "twice")
    removed: list[int] = []

    def remove() -> None:
        with built_app.app_context():
            with within(Scope.operator(None)):
                removed.append(len(unnamed_files.remove_unnamed(council.id, clock.now() + SOON)))
            db.session.remove()

    sweep = threading.Thread(target=remove)
    with built_app.app_context(), within(council.scope()), sent("twice") as received:
        evidence.add_file(council.id, received=received, title="", speaks_for_on=None, by=CONSOLE)
        sweep.start()
        sweep.join(0.5)
        assert sweep.is_alive()
    sweep.join(30)
    assert (removed, storage.exists(str(council.id), digest)) == ([0], True)

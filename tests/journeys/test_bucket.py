"""The whole way of a file when files lie in S3-compatible storage: up, read, sealed, down, backed up, back again."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from assessment.queries import submissions
from assessment.rules.seal_checks import verify_archive
from charterway import create_app
from saas import backups, clock, health
from saas.config import Config
from saas.db import Base, db
from saas.files import storage_at
from saas.files.buckets import S3
from saas.tenancy import Scope
from saas.transaction import within
from tenants.services import unnamed_files
from tests.caller import Caller
from tests.checking_client import CheckingClient
from tests.factories.assessment import make_accreditation
from tests.factories.buckets import KEYS
from tests.factories.evidence import pdf
from tests.factories.submissions import FILE_CONTENT, make_submission
from tests.factories.tenants import make_council, make_region, make_user
from tests.tenants.services.test_unnamed_files import leave


@pytest.fixture
def kept_in_bucket(bucket: str, config: Config, owner: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The app with its files in the bucket, under a prefix of its own."""
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    there = replace(config, storage_url=bucket.replace("/of/charterway", "/of/this/instance"))
    app = create_app(there, TESTING=True, JOBS_BY_HAND=True, WTF_CSRF_ENABLED=False, ARGON2_FAST=True)
    app.test_client_class = CheckingClient
    yield app
    app.extensions["charterway_storage"].client.close()
    app.extensions["redis"].close()
    with app.app_context():
        db.engine.dispose()


def test_files_go_up_are_sealed_come_down_and_are_backed_up(
    kept_in_bucket: Flask, owner: sa.Engine, tmp_path: Path
) -> None:
    app = kept_in_bucket
    config: Config = app.config["CHARTERWAY"]
    assert health.storage(config).holds
    council = make_council(app, make_region(app))
    lead = make_user(app, council, "council_lead")
    caller, client = Caller.of(app, lead, council), app.test_client().sign_in(lead)  # type: ignore[attr-defined]
    content = pdf("minutes")
    sent = {"file": (io.BytesIO(content), "minutes.pdf"), "title": "Minutes"}
    up = caller.post(f"/councils/{council.slug}/evidence/files", data=sent, content_type="multipart/form-data")
    assert (up.status_code, up.json and up.json["title"]) == (201, "Minutes")
    assert up.json is not None
    down = client.get(f"/councils/{council.slug}/evidence/{up.json['id']}/file")
    assert (down.status_code, down.data) == (200, content)
    part = client.get(f"/councils/{council.slug}/evidence/{up.json['id']}/file", headers={"Range": "bytes=5-20"})
    assert (part.status_code, part.data) == (206, content[5:21])

    accreditation_id = make_accreditation(app, council)
    submission_id = make_submission(app, council, accreditation_id)
    archive = caller.get(
        f"/councils/{council.slug}/accreditations/{accreditation_id}/submissions/{submission_id}/archive"
    )
    with app.app_context(), within(council.scope(), read_only=True):
        sealed = submissions.get_submission(submission_id).hash
    assert verify_archive(io.BytesIO(archive.data), sealed).ok
    assert FILE_CONTENT in archive.data

    kept = app.extensions["charterway_storage"]
    stored = sorted(kept.list_files())
    assert {namespace for namespace, _ in stored} == {str(council.id)}
    left = leave(kept, str(council.id), "never committed")
    later = clock.now() + timedelta(minutes=1)
    for before, gone in ((clock.now() - timedelta(days=1), []), (later, [left])):
        with app.app_context(), within(Scope.operator(None)):
            assert [each.sha256 for each in unnamed_files.list_unnamed(before)] == gone
            assert [each.sha256 for each in unnamed_files.remove_unnamed(council.id, before)] == gone
    assert sorted(kept.list_files()) == stored
    with app.app_context():
        made = backups.backup(config, tmp_path / "backup").manifest
    assert (made.file_count, made.damaged) == (len(stored), [])
    elsewhere = replace(config, storage_url=config.storage_url.replace("/this/", "/another/"))
    with owner.begin() as connection:
        connection.execute(sa.text(f"truncate {', '.join(table.name for table in Base.metadata.sorted_tables)}"))
    with app.app_context():
        backups.restore(elsewhere, tmp_path / "backup", key_given=True)
    there = storage_at(elsewhere.storage_url)
    assert isinstance(there, S3)
    assert sorted(there.list_files()) == stored
    there.client.close()

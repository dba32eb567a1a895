"""Everything out and back, and one council away to a service of its own: the same counts, hashes and certificates."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from assessment.demo.loading import MARK, as_owner
from assessment.models.submissions import Submission
from assessment.rules.council_exports import LEFT
from assessment.rules.seal_checks import verify_archive
from assessment.services.archives import archive
from assessment.services.council_arrivals import Arrived, take_in
from assessment.services.council_exports import write_export
from saas import backups
from saas.backups import tables
from saas.config import Config
from saas.embedded import Cluster
from saas.errors import Refused
from saas.files import storage_at
from saas.tenancy import Scope
from saas.transaction import within
from tenants.queries.audit import broken_chains
from tests.factories.databases import app_on_own_database

COUNCILS = ("wyrrow", "dunmarrow", "wyrrow-hills")
"""One that holds an award and its improvements, one with a recorded award, one that was merged into another."""
CERTIFICATES = "select certificate_number from awards where council_id = :council order by 1"


def config_of(app: Flask) -> Config:
    """The settings of one application."""
    config: Config = app.config["CHARTERWAY"]
    return config


@contextmanager
def empty_service(cluster: Cluster, config: Config, name: str, folder: Path) -> Iterator[Flask]:
    """Another service without anything in it."""
    with app_on_own_database(cluster, config, name, folder) as app:
        yield app


def place_of(demo: Flask, slug: str) -> tuple[UUID, UUID]:
    """The ids of a council and its region."""
    with as_owner(config_of(demo)) as owner:
        row = owner.execute(sa.text("select id, region_id from councils where slug = :slug"), {"slug": slug}).one()
    return row.id, row.region_id


def exported(demo: Flask, slug: str, path: Path) -> Path:
    """The council's export."""
    council_id, region_id = place_of(demo, slug)
    scope = Scope.council(council_id, region_id)
    with demo.app_context(), within(scope, read_only=True, isolation="REPEATABLE READ"), path.open("wb") as stream:
        write_export(council_id, region_id, stream)
    return path


def test_everything_comes_back_as_it_was(demo: Flask, cluster: Cluster, config: Config, tmp_path: Path) -> None:
    with demo.app_context():
        made = backups.backup(config_of(demo), tmp_path / "backup")
    assert made.manifest.mark == MARK
    assert made.manifest.rows > 5_000
    assert made.manifest.file_count > 50
    with empty_service(cluster, config, "restored", tmp_path / "files") as there:
        backups.restore(config_of(there), tmp_path / "backup", key_given=True)
        with tables.connect(config_of(there).dsn("owner")) as connection:
            columns = tables.list_tables(connection)
            found = {name: tables.counted(connection, name, names) for name, names in columns.items()}
        assert found == made.manifest.tables
        ours, theirs = (storage_at(config_of(app).storage_url) for app in (demo, there))
        assert sorted(theirs.list_files()) == sorted(ours.list_files())
        with as_owner(config_of(there)) as owner:
            assert broken_chains(owner, None) == []
        with pytest.raises(Refused, match="the database is not empty"):
            backups.restore(config_of(there), tmp_path / "backup", key_given=True)


@pytest.mark.parametrize("slug", COUNCILS)
def test_a_council_lives_on_elsewhere(demo: Flask, cluster: Cluster, config: Config, tmp_path: Path, slug: str) -> None:
    path = exported(demo, slug, tmp_path / "council.zip")
    manifest = json.loads(zipfile.ZipFile(path).read("manifest.json"))
    council_id = UUID(manifest["council"]["id"])
    with empty_service(cluster, config, "arrived", tmp_path / "files") as there:
        arrived = take_in(config_of(there), path)
        assert isinstance(arrived, Arrived)
        assert arrived.rows == sum(record["rows"] for record in manifest["tables"].values())
        assert sorted(storage_at(config_of(there).storage_url).list_files()) == [
            (str(council_id), sha256) for sha256 in manifest["files"]
        ]
        again = exported(there, slug, tmp_path / "again.zip")
        known = json.loads(zipfile.ZipFile(again).read("manifest.json"))["tables"]
        for name, record in manifest["tables"].items():
            if name != "events":  # which stand in a log of their own there, with their arrival at its end
                assert (name, known[name]) == (name, record)
        assert known["events"]["rows"] == manifest["tables"]["events"]["rows"] + 1
        with as_owner(config_of(there)) as owner:
            assert broken_chains(owner, None) == []
            numbers = list(owner.scalars(sa.text(CERTIFICATES), {"council": council_id}))
        with as_owner(config_of(demo)) as owner:
            assert numbers == list(owner.scalars(sa.text(CERTIFICATES), {"council": council_id}))
        for number in numbers:
            page = there.test_client().get(f"/certificates/{number}").text
            assert page == demo.test_client().get(f"/certificates/{number}").text
            assert manifest["council"]["name"] in page
        with (
            there.app_context(),
            within(Scope.council(council_id, UUID(manifest["region"]["id"])), read_only=True) as s,
        ):
            for submission in s.scalars(sa.select(Submission).where(Submission.council_id == council_id)):
                sealed = io.BytesIO(b"".join(archive(submission).pieces()))
                assert verify_archive(sealed, submission.hash).ok


def test_an_export_holds_no_secret_and_nothing_that_the_council_cannot_read(demo: Flask, tmp_path: Path) -> None:
    path = exported(demo, "wyrrow", tmp_path / "council.zip")
    council_id, _ = place_of(demo, "wyrrow")
    with zipfile.ZipFile(path) as archive:
        names = {name.removeprefix("tables/").removesuffix(".jsonl") for name in archive.namelist()}
        text = b"".join(archive.read(name) for name in archive.namelist() if name.startswith("tables/")).decode()
    assert names & {"scores", "score_drafts", "moderations", "interview_notes", "credentials", "users", *LEFT} == set()
    with as_owner(config_of(demo)) as owner:
        secrets = [
            secret
            for statement in (
                "select password_hash from credentials",
                "select key_hash from signature_requests where key_hash is not null",
                "select key_hash from contribution_requests where key_hash is not null",
                "select key_hash from calendar_feeds",
            )
            for secret in owner.scalars(sa.text(statement))
        ]
        others = owner.scalars(sa.text("select id from councils where id <> :council"), {"council": council_id}).all()
        scores = owner.scalars(sa.text("select id from scores")).all()
    assert len(secrets) > 10
    assert [secret for secret in secrets if secret in text] == []
    assert [str(other) for other in others if f'"council_id": "{other}"' in text] == []
    assert [score for score in scores if str(score) in text] == []


def test_an_export_that_was_changed_is_refused_and_leaves_nothing(
    demo: Flask, cluster: Cluster, config: Config, tmp_path: Path
) -> None:
    path = exported(demo, "wyrrow", tmp_path / "council.zip")

    def changed(name: str, old: bytes, new: bytes) -> Path:
        other = tmp_path / f"{new[-6:].hex()}.zip"
        with zipfile.ZipFile(path) as source, zipfile.ZipFile(other, "w") as target:
            for member in source.namelist():
                content = source.read(member)
                target.writestr(member, content.replace(old, new) if member == name else content)
        return other

    with zipfile.ZipFile(path) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        file = f"files/{manifest['files'][0]}"
        first = archive.read(file)[:40]
    with empty_service(cluster, config, "refused", tmp_path / "files") as there:
        for export, words in (
            (changed("tables/members.jsonl", b'"', b"'"), "members.jsonl was changed since the export was made"),
            (changed(file, first, b"x" * 40), f"{file} was changed since the export was made"),
            (changed("manifest.json", manifest["revision"].encode(), b"0001"), "made by a release with schema 0001"),
            (changed("manifest.json", b'"format": 1', b'"format": 9'), "is of another format"),
        ):
            with pytest.raises(Refused, match=words):
                take_in(config_of(there), export)
        (tmp_path / "letter.zip").write_bytes(b"Dear all,")
        with pytest.raises(Refused, match="cannot be read as an export"):
            take_in(config_of(there), tmp_path / "letter.zip")
        assert list(storage_at(config_of(there).storage_url).list_files()) == []
        with as_owner(config_of(there)) as owner:
            assert owner.scalar(sa.text("select count(*) from regions")) == 0


def test_a_changed_event_is_found_even_when_the_export_was_made_to_fit(
    demo: Flask, cluster: Cluster, config: Config, tmp_path: Path
) -> None:
    path = exported(demo, "wyrrow", tmp_path / "council.zip")
    other = tmp_path / "forged.zip"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(other, "w") as target:
        manifest = json.loads(source.read("manifest.json"))
        events = source.read("tables/events.jsonl").replace(b'"verb": "award.made"', b'"verb": "award.ended"')
        count = tables.Count()
        count.add(events)
        manifest["tables"]["events"]["digest"] = count.digest
        for member in source.namelist():
            content = {"tables/events.jsonl": events, "manifest.json": json.dumps(manifest).encode()}.get(member)
            target.writestr(member, source.read(member) if content is None else content)
    with (
        empty_service(cluster, config, "forged", tmp_path / "files") as there,
        pytest.raises(Refused, match=r"event \d+ of the export was changed"),
    ):
        take_in(config_of(there), other)

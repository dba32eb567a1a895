"""A backup is everything, proves itself, and goes back into an empty instance only."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from saas.backups import Manifest, backup, read_manifest, restore, tables
from saas.backups.manifest import KEY, StoredFile
from saas.config import Config
from saas.db import Base
from saas.errors import Refused
from saas.files import Received, storage_at
from saas.files.hashing import sha256_of
from tests.factories.tenants import make_council, make_region, make_user

CONTENT = b"minutes of the steering group\n"


@pytest.fixture
def instance(built_app: Flask, config: Config, owner: sa.Engine, tmp_path: Path) -> Iterator[Config]:
    """An instance with a region, a council, its lead and one file of evidence, in the app's context."""
    council = make_council(built_app, make_region(built_app, name="Tab\tand\nline"), name="Dr. O’Neill \\N")
    make_user(built_app, council, "council_lead")
    here = replace(config, storage_url=f"file://{tmp_path / 'files'}")
    put(here, str(council.id), CONTENT, tmp_path)
    with built_app.app_context():
        yield here


def put(config: Config, namespace: str, content: bytes, folder: Path) -> StoredFile:
    """Keep a file in the storage."""
    path = folder / "upload"
    path.write_bytes(content)
    received = Received(sha256_of(path), len(content), "text/plain", "upload", path)
    storage_at(config.storage_url).put(namespace, received)
    return StoredFile(namespace, received.sha256)


def empty(config: Config, owner: sa.Engine) -> Config:
    """The same database without a row, and a storage of its own."""
    names = ", ".join(table.name for table in Base.metadata.sorted_tables)
    with owner.begin() as connection:
        connection.execute(sa.text(f"truncate {names}"))
    return replace(config, storage_url=config.storage_url + "-restored")


def everything(config: Config) -> dict[str, tables.TableRecord]:
    """Every table as it stands."""
    with tables.connect(config.dsn("owner")) as connection:
        columns = tables.list_tables(connection)
        return {name: tables.counted(connection, name, names) for name, names in columns.items()}


def test_what_comes_back_is_what_was_there(instance: Config, owner: sa.Engine, tmp_path: Path) -> None:
    before = everything(instance)
    told: list[tuple[int, int]] = []
    made = backup(instance, tmp_path / "backup", tell=lambda done, total: told.append((done, total)))
    assert made.manifest.tables == before
    assert before["councils"].rows == before["regions"].rows == before["users"].rows == 1
    assert before["events"].rows > 0
    assert told[-1] == (len(before) + 1, len(before) + 1)
    there = empty(instance, owner)
    restored = restore(there, tmp_path / "backup", key_given=True)
    assert everything(instance) == before
    assert isinstance(restored, Manifest)
    files = list(storage_at(there.storage_url).list_files())
    assert files == list(storage_at(instance.storage_url).list_files())
    with storage_at(there.storage_url).open(*files[0]) as opened:
        assert b"".join(opened) == CONTENT


def test_the_walls_stand_again_after_a_restore(instance: Config, owner: sa.Engine, tmp_path: Path) -> None:
    query = sa.text(
        "select relname, relrowsecurity, relforcerowsecurity,"
        " (select array_agg(tgenabled order by tgname) from pg_trigger where tgrelid = c.oid and not tgisinternal),"
        " (select array_agg(pg_get_constraintdef(k.oid) order by conname) from pg_constraint k where conrelid = c.oid)"
        " from pg_class c where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1"
    )
    with owner.connect() as connection:
        before = [tuple(row) for row in connection.execute(query)]
    backup(instance, tmp_path / "backup")
    restore(empty(instance, owner), tmp_path / "backup", key_given=True)
    with owner.connect() as connection:
        assert [tuple(row) for row in connection.execute(query)] == before


def test_an_instance_with_anything_in_it_is_refused(instance: Config, owner: sa.Engine, tmp_path: Path) -> None:
    backup(instance, tmp_path / "backup")
    with pytest.raises(Refused, match=r"the database is not empty .*it goes into an empty one only"):
        restore(instance, tmp_path / "backup", key_given=True)
    there = empty(instance, owner)
    put(there, "somebody-else", b"other", tmp_path)
    with pytest.raises(Refused, match="the storage is not empty"):
        restore(there, tmp_path / "backup", key_given=True)


def test_a_restore_that_was_cut_off_can_be_repeated(instance: Config, owner: sa.Engine, tmp_path: Path) -> None:
    backup(instance, tmp_path / "backup")
    there = empty(instance, owner)
    namespace = next(storage_at(instance.storage_url).list_files())[0]
    put(there, namespace, CONTENT, tmp_path)
    assert restore(there, tmp_path / "backup", key_given=True).file_count == 1


@pytest.mark.parametrize("part", ["tables/councils.gz", "files.txt", "files"])
def test_a_backup_that_was_changed_is_refused_and_nothing_is_written(
    instance: Config, owner: sa.Engine, tmp_path: Path, part: str
) -> None:
    folder = tmp_path / "backup"
    backup(instance, folder)
    victim = folder / part
    if victim.is_dir():
        victim = next(path for path in victim.rglob("*") if path.is_file())
    victim.write_bytes(victim.read_bytes()[:-9] + b"different")
    there = empty(instance, owner)
    with pytest.raises(Refused, match=r"changed since the backup was made|cannot be read to its end"):
        restore(there, folder, key_given=True)
    assert sum(record.rows for record in everything(instance).values()) == 0
    assert list(storage_at(there.storage_url).list_files()) == []


def test_a_schema_that_is_not_what_its_number_says_is_refused_and_nothing_stays(
    instance: Config, owner: sa.Engine, tmp_path: Path
) -> None:
    backup(instance, tmp_path / "backup")
    there = empty(instance, owner)
    with owner.begin() as connection:
        connection.execute(sa.text("alter table councils add column strange text default 'x'"))
    try:
        with pytest.raises(Refused, match="tables are not those of its schema"):
            restore(there, tmp_path / "backup", key_given=True)
    finally:
        with owner.begin() as connection:
            connection.execute(sa.text("alter table councils drop column strange"))
    assert list(storage_at(there.storage_url).list_files()) == []


def test_rows_that_the_database_changed_undo_everything(instance: Config, owner: sa.Engine, tmp_path: Path) -> None:
    backup(instance, tmp_path / "backup")
    there = empty(instance, owner)
    with owner.begin() as connection:
        connection.execute(sa.text("alter table events alter column at type timestamptz(0)"))
    try:
        with pytest.raises(Refused, match=r"events holds \d+ rows that are not the \d+ of the backup"):
            restore(there, tmp_path / "backup", key_given=True)
    finally:
        with owner.begin() as connection:
            connection.execute(sa.text("alter table events alter column at type timestamptz"))
    assert sum(record.rows for record in everything(instance).values()) == 0


def test_another_secret_key_is_refused(instance: Config, owner: sa.Engine, tmp_path: Path) -> None:
    backup(instance, tmp_path / "backup")
    assert not (tmp_path / "backup" / KEY).exists()
    there = replace(empty(instance, owner), secret_key="another key, also long enough to be taken")
    with pytest.raises(Refused, match="enciphered under another SECRET_KEY"):
        restore(there, tmp_path / "backup", key_given=True)


def test_a_folder_in_use_or_unfinished_is_refused(instance: Config, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("mine")
    with pytest.raises(Refused, match="is not empty: give the name of a new folder"):
        backup(instance, tmp_path / "full")
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["letter.txt"]
    with pytest.raises(Refused, match=r"holds no finished backup: manifest.json is missing"):
        restore(instance, tmp_path / "full", key_given=True)


def test_a_backup_of_a_later_release_is_refused(instance: Config, owner: sa.Engine, tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    backup(instance, folder)
    path = folder / "manifest.json"
    written = json.loads(path.read_text())
    path.write_text(json.dumps(written | {"revision": "9999"}))
    with pytest.raises(Refused, match="schema is 9999, which this release does not know"):
        restore(empty(instance, owner), folder, key_given=True)
    path.write_text(json.dumps(written | {"format": 2}))
    with pytest.raises(Refused, match="is of another format"):
        read_manifest(folder)


def test_a_damaged_file_is_left_out_and_named(instance: Config, tmp_path: Path) -> None:
    file = put(instance, "council-2", b"whole", tmp_path)
    (tmp_path / "files" / file.path).write_bytes(b"torn")
    made = backup(instance, tmp_path / "backup").manifest
    assert (made.damaged, made.file_count) == ([f"council-2/{file.sha256}"], 1)


def test_a_table_that_the_owner_cannot_see_wholly_is_refused(
    instance: Config, owner: sa.Engine, tmp_path: Path
) -> None:
    with owner.begin() as connection:
        connection.execute(sa.text("drop policy owner_all on priorities"))
    try:
        with pytest.raises(Refused, match="role owner does not see every row of priorities"):
            backup(instance, tmp_path / "backup")
    finally:
        with owner.begin() as connection:
            connection.execute(
                sa.text("create policy owner_all on priorities for all to owner using (true) with check (true)")
            )
    assert not (tmp_path / "backup").exists()


def test_rows_count_the_same_in_any_order() -> None:
    one, other = tables.Count(), tables.Count()
    one.add(b"first\nsecond\nthird\n")
    for piece in (b"third\nfir", b"st\nsec", b"ond\n"):
        other.add(piece)
    assert (one.rows, one.digest) == (other.rows, other.digest) == (3, one.digest)
    other.add(b"first\n")
    assert other.digest != one.digest

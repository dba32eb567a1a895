"""Putting a backup back: into an empty instance, proved before and after, wholly or not at all."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from alembic import command
from alembic.script import ScriptDirectory
from psycopg import sql

from saas.backups import tables
from saas.backups.making import Tell
from saas.backups.manifest import FILES, KEY, TABLES, Manifest, StoredFile, key_check, listed_files, read_manifest
from saas.config import Config
from saas.errors import Refused
from saas.files import Received, Storage, storage_at
from saas.files.hashing import sha256_of
from saas.health import alembic_settings, schema_heads
from saas.kept import Kept

WRITTEN_BY_ITSELF = ("outbox", "rehearsals", "rounds")
"""Tables that a service without anybody in it fills by running; they do not make it one that is in use."""


def restore(config: Config, folder: Path, *, key_given: bool, tell: Tell = lambda _done, _total: None) -> Manifest:
    """Put everything back, in the app's context of the empty instance; raises Refused and leaves it empty then.

    The whole backup is read and proved before the first row is written, and the rows are counted and digested again
    before they are committed. A backup of an earlier schema is brought up to date afterwards.
    config: resolved, with the owner's address. key_given: whether SECRET_KEY was given and not made by ourselves.
    """
    manifest = read_manifest(folder)
    key = _key(config, folder, manifest, key_given=key_given)
    script = ScriptDirectory.from_config(alembic_settings())
    known = [each.revision for each in script.walk_revisions()]
    if manifest.revision not in known:
        raise Refused(f"the backup's schema is {manifest.revision}, which this release does not know: use a later one")
    files = list(listed_files(folder, manifest))
    total = 2 * (len(files) + len(manifest.tables))
    progress = _Progress(tell, total)
    dsn = config.dsn("owner")
    store = storage_at(config.storage_url)
    refuse_in_use(dsn, store, set(files))
    _prove(folder, manifest, files, progress)
    _bring_to(dsn, manifest.revision, known)
    put: list[StoredFile] = []
    try:
        for file in files:
            if not store.exists(*file):
                path = folder / FILES / file.path
                received = Received(file.sha256, path.stat().st_size, "application/octet-stream", path.name, path)
                store.put(file.namespace, received)
                put.append(file)
            progress.step()
        _load(dsn, folder, manifest, progress)
    except BaseException:
        for file in put:
            store.delete(*file)
        raise
    if key is not None:
        Kept.read(config.data_dir).changed(config.data_dir, secret_key=key)
    if {manifest.revision} != schema_heads():
        command.upgrade(alembic_settings(), "head")
    return manifest


class _Progress:
    def __init__(self, tell: Tell, total: int) -> None:
        self.tell = tell
        self.total = total
        self.done = 0

    def step(self) -> None:
        self.done += 1
        self.tell(self.done, self.total)


def _key(config: Config, folder: Path, manifest: Manifest, *, key_given: bool) -> str | None:
    """The secret key to keep from now on; None when the present one is right. Raises Refused for another."""
    if manifest.key_check == key_check(config.secret_key):
        return None
    kept = folder / KEY
    if config.embedded and not key_given and kept.is_file():
        key = kept.read_text()
        if manifest.key_check == key_check(key):
            return key
    raise Refused("the backup's secrets were enciphered under another SECRET_KEY: give the one that the service had")


def refuse_in_use(dsn: str, store: Storage, ours: Collection[tuple[str, str]]) -> None:
    """Raise Refused unless nobody has put anything into the database and the storage.

    ours: namespace and SHA-256 of files that are about to be put there; from an attempt that was cut off they may lie
    there already.
    """
    with tables.connect(dsn) as connection:
        present = [name for name in tables.list_tables(connection) if name not in WRITTEN_BY_ITSELF]
        filled = tables.filled(connection, present)
    if filled:
        raise Refused(f"the database is not empty ({', '.join(filled[:3])}): it goes into an empty one only")
    strange = next((key for key in store.list_files() if key not in ours), None)
    if strange is not None:
        raise Refused(f"the storage is not empty ({strange[0]}/…): it goes into an empty one only")


def _prove(folder: Path, manifest: Manifest, files: list[StoredFile], progress: _Progress) -> None:
    for name, record in manifest.tables.items():
        tables.check_packed(folder / TABLES / f"{name}.gz", record)
        progress.step()
    for file in files:
        path = folder / FILES / file.path
        if not path.is_file() or sha256_of(path) != file.sha256:
            raise Refused(f"{path} is missing or was changed since the backup was made")
        progress.step()


def _bring_to(dsn: str, revision: str, known: list[str]) -> None:
    """Give the empty database the backup's schema. known: the newest first."""
    with tables.connect(dsn) as connection:
        try:
            found = connection.execute("select version_num from alembic_version").fetchone()
        except tables.psycopg.errors.UndefinedTable:
            found = None
    if found is None or found[0] not in known or known.index(found[0]) > known.index(revision):
        command.upgrade(alembic_settings(), revision)
    elif found[0] != revision:
        command.downgrade(alembic_settings(), revision)


def _load(dsn: str, folder: Path, manifest: Manifest, progress: _Progress) -> None:
    """All tables in one transaction, which holds only if they are what they were."""
    with tables.connect(dsn) as connection:
        columns = tables.list_tables(connection)
        expected = {name: record.columns for name, record in manifest.tables.items()}
        if {name: sorted(names) for name, names in columns.items()} != {
            name: sorted(names) for name, names in expected.items()
        }:
            raise Refused("the backup's tables are not those of its schema")
        for _name in tables.copy_in(connection, folder / TABLES, manifest.tables):
            progress.step()
        for name, record in manifest.tables.items():
            there = tables.counted(connection, name, record.columns)
            if there != replace(record):
                raise Refused(f"{name} holds {there.rows} rows that are not the {record.rows} of the backup")
        if manifest.mark is not None:
            connection.execute(sql.SQL("comment on schema tenancy is {}").format(sql.Literal(manifest.mark)))
    with tables.connect(dsn) as connection:
        connection.autocommit = True
        connection.execute("analyze")

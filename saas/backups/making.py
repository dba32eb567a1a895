"""Making a backup: one moment of the database, and every file of the storage, read and hashed."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from saas import clock
from saas.backups import tables
from saas.backups.manifest import FILE_LIST, FILES, KEY, TABLES, Manifest, StoredFile, key_check, write_manifest
from saas.config import Config
from saas.errors import Refused
from saas.files import FileMissing, Storage, storage_at
from saas.health import schema_heads
from saas.kept import Kept

Tell = Callable[[int, int], None]
"""What is done of how much: tables and files count one each."""
MARK = "select obj_description('tenancy'::regnamespace, 'pg_namespace')"


@dataclass(frozen=True)
class Made:
    """A backup that was made, and where."""

    folder: Path
    manifest: Manifest


def backup(config: Config, folder: Path, *, tell: Tell = lambda _done, _total: None) -> Made:
    """Write everything into a folder that is new or empty; raises Refused, and then leaves nothing behind.

    The tables are of one moment. Files are gone through before and after it, so that whatever a row names is there.
    config: resolved, with the owner's address. Sessions and the queue are not kept: people sign in again, and what was
    still to be done stands in the database.
    """
    dsn = config.dsn("owner")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(f"{folder} is not empty: give the name of a new folder")
    existed = folder.exists()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Made(folder, _write(config, dsn, folder, tell))
    except OSError as error:
        _clear(folder, existed)
        raise Refused(f"{folder} cannot be written: {error.strerror}") from error
    except BaseException:
        _clear(folder, existed)
        raise


def _write(config: Config, dsn: str, folder: Path, tell: Tell) -> Manifest:
    store = storage_at(config.storage_url)
    files = _Files(store, folder / FILES)
    waiting = [StoredFile(*key) for key in store.list_files()]
    done = 0
    with tables.connect(dsn) as connection:
        connection.isolation_level = tables.psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        revision = _revision(connection)
        columns = tables.list_tables(connection)
        total = len(waiting) + len(columns)
        for file in waiting:
            files.take(file)
            tell(done := done + 1, total)
        (folder / TABLES).mkdir()
        records = {}
        for name, names in columns.items():
            records[name] = tables.copy_out(connection, name, names, folder / TABLES / f"{name}.gz")
            tell(done := done + 1, total)
        mark = (connection.execute(MARK).fetchone() or (None,))[0]
    for key in store.list_files():
        files.take(StoredFile(*key))
    text = "".join(f"{file.namespace} {file.sha256}\n" for file in sorted(files.taken)).encode()
    (folder / FILE_LIST).write_bytes(text)
    _keep_key(config, folder)
    manifest = Manifest(
        made_at=clock.now().isoformat(timespec="seconds"),
        revision=revision,
        key_check=key_check(config.secret_key),
        mark=mark,
        base_url=config.base_url,
        file_count=len(files.taken),
        file_bytes=files.size,
        file_list_sha256=hashlib.sha256(text).hexdigest(),
        damaged=sorted(f"{file.namespace}/{file.sha256}" for file in files.damaged),
        tables=records,
    )
    os.sync()
    write_manifest(folder, manifest)
    return manifest


def _revision(connection: tables.Connection) -> str:
    """The database's schema, which must be this release's."""
    try:
        found = {str(row[0]) for row in connection.execute("select version_num from alembic_version")}
    except tables.psycopg.errors.UndefinedTable:
        found = set()
    if len(found) != 1 or found != schema_heads():
        raise Refused("the database's schema is not the one of this release: run `charterway migrate` first")
    return found.pop()


def _keep_key(config: Config, folder: Path) -> None:
    """Keep the secret key where only the embedded service itself knows it; a given one its owner keeps elsewhere."""
    if config.embedded and config.secret_key and Kept.read(config.data_dir).secret_key == config.secret_key:
        path = folder / KEY
        path.touch(mode=0o600)
        path.write_text(config.secret_key)


class _Files:
    """The files taken so far, each once."""

    def __init__(self, store: Storage, folder: Path) -> None:
        self.store = store
        self.folder = folder
        self.taken: set[StoredFile] = set()
        self.damaged: set[StoredFile] = set()
        self.size = 0

    def take(self, file: StoredFile) -> None:
        """Copy one, hashing it; one that was removed since it was listed is none any more."""
        if file in self.taken or file in self.damaged:
            return
        target = self.folder / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        digest, size = hashlib.sha256(), 0
        try:
            with self.store.open(*file) as opened, target.open("wb") as copy:
                for piece in opened:
                    digest.update(piece)
                    size += copy.write(piece)
        except FileMissing:
            target.unlink(missing_ok=True)
            return
        if digest.hexdigest() != file.sha256:
            target.unlink()
            self.damaged.add(file)
            return
        self.taken.add(file)
        self.size += size


def _clear(folder: Path, existed: bool) -> None:
    """Leave the folder as it was found: away, or empty."""
    if not existed:
        shutil.rmtree(folder, ignore_errors=True)
        return
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()

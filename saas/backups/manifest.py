"""What a backup says of itself: its schema, every table with its rows and digest, its files, and whose key it needs."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from saas.errors import Refused

FORMAT = 1
MANIFEST, FILE_LIST, TABLES, FILES, KEY = "manifest.json", "files.txt", "tables", "files", "secret-key"
"""What lies in the folder of a backup. The key is there only where nobody else keeps it."""


class StoredFile(NamedTuple):
    """One file: whose namespace it is in, and its SHA-256 in hex, which is its name."""

    namespace: str
    sha256: str

    @property
    def path(self) -> str:
        """Where it lies below the folder of files."""
        return f"{self.namespace}/{self.sha256[:2]}/{self.sha256}"


@dataclass(frozen=True)
class TableRecord:
    """One table: its columns in the order of the text, and how many rows with which digest."""

    columns: list[str]
    rows: int
    digest: str


@dataclass(frozen=True)
class Manifest:
    """Everything a backup holds. `mark` is what the database says of itself, as a demo does."""

    made_at: str
    revision: str
    key_check: str
    mark: str | None
    base_url: str
    file_count: int
    file_bytes: int
    file_list_sha256: str
    damaged: list[str]
    """Files of the storage whose content was not what their name says; they were left out."""
    tables: dict[str, TableRecord] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def rows(self) -> int:
        """Of all tables."""
        return sum(table.rows for table in self.tables.values())


def key_check(secret_key: str | None) -> str:
    """Tells whether a SECRET_KEY is the one that the backup's secrets were enciphered under, and not which it is."""
    return hmac.new((secret_key or "").encode(), b"charterway/backup", hashlib.sha256).hexdigest()


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write it, last of all: a folder without it is no backup."""
    draft = folder / f".{MANIFEST}"
    with draft.open("w") as stream:
        json.dump(asdict(manifest), stream, indent=1)
        stream.flush()
        os.fsync(stream.fileno())
    draft.rename(folder / MANIFEST)


def read_manifest(folder: Path) -> Manifest:
    """What the backup in this folder says of itself; raises Refused where there is none that can be read."""
    path = folder / MANIFEST
    try:
        values: dict[str, Any] = json.loads(path.read_text())
    except FileNotFoundError as error:
        raise Refused(f"{folder} holds no finished backup: {MANIFEST} is missing") from error
    except (OSError, ValueError) as error:
        raise Refused(f"{path} cannot be read") from error
    if not isinstance(values, dict) or values.get("format") != FORMAT:
        raise Refused(f"{path} is of another format than {FORMAT}: use the release that made the backup")
    try:
        tables = {name: TableRecord(**record) for name, record in values.pop("tables").items()}
        return Manifest(**values, tables=tables)
    except (KeyError, TypeError, AttributeError) as error:
        raise Refused(f"{path} is damaged") from error


def listed_files(folder: Path, manifest: Manifest) -> Iterator[StoredFile]:
    """Every file that the backup holds; raises Refused when the list is not the one that was written."""
    try:
        text = (folder / FILE_LIST).read_bytes()
    except OSError as error:
        raise Refused(f"{folder / FILE_LIST} cannot be read") from error
    if hashlib.sha256(text).hexdigest() != manifest.file_list_sha256:
        raise Refused(f"{folder / FILE_LIST} was changed since the backup was made")
    for line in text.decode().splitlines():
        namespace, sha256 = line.split(" ")
        yield StoredFile(namespace, sha256)

"""A folder of this machine as a storage."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from saas.files.keeping import CHUNK, FileMissing, OpenFile, StorageUnavailable, key_of, parsed
from saas.files.receiving import Received


class LocalFolder:
    """A folder of this machine; a file appears under its name only when all of it is on the disk."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.arriving = root / ".arriving"

    def put(self, namespace: str, received: Received) -> str:
        key = key_of(namespace, received.sha256)
        target = self.root / key
        with suppress(OSError):  # not there, or gone just now
            if target.stat().st_size == received.size:
                os.utime(target)
                return key
        partial = self.arriving / uuid4().hex
        try:
            self._make_folder(target.parent)
            self._make_folder(self.arriving)
            shutil.copyfile(received.path, partial)
            _flush(partial)
            partial.replace(target)
            _flush(target.parent)
        except OSError as error:
            with suppress(OSError):
                partial.unlink()
            raise StorageUnavailable(f"the folder {self.root} cannot keep files: {error.strerror}") from error
        return key

    def open(self, namespace: str, sha256: str, *, start: int = 0, length: int | None = None) -> OpenFile:
        try:
            stream = (self.root / key_of(namespace, sha256)).open("rb")
        except FileNotFoundError as error:
            raise FileMissing from error
        size = os.fstat(stream.fileno()).st_size
        stream.seek(start)

        def pieces() -> Iterator[bytes]:
            left = size - start if length is None else length
            with stream:
                while left > 0 and (chunk := stream.read(min(CHUNK, left))):
                    left -= len(chunk)
                    yield chunk

        return OpenFile(size, pieces(), stream.close)

    def exists(self, namespace: str, sha256: str) -> bool:
        return (self.root / key_of(namespace, sha256)).is_file()

    def size(self, namespace: str, sha256: str) -> int:
        try:
            return (self.root / key_of(namespace, sha256)).stat().st_size
        except FileNotFoundError as error:
            raise FileMissing from error

    def delete(self, namespace: str, sha256: str) -> None:
        target = self.root / key_of(namespace, sha256)
        with suppress(FileNotFoundError):
            target.unlink()
            _flush(target.parent)

    def list_files(self, namespace: str = "") -> Iterator[tuple[str, str]]:
        for path in sorted((self.root / namespace).rglob("*")) if (self.root / namespace).is_dir() else ():
            if path.is_file() and (key := parsed(path.relative_to(self.root).as_posix())):
                yield key

    def put_at(self, namespace: str, sha256: str) -> datetime:
        try:
            return _moment((self.root / key_of(namespace, sha256)).stat())
        except FileNotFoundError as error:
            raise FileMissing from error

    def clear_arriving(self, before: datetime) -> int:
        removed = 0
        for path in self.arriving.iterdir() if self.arriving.is_dir() else ():
            with suppress(FileNotFoundError):
                if _moment(path.stat()) < before:
                    path.unlink()
                    removed += 1
        return removed

    def check(self) -> None:
        try:
            self._make_folder(self.arriving)
            probe = self.arriving / f"probe-{uuid4().hex}"
            probe.write_bytes(b"probe")
            _flush(probe)
            probe.unlink()
        except OSError as error:
            raise StorageUnavailable(f"the folder {self.root} cannot keep files: {error.strerror}") from error

    def _make_folder(self, folder: Path) -> None:
        """Make the folder and its parents, each one flushed into the one above it."""
        if folder.is_dir():
            return
        self._make_folder(folder.parent)
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        _flush(folder.parent)


def _moment(found: os.stat_result) -> datetime:
    return datetime.fromtimestamp(found.st_mtime, UTC)


def _flush(path: Path) -> None:
    """Wait until a file's content, or a folder's list of names, is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

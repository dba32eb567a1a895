"""What every storage does and how its files are named: by a namespace and the SHA-256 of their content."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Protocol, Self

from saas.errors import NotFound
from saas.files.receiving import Received

CHUNK = 256 * 1024
NAMESPACE = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,63}")
SHA256 = re.compile(r"[0-9a-f]{64}")


class FileMissing(NotFound):
    """The storage does not hold the file that a record names."""

    def __init__(self) -> None:
        super().__init__("This file cannot be found in the storage.")


class StorageUnavailable(Exception):
    """The storage does not answer or refuses to keep files; the message names which and why."""


@dataclass
class OpenFile:
    """A stored file, to be read once: `size` is the whole file's, iterating gives what was asked for."""

    size: int
    pieces: Iterator[bytes]
    close: Callable[[], None]

    def __iter__(self) -> Iterator[bytes]:
        return self.pieces

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Storage(Protocol):
    """What every storage does. A namespace is a tenant's id; a file is named by its SHA-256 in hex."""

    def put(self, namespace: str, received: Received) -> str:
        """Keep the file durably, as put now; returns its key `namespace/ab/abcdef…`. Twice is the same as once."""

    def open(self, namespace: str, sha256: str, *, start: int = 0, length: int | None = None) -> OpenFile:
        """Open the file, or `length` bytes of it from `start`; raises FileMissing."""

    def exists(self, namespace: str, sha256: str) -> bool:
        """Whether the file is there."""

    def size(self, namespace: str, sha256: str) -> int:
        """Its size in bytes; raises FileMissing."""

    def delete(self, namespace: str, sha256: str) -> None:
        """Remove it; removing what is not there is harmless."""

    def list_files(self, namespace: str = "") -> Iterator[tuple[str, str]]:
        """Namespace and SHA-256 of every file that is kept there now, or of those of one namespace."""

    def put_at(self, namespace: str, sha256: str) -> datetime:
        """When it was last put there, to some hours: what is put again soon may keep its moment. Raises FileMissing."""

    def clear_arriving(self, before: datetime) -> int:
        """Remove what was cut off on its way in before this moment; how many pieces."""

    def check(self) -> None:
        """Write and remove a probe; raises StorageUnavailable."""


def key_of(namespace: str, sha256: str) -> str:
    """`namespace/ab/abcdef…`; a ValueError is the caller's mistake, since no person types either part."""
    if not NAMESPACE.fullmatch(namespace) or not SHA256.fullmatch(sha256):
        raise ValueError("a namespace is an id and a file is named by its SHA-256")
    return f"{namespace}/{sha256[:2]}/{sha256}"


def parsed(key: str) -> tuple[str, str] | None:
    """Namespace and SHA-256 of a key; None for what is no file of ours."""
    namespace, _, rest = key.partition("/")
    sha256 = rest.partition("/")[2]
    known = NAMESPACE.fullmatch(namespace) and SHA256.fullmatch(sha256)
    return (namespace, sha256) if known and key == key_of(namespace, sha256) else None

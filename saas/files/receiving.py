"""The door for files: an upload is read once into a temporary file, measured, hashed and judged."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from werkzeug.exceptions import ClientDisconnected

from saas.files.kinds import FileRefused, kind_of

CHUNK = 256 * 1024
LONGEST_NAME = 200
TORN = "“{}” did not arrive completely. Please send it again."


@dataclass(frozen=True)
class Received:
    """A judged upload in a temporary file of its own, which it removes at its end as a context manager."""

    sha256: str
    size: int
    content_type: str
    filename: str
    path: Path

    def close(self) -> None:
        """Remove the temporary file; doing so twice is harmless."""
        self.path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def receive(stream: IO[bytes], filename: str, *, limit_bytes: int, expected_bytes: int | None = None) -> Received:
    """Read an upload to its end and judge it.

    limit_bytes: the largest size accepted. expected_bytes: the size announced, when one was. Nothing is kept
    when it raises FileRefused: for an empty, torn or too large file, for a type that is not accepted and for
    content that is not what the name says.
    """
    name = display_name(filename)
    handle, place = tempfile.mkstemp(prefix="charterway-upload-")
    path = Path(place)
    try:
        with os.fdopen(handle, "wb") as target:
            sha256, size = _copy(stream, target, name, limit_bytes)
        if expected_bytes is not None and size != expected_bytes:
            raise FileRefused(TORN.format(name))
        if size == 0:
            raise FileRefused(f"“{name}” is empty.")
        return Received(sha256, size, kind_of(path, name).content_type, name, path)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _copy(source: IO[bytes], target: IO[bytes], name: str, limit_bytes: int) -> tuple[str, int]:
    digest = hashlib.sha256()
    size = 0
    while chunk := _read(source, name):
        size += len(chunk)
        if size > limit_bytes:
            raise FileRefused(f"“{name}” is larger than {_megabytes(limit_bytes)}, the limit for one file.")
        digest.update(chunk)
        target.write(chunk)
    return digest.hexdigest(), size


def _read(source: IO[bytes], name: str) -> bytes:
    try:
        return source.read(CHUNK)
    except (ClientDisconnected, OSError, EOFError) as error:
        raise FileRefused(TORN.format(name)) from error


def _megabytes(size: int) -> str:
    return f"{size / (1024 * 1024):.3g} MB" if size >= 100 * 1024 else f"{size:,} bytes"


def display_name(filename: str) -> str:
    """A file's name as shown: no folder, no control or direction characters, at most 200 characters."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", filename))[-1]
    visible = "".join(character for character in last if unicodedata.category(character)[0] != "C")
    clean = " ".join(visible.split()).lstrip(".").strip() or "file"
    if len(clean) <= LONGEST_NAME:
        return clean
    stem, dot, extension = clean.rpartition(".")
    if not dot or len(extension) > 10:
        return clean[:LONGEST_NAME].rstrip()
    return stem[: LONGEST_NAME - len(extension) - 1].rstrip() + dot + extension

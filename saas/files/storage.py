"""Where files lie: content-addressed per namespace, in a folder or in S3-compatible storage."""

from __future__ import annotations

import base64
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import uuid4

from flask import current_app

from saas import clock
from saas.config import Config
from saas.errors import NotFound
from saas.files.receiving import Received

CHUNK = 256 * 1024
NAMESPACE = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,63}")
SHA256 = re.compile(r"[0-9a-f]{64}")
CONNECT_SECONDS, READ_SECONDS, ATTEMPTS = 5, 30, 3


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


def storage() -> Storage:
    """The storage of the running app."""
    found: Storage = current_app.extensions["charterway_storage"]
    return found


def check() -> None:
    """Write and remove a probe in the app's storage; raises StorageUnavailable."""
    storage().check()


def quota_bytes() -> int:
    """How much one tenant may keep, in bytes (the setting counts in thousands, as sizes are shown)."""
    config: Config = current_app.config["CHARTERWAY"]
    return config.evidence_quota_mb * 1_000_000


def storage_at(url: str) -> Storage:
    """The storage at `file:///folder` or `s3://bucket/prefix?endpoint=…&region=…`.

    Credentials for S3 come from the environment, as Amazon's tools read them, never from the address.
    """
    parts = urlsplit(url)
    if parts.scheme == "file":
        return LocalFolder(Path(unquote(parts.path)))
    if parts.scheme == "s3" and parts.netloc:
        options = parse_qs(parts.query)
        return S3(
            parts.netloc,
            unquote(parts.path).strip("/"),
            endpoint=options.get("endpoint", [None])[0],
            region=options.get("region", [None])[0],
        )
    raise ValueError("a storage address begins with file:/// or s3://")


def key_of(namespace: str, sha256: str) -> str:
    """`namespace/ab/abcdef…`; a ValueError is the caller's mistake, since no person types either part."""
    if not NAMESPACE.fullmatch(namespace) or not SHA256.fullmatch(sha256):
        raise ValueError("a namespace is an id and a file is named by its SHA-256")
    return f"{namespace}/{sha256[:2]}/{sha256}"


def _parsed(key: str) -> tuple[str, str] | None:
    """Namespace and SHA-256 of a key; None for what is no file of ours."""
    namespace, _, rest = key.partition("/")
    sha256 = rest.partition("/")[2]
    known = NAMESPACE.fullmatch(namespace) and SHA256.fullmatch(sha256)
    return (namespace, sha256) if known and key == key_of(namespace, sha256) else None


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
            if path.is_file() and (key := _parsed(path.relative_to(self.root).as_posix())):
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


class S3:
    """A bucket of S3-compatible storage; every upload carries its checksum, which the far side verifies."""

    put_lately = timedelta(hours=6)
    """How long an object need not be written again to be known as put: what was put within a day is never swept."""

    def __init__(
        self, bucket: str, prefix: str = "", *, endpoint: str | None = None, region: str | None = None
    ) -> None:
        self.bucket = bucket
        self.prefix = f"{prefix}/" if prefix else ""
        self.endpoint = endpoint
        self.region = region or os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "eu-west-2"
        self._client: Any = None

    @property
    def client(self) -> Any:
        """The client of this process, made when it is first needed."""
        if self._client is None:
            self._client = self.new_client(seconds=READ_SECONDS, attempts=ATTEMPTS)
        return self._client

    def new_client(self, *, seconds: int, attempts: int) -> Any:
        """Amazon's client, loaded only where S3 is used: it weighs more than the rest of this room.

        seconds: how long one answer is waited for; attempts: how often it is asked for in all.
        """
        from boto3.session import Session
        from botocore.config import Config

        settings = Config(
            connect_timeout=min(CONNECT_SECONDS, seconds),
            read_timeout=seconds,
            retries={"total_max_attempts": attempts, "mode": "standard"},
        )
        return Session().client("s3", endpoint_url=self.endpoint, region_name=self.region, config=settings)

    def put(self, namespace: str, received: Received) -> str:
        key = key_of(namespace, received.sha256)
        found = self._found(key)
        if found and found["ContentLength"] == received.size and clock.now() - found["LastModified"] < self.put_lately:
            return key
        with received.path.open("rb") as body:
            self._ask(
                "put_object",
                Key=self.prefix + key,
                Body=body,
                ContentLength=received.size,
                ContentType=received.content_type,
                ChecksumSHA256=base64.b64encode(bytes.fromhex(received.sha256)).decode(),
            )
        return key

    def open(self, namespace: str, sha256: str, *, start: int = 0, length: int | None = None) -> OpenFile:
        wanted: dict[str, str] = {}
        if start or length is not None:
            wanted["Range"] = f"bytes={start}-{'' if length is None else start + length - 1}"
        answer = self._ask("get_object", Key=self.prefix + key_of(namespace, sha256), **wanted)
        whole = answer.get("ContentRange", "").rpartition("/")[2] or answer["ContentLength"]
        body = answer["Body"]
        return OpenFile(int(whole), body.iter_chunks(CHUNK), body.close)

    def exists(self, namespace: str, sha256: str) -> bool:
        return self._found(key_of(namespace, sha256)) is not None

    def size(self, namespace: str, sha256: str) -> int:
        return int(self._get_found(namespace, sha256)["ContentLength"])

    def put_at(self, namespace: str, sha256: str) -> datetime:
        put_at: datetime = self._get_found(namespace, sha256)["LastModified"]
        return put_at

    def delete(self, namespace: str, sha256: str) -> None:
        self._ask("delete_object", Key=self.prefix + key_of(namespace, sha256))

    def list_files(self, namespace: str = "") -> Iterator[tuple[str, str]]:
        for each in self._listed(f"{namespace}/" if namespace else ""):
            if key := _parsed(each["Key"].removeprefix(self.prefix)):
                yield key

    def clear_arriving(self, before: datetime) -> int:
        old = [each["Key"] for each in self._listed(".arriving/") if each["LastModified"] < before]
        for key in old:
            self._ask("delete_object", Key=key)
        return len(old)

    def _listed(self, start: str) -> Iterator[dict[str, Any]]:
        following: dict[str, str] = {}
        while True:
            answer = self._ask("list_objects_v2", Prefix=self.prefix + start, **following)
            yield from answer.get("Contents", ())
            if not answer.get("IsTruncated"):
                return
            following = {"ContinuationToken": answer["NextContinuationToken"]}

    def check(self) -> None:
        probe = f"{self.prefix}.arriving/probe-{uuid4().hex}"
        self._ask("put_object", Key=probe, Body=b"probe")
        self._ask("delete_object", Key=probe)

    def _found(self, key: str) -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = self._ask("head_object", Key=self.prefix + key)
        except FileMissing:
            return None
        return found

    def _get_found(self, namespace: str, sha256: str) -> dict[str, Any]:
        found = self._found(key_of(namespace, sha256))
        if found is None:
            raise FileMissing
        return found

    def _ask(self, verb: str, **options: Any) -> Any:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            return getattr(self.client, verb)(Bucket=self.bucket, **options)
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "")
            if code in {"NoSuchKey", "404", "NotFound"}:
                raise FileMissing from error
            raise StorageUnavailable(f"the bucket {self.bucket} refused {verb}: {code}") from error
        except BotoCoreError as error:
            raise StorageUnavailable(f"the bucket {self.bucket} does not answer: {error}") from error

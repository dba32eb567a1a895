"""A bucket of S3-compatible storage as a storage."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from saas import clock
from saas.files.keeping import CHUNK, FileMissing, OpenFile, StorageUnavailable, key_of, parsed
from saas.files.receiving import Received

CONNECT_SECONDS, READ_SECONDS, ATTEMPTS = 5, 30, 3


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
            if key := parsed(each["Key"].removeprefix(self.prefix)):
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

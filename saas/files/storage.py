"""The storage of the app: a folder or a bucket, as its address says."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from flask import current_app

from saas.config import Config
from saas.files.buckets import S3
from saas.files.folders import LocalFolder
from saas.files.keeping import Storage


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

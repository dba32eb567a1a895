"""The files of a seal: which they are, and that each byte in storage is the one that was uploaded."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from assessment.models.submissions import SealRequest
from saas.files import FileMissing, Storage, is_scanning, storage
from tenants.models.evidence import Evidence

READERS = 2
"""Files read at once: reading and hashing leave Python's lock alone."""


class CannotSeal(Exception):
    """The seal cannot be made as things are; the message says why, for the page."""


@dataclass(frozen=True, slots=True)
class _Read:
    """What one pass over a stored file found; `missing` when it is not there."""

    sha256: str = ""
    size: int = 0
    crc32: int = 0
    missing: bool = False


def file_id_of(request: SealRequest, evidence: Evidence) -> UUID:
    """The id a cited file gets in this seal: the same at every try, and one for the same content under one title."""
    return uuid5(request.id, f"{evidence.sha256}:{evidence.title}")


def list_files(request: SealRequest, cited: Iterable[Evidence]) -> list[dict[str, Any]]:
    """The files of the seal, each once, in the order of title and SHA-256; raises CannotSeal."""
    scanned = is_scanning()
    found: dict[UUID, dict[str, Any]] = {}
    for evidence in sorted(cited, key=lambda each: (each.title, str(each.sha256))):
        if evidence.removed_at is not None:
            raise CannotSeal(f"“{evidence.title}” was removed from the library after you asked for the seal.")
        if evidence.scan == "quarantined" or (scanned and evidence.kind == "file" and evidence.scan != "clean"):
            raise CannotSeal(f"“{evidence.title}” has not passed the malware scan.")
        if evidence.kind == "file":
            file_id = file_id_of(request, evidence)
            found[file_id] = {
                "id": file_id,
                "title": evidence.title,
                "filename": evidence.filename,
                "content_type": evidence.content_type,
                "sha256": evidence.sha256,
                "size": evidence.size,
            }
    return list(found.values())


def read_all(namespace: str, files: list[dict[str, Any]], tell: Callable[..., None]) -> dict[str, int]:
    """Read and hash every file once; CRC-32 by SHA-256.

    tell: called as files are done with files, of_files, bytes and of_bytes. Raises CannotSeal naming every file that is
    missing or not the one that was uploaded, StorageUnavailable where the storage is away.
    """
    wanted = {each["sha256"]: each["size"] for each in files}
    totals = {"of_files": len(wanted), "of_bytes": sum(wanted.values())}
    tell(files=0, bytes=0, **totals)
    found: dict[str, _Read] = {}
    store, done = storage(), 0
    with ThreadPoolExecutor(READERS, thread_name_prefix="seal") as readers:
        begun = {readers.submit(_read, store, namespace, sha256): sha256 for sha256 in wanted}
        try:
            for future in as_completed(begun):
                read = found[begun[future]] = future.result()
                done += read.size
                tell(files=len(found), bytes=done, **totals)
        except BaseException:
            readers.shutdown(wait=False, cancel_futures=True)
            raise
    problems = [words for each in files if (words := _what_is_wrong(each, found[each["sha256"]])) is not None]
    if problems:
        advice = "Upload it again or take it out of your answers, then send again."
        raise CannotSeal(" ".join([*dict.fromkeys(problems), advice]))
    return {sha256: read.crc32 for sha256, read in found.items()}


def _read(store: Storage, namespace: str, sha256: str) -> _Read:
    digest, size, crc32 = hashlib.sha256(), 0, 0
    try:
        with store.open(namespace, sha256) as opened:
            for chunk in opened:
                digest.update(chunk)
                crc32 = zlib.crc32(chunk, crc32)
                size += len(chunk)
    except FileMissing:
        return _Read(missing=True)
    return _Read(digest.hexdigest(), size, crc32)


def _what_is_wrong(file: dict[str, Any], read: _Read) -> str | None:
    if read.missing:
        return f"The file of “{file['title']}” is missing from the storage."
    if (read.sha256, read.size) != (file["sha256"], file["size"]):
        return f"The file of “{file['title']}” is not the one that was uploaded."
    return None

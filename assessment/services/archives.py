"""The archive of a sealed submission, written from what the seal kept at the moment it is asked for."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from sqlalchemy import select

from assessment.models.submissions import Submission, SubmissionFile
from assessment.rules import sealing
from assessment.rules.event_words import SENT_AS
from assessment.rules.packing import Archive, archive_of
from assessment.rules.sealing import Seal, SealError, manifest_of, safe_name, sealed_as
from assessment.services.sealed_pages import printed_receipt
from saas import present
from saas.db import db
from saas.errors import NotFound
from saas.files import FileMissing, Storage, StorageUnavailable, storage

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Watched:
    """An archive on its way out: what breaks it off is in the log, since the answer has begun by then."""

    archive: Archive
    submission_id: UUID

    @property
    def size(self) -> int:
        """Bytes."""
        return self.archive.size

    def pieces(self, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """Its bytes in pieces, from `start` on."""
        try:
            yield from self.archive.pieces(start, length)
        except (SealError, FileMissing, StorageUnavailable) as error:
            log.error("the archive of submission %s broke off: %s", self.submission_id, present.reason(error))
            raise


def archive(submission: Submission) -> Archive:
    """The ZIP of a seal of format 2: its size is known, no file is opened before its turn, each is checked as it goes.

    Raises SealError when what the database keeps is not what was sealed.
    """
    sealed, page = _kept(submission)
    found = select(SubmissionFile.id, SubmissionFile.crc32).where(SubmissionFile.submission_id == submission.id)
    checksums = {str(row.id): row.crc32 for row in db.session.execute(found)}
    files = []
    for entry in sealed.manifest.files:
        if checksums.get(entry.file_id) is None:
            raise SealError(f"the file {entry.name} of the seal is not known")
        files.append((entry, checksums[entry.file_id], _reader(storage(), str(submission.council_id), entry.sha256)))
    document = sealing.canonical_json(submission.document)
    return archive_of(sealed, document, page, printed_receipt(submission.document, sealed), files)


def name_of(submission: Submission, ending: str, before: str = "") -> str:
    """What a download of a submission is called: the council, what was sent, its number."""
    words = f"{submission.document['council']['name']} {before}{SENT_AS[submission.kind]} {submission.number}"
    return f"{safe_name(words)}.{ending}"


def receipt(submission: Submission) -> bytes:
    """The receipt for printing of a seal of format 2; raises NotFound for an earlier one."""
    if submission.archive_sha256 is not None:
        raise NotFound
    return printed_receipt(submission.document, _kept(submission)[0])


def _kept(submission: Submission) -> tuple[Seal, bytes]:
    """The seal as its manifest states it, and the page; SealError when it is not the one whose hash was given out."""
    row = db.session.execute(
        select(Submission.manifest, Submission.page).where(
            Submission.council_id == submission.council_id, Submission.id == submission.id
        )
    ).one()
    sealed = sealed_as(manifest_of((row.manifest or "").encode("utf-8")))
    if sealed.hash != submission.hash:
        raise SealError("the manifest is not the one that was sealed")
    return sealed, (row.page or "").encode("utf-8")


def _reader(store: Storage, namespace: str, sha256: str) -> Callable[[], Iterable[bytes]]:
    return partial(_chunks, store, namespace, sha256)


def _chunks(store: Storage, namespace: str, sha256: str) -> Iterable[bytes]:
    with store.open(namespace, sha256) as opened:
        yield from opened

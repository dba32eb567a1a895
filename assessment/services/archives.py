"""The archive of a sealed submission, written from what the seal kept at the moment it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from sqlalchemy import select

from assessment.models.submissions import Submission, SubmissionFile
from assessment.rules import sealing
from assessment.rules.packing import Archive, archive_of
from assessment.rules.sealing import Seal, SealError, manifest_of, sealed_as
from assessment.services.sealed_pages import printed_receipt
from saas.db import db
from saas.errors import NotFound
from saas.files import Storage, storage


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

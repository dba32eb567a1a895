"""Where an archive that came back is checked against its own seal, without database or network."""

import hashlib
import json
import os
import struct
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from assessment.rules.sealing import (
    DOCUMENT_NAME,
    FILES_LIMIT,
    MANIFEST_NAME,
    PAGE_NAME,
    PRINTED_NAME,
    RECEIPT_NAME,
    Fact,
    Manifest,
    ManifestEntry,
    SealError,
    answer_digests,
    manifest_of,
    printed_digest,
    receipt,
    sealed_as,
)

CHUNK = 1 << 20
ENTRY_LIMIT = FILES_LIMIT + 5
MANIFEST_LIMIT = 32 << 20
DOCUMENT_LIMIT = 256 << 20
"""Bytes of the document, of the page that shows it, and of the printed receipt."""


@dataclass(frozen=True)
class Verification:
    """`ok` when nothing was changed; `hash` is the archive's ("" if unreadable); `lines` what was found."""

    ok: bool
    hash: str
    lines: tuple[str, ...]


def verify_archive(source: str | os.PathLike[str] | BinaryIO, expected_hash: str | None = None) -> Verification:
    """Check a sealed archive and name everything that does not match.

    An archive that agrees with itself proves only that it is whole: compare `hash` with the receipt's, or
    hand the receipt's hash in as `expected_hash`. Never unpacks anything and never reads more than the
    archive's own size. Raises only what opening the path raises, such as FileNotFoundError.
    """
    if isinstance(source, str | os.PathLike):
        with Path(source).open("rb") as stream:
            return verify_archive(stream, expected_hash)
    try:
        size = source.seek(0, os.SEEK_END)
        with zipfile.ZipFile(source) as archive:
            return _Check(archive, size).run(expected_hash)
    except (
        zipfile.BadZipFile,
        OSError,
        ValueError,
        OverflowError,
        NotImplementedError,
        EOFError,
        struct.error,
    ):
        return Verification(False, "", ("This is not a ZIP archive that can be read.",))


class _Check:
    def __init__(self, archive: zipfile.ZipFile, size: int) -> None:
        self.archive = archive
        self.size = size
        self.lines: list[str] = []

    def run(self, expected_hash: str | None) -> Verification:
        if not self.shape():
            return Verification(False, "", tuple(self.lines))
        manifest = self.content(MANIFEST_NAME, MANIFEST_LIMIT)
        if manifest is None:
            return Verification(False, "", tuple(self.lines))
        digest = hashlib.sha256(manifest).hexdigest()
        if expected_hash is not None and expected_hash.strip().lower() != digest:
            self.lines.append(f"The archive's hash is {digest}, which is not the hash on the receipt.")
        try:
            stated = manifest_of(manifest)
        except SealError as error:
            self.lines.append(f"{error}.")
            return Verification(False, digest, tuple(self.lines))
        self.document(stated)
        self.names(stated)
        self.page(stated)
        self.receipts(stated)
        for entry in stated.files:
            self.file(entry)
        if self.lines:
            return Verification(False, digest, tuple(self.lines))
        entries = stated.files
        count = f"{len(entries)} file{'' if len(entries) == 1 else 's'}"
        return Verification(True, digest, (f"Nothing was changed: {DOCUMENT_NAME} and {count} match the manifest.",))

    def shape(self) -> bool:
        """Refuse what no archive of ours is: too many entries, repeated or straying names, anything that
        inflates.
        """
        infos = self.archive.infolist()
        if len(infos) > ENTRY_LIMIT:
            self.lines.append(f"The archive has more than {ENTRY_LIMIT:,} entries.")
            return False
        seen: set[str] = set()
        for info in infos:
            parts = info.orig_filename.replace("\\", "/").split("/")
            if info.orig_filename.startswith(("/", "\\")) or ".." in parts or ":" in parts[0] or "\0" in parts[-1]:
                self.lines.append(f"The name {info.orig_filename!r} leads out of the archive.")
            if info.filename in seen:
                self.lines.append(f"The name {info.filename!r} stands in the archive twice.")
            if info.compress_type != zipfile.ZIP_STORED or info.file_size != info.compress_size:
                self.lines.append(f"{info.filename!r} is compressed; a sealed archive stores everything as it is.")
            seen.add(info.filename)
        # What is stored takes up its own size: entries that claim more in sum lie on top of each other.
        if sum(info.file_size for info in infos) > self.size:
            self.lines.append("The entries claim to be larger than the whole archive.")
        return not self.lines

    def content(self, name: str, limit: int) -> bytes | None:
        if name not in self.archive.NameToInfo:
            self.lines.append(f"{name} is missing.")
            return None
        if self.archive.getinfo(name).file_size > limit:
            self.lines.append(f"{name} is larger than a sealed one can be.")
            return None
        try:
            return self.archive.read(name)
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError):
            self.lines.append(f"{name} is damaged and cannot be read.")
            return None

    def document(self, stated: Manifest) -> None:
        content = self.content(DOCUMENT_NAME, DOCUMENT_LIMIT)
        if content is None or Fact.of(content) == stated.document:
            return
        self.lines.append(f"{DOCUMENT_NAME} was changed.")
        try:
            found = answer_digests(json.loads(content))
        except (ValueError, RecursionError):
            self.lines.append(f"{DOCUMENT_NAME} can no longer be read as JSON.")
            return
        answers = stated.answers
        self.lines += [
            f"The answer {key} was changed." for key in answers if key in found and found[key] != answers[key]
        ]
        self.lines += [f"The answer {key} is missing." for key in answers if key not in found]
        self.lines += [f"The answer {key} was added." for key in found if key not in answers]

    def names(self, stated: Manifest) -> None:
        own = {PAGE_NAME, PRINTED_NAME} if stated.page else set()
        known = {DOCUMENT_NAME, MANIFEST_NAME, RECEIPT_NAME, *own, *(entry.path for entry in stated.files)}
        extra = [info.filename for info in self.archive.infolist() if info.filename not in known]
        self.lines += [f"{name!r} was added: the manifest does not know it." for name in extra]

    def page(self, stated: Manifest) -> None:
        content = self.content(PAGE_NAME, DOCUMENT_LIMIT) if stated.page else None
        if content is not None and Fact.of(content) != stated.page:
            self.lines.append(f"{PAGE_NAME} was changed.")

    def receipts(self, stated: Manifest) -> None:
        """The text is written again; the printed one is what the text says it is."""
        printed = self.content(PRINTED_NAME, DOCUMENT_LIMIT) if stated.page else None
        content = self.content(RECEIPT_NAME, MANIFEST_LIMIT)
        if content is None:
            return
        digest = printed_digest(content.decode("utf-8", "replace"))
        if content != receipt(sealed_as(stated), digest).encode("utf-8") or (stated.page and not digest):
            self.lines.append(f"{RECEIPT_NAME} was changed.")
        elif printed is not None and hashlib.sha256(printed).hexdigest() != digest:
            self.lines.append(f"{PRINTED_NAME} was changed: it is not the one {RECEIPT_NAME} names.")

    def file(self, entry: ManifestEntry) -> None:
        if entry.path not in self.archive.NameToInfo:
            self.lines.append(f"File {entry.number}, “{entry.name}”, is missing.")
            return
        digest, size = hashlib.sha256(), 0
        try:
            with self.archive.open(entry.path) as stream:
                while chunk := stream.read(CHUNK):
                    digest.update(chunk)
                    size += len(chunk)
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError):
            self.lines.append(f"File {entry.number}, “{entry.name}”, is damaged: it does not match.")
            return
        if (digest.hexdigest(), size) != (entry.sha256, entry.size):
            self.lines.append(f"File {entry.number}, “{entry.name}”, does not match: it was changed.")

"""The ZIP of a sealed submission: its bytes follow from names, sizes and checksums, so it is sent as it is read.

Nothing is compressed, and size and CRC of every entry stand before it: readers that cannot seek understand it, its
length is known before its first byte, and any part of it can be sent alone. Layout: APPNOTE.TXT of the ZIP format,
with its 64-bit extension where an offset needs one.
"""

import hashlib
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

from assessment.rules.sealing import (
    DOCUMENT_NAME,
    MANIFEST_NAME,
    PAGE_NAME,
    PRINTED_NAME,
    RECEIPT_NAME,
    ManifestEntry,
    Seal,
    SealError,
    receipt,
)

# The earliest date a ZIP can hold: the archive of a seal has the same bytes whenever it is written.
FIXED_DATE = (1980, 1, 1, 0, 0, 0)
REGULAR_FILE = 0o100644 << 16
UNIX = 3
FULL = 0xFFFFFFFF
"""What a 32-bit field says when the true value stands in the 64-bit extension."""
PLAIN_VERSION, LONG_VERSION = 20, 45

Reader = Callable[[], Iterable[bytes]]


@dataclass(frozen=True)
class Part:
    """One entry to be packed. The reader gives its bytes; `sha256` is what they must be, "" where it is not checked."""

    name: str
    size: int
    crc32: int
    read: Reader
    sha256: str = ""

    @classmethod
    def of(cls, name: str, content: bytes) -> "Part":
        """An entry that is at hand."""
        return cls(name, len(content), zlib.crc32(content), lambda: (content,))

    def checked(self) -> Iterator[bytes]:
        """The bytes, the last of them only once all are known to be the sealed ones; raises SealError."""
        digest, left, held = hashlib.sha256(), self.size, b""
        for chunk in self.read():
            digest.update(chunk)
            left -= len(chunk)
            if left < 0:
                break
            if held:
                yield held
            held = chunk
        if left or (self.sha256 and digest.hexdigest() != self.sha256):
            raise SealError(f"{self.name} is not the file that was sealed")
        if held:
            yield held


@dataclass(frozen=True)
class Archive:
    """A ZIP that is not written yet."""

    parts: Sequence[Part]

    @cached_property
    def size(self) -> int:
        """Its length in bytes."""
        return self._end_at + len(self._end)

    @cached_property
    def end_sha256(self) -> str:
        """The SHA-256 of the list at its end, which names size and checksum of everything in it."""
        return hashlib.sha256(self._end).hexdigest()

    def pieces(self, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """The bytes from `start` on, `length` of them or all. A file is read once, from its beginning, and checked.

        Raises SealError in the middle when a file is not the sealed one: what was sent by then is no whole archive.
        """
        stop = self.size if length is None else min(self.size, start + length)
        for begins_at, size, pieces in self._stretches():
            if begins_at + size <= start:
                continue
            at = begins_at
            for piece in pieces():
                if at >= stop:
                    return
                wanted = piece[max(0, start - at) : stop - at]
                at += len(piece)
                if wanted:
                    yield wanted

    def _stretches(self) -> Iterator[tuple[int, int, Reader]]:
        """Offset, length and bytes of each header, each content, and the end, in order."""
        for part, at in zip(self.parts, self._offsets, strict=True):
            header = _info(part).FileHeader()
            yield at, len(header), partial(iter, (header,))
            yield at + len(header), part.size, part.checked
        yield self._end_at, len(self._end), partial(iter, (self._end,))

    @cached_property
    def _offsets(self) -> tuple[int, ...]:
        at, offsets = 0, []
        for part in self.parts:
            offsets.append(at)
            at += len(_info(part).FileHeader()) + part.size
        return tuple(offsets)

    @cached_property
    def _end_at(self) -> int:
        last = self.parts[-1]
        return self._offsets[-1] + len(_info(last).FileHeader()) + last.size

    @cached_property
    def _end(self) -> bytes:
        """The list of everything, and where it stands."""
        rows = zip(self.parts, self._offsets, strict=True)
        listed = b"".join(_listed(part, at) for part, at in rows)
        count, at = len(self.parts), self._end_at
        long = b""
        if at >= FULL or count > 0xFFFF:
            long = struct.pack(
                "<4sQ2H2L4Q", b"PK\x06\x06", 44, UNIX << 8 | LONG_VERSION, LONG_VERSION, 0, 0, count, count,
                len(listed), at,
            ) + struct.pack("<4sLQL", b"PK\x06\x07", 0, at + len(listed), 1)  # fmt: skip
        shown = min(count, 0xFFFF)
        return listed + long + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, shown, shown, len(listed), min(at, FULL), 0)


def archive_of(
    sealed: Seal,
    document: bytes,
    page: bytes | None,
    printed: bytes,
    files: Iterable[tuple[ManifestEntry, int, Reader]],
) -> Archive:
    """The archive of a seal: document, page, manifest, both receipts, then the files, each with its CRC and reader.

    document: its canonical JSON; printed: `receipt.pdf`. Raises SealError when they are not what was sealed.
    """
    manifest, pairs = sealed.manifest, list(files)
    if tuple(entry for entry, _, _ in pairs) != manifest.files:
        raise SealError("the files are not in the order and under the names of their manifest")
    if hashlib.sha256(document).hexdigest() != manifest.document.sha256:
        raise SealError(f"{DOCUMENT_NAME} is not the one that was sealed")
    if page is None or manifest.page is None or hashlib.sha256(page).hexdigest() != manifest.page.sha256:
        raise SealError(f"{PAGE_NAME} is not the one that was sealed")
    own = {
        PAGE_NAME: page,
        DOCUMENT_NAME: document,
        MANIFEST_NAME: sealed.manifest_json,
        RECEIPT_NAME: receipt(sealed, hashlib.sha256(printed).hexdigest()).encode("utf-8"),
        PRINTED_NAME: printed,
    }
    parts = [Part.of(name, content) for name, content in own.items()]
    parts += [Part(entry.path, entry.size, crc32, read, entry.sha256) for entry, crc32, read in pairs]
    return Archive(tuple(parts))


def _info(part: Part) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(part.name, FIXED_DATE)
    info.compress_type = zipfile.ZIP_STORED
    info.create_system = UNIX
    info.external_attr = REGULAR_FILE
    info.file_size = info.compress_size = part.size
    info.CRC = part.crc32
    return info


def _listed(part: Part, at: int) -> bytes:
    """The entry as the list at the end of a ZIP has it."""
    info = _info(part)
    name = part.name.encode("ascii")
    long = [value for value in (part.size, part.size, at) if value >= FULL]
    extra = struct.pack(f"<2H{len(long)}Q", 1, 8 * len(long), *long) if long else b""
    year, month, day, hour, minute, second = FIXED_DATE
    version = LONG_VERSION if long else PLAIN_VERSION
    size = min(part.size, FULL)
    return (
        struct.pack(
            "<4s4B4H3L5H2L", b"PK\x01\x02", version, UNIX, version, 0, 0, zipfile.ZIP_STORED,
            hour << 11 | minute << 5 | second // 2, (year - 1980) << 9 | month << 5 | day,
            part.crc32, size, size, len(name), len(extra), 0, 0, 0, info.external_attr, min(at, FULL),
        )
        + name
        + extra
    )  # fmt: skip

"""The archive of a seal is written as it is sent: the same bytes every time, each file checked on its way."""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterator

import pytest

from assessment.rules.packing import Archive, Part, Reader, archive_of
from assessment.rules.sealing import ManifestEntry, Seal, SealError, canonical_json, receipt, seal

DOCUMENT = {"council": "Borley", "answers": [{"requirement_code": "1.1.1", "judgement": "met"}]}
PAGE, PRINTED = b"<!DOCTYPE html>", b"%PDF-1.7"
STRATEGY, MINUTES = b"strategy" * 1000, b""


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


FILES = [
    ("0197-a", "Strategy 2026 (final).pdf", sha(STRATEGY), len(STRATEGY)),
    ("0197-b", "../../etc/passwd", sha(MINUTES), 0),
]
SEALED = seal(DOCUMENT, FILES, PAGE)


def reader(content: bytes, size: int = 100) -> Reader:
    def chunks() -> Iterator[bytes]:
        for start in range(0, len(content), size):
            yield content[start : start + size]

    return chunks


def files(*contents: bytes) -> list[tuple[ManifestEntry, int, Reader]]:
    """The sealed files, with these contents behind them."""
    sealed = (STRATEGY, MINUTES)
    return [
        (entry, zlib.crc32(true), reader(content))
        for entry, true, content in zip(SEALED.manifest.files, sealed, contents, strict=True)
    ]


def archive(*contents: bytes, sealed: Seal = SEALED) -> Archive:
    return archive_of(sealed, canonical_json(DOCUMENT), PAGE, PRINTED, files(*contents or (STRATEGY, MINUTES)))


def test_the_archive_holds_page_document_manifest_receipts_and_files() -> None:
    content = b"".join(archive().pieces())
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert {name: packed.read(name) for name in packed.namelist()} == {
            "index.html": PAGE,
            "submission.json": canonical_json(DOCUMENT),
            "manifest.json": SEALED.manifest_json,
            "receipt.txt": receipt(SEALED, sha(PRINTED)).encode(),
            "receipt.pdf": PRINTED,
            "files/1-Strategy-2026-final-.pdf": STRATEGY,
            "files/2-passwd": MINUTES,
        }
        kept = {(info.date_time, info.flag_bits, info.compress_type) for info in packed.infolist()}
        assert kept == {((1980, 1, 1, 0, 0, 0), 0, zipfile.ZIP_STORED)}


def test_its_size_is_known_before_its_first_byte_and_its_bytes_are_always_the_same() -> None:
    first, second = b"".join(archive().pieces()), b"".join(archive().pieces())
    assert (len(first), first) == (archive().size, second)
    assert archive().end_sha256 == archive().end_sha256


def test_any_part_of_it_can_be_sent_alone() -> None:
    packed = archive()
    content = b"".join(packed.pieces())
    for start in (0, 1, 29, 45, 800, 5000, packed.size - 3, packed.size):
        for length in (None, 1, 99, 5000, packed.size):
            expected = content[start:] if length is None else content[start : start + length]
            assert b"".join(packed.pieces(start, length)) == expected


def test_files_before_the_part_that_is_sent_are_not_read() -> None:
    def unread() -> Iterator[bytes]:
        raise AssertionError("read")

    entries = SEALED.manifest.files
    parts = [(entries[0], zlib.crc32(STRATEGY), unread), (entries[1], 0, reader(MINUTES))]
    packed = archive_of(SEALED, canonical_json(DOCUMENT), PAGE, PRINTED, parts)
    assert len(b"".join(packed.pieces(packed.size - 100))) == 100


@pytest.mark.parametrize("content", [b"Strategy" * 1000, STRATEGY[:-1], STRATEGY + b"!", b"", STRATEGY * 2])
def test_a_file_that_is_no_longer_the_sealed_one_breaks_the_archive_off_before_it_is_whole(content: bytes) -> None:
    sent: list[bytes] = []
    with pytest.raises(SealError, match=r"files/1-Strategy-2026-final-.pdf is not the file that was sealed"):
        sent.extend(archive(content, MINUTES).pieces())
    whole = b"".join(archive().pieces())
    at = whole.index(STRATEGY)
    assert len(b"".join(sent)) < at + len(STRATEGY)


def test_a_reader_that_never_ends_is_stopped_at_the_size_that_was_sealed() -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield STRATEGY

    part = Part("a", len(STRATEGY), 0, endless, sha(STRATEGY))
    with pytest.raises(SealError):
        list(part.checked())


def test_no_more_than_one_piece_of_a_file_is_held_back() -> None:
    given: list[int] = []
    taken: list[bytes] = []

    def chunks() -> Iterator[bytes]:
        for _ in range(50):
            given.append(len(taken))
            yield b"x" * 1000

    part = Part("big", 50_000, 0, chunks, sha(b"x" * 50_000))
    for piece in part.checked():
        taken += [piece]
    assert (len(taken), max(at - behind for at, behind in enumerate(given))) == (50, 1)


def test_what_was_not_sealed_is_not_packed() -> None:
    document, pairs = canonical_json(DOCUMENT), files(STRATEGY, MINUTES)
    for changed, reason in (
        ((document, PAGE, pairs[::-1]), "the files are not in the order and under the names of their manifest"),
        ((document + b" ", PAGE, pairs), "submission.json is not the one that was sealed"),
        ((document, PAGE + b" ", pairs), "index.html is not the one that was sealed"),
        ((document, None, pairs), "index.html is not the one that was sealed"),
    ):
        with pytest.raises(SealError, match=reason):
            archive_of(SEALED, changed[0], changed[1], PRINTED, changed[2])


def test_offsets_beyond_four_gigabytes_stand_in_the_long_form() -> None:
    """Nothing of that size is read: the headers follow from the sizes alone."""
    huge = 3 << 30
    packed = Archive((Part("a", huge, 1, lambda: ()), Part("b", huge, 2, lambda: ()), Part.of("c", b"end")))
    end = packed._end

    class Sparse(io.RawIOBase):
        """A file of that size that is of which only the end can be read."""

        at = 0

        def seekable(self) -> bool:
            return True

        def seek(self, offset: int, whence: int = 0) -> int:
            self.at = (0, self.at, packed.size)[whence] + offset
            return self.at

        def tell(self) -> int:
            return self.at

        def read(self, size: int = -1) -> bytes:
            begin = packed.size - len(end)
            wanted = end[self.at - begin :] if size < 0 else end[self.at - begin : self.at - begin + size]
            self.at += len(wanted)
            return wanted

    with zipfile.ZipFile(Sparse()) as read:  # type: ignore[arg-type]
        infos = [(info.filename, info.file_size, info.CRC, info.header_offset) for info in read.infolist()]
    assert infos[:2] == [("a", huge, 1, 0), ("b", huge, 2, infos[1][3])]
    assert infos[2][:3] == ("c", 3, zlib.crc32(b"end"))
    assert infos[2][3] > 4 << 30

"""A submission is sealed and packed so that anybody can recompute its hash."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from assessment.rules.sealing import (
    ManifestEntry,
    SealError,
    canonical_json,
    receipt,
    safe_name,
    seal,
    write_archive,
)

DOCUMENT = {
    "council": "Borley",
    "answers": [
        {"requirement_code": "1.1.1", "judgement": "met", "narrative": "Signé — cafe\u0301"},
        {"requirement_code": "1.1.2", "judgement": "not_met", "narrative": ""},
    ],
}
STRATEGY, MINUTES = b"strategy" * 1000, b""


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


FILES = [
    ("0197-a", "Strategy 2026 (final).pdf", sha(STRATEGY), len(STRATEGY)),
    ("0197-b", "../../etc/passwd", sha(MINUTES), 0),
]


def reader(content: bytes, size: int = 100) -> object:
    def chunks() -> Iterator[bytes]:
        for start in range(0, len(content), size):
            yield content[start : start + size]

    return chunks


def archive() -> bytes:
    target = io.BytesIO()
    entries = seal(DOCUMENT, FILES).manifest
    write_archive(target, DOCUMENT, zip(entries, [reader(STRATEGY), reader(MINUTES)], strict=True))
    return target.getvalue()


def test_canonical_json_has_one_form() -> None:
    value = {"b": [1, 0.8, True, None], "a": {"é": "e\u0301", "z": '"\n'}, "A": ()}
    expected = '{"A":[],"a":{"z":"\\"\\n","é":"e\u0301"},"b":[1,0.8,true,null]}'
    assert canonical_json(value) == expected.encode()
    assert json.loads(canonical_json(value)) == {**value, "A": []}


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (
            {"a": [float("nan")]},
            "this cannot be written as JSON: Out of range float values are not JSON compliant",
        ),
        (float("inf"), "this cannot be written as JSON: Out of range float values are not JSON compliant"),
        ({"a": {1: "x"}}, "the key 1 at /a is not text"),
        ({1: "x", "1": "y"}, "the key 1 at the top is not text"),
        ({"a": [date(2026, 1, 1)]}, "/a/0 is a date, which JSON does not know"),
        ({"a": Decimal(1)}, "/a is a Decimal, which JSON does not know"),
        (b"x", "the document is a bytes, which JSON does not know"),
    ],
)
def test_what_json_cannot_say_is_refused(value: object, reason: str) -> None:
    with pytest.raises(SealError) as caught:
        canonical_json(value)
    assert str(caught.value) == reason


def test_half_a_character_is_refused() -> None:
    with pytest.raises(SealError, match="surrogates not allowed"):
        canonical_json({"a": "\ud800"})


def test_the_hash_is_the_digest_of_the_manifest_which_names_everything() -> None:
    sealed = seal(DOCUMENT, FILES)
    content = canonical_json(DOCUMENT)
    assert sealed.document_sha256 == sha(content)
    assert sealed.hash == sha(sealed.manifest_json)
    assert sealed.manifest == (
        ManifestEntry(
            1, "0197-a", "Strategy 2026 (final).pdf", "files/1-Strategy-2026-final-.pdf", sha(STRATEGY), 8000
        ),
        ManifestEntry(2, "0197-b", "../../etc/passwd", "files/2-passwd", sha(b""), 0),
    )
    assert json.loads(sealed.manifest_json) == {
        "format": 1,
        "document": {"name": "submission.json", "sha256": sha(content), "size": len(content)},
        "answers": {answer["requirement_code"]: sha(canonical_json(answer)) for answer in DOCUMENT["answers"]},
        "files": [dict(vars(entry)) for entry in sealed.manifest],
    }


def test_the_hash_depends_on_every_word_and_file_and_on_nothing_else() -> None:
    same = {"answers": DOCUMENT["answers"], "council": "Borley"}
    assert seal(same, iter(FILES)) == seal(DOCUMENT, FILES)
    hashes = {
        seal(DOCUMENT, FILES).hash,
        seal({**DOCUMENT, "council": "borley"}, FILES).hash,
        seal(DOCUMENT, FILES[::-1]).hash,
        seal(DOCUMENT, FILES[:1]).hash,
        seal(DOCUMENT, [("0197-a", "Strategy.pdf", *FILES[0][2:]), FILES[1]]).hash,
    }
    assert len(hashes) == 5


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (("", "a.pdf", sha(b""), 0), "file 1 needs an id and a name"),
        (("1", "a.pdf", "ABC", 0), "the SHA-256 of file 1, “a.pdf”, is not 64 hexadecimal digits"),
        (("1", "a.pdf", sha(b""), -1), "the size of file 1, “a.pdf”, is not a number of bytes"),
        (("1", "a.pdf", sha(b""), True), "the size of file 1, “a.pdf”, is not a number of bytes"),
    ],
)
def test_a_file_without_its_facts_is_not_sealed(facts: tuple[str, str, str, int], reason: str) -> None:
    with pytest.raises(SealError) as caught:
        seal(DOCUMENT, [facts])
    assert str(caught.value) == reason


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Strategy.pdf", "Strategy.pdf"),
        ("Año nuevo.docx", "A-o-nuevo.docx"),
        ("..", "file"),
        ("", "file"),
        ("C:\\Users\\me\\plan.xlsx", "plan.xlsx"),
        ("a/../../b.pdf", "b.pdf"),
        (".htaccess", "htaccess"),
        ("x..pdf", "x.pdf"),
        ("x" * 200 + ".pdf", "x" * 76 + ".pdf"),
        ("x" * 200, "x" * 80),
        ("日本", "file"),
    ],
)
def test_names_in_the_archive_are_plain(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_the_archive_holds_document_manifest_receipt_and_files() -> None:
    sealed = seal(DOCUMENT, FILES)
    with zipfile.ZipFile(io.BytesIO(archive())) as packed:
        assert {name: packed.read(name) for name in packed.namelist()} == {
            "submission.json": canonical_json(DOCUMENT),
            "manifest.json": sealed.manifest_json,
            "receipt.txt": receipt(sealed).encode(),
            "files/1-Strategy-2026-final-.pdf": STRATEGY,
            "files/2-passwd": MINUTES,
        }
        assert {info.date_time for info in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert f"Hash: {sealed.hash}\n" in receipt(sealed)


def test_the_same_seal_gives_the_same_bytes() -> None:
    assert archive() == archive()


def test_an_archive_can_be_written_to_a_stream_that_cannot_seek() -> None:
    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.sent = b""

        def writable(self) -> bool:
            return True

        def write(self, data: object) -> int:
            self.sent += bytes(data)
            return len(bytes(data))

    pipe = Pipe()
    write_archive(pipe, DOCUMENT, [])
    with zipfile.ZipFile(io.BytesIO(pipe.sent)) as packed:
        assert packed.read("submission.json") == canonical_json(DOCUMENT)


@pytest.mark.parametrize("content", [b"Strategy" * 1000, STRATEGY[:-1], STRATEGY + b"!", b""])
def test_a_file_that_is_no_longer_the_sealed_one_stops_the_writing(content: bytes) -> None:
    entries = seal(DOCUMENT, FILES).manifest
    with pytest.raises(SealError, match=r"the file “Strategy 2026 \(final\).pdf” is not the one that was sealed"):
        write_archive(io.BytesIO(), DOCUMENT, [(entries[0], reader(content)), (entries[1], reader(MINUTES))])


def test_a_reader_that_never_ends_is_stopped_at_the_size_that_was_sealed() -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield STRATEGY

    entry = seal(DOCUMENT, FILES[:1]).manifest[0]
    with pytest.raises(SealError):
        write_archive(io.BytesIO(), DOCUMENT, [(entry, endless)])


def test_files_come_in_the_order_of_their_manifest() -> None:
    first, second = seal(DOCUMENT, FILES).manifest
    with pytest.raises(SealError, match="not in the order"):
        write_archive(io.BytesIO(), DOCUMENT, [(second, reader(MINUTES)), (first, reader(STRATEGY))])


def test_no_file_is_read_before_its_turn_or_held() -> None:
    content = [b"x" * 1000] * 50
    facts = ("1", "big.bin", sha(b"".join(content)), 50_000)
    target = io.BytesIO()
    sizes: list[int] = []

    def chunks() -> Iterator[bytes]:
        for chunk in content:
            sizes.append(len(target.getvalue()))
            yield chunk

    write_archive(target, DOCUMENT, [(seal(DOCUMENT, [facts]).manifest[0], chunks)])
    assert sizes[-1] - sizes[0] == 49_000


def test_a_seal_has_room_for_ten_thousand_files() -> None:
    facts = ("1", "a.pdf", sha(b""), 0)
    assert len(seal(DOCUMENT, [facts] * 10_000).manifest) == 10_000
    with pytest.raises(SealError, match="at most 10,000 files, not 10,001"):
        seal(DOCUMENT, [facts] * 10_001)

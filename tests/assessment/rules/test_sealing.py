"""A submission is sealed and packed so that anybody can recompute its hash."""

import hashlib
import json
from datetime import date
from decimal import Decimal

import pytest

from assessment.rules.sealing import (
    Fact,
    Manifest,
    ManifestEntry,
    SealError,
    canonical_json,
    manifest_of,
    printed_digest,
    receipt,
    safe_name,
    seal,
    sealed_as,
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


PAGE = b"<!DOCTYPE html>"


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
    sealed = seal(DOCUMENT, FILES, PAGE)
    content = canonical_json(DOCUMENT)
    assert sealed.manifest.document == Fact(sha(content), len(content))
    assert sealed.hash == sha(sealed.manifest_json)
    assert sealed.manifest.files == (
        ManifestEntry(
            1, "0197-a", "Strategy 2026 (final).pdf", "files/1-Strategy-2026-final-.pdf", sha(STRATEGY), 8000
        ),
        ManifestEntry(2, "0197-b", "../../etc/passwd", "files/2-passwd", sha(b""), 0),
    )
    assert json.loads(sealed.manifest_json) == {
        "format": 2,
        "document": {"name": "submission.json", "sha256": sha(content), "size": len(content)},
        "page": {"name": "index.html", "sha256": sha(PAGE), "size": len(PAGE)},
        "answers": {answer["requirement_code"]: sha(canonical_json(answer)) for answer in DOCUMENT["answers"]},
        "files": [dict(vars(entry)) for entry in sealed.manifest.files],
    }


def test_the_hash_depends_on_every_word_and_file_and_on_nothing_else() -> None:
    same = {"answers": DOCUMENT["answers"], "council": "Borley"}
    assert seal(same, iter(FILES), PAGE) == seal(DOCUMENT, FILES, PAGE)
    hashes = {
        seal(DOCUMENT, FILES, PAGE).hash,
        seal({**DOCUMENT, "council": "borley"}, FILES, PAGE).hash,
        seal(DOCUMENT, FILES[::-1], PAGE).hash,
        seal(DOCUMENT, FILES[:1], PAGE).hash,
        seal(DOCUMENT, [("0197-a", "Strategy.pdf", *FILES[0][2:]), FILES[1]], PAGE).hash,
        seal(DOCUMENT, FILES, PAGE + b" ").hash,
    }
    assert len(hashes) == 6


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
        seal(DOCUMENT, [facts], PAGE)
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


def test_a_seal_has_room_for_ten_thousand_files() -> None:
    facts = ("1", "a.pdf", sha(b""), 0)
    assert len(seal(DOCUMENT, [facts] * 10_000, PAGE).manifest.files) == 10_000
    with pytest.raises(SealError, match="at most 10,000 files, not 10,001"):
        seal(DOCUMENT, [facts] * 10_001, PAGE)


def test_a_manifest_is_read_as_it_was_written_in_either_format() -> None:
    sealed = seal(DOCUMENT, FILES, PAGE)
    assert manifest_of(sealed.manifest_json) == sealed.manifest
    first = sealed_as(Manifest(1, sealed.manifest.document, None, sealed.manifest.answers, sealed.manifest.files))
    assert manifest_of(first.manifest_json) == first.manifest
    assert "page" not in json.loads(first.manifest_json)


@pytest.mark.parametrize("changes", [{"format": 3}, {"format": True}, {"format": 2.0}, {"page": None}, {"more": 1}])
def test_what_is_not_written_as_a_manifest_is_is_none(changes: dict[str, object]) -> None:
    manifest = {**json.loads(seal(DOCUMENT, FILES, PAGE).manifest_json), **changes}
    with pytest.raises(SealError, match="is not"):
        manifest_of(canonical_json(manifest))


def test_the_receipt_names_the_hash_every_file_and_the_printed_one() -> None:
    sealed = seal(DOCUMENT, FILES, PAGE)
    text = receipt(sealed, "a" * 64)
    assert text.splitlines()[2:8] == [
        f"Hash: {sealed.hash}",
        f"Answers and details (submission.json): {sealed.manifest.document.sha256}",
        f"Answers as a page (index.html): {sha(PAGE)}",
        "Files: 2",
        f"  1. Strategy 2026 (final).pdf (8000 bytes): {sha(STRATEGY)}",
        f"  2. ../../etc/passwd (0 bytes): {sha(b'')}",
    ]
    assert printed_digest(text) == "a" * 64
    assert printed_digest(text.replace("a" * 64, "A" * 64)) == ""

"""An archive that came back is checked offline, and everything that does not match is named."""

import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from assessment.rules.packing import archive_of
from assessment.rules.seal_checks import Verification, verify_archive
from assessment.rules.sealing import Fact, Manifest, Seal, answer_digests, canonical_json, receipt, seal, sealed_as

DOCUMENT = {
    "council": "Borley",
    "answers": [
        {"requirement_code": "1.1.1", "judgement": "met"},
        {"requirement_code": "1.1.2", "judgement": "not_met"},
        {"judgement": "met"},
    ],
}
CONTENTS = {"Strategy.pdf": b"strategy", "Minutes.docx": b"minutes" * 100}
FILES = [(f"id-{name}", name, hashlib.sha256(content).hexdigest(), len(content)) for name, content in CONTENTS.items()]
PAGE, PRINTED = b"<!DOCTYPE html><title>Borley</title>", b"%PDF-1.7 receipt"
SEALED = seal(DOCUMENT, FILES, PAGE)
Entries = dict[str, bytes]


def archive(sealed: Seal = SEALED, contents: Sequence[bytes] = tuple(CONTENTS.values())) -> bytes:
    files = [
        (entry, zlib.crc32(content), lambda content=content: [content])
        for entry, content in zip(sealed.manifest.files, contents, strict=True)
    ]
    return b"".join(archive_of(sealed, canonical_json(DOCUMENT), PAGE, PRINTED, files).pieces())


def archive_of_format_1() -> tuple[bytes, Seal]:
    """As archives were written before they held a page and a printed receipt."""
    files = SEALED.manifest.files
    sealed = sealed_as(Manifest(1, Fact.of(canonical_json(DOCUMENT)), None, answer_digests(DOCUMENT), files))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as packed:
        packed.writestr("submission.json", canonical_json(DOCUMENT))
        packed.writestr("manifest.json", sealed.manifest_json)
        packed.writestr("receipt.txt", receipt(sealed))
        for entry in files:
            packed.writestr(entry.path, CONTENTS[entry.name])
    return target.getvalue(), sealed


def repacked(change: Callable[[Entries], object], compression: int = zipfile.ZIP_STORED) -> io.BytesIO:
    with zipfile.ZipFile(io.BytesIO(archive())) as packed:
        entries = {name: packed.read(name) for name in packed.namelist()}
    change(entries)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression) as changed:
        for name, content in entries.items():
            changed.writestr(name, content)
    return target


def changed_document(**changes: object) -> Callable[[Entries], object]:
    return lambda entries: entries.update({"submission.json": canonical_json({**DOCUMENT, **changes})})


def test_what_was_not_changed_is_confirmed(tmp_path: Path) -> None:
    path = tmp_path / "sealed.zip"
    path.write_bytes(archive())
    fine = Verification(True, SEALED.hash, ("Nothing was changed: submission.json and 2 files match the manifest.",))
    assert verify_archive(path) == fine
    assert verify_archive(str(path), SEALED.hash.upper() + "\n") == fine
    assert verify_archive(repacked(dict.copy)) == fine


def test_an_archive_of_format_1_is_checked_as_ever() -> None:
    content, sealed = archive_of_format_1()
    assert verify_archive(io.BytesIO(content), sealed.hash) == Verification(
        True, sealed.hash, ("Nothing was changed: submission.json and 2 files match the manifest.",)
    )
    target = io.BytesIO(content)
    with zipfile.ZipFile(target, "a") as packed:
        packed.writestr("index.html", PAGE)
    assert verify_archive(target).lines == ("'index.html' was added: the manifest does not know it.",)


def test_a_flipped_byte_names_the_entry_it_is_in() -> None:
    content = archive()
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        names = packed.namelist()
        places = {info.filename: info.header_offset + 30 + len(info.filename) for info in packed.infolist()}
    files = {entry.path: entry for entry in SEALED.manifest.files}
    assert len(names) == 7
    for name, at in places.items():
        flipped = bytearray(content)
        flipped[at + 3] ^= 1
        [line] = verify_archive(io.BytesIO(bytes(flipped))).lines
        entry = files.get(name)
        named = f"File {entry.number}, “{entry.name}”, is damaged: it does not match." if entry else None
        assert line == (named or f"{name} is damaged and cannot be read.")


def test_a_whole_archive_with_another_hash_is_not_the_one_that_was_sent() -> None:
    assert verify_archive(io.BytesIO(archive()), "0" * 64) == Verification(
        False, SEALED.hash, (f"The archive's hash is {SEALED.hash}, which is not the hash on the receipt.",)
    )


@pytest.mark.parametrize(
    ("change", "lines"),
    [
        (
            lambda entries: entries.update({"files/1-Strategy.pdf": b"Strategy"}),
            ("File 1, “Strategy.pdf”, does not match: it was changed.",),
        ),
        (
            lambda entries: entries.update({"files/1-Strategy.pdf": b"", "files/2-Minutes.docx": b"minutes"}),
            (
                "File 1, “Strategy.pdf”, does not match: it was changed.",
                "File 2, “Minutes.docx”, does not match: it was changed.",
            ),
        ),
        (lambda entries: entries.pop("files/2-Minutes.docx"), ("File 2, “Minutes.docx”, is missing.",)),
        (
            lambda entries: entries.update({"files/3-More.pdf": b"more"}),
            ("'files/3-More.pdf' was added: the manifest does not know it.",),
        ),
        (lambda entries: entries.pop("submission.json"), ("submission.json is missing.",)),
        (lambda entries: entries.pop("manifest.json"), ("manifest.json is missing.",)),
        (lambda entries: entries.pop("receipt.txt"), ("receipt.txt is missing.",)),
        (lambda entries: entries.update({"receipt.txt": b"Hash: 0"}), ("receipt.txt was changed.",)),
        (
            lambda entries: entries.update({"receipt.txt": receipt(SEALED, "0" * 63).encode()}),
            ("receipt.txt was changed.",),
        ),
        (lambda entries: entries.pop("index.html"), ("index.html is missing.",)),
        (lambda entries: entries.update({"index.html": PAGE + b"!"}), ("index.html was changed.",)),
        (lambda entries: entries.pop("receipt.pdf"), ("receipt.pdf is missing.",)),
        (
            lambda entries: entries.update({"receipt.pdf": b"%PDF-1.7 Receipt"}),
            ("receipt.pdf was changed: it is not the one receipt.txt names.",),
        ),
        (changed_document(council="Ashby"), ("submission.json was changed.",)),
        (
            changed_document(
                answers=[{"requirement_code": "1.1.1", "judgement": "met"}, {"requirement_code": "1.1.2"}, {}]
            ),
            (
                "submission.json was changed.",
                "The answer 1.1.2 was changed.",
                "The answer number 3 was changed.",
            ),
        ),
        (
            changed_document(answers=[*DOCUMENT["answers"][1:], {"requirement_code": "9"}]),
            (
                "submission.json was changed.",
                "The answer 1.1.1 is missing.",
                "The answer number 3 is missing.",
                "The answer number 2 was added.",
                "The answer 9 was added.",
            ),
        ),
        (
            lambda entries: entries.update({"submission.json": b"{"}),
            ("submission.json was changed.", "submission.json can no longer be read as JSON."),
        ),
        (
            lambda entries: entries.update({"submission.json": b"[" * 100_000}),
            ("submission.json was changed.", "submission.json can no longer be read as JSON."),
        ),
        (lambda entries: entries.update({"manifest.json": b"[]"}), ("manifest.json is not a manifest.",)),
        (
            lambda entries: entries.update({"manifest.json": SEALED.manifest_json + b"\n"}),
            ("manifest.json is not written as a manifest is.",),
        ),
        (
            lambda entries: entries.update({"../outside.txt": b""}),
            ("The name '../outside.txt' leads out of the archive.",),
        ),
        (
            lambda entries: entries.update({"/etc/passwd": b""}),
            ("The name '/etc/passwd' leads out of the archive.",),
        ),
        (lambda entries: entries.update({"C:\\x": b""}), ("The name 'C:\\\\x' leads out of the archive.",)),
    ],
)
def test_everything_that_does_not_match_is_named(change: Callable[[Entries], object], lines: tuple[str, ...]) -> None:
    found = verify_archive(repacked(change))
    assert (found.ok, found.lines) == (False, lines)


def test_a_manifest_cannot_send_a_file_elsewhere() -> None:
    manifest = json.loads(SEALED.manifest_json)
    manifest["files"][0]["path"] = "../outside.pdf"
    found = verify_archive(repacked(lambda entries: entries.update({"manifest.json": canonical_json(manifest)})))
    assert found.lines == ("manifest.json is not written as a manifest is.",)


def test_a_manifest_made_to_fit_a_changed_file_gives_another_hash() -> None:
    files = [(*FILES[0][:2], hashlib.sha256(b"forged").hexdigest(), 6), FILES[1]]
    forged = seal(DOCUMENT, files, PAGE)
    target = io.BytesIO(archive(forged, [b"forged", CONTENTS["Minutes.docx"]]))
    assert verify_archive(target).ok
    assert forged.hash != SEALED.hash
    assert not verify_archive(target, SEALED.hash).ok


def test_a_bomb_is_refused_unopened() -> None:
    bomb = repacked(lambda entries: entries.update({"files/1-Strategy.pdf": bytes(10_000_000)}), zipfile.ZIP_DEFLATED)
    found = verify_archive(bomb)
    assert (found.ok, found.hash) == (False, "")
    assert "'files/1-Strategy.pdf' is compressed; a sealed archive stores everything as it is." in found.lines


def test_entries_that_lie_on_top_of_each_other_are_refused() -> None:
    content = bytearray(archive())
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as packed:
        start = packed.start_dir
    # The sizes of the first entry in the central directory, stored and original.
    content[start + 20 : start + 28] = (10**9).to_bytes(4, "little") * 2
    assert verify_archive(io.BytesIO(bytes(content))).lines == (
        "The entries claim to be larger than the whole archive.",
    )


def test_a_name_that_stands_twice_is_refused() -> None:
    target = io.BytesIO(archive())
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(target, "a") as packed:
        packed.writestr("files/1-Strategy.pdf", b"other")
    assert verify_archive(target).lines == ("The name 'files/1-Strategy.pdf' stands in the archive twice.",)


def test_a_flipped_bit_is_found() -> None:
    content = archive()
    at = content.index(b"strategy")
    flipped = content[:at] + b"S" + content[at + 1 :]
    assert verify_archive(io.BytesIO(flipped)).lines == ("File 1, “Strategy.pdf”, is damaged: it does not match.",)
    at = content.index(b'{"answers"')
    flipped = content[:at] + b"[" + content[at + 1 :]
    assert verify_archive(io.BytesIO(flipped)).lines == ("submission.json is damaged and cannot be read.",)


@pytest.mark.parametrize("content", [b"", b"PK", b"no archive", archive()[:-30], archive()[:200]])
def test_what_is_no_archive_is_said_to_be_none(content: bytes) -> None:
    assert verify_archive(io.BytesIO(content)) == Verification(
        False, "", ("This is not a ZIP archive that can be read.",)
    )


def test_no_single_changed_byte_passes_or_breaks_the_check() -> None:
    content = archive()
    passed = []
    for at in range(0, len(content), 7):
        broken = bytearray(content)
        broken[at] ^= 0x55
        if verify_archive(io.BytesIO(bytes(broken))).ok:
            passed.append(at)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        bodies = [(info.header_offset + 30 + len(info.filename), info.file_size) for info in packed.infolist()]
    assert [at for at in passed if any(start <= at < start + size for start, size in bodies)] == []


def test_a_file_that_is_not_there_is_the_callers_to_explain(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        verify_archive(tmp_path / "none.zip")


def test_what_is_larger_than_any_seal_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assessment.rules.seal_checks.DOCUMENT_LIMIT", 10)
    names = ("submission.json", "index.html", "receipt.pdf")
    assert verify_archive(io.BytesIO(archive())).lines == tuple(
        f"{name} is larger than a sealed one can be." for name in names
    )
    monkeypatch.setattr("assessment.rules.seal_checks.ENTRY_LIMIT", 6)
    assert verify_archive(io.BytesIO(archive())).lines == ("The archive has more than 6 entries.",)

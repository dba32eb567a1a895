"""How a submission is sealed, packed into an archive, and checked by anybody, offline.

The definition, so that the hash can be recomputed without this program:

1. `submission.json` is the canonical JSON of the document: UTF-8, keys sorted by code point, no white space
   between tokens, no escapes but those JSON demands, text exactly as it was typed (no normalisation).
2. `manifest.json` is canonical JSON as well. It states the SHA-256 and size of `submission.json`, the
   SHA-256 of the canonical JSON of each of its answers, and number, id, name, path, SHA-256 and size of
   every file, in order.
3. The hash of the seal is the SHA-256 of the bytes of `manifest.json`: `sha256sum manifest.json` prints it,
   and `sha256sum` over the other entries must print what the manifest states.

Answers are the objects of the document's list `answers`; each has its own `requirement_code`, or its position
from 1 where it has none. They are fingerprinted one by one only so that a check can say which one was
changed.
"""

import hashlib
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

FORMAT = 1
DOCUMENT_NAME = "submission.json"
MANIFEST_NAME = "manifest.json"
RECEIPT_NAME = "receipt.txt"
# The earliest date a ZIP can hold: the archive of a seal has the same bytes whenever it is written.
FIXED_DATE = (1980, 1, 1, 0, 0, 0)
REGULAR_FILE = 0o100644 << 16
SAFE_NAME_LENGTH = 80
FILES_LIMIT = 10_000
SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)

FileFacts = tuple[str, str, str, int]
Reader = Callable[[], Iterable[bytes]]


class SealError(ValueError):
    """A document or file that cannot be sealed or packed as it is."""


@dataclass(frozen=True)
class ManifestEntry:
    """One sealed file; `path` is its place in the archive, `size` in bytes, `sha256` in hexadecimal."""

    number: int
    file_id: str
    name: str
    path: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Seal:
    """`hash` is the one to print on the receipt: the SHA-256 of `manifest_json`."""

    document_sha256: str
    manifest: tuple[ManifestEntry, ...]
    manifest_json: bytes
    hash: str


def canonical_json(value: object) -> bytes:
    """The one way to write a value as JSON. Raises SealError for what JSON cannot say (NaN, dates)."""
    _refuse_foreign(value, "")
    try:
        text = json.dumps(value, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return text.encode("utf-8")
    except (ValueError, TypeError) as error:
        raise SealError(f"this cannot be written as JSON: {error}") from None


def seal(document: Mapping[str, object], files: Iterable[FileFacts]) -> Seal:
    """Seal a document with its files, each (file id, name, SHA-256 in hexadecimal, size in bytes).

    The order of the files is kept and numbers them from 1; the same document and files always give the same
    hash.
    """
    entries = tuple(_entry(number, *facts) for number, facts in enumerate(files, 1))
    return _sealed(document, entries)


def write_archive(
    fileobj: BinaryIO, document: Mapping[str, object], files: Iterable[tuple[ManifestEntry, Reader]]
) -> Seal:
    """Write the ZIP of a sealed submission and return its seal.

    Each reader is called once and gives the file's chunks; no file is ever held as a whole. The same seal
    gives the same bytes on any target that can seek. Raises SealError, leaving a torn archive behind, when a
    file's bytes are not those that were sealed: write to a temporary file and move it.
    """
    pairs = list(files)
    entries = tuple(entry for entry, _ in pairs)
    expected = tuple(
        _entry(number, entry.file_id, entry.name, entry.sha256, entry.size) for number, entry in enumerate(entries, 1)
    )
    if entries != expected:
        raise SealError("the files are not in the order and under the names of their manifest")
    sealed = _sealed(document, entries)
    with zipfile.ZipFile(fileobj, "w", zipfile.ZIP_STORED) as archive:
        for name, content in (
            (DOCUMENT_NAME, canonical_json(document)),
            (MANIFEST_NAME, sealed.manifest_json),
            (RECEIPT_NAME, receipt(sealed).encode("utf-8")),
        ):
            with archive.open(_info(name, len(content)), "w") as target:
                target.write(content)
        for entry, reader in pairs:
            digest, size = hashlib.sha256(), 0
            with archive.open(_info(entry.path, entry.size), "w") as target:
                for chunk in reader():
                    digest.update(chunk)
                    size += len(chunk)
                    if size > entry.size:
                        break
                    target.write(chunk)
            if (digest.hexdigest(), size) != (entry.sha256, entry.size):
                raise SealError(f"the file “{entry.name}” is not the one that was sealed")
    return sealed


def receipt(sealed: Seal) -> str:
    """The text that goes with the archive: the hash, what it covers, and how to check it."""
    lines = [
        "Receipt of a sealed submission",
        "",
        f"Hash: {sealed.hash}",
        f"Answers and details ({DOCUMENT_NAME}): {sealed.document_sha256}",
        f"Files: {len(sealed.manifest)}",
        *(
            f"  {entry.number}. {_one_line(entry.name)} ({entry.size} bytes): {entry.sha256}"
            for entry in sealed.manifest
        ),
        "",
        f"The hash is the SHA-256 of {MANIFEST_NAME}, which states the SHA-256 of everything else.",
        "To check this archive without the service that made it: charterway submission verify FILE.zip,",
        "or unpack it and compare what sha256sum prints for each file with the manifest.",
        "Then compare the hash with the one that was given when the submission was sent.",
        "",
    ]
    return "\n".join(lines)


def safe_name(name: str) -> str:
    """A file name of plain letters, digits, dot, hyphen and underscore, at most 80 long, its ending kept."""
    cleaned = re.sub(r"[^A-Za-z0-9._-]+", "-", name.replace("\\", "/").rsplit("/", 1)[-1])
    cleaned = re.sub(r"\.{2,}", ".", cleaned).strip(".-")
    stem, dot, ending = cleaned.rpartition(".")
    if dot and len(ending) <= 10:
        return f"{stem[: SAFE_NAME_LENGTH - len(ending) - 1]}.{ending}"
    return cleaned[:SAFE_NAME_LENGTH] or "file"


def manifest_of(content: bytes) -> tuple[str, int, dict[str, str], tuple[ManifestEntry, ...]]:
    """Read `manifest.json`: the document's SHA-256 and size, the answers' SHA-256 by key, the files.

    Raises SealError unless it is exactly what `seal` writes, so that no name in it can lead out of the
    archive.
    """
    try:
        value = json.loads(content)
        document, answers = value["document"], value["answers"]
        rows = [(row["file_id"], row["name"], row["sha256"], row["size"]) for row in value["files"]]
        entries = tuple(_entry(number, *row) for number, row in enumerate(rows, 1))
        facts = (document["sha256"], document["size"], dict(answers), entries)
        exact = _manifest(facts[0], facts[1], facts[2], entries) == content
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise SealError(f"{MANIFEST_NAME} is not a manifest") from None
    if not exact or not SHA256.fullmatch(str(facts[0])) or type(facts[1]) is not int:
        raise SealError(f"{MANIFEST_NAME} is not written as a manifest is")
    return facts


def answer_digests(document: object) -> dict[str, str]:
    """The SHA-256 of each answer's canonical JSON, by its requirement code or its position from 1."""
    answers = document.get("answers") if isinstance(document, Mapping) else None
    digests: dict[str, str] = {}
    for position, answer in enumerate(answers if isinstance(answers, list | tuple) else (), 1):
        code = answer.get("requirement_code") if isinstance(answer, Mapping) else None
        key = code if isinstance(code, str) and code not in digests else f"number {position}"
        digests[key] = hashlib.sha256(canonical_json(answer)).hexdigest()
    return digests


def _sealed(document: Mapping[str, object], entries: tuple[ManifestEntry, ...]) -> Seal:
    if len(entries) > FILES_LIMIT:
        raise SealError(f"a submission holds at most {FILES_LIMIT:,} files, not {len(entries):,}")
    content = canonical_json(document)
    document_sha256 = hashlib.sha256(content).hexdigest()
    manifest = _manifest(document_sha256, len(content), answer_digests(document), entries)
    return Seal(document_sha256, entries, manifest, hashlib.sha256(manifest).hexdigest())


def _manifest(sha256: str, size: int, answers: Mapping[str, str], entries: Sequence[ManifestEntry]) -> bytes:
    return canonical_json(
        {
            "format": FORMAT,
            "document": {"name": DOCUMENT_NAME, "sha256": sha256, "size": size},
            "answers": dict(answers),
            "files": [dict(vars(entry)) for entry in entries],
        }
    )


def _entry(number: int, file_id: str, name: str, sha256: str, size: int) -> ManifestEntry:
    if not isinstance(file_id, str) or not file_id or not isinstance(name, str) or not name:
        raise SealError(f"file {number} needs an id and a name")
    if not isinstance(sha256, str) or not SHA256.fullmatch(sha256):
        raise SealError(f"the SHA-256 of file {number}, “{name}”, is not 64 hexadecimal digits")
    if type(size) is not int or size < 0:
        raise SealError(f"the size of file {number}, “{name}”, is not a number of bytes")
    return ManifestEntry(number, file_id, name, f"files/{number}-{safe_name(name)}", sha256, size)


def _info(name: str, size: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, FIXED_DATE)
    info.compress_type = zipfile.ZIP_STORED
    info.create_system = 3
    info.external_attr = REGULAR_FILE
    info.file_size = size
    return info


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _refuse_foreign(value: object, where: str) -> None:
    # json.dumps would quietly turn the key 1 into "1" and then meet "1" again: only text may be a key.
    if isinstance(value, Mapping):
        for key, child in value.items():
            if not isinstance(key, str):
                raise SealError(f"the key {key!r} at {where or 'the top'} is not text")
            _refuse_foreign(child, f"{where}/{key}")
    elif isinstance(value, list | tuple):
        for index, child in enumerate(value):
            _refuse_foreign(child, f"{where}/{index}")
    elif value is not None and not isinstance(value, str | int | float):
        raise SealError(f"{where or 'the document'} is a {type(value).__name__}, which JSON does not know")

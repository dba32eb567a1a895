"""How a submission is sealed, and how anybody checks it, offline.

The definition (format 2), so that the hash can be recomputed without this program:

1. `submission.json` is the canonical JSON of the document: UTF-8, keys sorted by code point, no white space
   between tokens, no escapes but those JSON demands, text exactly as it was typed (no normalisation).
2. `index.html` is the same document as a page to be read. It is made once, with the seal, and kept as it was made.
3. `manifest.json` is canonical JSON as well. It states the SHA-256 and size of `submission.json` and of `index.html`,
   the SHA-256 of the canonical JSON of each of the answers, and number, id, name, path, SHA-256 and size of every
   file, in order.
4. The hash of the seal is the SHA-256 of the bytes of `manifest.json`: `sha256sum manifest.json` prints it,
   and `sha256sum` over the other entries must print what the manifest states.

What prints the hash cannot be covered by it: `receipt.txt` follows from the manifest word for word, so a check writes
it again and compares; its last line but one states the SHA-256 of `receipt.pdf`, the same receipt for printing, which
no hash of the seal covers.

Answers are the objects of the document's list `answers`; each has its own `requirement_code`, or its position
from 1 where it has none. They are fingerprinted one by one only so that a check can say which one was
changed. Format 1 had neither `index.html` nor `receipt.pdf`; it is still checked.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

FORMAT = 2
FORMATS = (1, 2)
DOCUMENT_NAME = "submission.json"
PAGE_NAME = "index.html"
MANIFEST_NAME = "manifest.json"
RECEIPT_NAME = "receipt.txt"
PRINTED_NAME = "receipt.pdf"
SAFE_NAME_LENGTH = 80
FILES_LIMIT = 10_000
PLAIN = frozenset({str, int, float, bool})
SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)

FileFacts = tuple[str, str, str, int]
"""File id, name, SHA-256 in hexadecimal, size in bytes."""


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
class Fact:
    """SHA-256 in hexadecimal and size in bytes of one entry that is not a file of the council."""

    sha256: str
    size: int

    @classmethod
    def of(cls, content: bytes) -> "Fact":
        """The fact of these bytes."""
        return cls(hashlib.sha256(content).hexdigest(), len(content))


@dataclass(frozen=True)
class Manifest:
    """What `manifest.json` states; `page` is None in format 1, `answers` are SHA-256 by key."""

    format: int
    document: Fact
    page: Fact | None
    answers: Mapping[str, str]
    files: tuple[ManifestEntry, ...]

    def written(self) -> bytes:
        """The bytes of `manifest.json`."""
        entries = {"document": (DOCUMENT_NAME, self.document), "page": (PAGE_NAME, self.page)}
        facts = {key: {"name": name, **vars(fact)} for key, (name, fact) in entries.items() if fact is not None}
        files = [dict(vars(entry)) for entry in self.files]
        return canonical_json({"format": self.format, **facts, "answers": dict(self.answers), "files": files})


@dataclass(frozen=True)
class Seal:
    """`hash` is the one to print on the receipt: the SHA-256 of `manifest_json`."""

    manifest: Manifest
    manifest_json: bytes
    hash: str


def canonical_json(value: object) -> bytes:
    """The one way to write a value as JSON. Raises SealError for what JSON cannot say (NaN, dates)."""
    _refuse_foreign(value, "")
    return _written(value)


def _written(value: object) -> bytes:
    try:
        text = json.dumps(value, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return text.encode("utf-8")
    except (ValueError, TypeError) as error:
        raise SealError(f"this cannot be written as JSON: {error}") from None


def list_entries(files: Iterable[FileFacts]) -> tuple[ManifestEntry, ...]:
    """The files in their order, numbered from 1, each with its place in the archive; raises SealError."""
    entries = tuple(_entry(number, *facts) for number, facts in enumerate(files, 1))
    if len(entries) > FILES_LIMIT:
        raise SealError(f"a submission holds at most {FILES_LIMIT:,} files, not {len(entries):,}")
    return entries


def seal(document: Mapping[str, object], files: Iterable[FileFacts], page: bytes) -> Seal:
    """Seal a document, the page that shows it, and its files; the same three always give the same hash."""
    return sealed_as(
        Manifest(
            FORMAT, Fact.of(canonical_json(document)), Fact.of(page), answer_digests(document), list_entries(files)
        )
    )


def sealed_as(manifest: Manifest) -> Seal:
    """The seal that a manifest makes."""
    written = manifest.written()
    return Seal(manifest, written, hashlib.sha256(written).hexdigest())


def receipt(sealed: Seal, printed_sha256: str = "") -> str:
    """The text that goes with the archive: the hash, what it covers, and how to check it.

    printed_sha256: of `receipt.pdf`; nothing is said of it in format 1, which had none.
    """
    manifest = sealed.manifest
    page = [f"Answers as a page ({PAGE_NAME}): {manifest.page.sha256}"] if manifest.page else []
    printed = [f"This receipt for printing ({PRINTED_NAME}): {printed_sha256}"] if manifest.page else []
    lines = [
        "Receipt of a sealed submission",
        "",
        f"Hash: {sealed.hash}",
        f"Answers and details ({DOCUMENT_NAME}): {manifest.document.sha256}",
        *page,
        f"Files: {len(manifest.files)}",
        *(
            f"  {entry.number}. {_one_line(entry.name)} ({entry.size} bytes): {entry.sha256}"
            for entry in manifest.files
        ),
        "",
        f"The hash is the SHA-256 of {MANIFEST_NAME}, which states the SHA-256 of everything else.",
        "To check this archive without the service that made it: charterway submission verify FILE.zip,",
        "or unpack it and compare what sha256sum prints for each file with the manifest.",
        "Then compare the hash with the one that was given when the submission was sent.",
        *printed,
        "",
    ]
    return "\n".join(lines)


def printed_digest(text: str) -> str:
    """The SHA-256 that a receipt states of `receipt.pdf`; "" where it states none."""
    found = re.search(
        rf"^This receipt for printing \({re.escape(PRINTED_NAME)}\): ([0-9a-f]{{64}})$", text, re.MULTILINE
    )
    return found[1] if found else ""


def safe_name(name: str) -> str:
    """A file name of plain letters, digits, dot, hyphen and underscore, at most 80 long, its ending kept."""
    cleaned = re.sub(r"[^A-Za-z0-9._-]+", "-", name.replace("\\", "/").rsplit("/", 1)[-1])
    cleaned = re.sub(r"\.{2,}", ".", cleaned).strip(".-")
    stem, dot, ending = cleaned.rpartition(".")
    if dot and len(ending) <= 10:
        return f"{stem[: SAFE_NAME_LENGTH - len(ending) - 1]}.{ending}"
    return cleaned[:SAFE_NAME_LENGTH] or "file"


def manifest_of(content: bytes) -> Manifest:
    """Read `manifest.json` of any format.

    Raises SealError unless it is exactly what `seal` writes, so that no name in it can lead out of the
    archive.
    """
    try:
        value = json.loads(content)
        rows = [(row["file_id"], row["name"], row["sha256"], row["size"]) for row in value["files"]]
        page = _fact(value["page"]) if value["format"] == FORMAT else None
        found = Manifest(value["format"], _fact(value["document"]), page, dict(value["answers"]), list_entries(rows))
        exact = found.written() == content
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise SealError(f"{MANIFEST_NAME} is not a manifest") from None
    if not exact or found.format not in FORMATS or type(found.format) is not int:
        raise SealError(f"{MANIFEST_NAME} is not written as a manifest is")
    return found


def answer_digests(document: object) -> dict[str, str]:
    """The SHA-256 of each answer's canonical JSON, by its requirement code or its position from 1.

    The document is one that canonical JSON could write, or was read from JSON.
    """
    answers = document.get("answers") if isinstance(document, Mapping) else None
    digests: dict[str, str] = {}
    for position, answer in enumerate(answers if isinstance(answers, list | tuple) else (), 1):
        code = answer.get("requirement_code") if isinstance(answer, Mapping) else None
        key = code if isinstance(code, str) and code not in digests else f"number {position}"
        digests[key] = hashlib.sha256(_written(answer)).hexdigest()
    return digests


def _fact(value: Mapping[str, object]) -> Fact:
    sha256, size = value["sha256"], value["size"]
    if not isinstance(sha256, str) or not SHA256.fullmatch(sha256) or type(size) is not int:
        raise SealError("a fact of the manifest is not a SHA-256 and a size")
    return Fact(sha256, size)


def _entry(number: int, file_id: str, name: str, sha256: str, size: int) -> ManifestEntry:
    if not isinstance(file_id, str) or not file_id or not isinstance(name, str) or not name:
        raise SealError(f"file {number} needs an id and a name")
    if not isinstance(sha256, str) or not SHA256.fullmatch(sha256):
        raise SealError(f"the SHA-256 of file {number}, “{name}”, is not 64 hexadecimal digits")
    if type(size) is not int or size < 0:
        raise SealError(f"the size of file {number}, “{name}”, is not a number of bytes")
    return ManifestEntry(number, file_id, name, f"files/{number}-{safe_name(name)}", sha256, size)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _refuse_foreign(value: object, where: str) -> None:
    # json.dumps would quietly turn the key 1 into "1" and then meet "1" again: only text may be a key.
    if value is None or type(value) in PLAIN:
        return
    if isinstance(value, Mapping):
        for key, child in value.items():
            if not isinstance(key, str):
                raise SealError(f"the key {key!r} at {where or 'the top'} is not text")
            _refuse_foreign(child, f"{where}/{key}")
    elif isinstance(value, list | tuple):
        for index, child in enumerate(value):
            _refuse_foreign(child, f"{where}/{index}")
    elif not isinstance(value, str | int | float):
        raise SealError(f"{where or 'the document'} is a {type(value).__name__}, which JSON does not know")

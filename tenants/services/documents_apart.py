"""Opening what councils send us: in a process of its own, which has limits and knows none of our secrets."""

from __future__ import annotations

import json
import resource
import tempfile
from pathlib import Path
from typing import Any

from saas.documents.apart import TOO_MUCH, Unreadable, read_apart
from tenants.rules import documents, grids
from tenants.rules.grids import Document, UnreadableDocument

NEEDS_TOO_MUCH = "This document needs too much to be read. Save it as Excel or Word and try again."
MOST_MEMORY = 640 * 1024 * 1024
"""Addresses, in bytes; the libraries that read documents take half of them without using that memory."""
_TASK = "tenants.services.documents_apart:opened"


def open_document(data: bytes, filename: str) -> Document:
    """What `tenants.rules.documents.open_document` makes of a file. Raises UnreadableDocument, naming the file."""
    if not data or len(data) > documents.MAXIMUM_BYTES:
        return documents.open_document(data, filename)  # which refuses it by its size alone
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        try:
            answer = read_apart(_TASK, Path(file.name), filename=filename)
        except Unreadable as refusal:
            words = f": {NEEDS_TOO_MUCH}" if refusal.message == TOO_MUCH else f" {refusal.message}"
            raise UnreadableDocument(filename + words) from refusal
    if "unreadable" in answer.values:
        raise UnreadableDocument(answer.values["unreadable"])
    return grids.from_json(json.loads(answer.body))


def opened(path: Path, filename: str) -> tuple[dict[str, Any], bytes]:
    """The child's task: the document as JSON, or `unreadable` with the reason in a sentence."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    try:
        document = documents.open_document(path.read_bytes(), filename)
        return {}, json.dumps(grids.as_json(document), ensure_ascii=False).encode("utf-8", "surrogatepass")
    except UnreadableDocument as unreadable:
        return {"unreadable": str(unreadable)}, b""
    except MemoryError:
        return {"unreadable": f"{filename}: {NEEDS_TOO_MUCH}"}, b""

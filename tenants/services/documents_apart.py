"""Opening and reading what councils send: in a process of its own, which has limits and knows none of our secrets."""

from __future__ import annotations

import json
import resource
import tempfile
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from saas.documents.apart import TOO_MUCH, Unreadable, read_apart
from tenants.rules import action_plans, documents, grids, sent_readings
from tenants.rules.action_plans import Corrections, NoActions, Reading
from tenants.rules.grids import Document, UnreadableDocument

NEEDS_TOO_MUCH = "This document needs too much to be read. Save it as Excel or Word and try again."
MOST_MEMORY = 640 * 1024 * 1024
"""Addresses, in bytes; the libraries that read documents take half of them without using that memory."""
_HERE = "tenants.services.documents_apart"


def open_document(data: bytes, filename: str) -> Document:
    """What `tenants.rules.documents.open_document` makes of a file. Raises UnreadableDocument, naming the file."""
    _refuse_by_size(data, filename)
    return grids.from_json(work_apart(f"{_HERE}:opened", data, filename))


def read_plan(
    data: bytes, filename: str, document_on: date | None = None, remembered: Mapping[str, str] | None = None
) -> Reading:
    """What `tenants.rules.action_plans.read_document` reads in a file. Raises UnreadableDocument and NoActions."""
    _refuse_by_size(data, filename)
    return _reading(work_apart(f"{_HERE}:plan_read", data, filename, _said(document_on, remembered)))


def read_pasted(
    text: str, filename: str, document_on: date | None = None, remembered: Mapping[str, str] | None = None
) -> Reading:
    """The same for what was pasted; filename: what it is called in a refusal."""
    data = text.encode("utf-8", "surrogatepass")
    return _reading(work_apart(f"{_HERE}:pasted_read", data, filename, _said(document_on, remembered)))


def read_grid(
    grid: Mapping[str, Any],
    filename: str,
    document_on: date | None,
    remembered: Mapping[str, str],
    corrections: Corrections,
) -> Reading:
    """The same for a document that was opened before: `grid` is Reading.grid."""
    said = _said(document_on, remembered, corrections)
    return _reading(work_apart(f"{_HERE}:grid_read", as_bytes(grid), filename, said))


def work_apart(task: str, data: bytes, filename: str, said: Mapping[str, Any] | None = None) -> Any:
    """The JSON that a task makes of `data` in a process of its own, with what was said beside it.

    task: "module:function" of a function that gives `within_limits` its work. Raises UnreadableDocument, naming the
    file.
    """
    with tempfile.NamedTemporaryFile() as file:
        file.write(json.dumps(said or {}).encode() + b"\n" + data)
        file.flush()
        try:
            answer = read_apart(task, Path(file.name), filename=filename)
        except Unreadable as refusal:
            words = f": {NEEDS_TOO_MUCH}" if refusal.message == TOO_MUCH else f" {refusal.message}"
            raise UnreadableDocument(filename + words) from refusal
    if "unreadable" in answer.values:
        raise UnreadableDocument(answer.values["unreadable"])
    return json.loads(answer.body)


def within_limits(
    path: Path, filename: str, work: Callable[[bytes, dict[str, Any]], Any]
) -> tuple[dict[str, Any], bytes]:
    """In the child: what `work` makes of the data and of what was said, as JSON, or `unreadable` with a sentence."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    try:
        said, _, data = path.read_bytes().partition(b"\n")
        return {}, as_bytes(work(data, json.loads(said)))
    except UnreadableDocument as unreadable:
        return {"unreadable": str(unreadable)}, b""
    except MemoryError:
        return {"unreadable": f"{filename}: {NEEDS_TOO_MUCH}"}, b""


def as_bytes(value: Any) -> bytes:
    """JSON of anything that came from a document, half characters included."""
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


def opened(path: Path, filename: str) -> tuple[dict[str, Any], bytes]:
    """The child's task: the document."""
    return within_limits(path, filename, lambda data, _: grids.as_json(documents.open_document(data, filename)))


def plan_read(path: Path, filename: str) -> tuple[dict[str, Any], bytes]:
    """The child's task: the actions in a file."""
    return within_limits(
        path, filename, lambda data, said: _sent(lambda: action_plans.read_document(data, filename, *_heard(said)))
    )


def pasted_read(path: Path, filename: str) -> tuple[dict[str, Any], bytes]:
    """The child's task: the actions in what was pasted."""

    def work(data: bytes, said: dict[str, Any]) -> Any:
        text = data.decode("utf-8", "surrogatepass")
        return _sent(lambda: action_plans.read_pasted(text, *_heard(said)))

    return within_limits(path, filename, work)


def grid_read(path: Path, filename: str) -> tuple[dict[str, Any], bytes]:
    """The child's task: the actions in a document that was opened before."""

    def work(data: bytes, said: dict[str, Any]) -> Any:
        grid = json.loads(data.decode("utf-8", "surrogatepass"))
        return _sent(lambda: action_plans.read_grid(grid, *_heard(said)))

    return within_limits(path, filename, work)


def _refuse_by_size(data: bytes, filename: str) -> None:
    """Nothing and too much are refused here already, by their size alone."""
    if not data or len(data) > documents.MAXIMUM_BYTES:
        documents.open_document(data, filename)


def _said(
    document_on: date | None, remembered: Mapping[str, str] | None, corrections: Corrections | None = None
) -> dict[str, Any]:
    return {
        "document_on": document_on.isoformat() if document_on else None,
        "remembered": dict(remembered or {}),
        "corrections": [[*place, meaning] for place, meaning in (corrections or {}).items()],
    }


def _heard(said: Mapping[str, Any]) -> tuple[date | None, dict[str, str], Corrections]:
    document_on = date.fromisoformat(said["document_on"]) if said["document_on"] else None
    return document_on, said["remembered"], {(table, at): meaning for table, at, meaning in said["corrections"]}


def _sent(read: Callable[[], Reading]) -> dict[str, Any]:
    try:
        return {"reading": sent_readings.as_json(read()), "nothing": ""}
    except NoActions as nothing:
        return {"reading": sent_readings.as_json(nothing.reading), "nothing": str(nothing)}


def _reading(sent: Mapping[str, Any]) -> Reading:
    reading = sent_readings.from_json(sent["reading"])
    if sent["nothing"]:
        raise NoActions(sent["nothing"], reading)
    return reading

"""Previews: what a document shows, made safe for our own pages, without the document itself reaching the browser."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from markupsafe import Markup

from saas.documents.apart import Answer, Unreadable, read_apart
from saas.errors import NotFound, Refused
from saas.files.archives import archive_kind
from saas.files.kinds import IMAGES, KINDS

ARCHIVES = {KINDS[name].content_type: name for name in ("docx", "xlsx")}
TASKS = {
    KINDS["docx"].content_type: "word_page",
    KINDS["xlsx"].content_type: "workbook_page",
    "text/csv": "table_page",
    "text/plain": "plain_page",
}

Source = Path | Iterable[bytes]
"""A file's path, or its bytes in chunks as `storage().open(…)` gives them."""


class PreviewRefused(Refused):
    """A document that cannot be shown; the message says why and begins with “This file”."""


@dataclass(frozen=True)
class Preview:
    """What a page can show of a document: `pages` of a PDF (see `pdf_page_png`), one `picture`, or `html`."""

    kind: Literal["pages", "picture", "html"]
    pages: int = 0
    picture: bytes = b""
    picture_type: str = ""
    width: int = 0
    height: int = 0
    html: Markup = field(default_factory=Markup)
    """For the middle of a page: begins at h2, no id, no style, no script, no picture."""
    notes: tuple[str, ...] = ()
    """Sentences on what is not shown."""


def preview_of(source: Source, content_type: str, *, name: str = "Table") -> Preview | None:
    """The preview of a file of that kind, or None where the kind has none.

    name: the caption of a CSV table. Each call opens the document anew in a process of its own (about a fifth
    of a second). Raises PreviewRefused for a document that is damaged, protected, or too much for the limits.
    """
    if content_type == "application/pdf":
        return Preview("pages", pages=_read(source, content_type, "pdf_pages").values["pages"])
    if content_type in IMAGES:
        made = _read(source, content_type, "picture")
        size = made.values
        return Preview("picture", 0, made.body, size["type"], size["width"], size["height"])
    if content_type not in TASKS:
        return None
    task = TASKS[content_type]
    made = _read(source, content_type, task, **({"name": name} if task == "table_page" else {}))
    # Escaped or cleaned by the child, with an allow-list; the page's policy forbids scripts besides.
    return Preview("html", html=Markup(made.body.decode()), notes=tuple(made.values["notes"]))  # noqa: S704


def pdf_page_png(source: Source, page: int, width_px: int) -> bytes:
    """One page of a PDF, counted from 1, as a PNG between 50 and 2,000 pixels wide.

    Raises NotFound when there is no such page and PreviewRefused when the document cannot be shown.
    """
    made = _read(source, "application/pdf", "pdf_picture", page=page, width_px=width_px)
    if not made.body:
        raise NotFound(f"This file has {made.values['pages']} pages and no page {page}.")
    return made.body


def _read(source: Source, content_type: str, task: str, **arguments: int | str) -> Answer:
    try:
        with at_a_path(source) as path:
            check_archive(path, content_type)
            return read_apart(task, path, **arguments)
    except Unreadable as refusal:
        raise PreviewRefused(f"This file {refusal.message}") from refusal


@contextmanager
def at_a_path(source: Source) -> Iterator[Path]:
    """The file where another process can open it: its own path, or a copy that is removed at the end."""
    if isinstance(source, Path):
        yield source
        return
    with tempfile.NamedTemporaryFile(prefix="charterway-reading-") as copy:
        for chunk in source:
            copy.write(chunk)
        copy.flush()
        yield Path(copy.name)


def check_archive(path: Path, content_type: str) -> None:
    """Judge a zipped document as an upload is judged: it may have been kept before a rule was. Raises Unreadable."""
    expected = ARCHIVES.get(content_type)
    if expected is None:
        return
    try:
        found = archive_kind(path)
    except Refused as refusal:
        raise Unreadable(refusal.message) from refusal
    if found != expected:
        raise Unreadable("is damaged and cannot be read.")

"""What a page of ours shows of a stored file: a picture of one of its pages, safe HTML, or why there is neither."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from markupsafe import Markup

from saas.errors import NotFound
from saas.files.kinds import KINDS
from saas.files.previews import Preview, pdf_page_png, preview_of
from saas.files.storage import storage

PDF = KINDS["pdf"].content_type
PAGE_WIDTH = 1_000
"""Pixels; sharp enough to read on a desk, and a phone scales it down."""


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """An image of page `page` of `pages` with its `text` (None: not read), `html`, or only `words` on why neither."""

    kind: Literal["image", "html", "words"]
    page: int = 1
    pages: int = 1
    text: str | None = None
    html: Markup = field(default_factory=Markup)
    notes: tuple[str, ...] = ()
    words: str = ""
    width: int = 0
    height: int = 0


def page_asked(asked: str) -> int:
    """The number that an address names; 1 where it names none."""
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1


def page_of(found: Preview | None) -> PreviewPage:
    """What is shown of a file that has no pages. found: None for one of a kind that cannot be shown."""
    if found is None:
        return PreviewPage("words", words="Files of this kind cannot be shown here. Download it to open it.")
    if found.kind == "picture":
        return PreviewPage("image", width=found.width, height=found.height)
    return PreviewPage("html", html=found.html, notes=found.notes)


def picture_of(namespace: str, sha256: str, content_type: str, page: int) -> tuple[bytes, str]:
    """One page of a PDF as a PNG, or a picture drawn anew, with its type. Raises NotFound and PreviewRefused."""
    with storage().open(namespace, sha256) as opened:
        if content_type == PDF:
            return pdf_page_png(opened, page, PAGE_WIDTH), "image/png"
        found = preview_of(opened, content_type) if page == 1 else None
    if found is None or found.kind != "picture":
        raise NotFound("This file has no such page.")
    return found.picture, found.picture_type

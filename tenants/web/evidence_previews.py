"""What a file shows without leaving our pages: one page of a PDF, a picture, or its content as safe HTML."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from markupsafe import Markup

from saas.errors import NotFound
from saas.files import FileMissing, PreviewRefused, pdf_page_png, preview_of, storage
from tenants.models.evidence import Evidence
from tenants.queries.evidence import find_page

PDF = "application/pdf"
PAGE_WIDTH = 1_000
"""Pixels; sharp enough to read on a desk, and a phone scales it down."""


@dataclass(frozen=True)
class PreviewPage:
    """What the page shows: an image of page `page` of `pages` with its `text`, `html`, or only `words` on why not."""

    kind: Literal["image", "html", "words"]
    page: int = 1
    pages: int = 1
    text: str | None = None
    html: Markup = field(default_factory=Markup)
    notes: tuple[str, ...] = ()
    words: str = ""
    width: int = 0
    height: int = 0


def open_page(evidence: Evidence, asked: str) -> PreviewPage:
    """One page of a file. Asked for beyond its ends, it is the nearest; what cannot be shown says why in words."""
    page = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
    try:
        if evidence.content_type == PDF and evidence.text_state == "read" and evidence.pages:
            return _of_pdf(evidence, page, evidence.pages)
        with storage().open(str(evidence.council_id), evidence.sha256 or "") as opened:
            found = preview_of(opened, evidence.content_type or "", name=evidence.title)
    except FileMissing as missing:
        return PreviewPage("words", words=missing.message)
    except PreviewRefused as refusal:
        return PreviewPage("words", words=refusal.message)
    if found is None:
        return PreviewPage("words", words="Files of this kind cannot be shown here. Download it to open it.")
    if found.kind == "pages":
        return _of_pdf(evidence, page, found.pages)
    if found.kind == "picture":
        return PreviewPage("image", width=found.width, height=found.height)
    return PreviewPage("html", html=found.html, notes=found.notes)


def _of_pdf(evidence: Evidence, page: int, pages: int) -> PreviewPage:
    page = min(max(page, 1), pages)
    return PreviewPage("image", page, pages, find_page(evidence, page))


def picture_of(evidence: Evidence, page: int) -> tuple[bytes, str]:
    """One page of a PDF as a PNG, or a picture drawn anew, with its type. Raises NotFound and PreviewRefused."""
    with storage().open(str(evidence.council_id), evidence.sha256 or "") as opened:
        if evidence.content_type == PDF:
            return pdf_page_png(opened, page, PAGE_WIDTH), "image/png"
        found = preview_of(opened, evidence.content_type or "") if page == 1 else None
    if found is None or found.kind != "picture":
        raise NotFound("This file has no such page.")
    return found.picture, found.picture_type

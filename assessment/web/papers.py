"""What a sealed file shows without leaving our pages, opened where the council points to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from flask import Blueprint, Response, render_template, request
from markupsafe import Markup

from assessment.models.submissions import SubmissionFile
from assessment.queries.scores import get_sealed_file
from saas import guard
from saas.downloads import picture_response
from saas.errors import NotFound
from saas.files import FileMissing, NoText, PreviewRefused, pdf_page_png, preview_of, storage, text_pages
from saas.guard import requires
from saas.policy import Permission

blueprint = Blueprint("papers", __name__)
PDF = "application/pdf"
PAGE_WIDTH = 1_000
"""Pixels; sharp enough to read on a desk, and a phone scales it down."""


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """An image of page `page` of `pages` with its `text`, `html`, or only `words` on why there is neither."""

    kind: Literal["image", "html", "words"]
    page: int = 1
    pages: int = 1
    text: str = ""
    html: Markup = field(default_factory=Markup)
    notes: tuple[str, ...] = ()
    words: str = ""
    width: int = 0
    height: int = 0


@blueprint.get("/files/<uuid:file>/papers/<uuid:file_id>/preview")
@requires(Permission.FILE_READ)
def preview(file_id: UUID) -> str:
    """What a sealed file shows, page by page; ?page= opens it there, ?of= names the requirement to go back to."""
    paper = _paper(file_id)
    return render_template(
        "assessment/scores/paper.html",
        paper=paper,
        shown=_open(paper, request.args.get("page", "")),
        of=request.args.get("of", "")[:40],
    )


@blueprint.get("/files/<uuid:file>/papers/<uuid:file_id>/pages/<int:page>")
@requires(Permission.FILE_READ)
def picture(file_id: UUID, page: int) -> Response:
    """One page of a sealed PDF, or a picture, as an image; only the reader's browser keeps it, and always asks."""
    paper = _paper(file_id)
    try:
        return picture_response(f"{paper.sha256}-{page}", lambda: _picture_of(paper, page))
    except PreviewRefused as refusal:
        raise NotFound(refusal.message) from refusal


def _paper(file_id: UUID) -> SubmissionFile:
    accreditation_id = guard.place().id
    if accreditation_id is None:
        raise NotFound
    return get_sealed_file(accreditation_id, file_id)


def _open(paper: SubmissionFile, asked: str) -> PreviewPage:
    """One page of a sealed file. Asked for beyond its ends, it is the nearest."""
    page = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
    try:
        if paper.content_type == PDF:
            return _of_pdf(paper, page)
        with storage().open(str(paper.council_id), paper.sha256) as opened:
            found = preview_of(opened, paper.content_type, name=paper.title)
    except (FileMissing, PreviewRefused) as refusal:
        return PreviewPage("words", words=refusal.message)
    if found is None:
        return PreviewPage("words", words="Files of this kind cannot be shown here. Download it to open it.")
    if found.kind == "picture":
        return PreviewPage("image", width=found.width, height=found.height)
    return PreviewPage("html", html=found.html, notes=found.notes)


def _of_pdf(paper: SubmissionFile, asked: int) -> PreviewPage:
    try:
        with storage().open(str(paper.council_id), paper.sha256) as opened:
            texts = text_pages(opened, PDF)
    except NoText:  # a page may still be drawn where its words cannot be read
        texts = ()
    pages = len(texts)
    if not texts:
        with storage().open(str(paper.council_id), paper.sha256) as opened:
            found = preview_of(opened, PDF)
        pages = found.pages if found else 0
    page = min(max(asked, 1), max(pages, 1))
    return PreviewPage("image", page, pages, texts[page - 1] if texts else "")


def _picture_of(paper: SubmissionFile, page: int) -> tuple[bytes, str]:
    with storage().open(str(paper.council_id), paper.sha256) as opened:
        if paper.content_type == PDF:
            return pdf_page_png(opened, page, PAGE_WIDTH), "image/png"
        found = preview_of(opened, paper.content_type) if page == 1 else None
    if found is None or found.kind != "picture":
        raise NotFound("This file has no such page.")
    return found.picture, found.picture_type

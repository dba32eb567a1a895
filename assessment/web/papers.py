"""What a sealed file shows without leaving our pages, opened where the council points to."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, render_template, request

from assessment.models.submissions import SubmissionFile
from assessment.queries.scores import get_sealed_file
from saas import guard
from saas.downloads import picture_response
from saas.errors import NotFound
from saas.files import FileMissing, NoText, PreviewRefused, preview_of, storage, text_pages
from saas.files.pages import PDF, PreviewPage, page_asked, page_of, picture_of
from saas.guard import requires
from saas.policy import Permission

blueprint = Blueprint("papers", __name__)


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
        return picture_response(
            f"{paper.sha256}-{page}",
            lambda: picture_of(str(paper.council_id), paper.sha256, paper.content_type, page),
        )
    except PreviewRefused as refusal:
        raise NotFound(refusal.message) from refusal


def _paper(file_id: UUID) -> SubmissionFile:
    accreditation_id = guard.place().id
    if accreditation_id is None:
        raise NotFound
    return get_sealed_file(accreditation_id, file_id)


def _open(paper: SubmissionFile, asked: str) -> PreviewPage:
    """One page of a sealed file. Asked for beyond its ends, it is the nearest."""
    page = page_asked(asked)
    try:
        if paper.content_type == PDF:
            return _of_pdf(paper, page)
        with storage().open(str(paper.council_id), paper.sha256) as opened:
            found = preview_of(opened, paper.content_type, name=paper.title)
    except (FileMissing, PreviewRefused) as refusal:
        return PreviewPage("words", words=refusal.message)
    return page_of(found)


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

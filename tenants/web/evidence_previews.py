"""What a file shows without leaving our pages: one page of a PDF, a picture, or its content as safe HTML."""

from __future__ import annotations

from saas.files import FileMissing, PreviewRefused, preview_of, storage
from saas.files.pages import PDF, PreviewPage, page_asked, page_of
from saas.files.pages import picture_of as picture_of_file
from tenants.models.evidence import Evidence
from tenants.queries.evidence import find_page


def open_page(evidence: Evidence, asked: str) -> PreviewPage:
    """One page of a file. Asked for beyond its ends, it is the nearest; what cannot be shown says why in words."""
    page = page_asked(asked)
    try:
        if evidence.content_type == PDF and evidence.text_state == "read" and evidence.pages:
            return _of_pdf(evidence, page, evidence.pages)
        with storage().open(str(evidence.council_id), evidence.sha256 or "") as opened:
            found = preview_of(opened, evidence.content_type or "", name=evidence.title)
    except (FileMissing, PreviewRefused) as refusal:
        return PreviewPage("words", words=refusal.message)
    return _of_pdf(evidence, page, found.pages) if found is not None and found.kind == "pages" else page_of(found)


def _of_pdf(evidence: Evidence, page: int, pages: int) -> PreviewPage:
    page = min(max(page, 1), pages)
    return PreviewPage("image", page, pages, find_page(evidence, page))


def picture_of(evidence: Evidence, page: int) -> tuple[bytes, str]:
    """One page of a PDF, or a picture, as an image with its type. Raises NotFound and PreviewRefused."""
    return picture_of_file(str(evidence.council_id), evidence.sha256 or "", evidence.content_type or "", page)

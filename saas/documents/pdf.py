"""PDF: how many pages, one page as a picture, all pages as text."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pypdfium2
from pypdfium2 import raw

from saas.documents.plain import MOST_PAGES, Budget
from saas.errors import Refused

WIDTHS = (50, 2_000)
MOST_PIXELS = 12_000_000


def pdf_pages(path: Path) -> tuple[dict[str, Any], bytes]:
    """`pages`: how many the document has."""
    with _opened(path) as document:
        return {"pages": len(document)}, b""


def pdf_picture(path: Path, page: int, width_px: int) -> tuple[dict[str, Any], bytes]:
    """One page, counted from 1, as a PNG of that width; a page of an absurd shape gets fewer pixels."""
    with _opened(path) as document:
        if not 1 <= page <= len(document):
            return {"pages": len(document)}, b""
        with closing(document[page - 1]) as shown:
            width, height = (max(1.0, side) for side in shown.get_size())
            scale = min(max(width_px, WIDTHS[0]), WIDTHS[1]) / width
            scale = min(scale, (MOST_PIXELS / (width * height)) ** 0.5)
            picture = shown.render(scale=scale, may_draw_forms=False).to_pil()
        output = io.BytesIO()
        picture.convert("RGB").save(output, "PNG", optimize=True)
        return {"pages": len(document)}, output.getvalue()


def pdf_text(path: Path) -> tuple[dict[str, Any], bytes]:
    """The text of each page as a JSON list; a page without text is an empty one, so that numbers stay true."""
    budget = Budget()
    with _opened(path) as document:
        for number in range(min(len(document), MOST_PAGES)):
            with closing(document[number]) as page, closing(page.get_textpage()) as text:
                budget.add(text.get_text_bounded())
    return {}, json.dumps(budget.pages).encode()


@contextmanager
def _opened(path: Path) -> Iterator[pypdfium2.PdfDocument]:
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise Refused("is protected by a password, so it cannot be opened here.") from error
        raise Refused("is damaged and cannot be read.") from error
    with closing(document):
        if len(document) == 0:
            raise Refused("is damaged and cannot be read.")
        yield document

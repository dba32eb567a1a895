"""PDFs of several pages for tests, true enough to be drawn and read."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pypdfium2

from assessment.demo.papers import pdf


def pdf_of_pages(*pages: Sequence[str]) -> bytes:
    """A PDF with these lines on its pages."""
    whole = pypdfium2.PdfDocument.new()
    for lines in pages:
        with pypdfium2.PdfDocument(pdf(lines)) as one:
            whole.import_pages(one)
    saved = io.BytesIO()
    whole.save(saved)
    whole.close()
    return saved.getvalue()

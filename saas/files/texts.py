"""Texts: the words of a document, page by page, to search in and to quote from."""

from __future__ import annotations

import json

from saas.documents.apart import Unreadable, read_apart
from saas.errors import Refused
from saas.files.kinds import KINDS
from saas.files.previews import Source, at_a_path, check_archive

TASKS = {
    "application/pdf": "pdf_text",
    KINDS["docx"].content_type: "word_text",
    KINDS["xlsx"].content_type: "workbook_text",
    "text/csv": "plain_text",
    "text/plain": "plain_text",
    "message/rfc822": "message_text",
}


class NoText(Refused):
    """A document whose words cannot be had; the message says why and begins with “This file”."""


def text_pages(source: Source, content_type: str) -> tuple[str, ...]:
    """The plain text of each page; empty for kinds that have none.

    PDF: one for each page, empty ones too (a scan has no text), so that page n is item n - 1. Word, CSV, text
    and e-mail: stretches of about 3,000 characters. Excel: one for each visible sheet, cells parted by tabs.
    No control characters; at most 2,000 pages of at most 100,000 characters, 5 million together. Raises NoText.
    """
    task = TASKS.get(content_type)
    if task is None:
        return ()
    try:
        with at_a_path(source) as path:
            check_archive(path, content_type)
            return tuple(json.loads(read_apart(task, path).body))
    except Unreadable as refusal:
        raise NoText(f"This file {refusal.message}") from refusal

"""Plain texts: decoded, made clean and parted into pages; e-mails too."""

from __future__ import annotations

import codecs
import email
import email.policy
import json
import re
from dataclasses import dataclass, field
from html import escape, unescape
from pathlib import Path
from typing import Any

import nh3

MOST_PAGES = 2_000
LONGEST_PAGE = 100_000
MOST_CHARACTERS = 5_000_000
PAGE = 3_000
LONGEST_SHOWN = 200_000
READ = 40 * 1024 * 1024
NOT_TEXT = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
HEADERS = ("From", "To", "Cc", "Date", "Subject")


@dataclass
class Budget:
    """Pages of clean text within the limits; what is beyond them is dropped."""

    pages: list[str] = field(default_factory=list)
    left: int = MOST_CHARACTERS
    longest: int = LONGEST_PAGE

    def add(self, text: str) -> None:
        """One page more, cleaned and cut."""
        if len(self.pages) < MOST_PAGES:
            page = clean(text)[: min(self.longest, self.left)]
            self.left -= len(page)
            self.pages.append(page)


def clean(text: str) -> str:
    """Text with plain line ends, without NULs, control characters and what cannot be encoded."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
    return NOT_TEXT.sub("", lines).strip()


def gathered(text: str, parting: str) -> list[str]:
    """Text in pages of about 3,000 characters that end where a part ends (a paragraph, a line)."""
    budget = Budget()
    parts: list[str] = []
    length = 0
    for part in clean(text).split(parting):
        if parts and length + len(part) > PAGE:
            budget.add(parting.join(parts))
            parts, length = [], 0
        parts.append(part)
        length += len(part)
    if any(parts):
        budget.add(parting.join(parts))
    return [page for page in budget.pages if page]


def decoded(path: Path) -> str:
    """The first 40 MB of a file as text: UTF-16 with its mark, UTF-8, or what Windows wrote before."""
    with path.open("rb") as stream:
        data = stream.read(READ)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def plain_page(path: Path) -> tuple[dict[str, Any], bytes]:
    """The text as it stands, and `notes`."""
    text = clean(decoded(path))
    notes = [f"The first {LONGEST_SHOWN:,} of {len(text):,} characters are shown."] if len(text) > LONGEST_SHOWN else []
    # A line break right after the tag belongs to HTML, not to the text.
    return {"notes": notes}, f'<pre class="preview-text">\n{escape(text[:LONGEST_SHOWN])}</pre>'.encode()


def plain_text(path: Path) -> tuple[dict[str, Any], bytes]:
    """The text as a JSON list of stretches of about 3,000 characters, each ending with a line."""
    return {}, json.dumps(gathered(decoded(path), "\n")).encode()


def message_text(path: Path) -> tuple[dict[str, Any], bytes]:
    """An e-mail as a JSON list of stretches: who, to whom, when and about what, then its words."""
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    lines = [f"{name}: {message[name]}" for name in HEADERS if message[name]]
    body = message.get_body(preferencelist=("plain", "html"))
    text = str(body.get_content()) if body is not None else ""
    if body is not None and body.get_content_type() == "text/html":
        text = unescape(nh3.clean(re.sub(r"(?i)<(br|/p|/div|/li|/tr)\b[^>]*>", "\n", text), tags=set()))
    return {}, json.dumps(gathered("\n".join([*lines, "", text]), "\n")).encode()

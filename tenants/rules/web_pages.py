"""What a page of the web says of itself: its title and the day it was last changed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser

LONGEST_TITLE = 300
DATES = (
    "article:modified_time",
    "og:updated_time",
    "dcterms.modified",
    "dc.date.modified",
    "last-modified",
    "article:published_time",
    "dcterms.date",
    "dc.date",
    "date",
)
"""Names under which pages give their date, the likeliest day of the last change first."""
CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
HEAD = 4096


@dataclass(frozen=True, slots=True)
class PageFacts:
    """A page's title ("" where it has none) and its date."""

    title: str
    dated_on: date | None


def facts_of(body: bytes, content_type: str, last_modified: str) -> PageFacts:
    """Read title and date from a page as it was sent; both headers may be empty.

    A date in the page itself comes before the header, which often says only when the server sent it.
    """
    if content_type and "html" not in content_type.lower():
        return PageFacts("", _header_date(last_modified))
    reader = _Reader()
    reader.feed(_decoded(body, content_type))
    reader.close()
    title = " ".join((reader.title or reader.metas.get("og:title", "")).split())[:LONGEST_TITLE]
    days = (_day(reader.metas[name]) for name in DATES if name in reader.metas)
    return PageFacts(title, next(filter(None, days), None) or _header_date(last_modified))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title = ""
        self.metas: dict[str, str] = {}
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "title" and not self.title:
            self._inside = True
        if tag == "meta":
            given = {name: value or "" for name, value in attrs}
            name = given.get("property") or given.get("name") or given.get("http-equiv") or ""
            self.metas.setdefault(name.lower(), given.get("content", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.title += data


def _decoded(body: bytes, content_type: str) -> str:
    named = CHARSET.search(content_type) or CHARSET.search(body[:HEAD].decode("latin-1"))
    try:
        text = body.decode(named[1] if named else "utf-8", errors="replace")
    except LookupError:
        text = body.decode("utf-8", errors="replace")
    return "".join(character if character.isprintable() or character.isspace() else " " for character in text)


def _day(written: str) -> date | None:
    found = DAY.search(written)
    try:
        return date(*map(int, found.groups())) if found else _header_date(written)
    except ValueError:
        return None


def _header_date(written: str) -> date | None:
    try:
        return parsedate_to_datetime(written).date()
    except (ValueError, TypeError, IndexError):
        return None

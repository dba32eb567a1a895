"""What a page of the web says of itself: its title and the day it was last changed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from email.utils import parsedate_to_datetime
from html import unescape
from itertools import islice

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
LONGEST_READ = 2_000
MOST_TITLES = 20
# Strangers write these pages: each expression looks at a bounded stretch, so that none takes longer than the page is
# long. Python's own HTML parser takes minutes for 64 kB of "<a <a <a".
HIDDEN = re.compile(r"<!--|<script\b|<style\b", re.IGNORECASE)
HIDDEN_ENDS = {
    "<!--": re.compile("-->"),
    "<script": re.compile("</script", re.IGNORECASE),
    "<style": re.compile("</style", re.IGNORECASE),
}
TITLE = re.compile(r"<title\b[^<>]{0,200}>", re.IGNORECASE)
TITLE_END = re.compile("</title", re.IGNORECASE)
META = re.compile(r"<meta\b([^<>]{0,2000})>", re.IGNORECASE)
ATTRIBUTE = re.compile(r"(?<![\w:.-])([\w:.-]{1,100})\s{0,9}=\s{0,9}(\"[^\"]*\"|'[^']*'|[^\s\"'>]+)")


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
    text = _shown_part(_decoded(body, content_type))
    metas = _metas(text)
    title = " ".join((_title(text) or metas.get("og:title", "")).split())[:LONGEST_TITLE]
    days = (_day(metas[name]) for name in DATES if name in metas)
    return PageFacts(title, next(filter(None, days), None) or _header_date(last_modified))


def _shown_part(text: str) -> str:
    """The page without what is not read as its own words: comments, scripts and styles; cut at one without an end."""
    kept, at = [], 0
    while found := HIDDEN.search(text, at):
        kept.append(text[at : found.start()])
        end = HIDDEN_ENDS[found[0].lower()].search(text, found.end())
        if end is None:
            return "".join(kept)
        at = end.end()
    return "".join([*kept, text[at:]])


def _title(text: str) -> str:
    """What stands in the first title that is not empty; beyond what is kept of it, its end is not looked for."""
    titles = (text[found.end() : found.end() + LONGEST_READ] for found in islice(TITLE.finditer(text), MOST_TITLES))
    return next((words for title in titles if (words := unescape(TITLE_END.split(title, maxsplit=1)[0]).strip())), "")


def _metas(text: str) -> dict[str, str]:
    metas: dict[str, str] = {}
    for found in META.finditer(text):
        given = {each[1].lower(): each[2].strip("\"'") for each in ATTRIBUTE.finditer(found[1])}
        name = given.get("property") or given.get("name") or given.get("http-equiv") or ""
        metas.setdefault(name.lower(), unescape(given.get("content", "")))
    return metas


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

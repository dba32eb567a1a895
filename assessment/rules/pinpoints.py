"""Where in a file the council says to look: the page that its words name."""

from __future__ import annotations

import re

PAGE = re.compile(r"\b(?:pages?|pp?\.?)\s*(\d{1,4})\b", re.IGNORECASE)


def page_of(pinpoint: str) -> int | None:
    """The first page named in words such as "page 4", "pp. 4-6" or "p.12, the table"; None where none is."""
    found = PAGE.search(pinpoint)
    return int(found[1]) or None if found else None

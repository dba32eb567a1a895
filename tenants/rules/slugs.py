"""Slugs: the names of councils and regions in addresses."""

from __future__ import annotations

import re
import unicodedata

SHAPE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST = 60
SLUG_WORDS = "small letters, digits and hyphens, 2 to 60 characters"


def is_slug(text: str) -> bool:
    """Whether the text is small letters, digits and single hyphens, 2 to 60 characters."""
    return 2 <= len(text) <= LONGEST and SHAPE.fullmatch(text) is not None


def slug_of(name: str) -> str:
    """The slug a name suggests; may be empty when the name has no letter of the Latin alphabet."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain.replace("'", "")))[:LONGEST].strip("-")

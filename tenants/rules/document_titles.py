"""The title that a document gives itself, proposed for the plan that is made of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

LOOKED_AT = 8
"""How many lines from the beginning are looked at; further down, such words head a section."""
FEWEST_WORDS, MOST_WORDS, MOST_CHARACTERS = 3, 15, 120
"""Two words ("Action plan") tell one plan from another less than the name of its file."""
_OF_A_PLAN = re.compile(
    r"\b(?:plans?|programme|strategy|action (?:list|log|points|tracker)|recommendations|improvements)\b", re.IGNORECASE
)
_NO_TITLE = re.compile(r"^(?:this|these|the following|we|it|please|page|source|monitored by|version)\b", re.IGNORECASE)


def propose(lines: Sequence[str]) -> str:
    """The first line that reads like the title of a plan, word for word; "" where none does.

    lines: those outside the rows of tables, in their order. A title is short, begins with a capital, is no sentence
    and names a plan, a programme or a strategy.
    """
    return next((title for line in lines[:LOOKED_AT] if _is_title(title := " ".join(line.split()))), "")


def _is_title(line: str) -> bool:
    if not line or len(line) > MOST_CHARACTERS or not FEWEST_WORDS <= len(line.split()) <= MOST_WORDS or " | " in line:
        return False
    begins = line[0].isupper() or line[0].isdigit()
    return begins and line[-1] not in ".,;:?!" and not _NO_TITLE.match(line) and bool(_OF_A_PLAN.search(line))

"""What a case study is made of, and what it needs before others read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

SECTIONS = (
    ("at_a_glance", "At a glance"),
    ("for_councillors", "Benefits for councillors"),
    ("for_council", "Benefits for the council"),
    ("for_communities", "Benefits for communities"),
)
"""The parts in the order of the page, with their headings."""
BENEFITS = ("for_councillors", "for_council", "for_communities")
MOST_QUOTES = 4
LONGEST_TITLE, LONGEST_SECTION, LONGEST_CONTACT = 200, 10_000, 300
LONGEST_QUOTE, LONGEST_WHO = 2_000, 200
"""Characters of a quote's words, and of who said them."""
QUOTE_PARTS = (
    ("words", "its words"),
    ("who", "who said it"),
    ("consented_on", "the day on which this person agreed"),
)


def quotes_of(
    typed: Sequence[tuple[str, str, date | None]], today: date
) -> tuple[list[dict[str, str]], dict[int, tuple[str, str]]]:
    """Quotes as a draft keeps them, {words, who, consented_on (ISO or "")}, and what is wrong by place (from 0).

    A draft may be incomplete: `lacking` tells what is missing before it is shared. What is wrong is consented_on, with
    a sentence.

    typed: for each place its words, who said them and the day of that person's consent; an empty place is left out.
    """
    kept: list[dict[str, str]] = []
    wrong: dict[int, tuple[str, str]] = {}
    for place, (words, who, consented_on) in enumerate(typed):
        if not words.strip() and not who.strip() and consented_on is None:
            continue
        if consented_on is not None and consented_on > today:
            wrong[place] = "consented_on", "The day of consent cannot be in the future."
            continue
        agreed = consented_on.isoformat() if consented_on else ""
        kept.append({"words": words.strip(), "who": who.strip(), "consented_on": agreed})
    return kept, wrong


def lacking(study: Mapping[str, Any]) -> list[str]:
    """What keeps a case study from being shared, in sentences. study: title, the sections, quotes, contact."""
    found = []
    if not study["at_a_glance"].strip():
        found.append("Write what it is at a glance.")
    if not any(study[name].strip() for name in BENEFITS):
        found.append("Write at least one of the benefits.")
    if not study["contact"].strip():
        found.append("Say who can be asked.")
    for number, quote in enumerate(study["quotes"], 1):
        missing = [words for name, words in QUOTE_PARTS if not quote[name].strip()]
        if missing:
            found.append(f"Quote {number} lacks {_listed(missing)}. Add it, or empty the whole quote.")
    return found


def _listed(words: Sequence[str]) -> str:
    return " and ".join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else words[0]

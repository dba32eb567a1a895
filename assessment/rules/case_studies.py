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


def quotes_of(
    typed: Sequence[tuple[str, str, date | None]], today: date
) -> tuple[list[dict[str, str]], dict[int, tuple[str, str]]]:
    """Quotes as they are kept, {words, who, consented_on (ISO)}, and what is wrong by place (from 0).

    What is wrong is one of words, who and consented_on, and a sentence.

    typed: for each place its words, who said them and the day of that person's consent; an empty place is left out.
    """
    kept: list[dict[str, str]] = []
    wrong: dict[int, tuple[str, str]] = {}
    for place, (words, who, consented_on) in enumerate(typed):
        if not words.strip() and not who.strip() and consented_on is None:
            continue
        if not words.strip():
            wrong[place] = "words", "Enter the words of the quote, or leave the whole quote empty."
        elif not who.strip():
            wrong[place] = "who", "Enter who said it."
        elif consented_on is None:
            wrong[place] = "consented_on", "Enter the day on which this person agreed to be quoted."
        elif consented_on > today:
            wrong[place] = "consented_on", "The day of consent cannot be in the future."
        else:
            kept.append({"words": words.strip(), "who": who.strip(), "consented_on": consented_on.isoformat()})
    return kept, wrong


def lacking(study: Mapping[str, Any]) -> list[str]:
    """What keeps a case study from being shared, in sentences. study: title, the sections, contact."""
    found = []
    if not study["at_a_glance"].strip():
        found.append("Write what it is at a glance.")
    if not any(study[name].strip() for name in BENEFITS):
        found.append("Write at least one of the benefits.")
    if not study["contact"].strip():
        found.append("Say who can be asked.")
    return found

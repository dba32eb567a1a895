"""How the timescales of a report are read: beside the words on its pages and in its papers."""

from __future__ import annotations

from tenants.rules import timescales
from tenants.rules.action_words import words_that_add


def reading_of(text: str) -> str:
    """How a timescale is read: "By 4 May 2017"; "" where that adds nothing to what is written."""
    if not text.strip():
        return ""
    reading = timescales.read(text)
    return words_that_add(text, reading.kind, reading.earliest, reading.latest)

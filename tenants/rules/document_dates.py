"""The date that a document gives itself, proposed for a person to confirm."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tenants.rules import timescales

LOOKED_AT = 30
"""How many lines from the beginning are looked at; further down, a day is somebody's deadline."""
LONGEST = 200
_OF_THE_DOCUMENT = re.compile(
    r"\b(?:dated?|updated?|as at|as of|version|published|produced|prepared|approved|agreed|adopted|report|reported"
    r"|meeting|committee|cabinet|council|minutes|held|issued|revised)\b",
    re.IGNORECASE,
)
_BEGINS = re.compile(
    r"(?:this |the )?(?:(?:action )?plan |document |page |list )?(?:was |is )?(?:last )?"
    r"(?:dated?|updated?|as at|as of|published|produced|prepared|issued|revised|version)\b",
    re.IGNORECASE,
)
_IN_A_NAME = re.compile(r"(?<!\d)(20\d\d)[-_.]?(\d\d)[-_.]?(\d\d)(?!\d)")
_FILLERS = re.compile(r"[_.]+")


@dataclass(frozen=True, slots=True)
class Proposed:
    """A day, and the words in which it stands."""

    on: date
    words: str


def propose(filename: str, lines: Sequence[str]) -> Proposed | None:
    """The day a document seems to be of: written on a line of its own or beside a word such as “updated”, else in its
    name. None where no single day is written: none is guessed, and today is never looked at.
    """
    for line in lines[:LOOKED_AT]:
        for part in line[:LONGEST].split("\n"):
            found = _day_in(part)
            if found is not None:
                return Proposed(found, part.strip())
    for line in lines[LOOKED_AT:]:
        if dates_the_document(line) and (found := _day_in(line)) is not None:
            return Proposed(found, line.strip())
    numbers = _IN_A_NAME.search(filename)
    if numbers is not None:
        try:
            return Proposed(date(*map(int, numbers.groups())), filename)
        except ValueError:
            return None
    stem = filename.rpartition(".")[0] or filename
    found = _day_in(_FILLERS.sub(" ", stem), named=True)
    return Proposed(found, filename) if found is not None else None


def dates_the_document(text: str) -> bool:
    """Whether a line begins by saying that it is the document's own date: “Updated 12 May 2016”."""
    return len(text) <= LONGEST and bool(_BEGINS.match(text)) and _day_in(text) is not None


def _day_in(text: str, *, named: bool = False) -> date | None:
    """The one day in a line that is only a date, or that says by a word that it is the document's."""
    reading = timescales.read(text.strip())
    if reading.latest is None or reading.confidence == "low" or reading.earliest not in (None, reading.latest):
        return None
    if reading.confidence == "high" or named or _OF_THE_DOCUMENT.search(text):
        return reading.latest
    return None

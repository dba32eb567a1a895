"""A region's file of councils and their awards: its columns, the rows of its tables, and what becomes of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tenants.rules.grids import Document, Line, Table

COUNCIL_HEADINGS: dict[str, tuple[str, ...]] = {
    "name": ("council", "name", "council name", "name of council", "authority", "name of authority", "local authority"),
    "slug": ("short name", "short name in addresses", "slug"),
    "kind": ("type", "kind", "type of council", "council type", "kind of authority", "type of authority"),
    "county": ("county", "area", "county or area", "sub region"),
    "seats": ("seats", "councillors", "number of councillors", "number of seats", "members", "number of members"),
    "contact": ("contact", "contact name", "name of contact", "lead", "lead officer"),
    "email": ("contact e mail", "contact email", "e mail", "email", "email address", "e mail address"),
}
AWARD_HEADINGS: dict[str, tuple[str, ...]] = {
    "level": ("level", "award", "award level", "level of award"),
    "framework": ("framework", "charter", "standard", "framework version"),
    "awarded_on": ("awarded on", "awarded", "date awarded", "award date", "date of award"),
    "valid_to_on": ("valid to", "valid until", "expires", "expires on", "expiry", "expiry date", "award ends", "ends"),
    "words": ("certificate words", "words of the certificate", "what the certificate says", "certificate"),
}
HEADINGS = COUNCIL_HEADINGS | AWARD_HEADINGS
LABELS = {
    "name": "Council",
    "slug": "Short name",
    "kind": "Type",
    "county": "County",
    "seats": "Seats",
    "contact": "Contact",
    "email": "Contact e-mail",
    "level": "Level",
    "framework": "Framework",
    "awarded_on": "Awarded on",
    "valid_to_on": "Valid to",
    "words": "Certificate words",
}
COUNCIL_COLUMNS = tuple(LABELS[name] for name in COUNCIL_HEADINGS if name != "slug")
AWARD_COLUMNS = (LABELS["name"], *(LABELS[name] for name in AWARD_HEADINGS))
"""The columns of the two sheets of an empty file."""
ABOUT_SHEET = "About this file"
EXAMPLE = "Example Borough Council (delete this row)"
"""The council of an empty file's example rows, which are never taken in."""

Texts = dict[str, str]
"""Column → what stands in it, "" or missing for nothing."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a file holds: rows as (place, texts), lines that are in no table, and what to tell about the reading."""

    rows: tuple[tuple[str, Texts], ...]
    leftovers: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why nothing is taken in yet: where it stands, in which column, and the reason."""

    place: str
    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class KnownAward:
    """An award that is recorded already."""

    level: str
    awarded_on: date
    valid_to_on: date
    level_title: str


@dataclass(frozen=True, slots=True)
class KnownCouncil:
    """A council that the region has."""

    id: UUID
    slug: str
    name: str
    kind: str
    county: str
    seats: int | None
    awards: tuple[KnownAward, ...] = ()


@dataclass(frozen=True, slots=True)
class Offered:
    """A framework that the region offers. levels: code → title."""

    id: UUID
    code: str
    title: str
    version: str
    levels: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class AwardOutcome:
    """An award of the file. `verb` is new, known, or different: recorded already with what `differences` says."""

    place: str
    verb: str
    framework_id: UUID
    framework_title: str
    framework_version: str
    level: str
    level_title: str
    awarded_on: date
    valid_to_on: date
    differences: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class CouncilOutcome:
    """A council of the file. `known` is it as the region has it, None for a new one.

    `differences`: (column, here, in the file); what is here stays. `seats` is what will be noted, None for nothing.
    """

    place: str
    name: str
    known: KnownCouncil | None
    slug: str
    kind: str
    county: str
    seats: int | None
    contact: str
    email: str
    awards: tuple[AwardOutcome, ...]
    differences: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """What taking the file in would do; with a problem, nothing."""

    councils: tuple[CouncilOutcome, ...]
    problems: tuple[Problem, ...]

    @property
    def added(self) -> int:
        """How many councils are new."""
        return sum(each.known is None for each in self.councils)

    @property
    def recorded(self) -> int:
        """How many awards are new."""
        return sum(award.verb == "new" for each in self.councils for award in each.awards)

    @property
    def noted(self) -> int:
        """How many councils that are here are given their seats."""
        return sum(each.known is not None and each.seats is not None for each in self.councils)

    @property
    def changes(self) -> int:
        """How many things would be done."""
        return self.added + self.recorded + self.noted

    @property
    def invitable(self) -> int:
        """How many of the new councils have a contact to invite."""
        return sum(each.known is None and bool(each.email) for each in self.councils)


def read(document: Document) -> Found:
    """The rows of every table that has a column of councils' names; everything else is a leftover."""
    rows: list[tuple[str, Texts]] = []
    leftovers: list[str] = []
    ignored: list[str] = []
    for block in document.blocks:
        if isinstance(block, Line):
            leftovers.append(block.text)
        elif block.name != ABOUT_SHEET:
            rows += _rows_of(block, leftovers, ignored)
    told = [f"Columns that mean nothing here and stay out: {', '.join(dict.fromkeys(ignored))}."] if ignored else []
    real = tuple((place, texts) for place, texts in rows if texts.get("name") != EXAMPLE)
    if len(real) < len(rows):
        told.append("The example rows of the empty file stay out.")
    return Found(real, tuple(leftovers), (*document.warnings, *told))


def _rows_of(table: Table, leftovers: list[str], ignored: list[str]) -> list[tuple[str, Texts]]:
    columns: dict[str, int] = {}
    rows: list[tuple[str, Texts]] = []
    name = ""
    for row in table.rows:
        if not columns:
            columns = _columns_of(row.texts)
            if columns:
                ignored += [text for at, text in enumerate(row.texts) if text and at not in columns.values()]
            else:
                leftovers.append(" | ".join(filter(None, row.texts)))
            continue
        texts = {each: " ".join(row.texts[at].split()) for each, at in columns.items() if at < len(row.texts)}
        if not any(texts.values()):
            continue
        at = columns["name"]
        if not texts.get("name") and at < len(row.cells) and row.cells[at].above:
            texts["name"] = name
        name = texts.get("name", "")
        rows.append((row.place, {each: text for each, text in texts.items() if text}))
    return rows


def _columns_of(headings: Sequence[str]) -> dict[str, int]:
    """Meaning → place; {} where it is no row of headings, which has at least the council's and one more."""
    found: dict[str, int] = {}
    for at, heading in enumerate(headings):
        plain = " ".join(re.sub(r"[^a-z0-9]+", " ", heading.lower()).split())
        meaning = next((each for each, names in HEADINGS.items() if plain in names and each not in found), None)
        if meaning:
            found[meaning] = at
    return found if "name" in found and len(found) > 1 else {}

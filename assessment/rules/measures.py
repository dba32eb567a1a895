"""Live measures: what a council's own records say in figures, each with its definition; a seal freezes them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Measure:
    """What is counted (`counts`), out of what (`out_of`), and what is left out. `unit` is what one thing is called.

    `of_answers`: it counts the answers of one self-assessment, not the whole council's records.
    """

    code: str
    title: str
    definition: str
    counts: str
    out_of: str
    exclusions: str
    unit: str
    of_answers: bool = False


@dataclass(frozen=True)
class Share:
    """One part of a measure, such as a criterion: so many of so many."""

    label: str
    numerator: int
    denominator: int

    @property
    def percent(self) -> int:
        """Whole percent, never 100 before all are; 0 of nothing."""
        if not self.denominator:
            return 0
        percent = round(100 * self.numerator / self.denominator)
        return min(percent, 99) if self.numerator < self.denominator else percent

    @property
    def words(self) -> str:
        """ "12 of 15 (80%)"."""
        if not self.denominator:
            return "nothing to count yet"
        return f"{self.numerator} of {self.denominator} ({self.percent}%)"


@dataclass(frozen=True)
class Measured:
    """A measure with its figures at one moment (`as_of`, aware)."""

    code: str
    title: str
    definition: str
    numerator: int
    denominator: int
    exclusions: str
    unit: str
    as_of: datetime
    counts: str
    out_of: str
    parts: tuple[Share, ...] = ()

    @property
    def words(self) -> str:
        """The figures in words: "12 of 15 (80%)"."""
        return Share("", self.numerator, self.denominator).words

    def frozen(self) -> dict[str, Any]:
        """The measure as a sealed document keeps it."""
        return {**asdict(self), "as_of": self.as_of.isoformat(), "parts": [asdict(part) for part in self.parts]}


def thawed(kept: Mapping[str, Any]) -> Measured:
    """The measure that a sealed document keeps."""
    parts = tuple(Share(**part) for part in kept["parts"])
    return Measured(**{**kept, "as_of": datetime.fromisoformat(kept["as_of"]), "parts": parts})


def measured(code: str, numerator: int, denominator: int, as_of: datetime, parts: tuple[Share, ...] = ()) -> Measured:
    """A measure of the registry with its figures. KeyError for an unknown code."""
    known = MEASURES[code]
    return Measured(
        code=code,
        title=known.title,
        definition=known.definition,
        numerator=numerator,
        denominator=denominator,
        exclusions=known.exclusions,
        unit=known.unit,
        as_of=as_of,
        counts=known.counts,
        out_of=known.out_of,
        parts=parts,
    )


_KNOWN = (
    Measure(
        code="members_in_office",
        title="Members with a current term",
        definition="How many of the elected members you have recorded hold a term that runs today.",
        counts="Elected members with a term that has begun, has not ended, and is not past the day it was due to end.",
        out_of="Elected members recorded, but for those whose every term has ended.",
        exclusions="Co-opted and independent members, members who have left, and seats that are vacant.",
        unit="member",
    ),
    Measure(
        code="members_in_group",
        title="Members with their political group recorded",
        definition="How many of the elected members in office have a group recorded, or that they are in none.",
        counts="Elected members with a current term whose entry names a group, “Not in a group” included.",
        out_of="Elected members with a current term.",
        exclusions="Co-opted and independent members, and members without a current term. No group is counted apart.",
        unit="member",
    ),
    Measure(
        code="answers_met",
        title="Requirements judged met",
        definition="How many requirements of your level your own judgement says are met, by criterion.",
        counts="Requirements whose judgement is a step of the scale that counts as met.",
        out_of="Requirements of the level.",
        exclusions="Requirements judged not applicable. One that is not judged yet counts as not met.",
        unit="requirement",
        of_answers=True,
    ),
    Measure(
        code="requirements_with_evidence",
        title="Requirements with evidence cited",
        definition="How many requirements of your level cite at least one file or link of your library.",
        counts="Requirements whose answer cites a file or a link.",
        out_of="Requirements of the level.",
        exclusions="Evidence removed from the library or held back by the malware scan, and live measures.",
        unit="requirement",
        of_answers=True,
    ),
    Measure(
        code="evidence_in_force",
        title="Evidence in force",
        definition="How much of your library may still be relied on today, by the date it is valid until.",
        counts="Files and links whose last day of validity has not passed, or that have none.",
        out_of="Files and links in the library.",
        exclusions="Evidence removed from the library or held back by the malware scan, and live measures.",
        unit="piece",
    ),
)
MEASURES = {measure.code: measure for measure in _KNOWN}
"""Every live measure by its code, in the order of the page. A code is never given a second meaning."""

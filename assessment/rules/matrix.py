"""The matrix: councils' judgements of a framework's requirements as marks, gathered by element or criterion.

Marks are text: one letter for each requirement in the framework's order, "a" for the first step of its scale, "b" for
the second, and so on; NONE where there is no judgement.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from assessment.rules.framework_tree import Framework

NONE = "-"
FIRST_STEP, FIRST_PLACE = ord("a"), 256


class By(StrEnum):
    REQUIREMENT = "requirement"
    ELEMENT = "element"
    CRITERION = "criterion"


class Show(StrEnum):
    OWN = "own"
    ISSUED = "issued"
    DIFFERENCE = "difference"


class Difference(StrEnum):
    """How a council's own judgement stands to the report's: one letter each."""

    SAME = "s"
    HIGHER = "h"
    LOWER = "l"
    OTHERWISE = "o"
    UNKNOWN = NONE


DIFFERENCE_WORDS = {
    Difference.SAME: "Same",
    Difference.HIGHER: "Higher",
    Difference.LOWER: "Lower",
    Difference.OTHERWISE: "Differs",
    Difference.UNKNOWN: "–",
}
"""Higher: the council judged itself higher. Differs: one of the two says it does not apply."""


@dataclass(frozen=True, slots=True)
class Column:
    """A requirement, element or criterion, and the places of its requirements in the marks."""

    code: str
    title: str
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the requirements judged are met; those that do not apply do not count."""

    met: int
    judged: int

    @property
    def shape(self) -> str:
        """ "met" for all of them, "partly" from half on, "not" below, "none" where nothing was judged."""
        if not self.judged:
            return "none"
        return "met" if self.met == self.judged else "partly" if 2 * self.met >= self.judged else "not"

    @property
    def percent(self) -> int | None:
        """Whole percent, a half rounded up; None where nothing was judged."""
        return (200 * self.met + self.judged) // (2 * self.judged) if self.judged else None


def letter_of(framework: Framework, step: str) -> str:
    """The letter of a step of the scale by its code; NONE for one that is not on it."""
    codes = [each.code for each in framework.scale]
    return chr(FIRST_STEP + codes.index(step)) if step in codes else NONE


def read(pairs: str | None, size: int) -> str:
    """Marks from the pairs of a place and a letter in which the database gives them, in any order."""
    if not pairs:
        return NONE * size
    order, places, letters = _order(size), pairs[::2], pairs[1::2]
    if places == order:
        return letters  # the usual case: everything is judged, and read in order
    found = dict(zip(places, letters, strict=True))
    return "".join([found.get(place, NONE) for place in order])


@cache
def _order(size: int) -> str:
    """The places of so many requirements."""
    return "".join(chr(FIRST_PLACE + place) for place in range(size))


def columns_of(framework: Framework, by: By) -> tuple[Column, ...]:
    """The columns in the framework's order."""
    place = {requirement.code: number for number, requirement in enumerate(framework.requirements)}
    if by is By.REQUIREMENT:
        return tuple(Column(each.code, each.title, (place[each.code],)) for each in framework.requirements)
    elements = [
        Column(each.code, each.title, tuple(place[requirement.code] for requirement in each.requirements))
        for criterion in framework.criteria
        for each in criterion.elements
    ]
    if by is By.ELEMENT:
        return tuple(elements)
    return tuple(
        Column(
            criterion.code,
            criterion.title,
            tuple(place[requirement.code] for each in criterion.elements for requirement in each.requirements),
        )
        for criterion in framework.criteria
    )


def find_column(framework: Framework, code: str) -> Column | None:
    """The criterion, element or requirement of a code, the widest first; None when there is none."""
    every = (column for by in (By.CRITERION, By.ELEMENT, By.REQUIREMENT) for column in columns_of(framework, by))
    return next((column for column in every if column.code == code), None)


def steps_of(framework: Framework, marks: str) -> dict[str, str | None]:
    """Marks read again: requirement code → the code of a step, None where there is no judgement."""
    steps = {letter_of(framework, step.code): step.code for step in framework.scale}
    return {each.code: steps.get(letter) for each, letter in zip(framework.requirements, marks, strict=True)}


def met_letters(framework: Framework) -> frozenset[str]:
    """The letters of the steps that satisfy a requirement."""
    return frozenset(letter_of(framework, step.code) for step in framework.scale if step.met)


def judged_letters(framework: Framework) -> frozenset[str]:
    """The letters of the steps that say something of a requirement that applies."""
    return frozenset(letter_of(framework, step.code) for step in framework.scale if not step.not_applicable)


def share(marks: str, places: Sequence[int], met: Iterable[str], judged: Iterable[str]) -> Share:
    """How many of the requirements at these places are met, of those judged."""
    found = marks if len(places) == len(marks) else "".join([marks[place] for place in places])
    return Share(sum(map(found.count, met)), sum(map(found.count, judged)))


def stacked(every: Sequence[str], framework: Framework) -> list[str]:
    """The marks of many councils, gathered for each requirement."""
    return ["".join(letters) for letters in zip(*every, strict=True)] or [""] * len(framework.requirements)


def shares_of(every: Sequence[str], columns: Sequence[Column], framework: Framework) -> list[Share]:
    """For each column how many judgements of all councils are met."""
    met, judged = met_letters(framework), judged_letters(framework)
    found, gathered = [], stacked(every, framework)
    for column in columns:
        together = "".join([gathered[place] for place in column.places])
        found.append(Share(sum(map(together.count, met)), sum(map(together.count, judged))))
    return found


def differences(framework: Framework) -> dict[tuple[str, str], str]:
    """(own letter, issued letter) → the letter of the difference, for every pair there can be."""
    letters = {letter_of(framework, step.code): step for step in framework.scale}
    order = list(letters)
    found: dict[tuple[str, str], str] = {}
    for own in (*order, NONE):
        for issued in (*order, NONE):
            if NONE in (own, issued):
                found[own, issued] = Difference.UNKNOWN.value
            elif own == issued:
                found[own, issued] = Difference.SAME.value
            elif letters[own].not_applicable or letters[issued].not_applicable:
                found[own, issued] = Difference.OTHERWISE.value
            else:
                higher = order.index(own) < order.index(issued)
                found[own, issued] = (Difference.HIGHER if higher else Difference.LOWER).value
    return found


def compare(own: str, issued: str, known: dict[tuple[str, str], str]) -> str:
    """The letters of the differences, requirement by requirement. known: what `differences` gives."""
    return "".join(map(known.__getitem__, zip(own, issued, strict=True)))

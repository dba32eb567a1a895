"""The lines behind a matrix's numbers: one for each council and requirement that an address asks for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from assessment.rules import matrix
from assessment.rules.framework_tree import Framework
from assessment.rules.matrix import DIFFERENCE_WORDS, NONE, Difference

JUDGED, NOTHING, KNOWN = "judged", "none", "known"
"""Asked for instead of one step: any that applies, no judgement; instead of one difference: any that is known."""


class Marked(Protocol):
    """A council's row of the matrix; `own` and `issued` are marks."""

    @property
    def slug(self) -> str: ...
    @property
    def own(self) -> str: ...
    @property
    def issued(self) -> str: ...


RowT = TypeVar("RowT", bound=Marked)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the lines are narrowed by; "" for anything.

    at: a criterion, element or requirement. own, issued: a step's code, JUDGED or NOTHING. difference: the name of one
    of Difference in small letters, or KNOWN. council: a slug.
    """

    at: str = ""
    own: str = ""
    issued: str = ""
    difference: str = ""
    council: str = ""


@dataclass(frozen=True, slots=True)
class Line(Generic[RowT]):
    """One council and one requirement; steps by their labels, "" where there is no judgement."""

    row: RowT
    code: str
    title: str
    own: str
    issued: str
    difference: str


def lines_of(tree: Framework, rows: Iterable[RowT], asked: Asked) -> Iterator[Line[RowT]]:
    """The lines in the order of the rows and of the requirements; none for a place that the framework does not have.

    A requirement that nobody judged is a line only where no judgement is asked for.
    """
    column = matrix.find_column(tree, asked.at)
    if asked.at and column is None:
        return
    wanted = column.places if column else tuple(range(len(tree.requirements)))
    known, requirements = matrix.differences(tree), tree.requirements
    labels = {NONE: ""} | {matrix.letter_of(tree, step.code): step.label for step in tree.scale}
    own_wanted, issued_wanted = _letters(tree, asked.own), _letters(tree, asked.issued)
    differs = {each.name.lower(): each.value for each in Difference}.get(asked.difference, "")
    for row in rows:
        if asked.council and row.slug != asked.council:
            continue
        for at in wanted:
            own, issued = row.own[at], row.issued[at]
            difference = known[own, issued]
            if own == issued == NONE and not (own_wanted or issued_wanted):
                continue
            if (own_wanted and own not in own_wanted) or (issued_wanted and issued not in issued_wanted):
                continue
            if (differs and difference != differs) or (asked.difference == KNOWN and difference == NONE):
                continue
            requirement = requirements[at]
            words = "" if difference == NONE else DIFFERENCE_WORDS[Difference(difference)]
            yield Line(row, requirement.code, requirement.title, labels[own], labels[issued], words)


def _letters(tree: Framework, step: str) -> str:
    """The letters that a step asked for stands for; "" for anything."""
    if not step:
        return ""
    if step == JUDGED:
        return "".join(sorted(matrix.judged_letters(tree)))
    return NONE if step == NOTHING else matrix.letter_of(tree, step)

"""Comparisons: which groups of councils may be shown, so that nothing shown tells what fewer than five of them said.

Decided on counts alone. A class is every council that was counted in the same groups so far and is of the same kind and
size. Whatever anybody works out by adding and subtracting shown groups, those shown earlier in the year included, has
to stand for five councils at least; a group that would break this is not shown.

When somebody takes a figure back, every group it was counted in is hidden at once. When somebody shares a new one,
the figures stay as they were until enough have come that the old and the new ones together tell nothing of a few.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

AT_LEAST = 5
MOST_SMALL = 30
"""With more small classes than this, nothing new is shown: it would take long to be sure."""
PRIME = (1 << 61) - 1
"""Sums are taken modulo this prime; what depends on each other by chance there is held back, never shown."""

SIZE_BANDS = {"small": "Up to 39 councillors", "medium": "40 to 59 councillors", "large": "60 councillors or more"}
KINDS = {
    "county": "County councils",
    "district": "District councils",
    "unitary": "Unitary councils",
    "metropolitan": "Metropolitan councils",
    "london_borough": "London boroughs",
    "fire": "Fire authorities",
    "police": "Police authorities",
    "national_park": "National park authorities",
}


@dataclass(frozen=True, slots=True)
class FigureClass:
    """So many figures that were counted in the same groups before (their numbers).

    kind, band: of the councils that share them now; None for figures that were taken back.
    """

    shown: frozenset[int]
    kind: str | None
    band: str | None
    number: int


@dataclass(frozen=True, slots=True, order=True)
class Group:
    """Councils of one kind, of one size, of both, or (all empty) every one that shares the figure."""

    kind: str = ""
    band: str = ""

    def holds(self, each: FigureClass) -> bool:
        """Whether the figures of a class count in this group now."""
        return (
            each.kind is not None
            and (not self.kind or self.kind == each.kind)
            and (not self.band or self.band == each.band)
        )

    @property
    def title(self) -> str:
        """The group in words."""
        if not self.kind and not self.band:
            return "All that share it"
        kind, band = KINDS.get(self.kind, ""), SIZE_BANDS.get(self.band, "")
        return f"{kind}, {band[0].lower()}{band[1:]}" if kind and band else kind or band


def size_band(councillors: int) -> str:
    """The band of a council with so many councillors: small up to 39, medium up to 59, else large."""
    return "small" if councillors < 40 else "medium" if councillors < 60 else "large"


def financial_year(day: date) -> str:
    """The financial year of a day: 2026-27 from 1 April 2026 on."""
    first = day.year if day.month >= 4 else day.year - 1
    return f"{first}-{(first + 1) % 100:02}"


def years_to_compare(today: date) -> list[str]:
    """The two financial years whose figures are shown: the present one and the one before."""
    present = financial_year(today)
    return [present, year_before(present)]


def year_before(period: str) -> str:
    """The financial year before another: 2025-26 before 2026-27."""
    first = int(period[:4]) - 1
    return f"{first}-{(first + 1) % 100:02}"


def to_show(classes: Sequence[FigureClass]) -> list[Group]:
    """The groups that may be shown now: everybody first, then by kind, by size, by both; the larger before the smaller.

    One that would tell of fewer than five, together with those before it and all that was ever shown, is left out.
    """
    sizes = [each.number for each in classes]
    rows = [
        [number in each.shown for each in classes]
        for number in sorted({number for each in classes for number in each.shown})
    ]
    found = []
    for group in _candidates(classes):
        row = [group.holds(each) for each in classes]
        if not tells_of_few([*rows, row], sizes):
            rows.append(row)
            found.append(group)
    return found


def tells_of_few(groups: Sequence[Sequence[bool]], sizes: Sequence[int]) -> bool:
    """Whether some sum and difference of groups stands for fewer than five councils, and for one at least.

    groups: for each group, whether it holds each of the classes. sizes: how many councils each class has.
    """
    free = _free_of([[int(holds) for holds in group] for group in groups], len(sizes))
    small = [at for at, size in enumerate(sizes) if 0 < size < AT_LEAST]
    if len(small) > MOST_SMALL:
        return True
    return _depends(free, sizes, small, 0, AT_LEAST - 1, [])


def _candidates(classes: Sequence[FigureClass]) -> list[Group]:
    present = [each for each in classes if each.kind is not None]
    kinds, bands = {each.kind or "" for each in present}, {each.band or "" for each in present}
    by_size = []
    for step, groups in enumerate(
        (
            {Group()},
            {Group(kind) for kind in kinds},
            {Group("", band) for band in bands},
            {Group(each.kind or "", each.band or "") for each in present},
        )
    ):
        for group in groups:
            number = sum(each.number for each in present if group.holds(each))
            if number >= AT_LEAST:
                by_size.append((step, -number, group))
    return [group for _, _, group in sorted(by_size)]


def _free_of(rows: list[list[int]], width: int) -> list[list[int]]:
    """For each class, its row in a basis of what every group is blind to (the null space of `rows`)."""
    pivots: list[int] = []
    for column in range(width):
        at = next((number for number in range(len(pivots), len(rows)) if rows[number][column]), None)
        if at is None:
            continue
        top = len(pivots)
        rows[top], rows[at] = rows[at], rows[top]
        inverse = pow(rows[top][column], -1, PRIME)
        rows[top] = [value * inverse % PRIME for value in rows[top]]
        for number, row in enumerate(rows):
            if number != top and row[column]:
                factor = row[column]
                rows[number] = [(value - factor * of_top) % PRIME for value, of_top in zip(row, rows[top], strict=True)]
        pivots.append(column)
    unbound = [column for column in range(width) if column not in pivots]
    places = {column: number for number, column in enumerate(pivots)}
    return [
        [-rows[places[column]][other] % PRIME for other in unbound]
        if column in places
        else [int(other == column) for other in unbound]
        for column in range(width)
    ]


def _depends(
    free: list[list[int]], sizes: Sequence[int], small: list[int], begin: int, left: int, kept: list[list[int]]
) -> bool:
    """Whether some of the small classes, of at most `left` councils more, can be told apart by what is shown."""
    for place in range(begin, len(small)):
        at = small[place]
        if sizes[at] > left:
            continue
        row = _reduced(free[at], kept)
        if not any(row):
            return True
        if _depends(free, sizes, small, place + 1, left - sizes[at], [*kept, row]):
            return True
    return False


def _reduced(row: list[int], kept: list[list[int]]) -> list[int]:
    for other in kept:
        lead = next(at for at, value in enumerate(other) if value)
        if row[lead]:
            factor = row[lead] * pow(other[lead], -1, PRIME)
            row = [(value - factor * of_other) % PRIME for value, of_other in zip(row, other, strict=True)]
    return row

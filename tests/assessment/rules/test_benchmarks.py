"""Comparisons never tell of fewer than five councils: below it, beside it, nested, by subtraction, or over time."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import combinations
from random import Random

import pytest

from assessment.rules.benchmarks import (
    FigureClass,
    Group,
    financial_year,
    size_band,
    tells_of_few,
    to_show,
    year_before,
)

NEVER: frozenset[int] = frozenset()
ALL = Group()


def new(kind: str, band: str, number: int) -> FigureClass:
    return FigureClass(NEVER, kind, band, number)


@pytest.mark.parametrize(
    ("seats", "band"), [(1, "small"), (39, "small"), (40, "medium"), (59, "medium"), (60, "large"), (120, "large")]
)
def test_the_band_of_a_council(seats: int, band: str) -> None:
    assert size_band(seats) == band


def test_financial_years() -> None:
    assert financial_year(date(2026, 3, 31)) == "2025-26"
    assert financial_year(date(2026, 4, 1)) == "2026-27"
    assert financial_year(date(1999, 12, 1)) == "1999-00"
    assert year_before("2026-27") == "2025-26"


def test_titles() -> None:
    assert [Group().title, Group("district").title, Group("", "small").title, Group("district", "small").title] == [
        "All that share it",
        "District councils",
        "Up to 39 councillors",
        "District councils, up to 39 councillors",
    ]


def test_four_councils_show_nothing() -> None:
    assert to_show([new("district", "small", 4)]) == []


def test_five_councils_of_one_kind_are_shown_under_each_name() -> None:
    assert to_show([new("district", "small", 5)]) == [
        ALL,
        Group("district"),
        Group("", "small"),
        Group("district", "small"),
    ]


def test_a_group_is_withheld_when_the_rest_of_the_whole_would_be_small() -> None:
    """Twelve districts and four unitaries: all less the districts would be the four."""
    assert to_show([new("district", "small", 12), new("unitary", "small", 4)]) == [ALL, Group("", "small")]


def test_two_overlapping_groups_do_not_reveal_a_fifth() -> None:
    """Districts and small councils share four; each has one the other has not."""
    classes = [new("district", "small", 4), new("district", "large", 1), new("unitary", "small", 1)]
    assert to_show([*classes, new("county", "medium", 20)]) == [
        ALL,
        Group("county"),
        Group("", "medium"),
        Group("county", "medium"),
    ]


def test_a_cell_is_not_found_by_subtracting_cells_from_a_row() -> None:
    """Small councils are nine districts, so districts less small ones would be three."""
    shown = to_show([new("district", "small", 9), new("district", "large", 3), new("unitary", "large", 9)])
    assert shown == [ALL, Group("district"), Group("unitary"), Group("unitary", "large")]


def test_new_figures_wait_until_five_have_come() -> None:
    before = FigureClass(frozenset({1}), "district", "small", 7)
    assert to_show([before, new("district", "small", 4)]) == []
    assert Group() in to_show([before, new("district", "small", 5)])


def test_who_takes_a_figure_back_is_not_told_by_the_group_without_it() -> None:
    gone = FigureClass(frozenset({1}), None, None, 1)
    stayed = FigureClass(frozenset({1}), "district", "small", 12)
    assert to_show([gone, stayed]) == []
    four_came = new("district", "small", 4)
    assert to_show([gone, stayed, four_came])[0] == ALL


def test_who_takes_a_figure_back_is_not_told_by_three_groups_together() -> None:
    """All and districts were shown; one district leaves and five unitaries come: all less unitaries would tell."""
    gone = FigureClass(frozenset({1, 2}), None, None, 1)
    districts = FigureClass(frozenset({1, 2}), "district", "small", 9)
    unitaries, came = FigureClass(frozenset({1}), "unitary", "large", 6), new("unitary", "large", 5)
    shown = to_show([gone, districts, unitaries, came])
    assert (ALL in shown, Group("unitary") in shown) == (True, False)


def test_nothing_that_sums_and_differences_tell_stands_for_fewer_than_five() -> None:
    """Against a slow, independent reckoning, over several rounds of coming and going."""
    chance = Random(7)
    for _ in range(25):
        people = [(chance.choice("ab"), chance.choice("xy")) for _ in range(chance.randint(5, 9))]
        present = list(range(len(people)))
        shown: list[frozenset[int]] = []
        for _ in range(3):
            classes = _classes(people, present, shown)
            for group in to_show(classes):
                members = frozenset(
                    one for one in present if group.kind in ("", people[one][0]) and group.band in ("", people[one][1])
                )
                shown.append(members)
            assert _smallest_told(shown, len(people)) >= 5
            people += [(chance.choice("ab"), chance.choice("xy")) for _ in range(chance.randint(0, 3))]
            present = [one for one in present if chance.random() > 0.1] + list(range(len(people) - 2, len(people)))
            present = sorted(set(present))


def test_many_small_classes_are_not_looked_into() -> None:
    assert tells_of_few([[True] * 31], [1] * 31)


def _classes(people: list[tuple[str, str]], present: list[int], shown: list[frozenset[int]]) -> list[FigureClass]:
    found: dict[tuple[frozenset[int], str | None, str | None], int] = {}
    for one, (kind, band) in enumerate(people):
        into = frozenset(number for number, members in enumerate(shown) if one in members)
        key = (into, kind, band) if one in present else (into, None, None)
        if into or one in present:
            found[key] = found.get(key, 0) + 1
    return [FigureClass(*key, number) for key, number in found.items()]


def _smallest_told(groups: list[frozenset[int]], people: int) -> int:
    """The fewest people that a combination of groups, other than nothing, stands for; at most 5 is told apart."""
    rows = [[Fraction(one in members) for one in range(people)] for members in groups]
    whole = _rank(rows)
    for number in range(5):
        for few in combinations(range(people), number):
            if _rank([[value for one, value in enumerate(row) if one not in few] for row in rows]) < whole:
                return number
    return 5


def _rank(rows: list[list[Fraction]]) -> int:
    rows, rank = [list(row) for row in rows], 0
    for column in range(len(rows[0]) if rows else 0):
        at = next((number for number in range(rank, len(rows)) if rows[number][column]), None)
        if at is None:
            continue
        rows[rank], rows[at] = rows[at], rows[rank]
        for number in range(rank + 1, len(rows)):
            if rows[number][column]:
                factor = rows[number][column] / rows[rank][column]
                rows[number] = [value - factor * top for value, top in zip(rows[number], rows[rank], strict=True)]
        rank += 1
    return rank

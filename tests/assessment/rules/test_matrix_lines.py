"""What each number of the matrix opens: council by requirement, narrowed by what is asked."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from assessment.rules.framework_tree import Framework
from assessment.rules.matrix import NONE, letter_of
from assessment.rules.matrix_lines import Asked, Line, lines_of


@dataclass(frozen=True)
class Row:
    """A council with its marks."""

    slug: str
    own: str
    issued: str


@pytest.fixture
def rows(small: Framework) -> tuple[Row, Row]:
    """Of the first three requirements Alford met two and missed one; a report says the second is not met."""
    met, unmet = letter_of(small, "met"), letter_of(small, "not_met")
    rest = NONE * (len(small.requirements) - 3)
    return Row("alford", met + met + unmet + rest, met + unmet + NONE + rest), Row(
        "bexton", NONE * 3 + rest, NONE * 3 + rest
    )


def found(small: Framework, rows: tuple[Row, Row], **asked: str) -> list[tuple[str, int, str, str, str]]:
    """Council, place of the requirement, both judgements, and how they differ."""
    place = {each.code: number for number, each in enumerate(small.requirements)}
    return [
        (line.row.slug, place[line.code], line.own, line.issued, line.difference)
        for line in lines_of(small, rows, Asked(**asked))
    ]


def test_every_judgement_is_a_line_and_what_nobody_judged_is_none(small: Framework, rows: tuple[Row, Row]) -> None:
    first = small.requirements[0]
    lines = list(lines_of(small, rows, Asked()))
    assert lines[0] == Line(rows[0], first.code, first.title, "Met", "Met", "Same")
    assert found(small, rows) == [
        ("alford", 0, "Met", "Met", "Same"),
        ("alford", 1, "Met", "Not yet met", "Higher"),
        ("alford", 2, "Not yet met", "", ""),
    ]


@pytest.mark.parametrize(
    ("asked", "places"),
    [
        ({"own": "met"}, [0, 1]),
        ({"own": "judged", "issued": "none"}, [2]),
        ({"issued": "not_met"}, [1]),
        ({"difference": "higher"}, [1]),
        ({"difference": "known"}, [0, 1]),
        ({"council": "bexton"}, []),
        ({"council": "alford", "difference": "same"}, [0]),
        ({"at": "no such place"}, []),
    ],
)
def test_lines_are_narrowed_by_what_is_asked(
    small: Framework, rows: tuple[Row, Row], asked: dict[str, str], places: list[int]
) -> None:
    assert [line[1] for line in found(small, rows, **asked)] == places


def test_no_judgement_is_a_line_where_it_is_asked_for(small: Framework, rows: tuple[Row, Row]) -> None:
    assert len(found(small, rows, own="none")) == 2 * len(small.requirements) - 3


def test_one_place_of_the_framework_is_asked_for_by_its_code(small: Framework, rows: tuple[Row, Row]) -> None:
    assert found(small, rows, at=small.requirements[1].code) == [("alford", 1, "Met", "Not yet met", "Higher")]

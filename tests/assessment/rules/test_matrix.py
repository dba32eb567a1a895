"""Marks of the matrix: read from pairs, gathered under columns, and compared."""

from __future__ import annotations

from pathlib import Path

import pytest

from assessment.rules import frameworks, matrix
from assessment.rules.matrix import By, Share

SMALL = frameworks.parse(Path("assessment/starter/charter-2008.yaml").read_text(encoding="utf-8"))
SIZE = len(SMALL.requirements)
MET, PARTLY, NOT_MET, NOT_APPLICABLE = (
    matrix.letter_of(SMALL, step) for step in ("met", "partly_met", "not_met", "not_applicable")
)


def test_every_step_has_a_letter_in_the_order_of_the_scale() -> None:
    assert [matrix.letter_of(SMALL, step.code) for step in SMALL.scale] == list("abcdefgh"[: len(SMALL.scale)])
    assert matrix.letter_of(SMALL, "excellent") == matrix.NONE


@pytest.mark.parametrize(
    ("pairs", "marks"),
    [
        (None, "---"),
        ("", "---"),
        (f"{chr(258)}b{chr(256)}a", "a-b"),
        (f"{chr(256)}c{chr(257)}c{chr(258)}c", "ccc"),
    ],
)
def test_pairs_in_any_order_become_marks_in_the_order_of_requirements(pairs: str | None, marks: str) -> None:
    assert matrix.read(pairs, 3) == marks


@pytest.mark.parametrize("by", list(By))
def test_the_columns_of_every_kind_hold_each_requirement_once(by: By) -> None:
    places = [place for column in matrix.columns_of(SMALL, by) for place in column.places]
    assert places == list(range(SIZE))


def test_a_code_names_the_widest_it_stands_for() -> None:
    first = SMALL.criteria[0]
    assert matrix.find_column(SMALL, first.code) == matrix.columns_of(SMALL, By.CRITERION)[0]
    assert matrix.find_column(SMALL, "nothing") is None


def test_what_does_not_apply_counts_neither_as_met_nor_as_judged() -> None:
    marks = MET + NOT_APPLICABLE + PARTLY + matrix.NONE
    letters = matrix.met_letters(SMALL), matrix.judged_letters(SMALL)
    assert matrix.share(marks, (0, 1, 2, 3), *letters) == Share(1, 2)
    assert matrix.share(marks, (1, 3), *letters) == Share(0, 0)


@pytest.mark.parametrize(
    ("share", "shape", "percent"),
    [
        (Share(0, 0), "none", None),
        (Share(3, 3), "met", 100),
        (Share(1, 2), "partly", 50),
        (Share(1, 3), "not", 33),
        (Share(2, 3), "partly", 67),
        (Share(1, 8), "not", 13),
        (Share(0, 4), "not", 0),
    ],
)
def test_a_share_has_a_shape_and_a_whole_percentage(share: Share, shape: str, percent: int | None) -> None:
    assert (share.shape, share.percent) == (shape, percent)


def test_shares_of_many_councils_are_added_column_by_column() -> None:
    columns = matrix.columns_of(SMALL, By.REQUIREMENT)
    every = [MET * SIZE, PARTLY * SIZE, matrix.NONE * SIZE]
    assert matrix.shares_of(every, columns, SMALL) == [Share(1, 2)] * SIZE
    assert matrix.shares_of([], columns, SMALL) == [Share(0, 0)] * SIZE


def test_judgements_are_compared_from_the_council_s_side() -> None:
    own = MET + MET + PARTLY + NOT_APPLICABLE + matrix.NONE + NOT_APPLICABLE
    issued = MET + PARTLY + MET + MET + MET + NOT_APPLICABLE
    assert matrix.compare(own, issued, matrix.differences(SMALL)) == "shlo-s"


def test_marks_are_read_again_as_steps() -> None:
    marks = f"{MET}{matrix.NONE}{PARTLY}{NOT_MET * (SIZE - 3)}"
    found = list(matrix.steps_of(SMALL, marks).items())
    assert found[:4] == [("1.1.1", "met"), ("1.2.1", None), ("1.3.1", "partly_met"), ("1.4.1", "not_met")]
    assert len(found) == SIZE

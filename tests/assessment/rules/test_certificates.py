"""Certificate numbers: made without vowels, read however they are typed."""

from __future__ import annotations

import secrets

import pytest

from assessment.rules.certificates import ALPHABET, make_number, read_number


def test_a_number_has_three_groups_of_four_unmistakable_signs() -> None:
    number = make_number(secrets.choice)
    assert [len(group) for group in number.split("-")] == [4, 4, 4]
    assert set(number) <= {*ALPHABET, "-"}
    assert not set(ALPHABET) & set("AEIOUY01")


@pytest.mark.parametrize("typed", ["BCDF-GHJK-2345", " bcdf ghjk 2345", "bcdfghjk2345", "BCDF–GHJK–2345"])
def test_a_number_is_read_however_it_is_typed(typed: str) -> None:
    assert read_number(typed) == "BCDF-GHJK-2345"


@pytest.mark.parametrize("typed", ["", "BCDF-GHJK", "BCDF-GHJK-2340", "ABCD-GHJK-2345", "BCDF-GHJK-2345-6"])
def test_what_is_no_number_is_told_so(typed: str) -> None:
    assert read_number(typed) is None

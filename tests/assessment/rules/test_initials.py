"""Initials: of the first and the last word, without titles."""

import pytest

from assessment.rules.initials import initials_of


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("Sam Okoro", "SO"),
        ("Cllr Jo van Dyck", "JD"),
        ("Dr. Ann-Marie O’Neill", "AO"),
        ("Cher", "C"),
        ("Cllr", "C"),
        ("élodie ŵyn", "ÉŴ"),
        ("(acting) Lee", "AL"),
        ("", ""),
    ],
)
def test_initials_are_of_the_first_and_the_last_word(name: str, initials: str) -> None:
    assert initials_of(name) == initials

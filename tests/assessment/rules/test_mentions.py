"""Mentions: who "@" and a name calls in a comment."""

from __future__ import annotations

import pytest

from assessment.rules.mentions import called

PEOPLE = {1: "Sam Harker", 2: "Sam Reed", 3: "Cllr Amina Foss", 4: "Jo van Dyck", 5: "Sam"}


@pytest.mark.parametrize(
    ("words", "people"),
    [
        ("@Sam Harker, can you look?", (1,)),
        ("Ask @harker and then @jo.", (1, 4)),
        ("@Amina Foss knows; so does @Cllr Foss", (3,)),
        ("@jo VAN dyck @Jo van Dyck", (4,)),
        ("Write to sam@example.org about it", ()),
        ("We meet @noon, @Nobody else", ()),
        ("", ()),
    ],
)
def test_a_name_after_an_at_calls_whom_it_fits(words: str, people: tuple[int, ...]) -> None:
    assert called(words, PEOPLE).people == people


def test_a_name_of_several_is_unclear_until_one_of_them_is_chosen() -> None:
    several = {1: "Sam Harker", 2: "Sam Reed"}
    assert called("@sam?", several).unclear == (("@sam", ("Sam Harker", "Sam Reed")),)
    assert called("@sam?", several, chosen=[2]) == called("", several)
    assert called("@sam?", several, chosen=[9]).unclear != ()


def test_a_name_that_fits_nobody_is_unknown_by_its_first_word() -> None:
    assert called("We meet @noon. Ask @Nobody else, @noon, @jo", PEOPLE).unknown == ("@noon", "@Nobody")


def test_a_whole_name_goes_before_the_beginning_of_a_longer_one() -> None:
    assert called("@Sam is away", PEOPLE).people == (5,)

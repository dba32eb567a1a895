"""Outcomes in words."""

import pytest

from assessment.rules.outcomes import outcome_words


@pytest.mark.parametrize(
    ("outcome", "conditions", "words"),
    [
        ("awarded", "", "Awarded"),
        ("awarded", "  \n", "Awarded"),
        ("awarded", "Show the programme by May.", "Awarded, with conditions"),
        ("not_yet", "", "Not yet awarded"),
    ],
)
def test_an_award_with_conditions_is_an_outcome_of_its_own(outcome: str, conditions: str, words: str) -> None:
    assert outcome_words(outcome, conditions) == words

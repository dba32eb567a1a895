"""Outcomes in words."""

import pytest

from assessment.rules.outcomes import needs_words, outcome_words


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


@pytest.mark.parametrize(
    ("outcome", "proposed", "needed"),
    [
        ("awarded", "awarded", False),
        ("awarded", "not_yet", True),
        ("not_yet", "not_yet", True),
        ("not_yet", "awarded", True),
    ],
)
def test_a_council_is_told_why_not_yet_and_why_against_the_rule(outcome: str, proposed: str, needed: bool) -> None:
    assert needs_words(outcome, proposed) is needed

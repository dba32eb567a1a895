"""Outcomes in words."""

import pytest

from assessment.rules.outcomes import as_recorded, needs_words, outcome_words, problem_with_conditions


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


@pytest.mark.parametrize(
    ("chosen", "conditions", "wrong", "recorded"),
    [
        ("awarded", "", "", "awarded"),
        ("awarded", "By May.", "Choose the award with conditions, or take the conditions out.", "awarded"),
        ("awarded_with_conditions", " ", "Enter the conditions of the award.", "awarded"),
        ("awarded_with_conditions", "By May.", "", "awarded"),
        ("not_yet", "", "", "not_yet"),
    ],
)
def test_conditions_and_their_outcome_come_together(chosen: str, conditions: str, wrong: str, recorded: str) -> None:
    assert (problem_with_conditions(chosen, conditions), as_recorded(chosen)) == (wrong, recorded)

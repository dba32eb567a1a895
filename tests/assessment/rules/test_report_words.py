"""What a report says of interests and outcomes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from assessment.rules.report_words import interest_words, outcome_words

DAY, LATER = date(2017, 5, 4), date(2017, 6, 1)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"interest": "none", "declared_on": DAY}, "No interest, declared on 4 May 2017."),
        ({"interest": "none", "declared_on": DAY, "left_on": LATER},
         "No interest, declared on 4 May 2017. Left the team on 1 June 2017."),
        ({"interest": "conflict", "declared_on": DAY, "left_on": DAY},
         "Conflict of interest, declared on 4 May 2017. Left the team on 4 May 2017."),
        ({"interest": "conflict", "declared_on": DAY, "conflicted_on": LATER, "left_on": LATER},
         "Conflict of interest, declared on 1 June 2017. Left the team on 1 June 2017."),
        ({}, "Nothing was declared."),
        ({"scores": False}, "Leads without scoring."),
    ],
)  # fmt: skip
def test_each_line_of_the_record_says_what_was_declared_and_when(given: dict[str, Any], words: str) -> None:
    nothing = {"interest": None, "scores": True, "declared_on": None, "conflicted_on": None, "left_on": None}
    assert interest_words(**(nothing | given)) == words


@pytest.mark.parametrize(
    ("outcome", "conditions", "words"),
    [
        ("awarded", "", "Awarded"),
        ("awarded", "By May.", "Awarded, with conditions"),
        ("not_yet", "", "Not yet awarded"),
    ],
)
def test_an_award_with_conditions_is_an_outcome_of_its_own(outcome: str, conditions: str, words: str) -> None:
    assert outcome_words({"outcome": outcome, "conditions": conditions}) == words

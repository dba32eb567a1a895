"""An award rule in plain English."""

import pytest

from assessment.rules.award_rule_words import percent_words, rule_words
from tests.factories.assessment import tree_of


def test_every_clause_is_a_sentence() -> None:
    assert rule_words(tree_of("charter-2017")) == (
        "All key indicators are judged “Met”.",
        "At least 80% of the requirements are judged “Met”.",
    )


@pytest.mark.parametrize(
    ("share", "minimum", "words"),
    [
        (0.796, 0.8, "79.6%"),
        (0.7996, 0.8, "79.96%"),
        (0.8, 0.8, "80%"),
        (2 / 3, 0.5, "66.7%"),
        (2 / 3, 0.667, "66.67%"),
        (0.80034, 0.8003, "80.03%"),
        (1, 0.8, "100%"),
        (0, 0.8, "0%"),
    ],
)
def test_a_share_never_reads_as_one_on_the_other_side_of_what_is_asked(
    share: float, minimum: float, words: str
) -> None:
    assert percent_words(share, minimum) == words


def test_what_is_asked_is_told_in_full() -> None:
    assert [percent_words(share) for share in (0.8, 0.6667, 1)] == ["80%", "66.67%", "100%"]

"""An award rule in plain English."""

from assessment.rules.award_rule_words import percent_words, rule_words
from tests.factories.assessment import tree_of


def test_every_clause_is_a_sentence() -> None:
    assert rule_words(tree_of("charter-2017")) == (
        "All key indicators are judged “Met”.",
        "At least 80% of the requirements are judged “Met”.",
    )


def test_a_share_is_never_rounded_up() -> None:
    assert [percent_words(share) for share in (0.8, 0.7996, 1)] == ["80%", "79.9%", "100%"]

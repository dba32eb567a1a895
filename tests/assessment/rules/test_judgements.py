"""Scores side by side: only what needs talking over comes up."""

import pytest

from assessment.rules.frameworks import DEFAULT_SCALE, Framework
from assessment.rules.judgements import WORDS, Disagreement, Given, Reason, agreed, differs, disagreements

MET = Given("met")


@pytest.mark.parametrize(
    ("one", "other", "threshold", "result"),
    [
        ("met", "met", 1, False),
        ("met", "partly_met", 1, True),
        ("met", "partly_met", 2, False),
        ("not_met", "met", 2, True),
        ("not_met", "met", 3, False),
        ("not_applicable", "not_met", 9, True),
        ("met", "not_applicable", 9, True),
        ("not_applicable", "not_applicable", 1, False),
    ],
)
def test_steps_differ_by_the_threshold(one: str, other: str, threshold: int, result: bool) -> None:
    assert differs(one, other, DEFAULT_SCALE, threshold) is result


def test_a_step_off_the_scale_is_an_error() -> None:
    with pytest.raises(KeyError):
        differs("met", "splendid", DEFAULT_SCALE, 1)


def test_only_what_needs_talking_over_comes_up(small: Framework) -> None:
    scores = {
        "ann": {
            "1.1.1": MET,
            "1.1.2": MET,
            "1.10": Given("partly_met", "Two sessions were not evaluated."),
            "2.1.2": MET,
        },
        "ben": {
            "1.1.1": MET,
            "1.1.2": Given("not_met", " "),
            "1.10": Given("partly_met", "Half of it."),
            "2.1.2": Given("not_applicable"),
        },
    }
    assert disagreements(scores, small, "plus", 1) == (
        Disagreement("1.1.2", (Reason.DIFFERS, Reason.NO_COMMENT), (("ann", "met"), ("ben", "not_met"))),
        Disagreement("2.1.2", (Reason.NOT_APPLICABLE,), (("ann", "met"), ("ben", "not_applicable"))),
    )
    assert agreed(scores, small, "plus", 1) == {"1.1.1": "met", "1.10": "partly_met"}
    assert [each.requirement_code for each in disagreements(scores, small, "charter", 1)] == ["1.1.2"]


def test_under_the_threshold_the_lower_step_stands(small: Framework) -> None:
    scores = {
        "ann": {"1.1.1": MET, "1.1.2": Given("partly_met", "Not each year."), "1.10": MET},
        "ben": {
            "1.1.1": Given("partly_met", "One group has not signed."),
            "1.1.2": MET,
            "1.10": Given("not_met", "None."),
        },
    }
    assert agreed(scores, small, "charter", 2) == {"1.1.1": "partly_met", "1.1.2": "partly_met"}
    assert [(each.requirement_code, each.reasons) for each in disagreements(scores, small, "charter", 2)] == [
        ("1.10", (Reason.DIFFERS,))
    ]


def test_of_three_the_two_furthest_apart_count(small: Framework) -> None:
    whole = {"1.1.1": MET, "1.1.2": MET}
    scores = {
        "ann": {**whole, "1.10": MET},
        "ben": {**whole, "1.10": Given("partly_met", "Nearly.")},
        "cat": {**whole, "1.10": Given("not_met", "No.")},
    }
    (found,) = disagreements(scores, small, "charter", 2)
    assert found == Disagreement("1.10", (Reason.DIFFERS,), (("ann", "met"), ("ben", "partly_met"), ("cat", "not_met")))


def test_a_missing_score_is_never_agreed(small: Framework) -> None:
    scores = {"ann": {"1.1.1": MET, "1.1.2": MET, "1.10": MET}, "ben": {"1.1.1": MET, "1.1.2": MET}}
    assert disagreements(scores, small, "charter", 1) == (
        Disagreement("1.10", (Reason.MISSING,), (("ann", "met"), ("ben", None))),
    )
    assert agreed({}, small, "charter", 1) == {}


def test_one_assessor_alone_still_has_to_comment(small: Framework) -> None:
    scores = {"ann": {"1.1.1": MET, "1.1.2": Given("partly_met"), "1.10": Given("not_applicable")}}
    assert disagreements(scores, small, "charter", 1) == (
        Disagreement("1.1.2", (Reason.NO_COMMENT,), (("ann", "partly_met"),)),
    )
    assert agreed(scores, small, "charter", 1) == {"1.1.1": "met", "1.10": "not_applicable"}


def test_what_somebody_flags_or_cannot_assess_comes_up_though_the_steps_agree(small: Framework) -> None:
    scores = {
        "ann": {"1.1.1": Given("met", flagged=True), "1.1.2": Given(None), "1.10": MET},
        "ben": {"1.1.1": MET, "1.1.2": MET, "1.10": MET},
    }
    assert disagreements(scores, small, "charter", 1) == (
        Disagreement("1.1.1", (Reason.FLAGGED,), (("ann", "met"), ("ben", "met"))),
        Disagreement("1.1.2", (Reason.CANNOT_ASSESS,), (("ann", None), ("ben", "met"))),
    )
    assert agreed(scores, small, "charter", 1) == {"1.10": "met"}


def test_every_reason_has_words() -> None:
    assert list(WORDS) == list(Reason)

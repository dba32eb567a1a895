"""What is missing before a plan or a submission can be sent."""

import pytest

from assessment.rules.completeness import Answer, PlannedAction, Problem, check_plan, check_readiness
from assessment.rules.frameworks import Framework

MET = Answer("met", evidence=1)
DONE = {"1.1.1": MET, "1.1.2": MET, "1.10": MET}


def test_a_complete_plan_and_submission_have_no_problems(small: Framework) -> None:
    action = PlannedAction("A. Officer", "by May")
    answers = {
        **DONE,
        "1.1.2": Answer("partly_met"),
        "1.10": Answer("not_applicable", reason="There is no such body."),
    }
    assert check_plan(small, "charter", answers, {"1.1.2": [action]}) == []
    assert check_readiness(small, "charter", answers) == []


def test_every_requirement_of_the_level_is_judged(small: Framework) -> None:
    answers = {"1.1.1": MET, "1.10": Answer(None), "9.9": MET}
    expected = [Problem("1.1.2", "Give your judgement."), Problem("1.10", "Give your judgement.")]
    assert check_plan(small, "charter", answers, {}) == expected
    assert check_readiness(small, "charter", answers) == expected
    assert check_plan(small, "plus", DONE, {}) == [Problem("2.1.2", "Give your judgement.")]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer("splendid"), "Choose a judgement that is on the framework's scale."),
        (Answer("not_applicable", reason="  "), "Say why it is not applicable."),
        (Answer("met", confirmed=False), "Confirm that the answer from the last assessment still holds."),
    ],
)
def test_a_judgement_must_be_a_whole_one(small: Framework, answer: Answer, words: str) -> None:
    answers = {**DONE, "1.1.2": answer}
    assert check_plan(small, "charter", answers, {}) == [Problem("1.1.2", words)]
    assert check_readiness(small, "charter", answers) == [Problem("1.1.2", words)]


@pytest.mark.parametrize(
    ("actions", "words"),
    [
        ([], ["Plan an action, as it is not yet met."]),
        ([PlannedAction("", "by May")], ["Say who will do the action."]),
        ([PlannedAction("A. Officer", " ")], ["Say by when the action will be done."]),
        ([PlannedAction("", "")], ["Say who will do the action.", "Say by when the action will be done."]),
        (
            [PlannedAction("", "by May"), PlannedAction("A. Officer", "")],
            ["Give one action both an owner and a timescale."],
        ),
        ([PlannedAction("", ""), PlannedAction("A. Officer", "by May")], []),
    ],
)
def test_what_is_below_met_needs_an_action(small: Framework, actions: list[PlannedAction], words: list[str]) -> None:
    for step in ("partly_met", "not_met"):
        answers = {**DONE, "1.10": Answer(step)}
        assert check_plan(small, "charter", answers, {"1.10": actions}) == [Problem("1.10", each) for each in words]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (
            Answer("partly_met", evidence=3),
            ["This is a key indicator: it must be met before the submission can be sent."],
        ),
        (Answer("met"), ["This is a key indicator: cite at least one piece of evidence."]),
        (Answer("not_applicable", reason="None here."), []),
    ],
)
def test_a_key_indicator_is_met_with_evidence(small: Framework, answer: Answer, words: list[str]) -> None:
    found = check_readiness(small, "charter", {**DONE, "1.1.1": answer})
    assert found == [Problem("1.1.1", each) for each in words]


def test_what_is_no_key_indicator_may_be_sent_without_evidence(small: Framework) -> None:
    assert check_readiness(small, "charter", {**DONE, "1.1.2": Answer("not_met"), "1.10": Answer("met")}) == []

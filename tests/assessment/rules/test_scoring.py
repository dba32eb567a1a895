"""How far a score is, what it lacks, and where "12" leads."""

from __future__ import annotations

import pytest

from assessment.rules.scoring import Standing, find_code, next_to_score, problems, standing

CODES = ("1.1.1", "1.1.2", "2", "A1")
WHOLE = {
    "judgement": "met",
    "reason": "The minutes show it.",
    "cannot_assess": False,
    "strength": "",
    "good_practice": False,
    "improvement": "",
    "mandatory": False,
}


@pytest.mark.parametrize(
    ("judgement", "reason", "cannot_assess", "others", "expected"),
    [
        (None, "", False, "", Standing.NOT_SCORED),
        (None, " \n", False, " ", Standing.NOT_SCORED),
        (None, "", False, "A note", Standing.BEGUN),
        (None, "A reason", False, "", Standing.BEGUN),
        ("met", " ", False, "", Standing.BEGUN),
        (None, "", True, "", Standing.BEGUN),
        ("met", "A reason", False, "", Standing.SCORED),
        (None, "A reason", True, "", Standing.CANNOT_ASSESS),
    ],
)
def test_a_score_counts_with_a_judgement_and_a_reason(
    judgement: str | None, reason: str, cannot_assess: bool, others: str, expected: Standing
) -> None:
    assert standing(judgement, reason, cannot_assess, others) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {}),
        ({"judgement": None, "cannot_assess": True}, {}),
        ({"judgement": None}, {"judgement": ["Choose a judgement."]}),
        ({"reason": " "}, {"reason": ["Give the reason for your judgement."]}),
        ({"judgement": None, "cannot_assess": True, "reason": ""}, {"reason": ["Say why it cannot be assessed."]}),
        ({"good_practice": True}, {"strength": ["Say what the good practice is."]}),
        ({"mandatory": True}, {"improvement": ["Say what has to be improved."]}),
        ({"mandatory": True, "improvement": "Write it down."}, {}),
    ],
)
def test_a_score_says_what_it_lacks(changes: dict[str, object], expected: dict[str, list[str]]) -> None:
    assert problems(**(WHOLE | changes)) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("1.1.2", "1.1.2"),
        (" a1 ", "A1"),
        ("3", "2"),
        ("2", "2"),  # a code comes before a place
        ("1", "1.1.1"),
        ("5", None),
        ("0", None),
        ("", None),
        ("²", None),
        ("99999", None),
    ],
)
def test_a_requirement_is_found_by_code_or_place(typed: str, expected: str | None) -> None:
    assert find_code(typed, CODES) == expected


def test_the_next_to_score_begins_again_after_the_last() -> None:
    assert next_to_score(CODES, "1.1.2", {"2"}) == "A1"
    assert next_to_score(CODES, "A1", {"1.1.1"}) == "1.1.2"
    assert next_to_score(CODES, "2", {"1.1.1", "1.1.2", "A1"}) is None

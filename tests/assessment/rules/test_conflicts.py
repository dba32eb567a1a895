"""Who may not assess a council, and why."""

from dataclasses import replace
from datetime import date

import pytest

from assessment.rules.conflicts import Background, Conflict, ConflictReason, Employment, conflicts
from assessment.rules.processes import ConflictRules

TODAY = date(2026, 6, 1)
RULES = ConflictRules()
OWN = ConflictReason(Conflict.OWN_COUNCIL, "They are a councillor or officer of this council.")


def test_nobody_stands_in_the_way_of_a_stranger() -> None:
    assessor = Background(frozenset({"Ashby"}), (Employment("Crewe", date(2025, 1, 1)),))
    assert conflicts(assessor, "Borley", rules=RULES, today=TODAY, neighbours={"Crewe"}) == []


def test_nobody_assesses_the_own_council() -> None:
    assessor = Background(frozenset({"Ashby", "Borley"}))
    assert conflicts(assessor, "Borley", rules=RULES, today=TODAY) == [OWN]
    assert conflicts(assessor, "Borley", rules=replace(RULES, own_council=False), today=TODAY) == []


@pytest.mark.parametrize(
    ("ended_on", "words"),
    [
        (None, "They work for this council."),
        (date(2026, 6, 1), "They work for this council."),
        (date(2026, 5, 31), "They worked for this council until 31 May 2026, less than 36 months ago."),
        (date(2023, 6, 2), "They worked for this council until 2 June 2023, less than 36 months ago."),
        (date(2023, 6, 1), None),
        (date(2009, 1, 1), None),
    ],
)
def test_work_for_the_council_counts_for_a_time(ended_on: date | None, words: str | None) -> None:
    assessor = Background(
        frozenset({"Ashby"}), (Employment("Borley", date(2001, 1, 1)), Employment("Borley", ended_on))
    )
    expected = [ConflictReason(Conflict.EMPLOYER, words)] if words else []
    assert conflicts(assessor, "Borley", rules=RULES, today=TODAY) == expected
    assert conflicts(assessor, "Borley", rules=replace(RULES, employer_months=None), today=TODAY) == []


def test_councils_do_not_assess_each_other_at_the_same_time() -> None:
    assessor = Background(frozenset({"Ashby"}))
    reason = ConflictReason(
        Conflict.MUTUAL_ASSESSMENT,
        "Somebody of this council is assessing the assessor's own council at this time.",
    )
    now = [("Borley", "Ashby"), ("Crewe", "Dalby")]
    assert conflicts(assessor, "Borley", rules=RULES, today=TODAY, assessing_now=now) == [reason]
    assert conflicts(assessor, "Crewe", rules=RULES, today=TODAY, assessing_now=now) == []
    off = replace(RULES, mutual_assessment=False)
    assert conflicts(assessor, "Borley", rules=off, today=TODAY, assessing_now=now) == []


def test_declared_neighbours_do_not_assess_each_other() -> None:
    assessor = Background(frozenset({"Ashby"}))
    words = "They come from a council that is declared a neighbour of this one."
    reason = ConflictReason(Conflict.DECLARED_NEIGHBOUR, words)
    assert conflicts(assessor, "Borley", rules=RULES, today=TODAY, neighbours={"Ashby"}) == [reason]
    off = replace(RULES, declared_neighbours=False)
    assert conflicts(assessor, "Borley", rules=off, today=TODAY, neighbours={"Ashby"}) == []


def test_every_reason_is_given() -> None:
    assessor = Background(frozenset({"Ashby", "Borley"}), (Employment("Borley"),))
    found = conflicts(
        assessor,
        "Borley",
        rules=RULES,
        today=TODAY,
        assessing_now=[("Borley", "Ashby")],
        neighbours=["Ashby"],
    )
    assert [reason.conflict for reason in found] == list(Conflict)

"""An assessor's queue."""

from datetime import date

import pytest

from assessment.rules.file_queue import FileFacts, Next, dates_of, next_in, order_of
from assessment.rules.stages import Stage

TODAY = date(2026, 5, 4)
DECLARED = {"declared": True, "to_score": 45, "stage": Stage.ASSESSING}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (FileFacts(leads=True), Next("You lead this assessment", "active")),
        (FileFacts(), Next("Declare your interests", "waiting", mine=True)),
        (FileFacts(declared=True, conflict=True), Next("You declared an interest", "neutral")),
        (FileFacts(**DECLARED, scored=12), Next("12 of 45 scored", "active", mine=True)),
        (FileFacts(**DECLARED, scored=45), Next("All scored: check and submit", "waiting", mine=True)),
        (FileFacts(**DECLARED, submitted=True), Next("Submitted: the other scorers have not", "done")),
        (
            FileFacts(declared=True, submitted=True, stage=Stage.REPORTING),
            Next("Submitted: report being written", "done"),
        ),
        (
            FileFacts(declared=True, submitted=True, stage=Stage.MODERATING, again=("1.1", "2.3")),
            Next("Score again: 1.1, 2.3", "waiting", mine=True),
        ),
    ],
)
def test_what_is_next(facts: FileFacts, expected: Next) -> None:
    assert next_in(facts) == expected


def test_what_is_to_come_stands_by_its_day_and_a_visit_that_was_is_left_out() -> None:
    facts = FileFacts(
        **DECLARED, visit_on=date(2026, 6, 1), question_due_on=date(2026, 5, 11), closes_on=date(2026, 9, 1)
    )
    assert dates_of(facts, TODAY) == (
        (date(2026, 5, 11), "The council answers a question by"),
        (date(2026, 6, 1), "Visit"),
        (date(2026, 9, 1), "The file is open until"),
    )
    assert dates_of(FileFacts(visit_on=date(2026, 5, 3)), TODAY) == ()


def test_scores_are_due_until_they_are_submitted_and_only_while_the_file_is_scored() -> None:
    due = date(2026, 5, 2)
    assert dates_of(FileFacts(**DECLARED, due_on=due), TODAY) == ((due, "Scores are due"),)
    assert dates_of(FileFacts(**DECLARED, submitted=True, due_on=due), TODAY) == ()
    assert dates_of(FileFacts(declared=True, stage=Stage.FACT_CHECK, due_on=due), TODAY) == ()


def test_what_waits_for_the_assessor_comes_first_then_by_day() -> None:
    done = FileFacts(**DECLARED, submitted=True, visit_on=date(2026, 5, 5))
    soon = FileFacts(**DECLARED, visit_on=date(2026, 5, 20))
    late = FileFacts(**DECLARED, visit_on=date(2026, 7, 1))
    fresh = FileFacts()
    assert sorted([done, fresh, late, soon], key=lambda each: order_of(each, TODAY)) == [soon, late, fresh, done]

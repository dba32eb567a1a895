"""What a region is needed for today."""

from datetime import date, timedelta

import pytest

from assessment.rules.case_facts import Facts
from assessment.rules.needs import DEFINITIONS, Need, count_needs, needs_of, unmet
from assessment.rules.stages import Stage
from assessment.rules.waiting import Task

TODAY = date(2026, 5, 4)
ACCEPTED = {"sent": "readiness", "sent_outcome": "accepted"}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (Facts(Stage.IMPROVING, empty_places=3), ()),
        (Facts(Stage.IMPROVING, sent="plan", sent_outcome="accepted", empty_places=3), ()),
        (Facts(Stage.SUBMITTED, sent="readiness", empty_places=3), ()),
        (Facts(Stage.SUBMITTED, **ACCEPTED, empty_places=3), (Need.UNASSIGNED,)),
        (Facts(Stage.REPORTING, **ACCEPTED, empty_places=1), (Need.UNASSIGNED,)),
        (Facts(Stage.ASSESSING, **ACCEPTED, conflicts=1, undeclared=1), (Need.CONFLICT, Need.UNDECLARED)),
        (Facts(Stage.ASSESSING, questions=2, question_due_on=TODAY), (Need.QUESTIONS,)),
        (Facts(Stage.ASSESSING, questions=1, late=True), (Need.QUESTIONS, Need.LATE)),
        (Facts(Stage.MODERATING, judged=44, to_judge=45), (Need.DISAGREEMENTS,)),
        (Facts(Stage.MODERATING, judged=45, to_judge=45), ()),
        (Facts(Stage.FACT_CHECK), (Need.FACT_CHECK,)),
        (Facts(Stage.FACT_CHECK, decided=True), ()),
        (Facts(Stage.NOT_YET, appealed=True, replies_missing=3), (Need.APPEAL, Need.REPLIES)),
        (Facts(Stage.AWARDED, valid_to_on=TODAY + timedelta(90)), (Need.LAPSING,)),
        (Facts(Stage.AWARDED, valid_to_on=TODAY + timedelta(91)), ()),
        (Facts(Stage.AWARDED, valid_to_on=TODAY, award_ended=True), ()),
        (Facts(Stage.IMPROVING, next_due_on=TODAY - timedelta(1), late=True), (Need.LATE,)),
        (Facts(Stage.FACT_CHECK, decided=True, stayed_back="A place of the team is empty."), (Need.STAYED_BACK,)),
    ],
)
def test_what_a_case_comes_up_for(facts: Facts, expected: tuple[Need, ...]) -> None:
    assert needs_of(facts, TODAY) == expected


def test_a_need_is_met_by_a_step_that_is_listed() -> None:
    needs = (Need.APPEAL, Need.REPLIES, Need.LATE)
    assert unmet(needs, {Task.DECIDE_APPEAL}) == (Need.REPLIES, Need.LATE)
    assert unmet(needs, ()) == needs


def test_cases_are_counted_in_the_order_of_the_needs() -> None:
    assert count_needs([(Need.LATE,), (Need.UNASSIGNED, Need.LATE), ()]) == {Need.UNASSIGNED: 1, Need.LATE: 2}


def test_every_need_says_what_it_counts() -> None:
    assert list(DEFINITIONS) == list(Need)
    assert all(each.meaning.endswith(".") for each in DEFINITIONS.values())

"""What a council waits for, and from whom."""

from datetime import date

import pytest

from assessment.rules.awaiting import Awaited, awaited_by_council
from assessment.rules.case_facts import Facts
from assessment.rules.stages import Stage

DAY = date(2026, 5, 4)
REGION, ASSESSORS = "the region", "the assessors"


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (Facts(Stage.IMPROVING), None),
        (Facts(Stage.PLAN_SUBMITTED), Awaited(REGION, "a decision on your plan")),
        (
            Facts(Stage.SUBMITTED, sent="readiness"),
            Awaited(REGION, "a decision whether you are ready"),
        ),
        (
            Facts(Stage.SUBMITTED, sent="readiness", sent_outcome="accepted"),
            Awaited(REGION, "the names of your assessors"),
        ),
        (Facts(Stage.ASSESSING), Awaited(ASSESSORS, "their judgement of every requirement")),
        (Facts(Stage.MODERATING), Awaited(REGION, "the judgements on which the assessors agree")),
        (Facts(Stage.REPORTING), Awaited(REGION, "the report for your facts")),
        (Facts(Stage.FACT_CHECK, report_closes_on=DAY, checking_until=DAY), None),
        (Facts(Stage.FACT_CHECK, report_closes_on=DAY), Awaited(REGION, "the outcome", DAY)),
        (Facts(Stage.FACT_CHECK, commented=True), Awaited(REGION, "the outcome")),
        (
            Facts(Stage.FACT_CHECK, commented=True, comment_waits=True),
            Awaited(REGION, "an answer to your comments on the report"),
        ),
        (Facts(Stage.NOT_YET, appealed=True), Awaited(REGION, "a decision of your appeal")),
        (Facts(Stage.AWARDED, interim_waits=True), Awaited(REGION, "the letter about your interim return")),
        (Facts(Stage.AWARDED), None),
        (Facts(Stage.PLAN_SUBMITTED, sent_on=DAY), Awaited(REGION, "a decision on your plan", DAY)),
        (
            Facts(Stage.SUBMITTED, sent="readiness", sent_outcome="accepted", answered_on=DAY),
            Awaited(REGION, "the names of your assessors", DAY),
        ),
        (Facts(Stage.FACT_CHECK, commented=True, commented_on=DAY), Awaited(REGION, "the outcome", DAY)),
        (Facts(Stage.NOT_YET, appealed=True, appealed_on=DAY), Awaited(REGION, "a decision of your appeal", DAY)),
        (
            Facts(Stage.AWARDED, interim_waits=True, sent_on=DAY),
            Awaited(REGION, "the letter about your interim return", DAY),
        ),
    ],
)
def test_whose_turn_it_is_in_words_for_the_council(facts: Facts, expected: Awaited | None) -> None:
    assert awaited_by_council(facts) == expected

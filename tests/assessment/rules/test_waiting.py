"""What waits for whom, stage by stage."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from assessment.rules.stages import Stage
from assessment.rules.waiting import Facts, Task, Waiting, for_council, for_region

TODAY = date(2026, 5, 4)
DUE = date(2026, 9, 1)


def tasks(found: tuple[Waiting, ...]) -> list[Task]:
    return [each.task for each in found]


def test_a_plan_is_sent_when_everything_is_judged() -> None:
    begun = Facts(Stage.SELF_ASSESSING, next_due_on=DUE, answered=12, to_answer=45)
    assert for_council(begun, TODAY) == (
        Waiting(Task.ANSWER, "Go on with the self-assessment", "12 of 45 requirements judged", DUE),
    )
    untouched = Waiting(Task.ANSWER, "Begin the self-assessment", "0 of 45 requirements judged", DUE)
    assert for_council(replace(begun, answered=0), TODAY) == (untouched,)
    assert for_council(replace(begun, answered=45), TODAY) == (
        Waiting(Task.SEND_PLAN, "Check and send the plan to the region", "", DUE),
        Waiting(Task.ANSWER, "Go on with the self-assessment", "45 of 45 requirements judged", DUE),
    )
    assert tasks(for_council(replace(begun, sealing=True), TODAY)) == []


def test_what_was_returned_is_said() -> None:
    returned = Facts(Stage.IMPROVING, answered=45, to_answer=45, sent="readiness", sent_outcome="returned")
    assert [each.hint for each in for_council(returned, TODAY)] == [
        "The region returned what you sent. 45 of 45 requirements judged",
        "The region returned what you sent.",
    ]


def test_signatures_are_waited_for_and_then_the_submission_is_sent() -> None:
    committed = Facts(Stage.COMMITTED)
    assert tasks(for_council(committed, TODAY)) == [Task.AWAIT_COMMITMENT]
    signing = Facts(Stage.IMPROVING, next_due_on=DUE, answered=45, to_answer=45, signing=True)
    assert for_council(signing, TODAY) == (
        Waiting(Task.AWAIT_SIGNATURES, "See who still has to sign the submission", due_on=DUE),
    )
    signed = replace(signing, signing=False, signed=True)
    assert for_council(signed, TODAY) == (
        Waiting(Task.SEND_READINESS, "Check and send the submission", "Everybody has signed", DUE),
    )
    assert for_council(replace(signed, sealing=True), TODAY) == ()


def test_the_fact_check_waits_for_the_council_and_then_for_the_region() -> None:
    opened = Facts(Stage.FACT_CHECK, report_closes_on=DUE)
    assert tasks(for_council(opened, TODAY)) == [Task.COMMENT_ON_REPORT]
    commented = replace(opened, commented=True, comment_waits=True)
    assert tasks(for_council(commented, TODAY)) == []
    assert tasks(for_region(commented)) == [Task.ANSWER_COMMENT]
    answered = replace(commented, comment_waits=False)
    assert tasks(for_region(answered)) == [Task.DECIDE_OUTCOME]
    assert tasks(for_region(replace(answered, decided=True))) == [Task.RELEASE]


@pytest.mark.parametrize(
    ("facts", "task"),
    [
        (Facts(Stage.PLAN_SUBMITTED, sent="plan"), Task.DECIDE_PLAN),
        (Facts(Stage.SUBMITTED, sent="readiness"), Task.DECIDE_READINESS),
        (Facts(Stage.SUBMITTED, sent="readiness", sent_outcome="accepted"), Task.ASSIGN_TEAM),
        (Facts(Stage.ASSESSING, scorers=2, submitted=1), Task.AWAIT_SCORES),
        (Facts(Stage.ASSESSING, scorers=2, conflicts=1), Task.REPLACE_ASSESSOR),
        (Facts(Stage.ASSESSING, scorers=2, submitted=2), Task.BEGIN_MODERATION),
        (Facts(Stage.MODERATING), Task.MODERATE),
        (Facts(Stage.REPORTING), Task.WRITE_REPORT),
        (Facts(Stage.AWARDED, to_verify=2), Task.VERIFY),
    ],
)
def test_the_region_has_one_next_step(facts: Facts, task: Task) -> None:
    assert tasks(for_region(facts)) == [task]


def test_an_award_asks_for_replies_and_later_for_a_new_commitment() -> None:
    held = Facts(
        Stage.AWARDED,
        replies_missing=1,
        reply_due_on=DUE,
        reassessment_opens_on=TODAY + timedelta(days=1),
        valid_to_on=DUE,
    )
    assert for_council(held, TODAY) == (Waiting(Task.REPLY, "Reply to 1 improvement", "", DUE),)
    assert for_council(replace(held, replies_missing=0), TODAY) == ()
    later = replace(held, replies_missing=0, reassessment_opens_on=TODAY)
    assert tasks(for_council(later, TODAY)) == [Task.BEGIN_AGAIN]
    assert tasks(for_council(replace(later, award_ended=True), TODAY)) == []
    assert tasks(for_council(replace(later, begun_again=True), TODAY)) == []


@pytest.mark.parametrize("stage", [Stage.WITHDRAWN, Stage.LAPSED, Stage.ENDED])
def test_nothing_waits_for_anybody_when_it_is_over(stage: Stage) -> None:
    assert (for_council(Facts(stage), TODAY), for_region(Facts(stage))) == ((), ())


def test_the_interim_return_waits_in_its_time_and_then_for_the_region() -> None:
    awarded = Facts(Stage.AWARDED, interim_opens_on=TODAY, interim_due_on=DUE)
    asked = Waiting(Task.SEND_INTERIM, "Write and send the interim return", "It says how far every improvement is", DUE)
    assert for_council(awarded, TODAY) == (asked,)
    assert for_council(awarded, TODAY - timedelta(1)) == ()
    assert for_council(replace(awarded, interim_waits=True), TODAY) == ()
    assert for_council(replace(awarded, interim_reviewed=True), TODAY) == ()
    assert for_council(replace(awarded, award_ended=True), TODAY) == ()
    assert for_council(replace(awarded, sealing=True), TODAY) == ()
    sent = replace(awarded, interim_waits=True)
    assert tasks(for_region(sent)) == [Task.REVIEW_INTERIM]
    assert for_region(replace(sent, award_ended=True)) == ()


def test_what_is_past_its_last_day_waits_for_the_regions_word() -> None:
    late = Facts(Stage.IMPROVING, past_deadline=TODAY)
    words = "Give more time, or let the accreditation lapse"
    assert for_region(late) == (Waiting(Task.LAPSE, words, "The last day to be assessed is over", TODAY),)

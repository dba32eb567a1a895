"""What waits for whom, stage by stage."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from assessment.rules.case_facts import Facts
from assessment.rules.stages import NextStep, Side, Stage
from assessment.rules.waiting import Task, Waiting, for_council, for_region, next_date, whose_turn

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


def test_what_the_chair_confirms_is_asked_for_and_then_waited_for() -> None:
    judged = Facts(Stage.SELF_ASSESSING, next_due_on=DUE, answered=45, to_answer=45, unconfirmed=True)
    first = "The chair of your steering group confirms it first"
    answer = Waiting(Task.ANSWER, "Go on with the self-assessment", "45 of 45 requirements judged", DUE)
    assert for_council(judged, TODAY) == (
        Waiting(Task.SEND_PLAN, "Check and send the plan to the region", first, DUE),
        answer,
    )
    asked = replace(judged, chair_asked=True)
    assert for_council(asked, TODAY) == (
        Waiting(Task.SEND_PLAN, "Waiting for the chair's confirmation", "", DUE),
        answer,
        Waiting(Task.CONFIRM_PLAN, "Read and confirm the plan", "", DUE),
    )
    assert tasks(for_council(replace(asked, sealing=True), TODAY)) == []
    signing = replace(asked, stage=Stage.IMPROVING, signing=True)
    assert tasks(for_council(signing, TODAY)) == [Task.AWAIT_SIGNATURES, Task.CONFIRM_READINESS]
    signed = replace(signing, signing=False, signed=True)
    assert for_council(signed, TODAY) == (
        Waiting(Task.SEND_READINESS, "Waiting for the chair's confirmation", "Everybody has signed", DUE),
        Waiting(Task.CONFIRM_READINESS, "Read and confirm the submission", "", DUE),
    )
    assert [each.hint for each in for_council(replace(signed, chair_asked=False), TODAY)] == [
        f"Everybody has signed. {first}"
    ]
    assert tasks(for_council(replace(signed, unconfirmed=False), TODAY)) == [Task.SEND_READINESS]


def test_the_fact_check_waits_for_the_council_and_then_for_the_region() -> None:
    opened = Facts(Stage.FACT_CHECK, report_closes_on=DUE, checking_until=DUE)
    assert tasks(for_council(opened, TODAY)) == [Task.COMMENT_ON_REPORT]
    commented = replace(opened, commented=True, checking_until=None, comment_waits=True)
    assert tasks(for_council(commented, TODAY)) == []
    assert tasks(for_region(commented)) == [Task.ANSWER_COMMENT]
    answered = replace(commented, comment_waits=False)
    assert tasks(for_region(answered)) == [Task.DECIDE_OUTCOME]
    assert tasks(for_region(replace(answered, decided=True))) == [Task.RELEASE]


@pytest.mark.parametrize("decided", [False, True])
def test_nothing_is_decided_or_released_before_the_fact_check_is_over(decided: bool) -> None:
    opened = Facts(Stage.FACT_CHECK, report_closes_on=TODAY, checking_until=TODAY, decided=decided)
    words = "Wait for the council to end its fact check"
    until = "The council may comment until 4 May 2026"
    assert for_region(opened) == (Waiting(Task.AWAIT_FACT_CHECK, words, until),)
    assert tasks(for_council(opened, TODAY)) == [Task.COMMENT_ON_REPORT]
    passed = replace(opened, checking_until=None)
    assert tasks(for_region(passed)) == [Task.RELEASE if decided else Task.DECIDE_OUTCOME]
    assert for_council(passed, TODAY + timedelta(1)) == ()
    assert whose_turn(passed) == NextStep(Side.REGION, "Decide the outcome and release it.")


def test_an_outcome_that_stayed_back_says_why_until_it_is_released() -> None:
    back = Facts(Stage.FACT_CHECK, commented=True, decided=True, stayed_back="A place is empty.")
    assert for_region(back) == (Waiting(Task.STAYED_BACK, "An outcome stayed back", "A place is empty."),)
    waits = replace(back, comment_waits=True)
    assert tasks(for_region(waits)) == [Task.STAYED_BACK, Task.ANSWER_COMMENT]


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


def test_a_release_asks_to_read_and_to_reply_and_lets_appeal() -> None:
    held = Facts(
        Stage.NOT_YET,
        replies_missing=2,
        reply_due_on=DUE,
        released_on=TODAY,
        appeal_by=date(2026, 6, 2),
    )
    assert for_council(held, TODAY) == (
        Waiting(Task.READ_REPORT, "Read the report", "Released on 4 May 2026", date(2026, 6, 2)),
        Waiting(Task.REPLY, "Reply to 2 improvements", "", DUE),
        Waiting(
            Task.APPEAL,
            "Appeal until 2 June 2026, if your council disagrees with the outcome",
            due_on=date(2026, 6, 2),
        ),
    )
    read = replace(held, appeal_by=None, replies_missing=0)
    assert tasks(for_council(read, TODAY + timedelta(30))) == [Task.READ_REPORT]
    assert for_council(read, TODAY + timedelta(31)) == ()


@pytest.mark.parametrize(
    ("missing", "unnamed", "words"),
    [
        ((), False, "Visit on 1 September 2026"),
        ((), True, "Visit on 1 September 2026, people to name"),
        (("Wren Group",), False, "Visit on 1 September 2026, nobody named from Wren Group"),
        (("Wren", "Tern", "Rook"), False, "Visit on 1 September 2026, nobody named from Wren, Tern or Rook"),
    ],
)
def test_a_visit_to_come_is_a_step_of_its_day(missing: tuple[str, ...], unnamed: bool, words: str) -> None:
    facts = Facts(Stage.ASSESSING, visit_on=DUE, visit_missing=missing, visit_unnamed=unnamed, questions=1)
    asked, visit = for_council(facts, TODAY)
    assert asked.task is Task.ANSWER_QUESTIONS
    assert visit == Waiting(Task.PREPARE_VISIT, words, "Timetable and people to meet", DUE)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (Facts(Stage.ASSESSING), None),
        (Facts(Stage.ASSESSING, next_due_on=DUE, visit_on=TODAY), TODAY),
        (Facts(Stage.SUBMITTED, questions=1, question_due_on=TODAY, visit_on=DUE), TODAY),
        (Facts(Stage.NOT_YET, next_due_on=DUE, appeal_by=TODAY), TODAY),
        (Facts(Stage.AWARDED, next_due_on=TODAY), TODAY),
        (Facts(Stage.AWARDED, next_due_on=TODAY, begun_again=True), None),
        (Facts(Stage.AWARDED, next_due_on=TODAY, award_ended=True, replies_missing=1, reply_due_on=DUE), DUE),
    ],
)
def test_the_next_date_is_the_first_that_anybody_waits_for(facts: Facts, expected: date | None) -> None:
    assert next_date(facts) == expected


@pytest.mark.parametrize(
    ("facts", "who", "words"),
    [
        (Facts(Stage.SUBMITTED, sent_outcome="accepted"), "region", "Put the team of assessors together."),
        (Facts(Stage.FACT_CHECK, checking_until=DUE), "council", "Read the report and say what is factually wrong."),
        (Facts(Stage.FACT_CHECK, commented=True), "region", "Decide the outcome and release it."),
        (
            Facts(Stage.FACT_CHECK, commented=True, comment_waits=True),
            "region",
            "Answer the comments on the report and decide the outcome.",
        ),
        (Facts(Stage.NOT_YET, replies_missing=1), "council", "Reply to every improvement in the report."),
        (Facts(Stage.NOT_YET), "council", "Work on the improvements, and commit again when you are ready."),
    ],
)
def test_whose_turn_it_is_follows_what_happened_within_a_stage(facts: Facts, who: str, words: str) -> None:
    assert whose_turn(facts) == NextStep(Side(who), words)


@pytest.mark.parametrize("stage", [Stage.WITHDRAWN, Stage.LAPSED])
def test_it_is_nobodys_turn_when_it_is_over(stage: Stage) -> None:
    assert whose_turn(Facts(stage)) is None


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

"""The journey of an accreditation, move by move."""

from dataclasses import replace
from functools import partial

import pytest

from assessment.rules import stages
from assessment.rules.processes import DEFAULT
from assessment.rules.stages import (
    LABELS,
    NextStep,
    OutOfTurn,
    Side,
    Stage,
    Verb,
    may,
    next_stage,
)

WAY = [
    (Verb.BEGIN, Stage.SELF_ASSESSING),
    (Verb.SEND_PLAN, Stage.PLAN_SUBMITTED),
    (Verb.RETURN_PLAN, Stage.SELF_ASSESSING),
    (Verb.SEND_PLAN, Stage.PLAN_SUBMITTED),
    (Verb.APPROVE_PLAN, Stage.IMPROVING),
    (Verb.SEND_READINESS, Stage.SUBMITTED),
    (Verb.RETURN_READINESS, Stage.IMPROVING),
    (Verb.SEND_READINESS, Stage.SUBMITTED),
    (Verb.ACCEPT_READINESS, Stage.SUBMITTED),
    (Verb.ASSIGN_TEAM, Stage.ASSESSING),
    (Verb.BEGIN_MODERATION, Stage.MODERATING),
    (Verb.BEGIN_REPORT, Stage.REPORTING),
    (Verb.OPEN_FACT_CHECK, Stage.FACT_CHECK),
    (Verb.AWARD, Stage.AWARDED),
]


def test_the_whole_way_from_commitment_to_award() -> None:
    stage, seen = Stage.COMMITTED, []
    for verb, _ in WAY:
        stage = next_stage(stage, verb, DEFAULT)
        seen.append((verb, stage))
    assert seen == WAY


def test_without_a_plan_step_the_council_improves_at_once() -> None:
    process = replace(DEFAULT, plan_approval=False)
    assert next_stage(Stage.SELF_ASSESSING, Verb.SEND_PLAN, process) is Stage.IMPROVING


def reached_from(stage: Stage) -> set[Stage]:
    """The stages that some verb leads on to, whether the region approves plans or not."""
    processes = (DEFAULT, replace(DEFAULT, plan_approval=False))
    return {next_stage(stage, verb, process) for process in processes for verb in Verb if may(stage, verb)} - {stage}


def test_the_transitions_are_exactly_these() -> None:
    out = {Stage.WITHDRAWN, Stage.LAPSED, Stage.ENDED}
    assert {
        Stage.COMMITTED: {Stage.SELF_ASSESSING} | out,
        Stage.SELF_ASSESSING: {Stage.PLAN_SUBMITTED, Stage.IMPROVING} | out,
        Stage.PLAN_SUBMITTED: {Stage.SELF_ASSESSING, Stage.IMPROVING} | out,
        Stage.IMPROVING: {Stage.SUBMITTED} | out,
        Stage.SUBMITTED: {Stage.IMPROVING, Stage.ASSESSING} | out,
        Stage.ASSESSING: {Stage.MODERATING} | out,
        Stage.MODERATING: {Stage.ASSESSING, Stage.REPORTING} | out,
        Stage.REPORTING: {Stage.ASSESSING, Stage.MODERATING, Stage.FACT_CHECK} | out,
        Stage.FACT_CHECK: {Stage.ASSESSING, Stage.MODERATING, Stage.AWARDED, Stage.NOT_YET} | out,
        Stage.AWARDED: set(),
        Stage.NOT_YET: {Stage.AWARDED},
        Stage.WITHDRAWN: set(),
        Stage.LAPSED: set(),
        Stage.ENDED: set(),
    } == {stage: reached_from(stage) for stage in Stage}


def test_what_is_out_of_turn_says_so_in_words() -> None:
    with pytest.raises(OutOfTurn) as caught:
        next_stage(Stage.IMPROVING, Verb.SEND_PLAN, DEFAULT)
    assert (caught.value.stage, caught.value.verb) == (Stage.IMPROVING, Verb.SEND_PLAN)
    assert str(caught.value) == "The plan cannot be sent at the stage “Improving”."


@pytest.mark.parametrize("stage", sorted(stages.CLOSED))
def test_nothing_moves_once_the_journey_is_over(stage: Stage) -> None:
    appeal = [Verb.UPHOLD_APPEAL] if stage is Stage.NOT_YET else []
    assert [verb for verb in Verb if may(stage, verb)] == appeal
    assert stages.is_closed(stage)


@pytest.mark.parametrize(
    ("predicate", "open_at"),
    [
        (stages.may_edit_answers, "self_assessing improving"),
        (stages.may_send_plan, "self_assessing"),
        (stages.may_decide_plan, "plan_submitted"),
        (stages.may_send_readiness, "improving"),
        (stages.may_decide_readiness, "submitted"),
        (partial(stages.may_decide_sent, "plan"), "plan_submitted"),
        (partial(stages.may_decide_sent, "readiness"), "submitted"),
        (partial(stages.may_decide_sent, "appeal"), ""),
        (stages.may_change_team, "submitted assessing moderating reporting fact_check"),
        (stages.is_ended, "withdrawn lapsed ended"),
        (stages.scores_again, "moderating reporting fact_check"),
        (stages.may_declare_interests, "submitted assessing"),
        (stages.may_score, "assessing"),
        (stages.may_moderate, "moderating"),
        (stages.may_write_report, "reporting fact_check"),
        (stages.may_open_fact_check, "reporting"),
        (stages.may_comment_on_report, "fact_check"),
        (stages.may_decide, "fact_check"),
        (stages.may_reply_to_improvements, "awarded not_yet"),
        (stages.may_verify_improvements, "awarded not_yet"),
        (stages.is_closed, "awarded not_yet withdrawn lapsed ended"),
        (
            stages.may_withdraw,
            ("committed self_assessing plan_submitted improving submitted assessing moderating reporting fact_check"),
        ),
    ],
)
def test_what_may_be_done_at_which_stage(predicate: object, open_at: str) -> None:
    assert callable(predicate)
    assert " ".join(stage for stage in Stage if predicate(stage)) == open_at


def test_every_stage_has_a_label_and_every_open_one_a_next_step() -> None:
    assert list(LABELS) == list(Stage)
    assert len(set(LABELS.values())) == len(Stage)
    assert stages.what_is_next(Stage.PLAN_SUBMITTED) == NextStep(Side.REGION, "Read the plan and approve or return it.")
    assert {stage for stage in Stage if stages.what_is_next(stage) is None} == {
        Stage.WITHDRAWN,
        Stage.LAPSED,
        Stage.ENDED,
    }


def test_a_verb_that_cannot_be_done_has_words_for_the_page() -> None:
    assert list(stages.DONE) == list(Verb)

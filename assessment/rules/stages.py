"""The journey of an accreditation: its stages, which move is open to whom and when, and what comes next."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from assessment.rules.processes import Process


class Stage(StrEnum):
    COMMITTED = "committed"
    SELF_ASSESSING = "self_assessing"
    PLAN_SUBMITTED = "plan_submitted"
    IMPROVING = "improving"
    SUBMITTED = "submitted"
    ASSESSING = "assessing"
    MODERATING = "moderating"
    REPORTING = "reporting"
    FACT_CHECK = "fact_check"
    AWARDED = "awarded"
    NOT_YET = "not_yet"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    ENDED = "ended"


LABELS: Mapping[Stage, str] = {
    Stage.COMMITTED: "Committed",
    Stage.SELF_ASSESSING: "Assessing itself",
    Stage.PLAN_SUBMITTED: "Plan sent",
    Stage.IMPROVING: "Improving",
    Stage.SUBMITTED: "Submission sent",
    Stage.ASSESSING: "Being assessed",
    Stage.MODERATING: "Scores being compared",
    Stage.REPORTING: "Report being written",
    Stage.FACT_CHECK: "Fact check",
    Stage.AWARDED: "Awarded",
    Stage.NOT_YET: "Not yet awarded",
    Stage.WITHDRAWN: "Withdrawn",
    Stage.LAPSED: "Lapsed",
    Stage.ENDED: "Ended",
}


class Verb(StrEnum):
    """What somebody does to an accreditation that may move it."""

    BEGIN = "begin"
    SEND_PLAN = "send_plan"
    APPROVE_PLAN = "approve_plan"
    RETURN_PLAN = "return_plan"
    SEND_READINESS = "send_readiness"
    ACCEPT_READINESS = "accept_readiness"
    RETURN_READINESS = "return_readiness"
    ASSIGN_TEAM = "assign_team"
    BEGIN_MODERATION = "begin_moderation"
    BEGIN_REPORT = "begin_report"
    OPEN_FACT_CHECK = "open_fact_check"
    SCORE_AGAIN = "score_again"
    MODERATE_AGAIN = "moderate_again"
    UPHOLD_APPEAL = "uphold_appeal"
    AWARD = "award"
    DECIDE_NOT_YET = "decide_not_yet"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"
    END = "end"


DONE: Mapping[Verb, str] = {
    Verb.BEGIN: "The self-assessment cannot begin",
    Verb.SEND_PLAN: "The plan cannot be sent",
    Verb.APPROVE_PLAN: "The plan cannot be approved",
    Verb.RETURN_PLAN: "The plan cannot be returned",
    Verb.SEND_READINESS: "The submission cannot be sent",
    Verb.ACCEPT_READINESS: "Readiness cannot be accepted",
    Verb.RETURN_READINESS: "The submission cannot be returned",
    Verb.ASSIGN_TEAM: "The team cannot be assigned",
    Verb.BEGIN_MODERATION: "Moderation cannot begin",
    Verb.BEGIN_REPORT: "The report cannot be begun",
    Verb.OPEN_FACT_CHECK: "The fact check cannot be opened",
    Verb.SCORE_AGAIN: "The file cannot be scored again",
    Verb.MODERATE_AGAIN: "Moderation cannot be opened again",
    Verb.UPHOLD_APPEAL: "No appeal can be upheld",
    Verb.AWARD: "The award cannot be made",
    Verb.DECIDE_NOT_YET: "“Not yet” cannot be decided",
    Verb.WITHDRAW: "The accreditation cannot be withdrawn",
    Verb.LAPSE: "The accreditation cannot lapse",
    Verb.END: "The accreditation cannot be ended",
}

BEFORE_DECISION = frozenset(
    {
        Stage.COMMITTED,
        Stage.SELF_ASSESSING,
        Stage.PLAN_SUBMITTED,
        Stage.IMPROVING,
        Stage.SUBMITTED,
        Stage.ASSESSING,
        Stage.MODERATING,
        Stage.REPORTING,
        Stage.FACT_CHECK,
    }
)
DECIDED = frozenset({Stage.AWARDED, Stage.NOT_YET})
CLOSED = frozenset(Stage) - BEFORE_DECISION

MOVES: Mapping[tuple[Stage, Verb], Stage] = {
    (Stage.COMMITTED, Verb.BEGIN): Stage.SELF_ASSESSING,
    (Stage.SELF_ASSESSING, Verb.SEND_PLAN): Stage.PLAN_SUBMITTED,
    (Stage.PLAN_SUBMITTED, Verb.APPROVE_PLAN): Stage.IMPROVING,
    (Stage.PLAN_SUBMITTED, Verb.RETURN_PLAN): Stage.SELF_ASSESSING,
    (Stage.IMPROVING, Verb.SEND_READINESS): Stage.SUBMITTED,
    # Accepting says "ready"; the file stays where it is until its team is assigned.
    (Stage.SUBMITTED, Verb.ACCEPT_READINESS): Stage.SUBMITTED,
    (Stage.SUBMITTED, Verb.RETURN_READINESS): Stage.IMPROVING,
    (Stage.SUBMITTED, Verb.ASSIGN_TEAM): Stage.ASSESSING,
    (Stage.ASSESSING, Verb.BEGIN_MODERATION): Stage.MODERATING,
    (Stage.MODERATING, Verb.BEGIN_REPORT): Stage.REPORTING,
    (Stage.REPORTING, Verb.OPEN_FACT_CHECK): Stage.FACT_CHECK,
    # Somebody left the team late: the one who comes instead scores, and everything after is done again.
    (Stage.MODERATING, Verb.SCORE_AGAIN): Stage.ASSESSING,
    (Stage.REPORTING, Verb.SCORE_AGAIN): Stage.ASSESSING,
    (Stage.FACT_CHECK, Verb.SCORE_AGAIN): Stage.ASSESSING,
    (Stage.REPORTING, Verb.MODERATE_AGAIN): Stage.MODERATING,
    (Stage.FACT_CHECK, Verb.MODERATE_AGAIN): Stage.MODERATING,
    (Stage.FACT_CHECK, Verb.AWARD): Stage.AWARDED,
    (Stage.NOT_YET, Verb.UPHOLD_APPEAL): Stage.AWARDED,
    (Stage.FACT_CHECK, Verb.DECIDE_NOT_YET): Stage.NOT_YET,
    **{(stage, Verb.WITHDRAW): Stage.WITHDRAWN for stage in BEFORE_DECISION},
    **{(stage, Verb.LAPSE): Stage.LAPSED for stage in BEFORE_DECISION},
    **{(stage, Verb.END): Stage.ENDED for stage in BEFORE_DECISION},
}


class OutOfTurn(ValueError):
    """What cannot be done at this stage; the message says so in words for the page."""

    def __init__(self, stage: Stage, verb: Verb) -> None:
        self.stage = stage
        self.verb = verb
        super().__init__(f"{DONE[verb]} at the stage “{LABELS[stage]}”.")


def may(stage: Stage, verb: Verb) -> bool:
    """Whether the verb can be done at this stage."""
    return (stage, verb) in MOVES


def next_stage(stage: Stage, verb: Verb, process: Process) -> Stage:
    """The stage after the verb. Raises OutOfTurn when it cannot be done at this stage.

    Where the region approves no plans, sending the plan goes straight on to improving.
    """
    if (stage, verb) not in MOVES:
        raise OutOfTurn(stage, verb)
    if verb is Verb.SEND_PLAN and not process.plan_approval:
        return Stage.IMPROVING
    return MOVES[stage, verb]


def may_edit_answers(stage: Stage) -> bool:
    return stage in (Stage.SELF_ASSESSING, Stage.IMPROVING)


def may_send_plan(stage: Stage) -> bool:
    return may(stage, Verb.SEND_PLAN)


def may_decide_plan(stage: Stage) -> bool:
    return may(stage, Verb.APPROVE_PLAN)


def may_send_readiness(stage: Stage) -> bool:
    return may(stage, Verb.SEND_READINESS)


def may_decide_readiness(stage: Stage) -> bool:
    return may(stage, Verb.RETURN_READINESS)


def may_decide_sent(kind: str, stage: Stage) -> bool:
    """Whether the region can decide now on what was sent; kind: "plan" or "readiness", else never."""
    return (kind == "plan" and may_decide_plan(stage)) or (kind == "readiness" and may_decide_readiness(stage))


def may_change_team(stage: Stage) -> bool:
    """Assessors can be named once a submission is there, and replaced until the outcome is released."""
    return stage in (Stage.SUBMITTED, Stage.ASSESSING, Stage.MODERATING, Stage.REPORTING, Stage.FACT_CHECK)


def scores_again(stage: Stage) -> bool:
    """Whether a change among those who score leads back to scoring from here."""
    return may(stage, Verb.SCORE_AGAIN)


def may_declare_interests(stage: Stage) -> bool:
    return stage in (Stage.SUBMITTED, Stage.ASSESSING)


def may_score(stage: Stage) -> bool:
    return stage is Stage.ASSESSING


def may_moderate(stage: Stage) -> bool:
    return stage is Stage.MODERATING


def may_write_report(stage: Stage) -> bool:
    """Also during the fact check, where comments are worked in."""
    return stage in (Stage.REPORTING, Stage.FACT_CHECK)


def may_open_fact_check(stage: Stage) -> bool:
    return may(stage, Verb.OPEN_FACT_CHECK)


def may_comment_on_report(stage: Stage) -> bool:
    return stage is Stage.FACT_CHECK


def may_decide(stage: Stage) -> bool:
    return may(stage, Verb.AWARD)


def may_reply_to_improvements(stage: Stage) -> bool:
    return stage in DECIDED


def may_verify_improvements(stage: Stage) -> bool:
    return stage in DECIDED


def may_lapse(stage: Stage) -> bool:
    """While the council has sent no submission: from then on it waits for others."""
    return stage in (Stage.COMMITTED, Stage.SELF_ASSESSING, Stage.PLAN_SUBMITTED, Stage.IMPROVING)


def may_withdraw(stage: Stage) -> bool:
    return may(stage, Verb.WITHDRAW)


def is_closed(stage: Stage) -> bool:
    """Whether the journey is over: decided, withdrawn, lapsed or ended."""
    return stage in CLOSED


def is_ended(stage: Stage) -> bool:
    """Whether the journey is over without a decision: withdrawn, lapsed or ended."""
    return stage in CLOSED - DECIDED


class Side(StrEnum):
    COUNCIL = "council"
    REGION = "region"
    ASSESSOR = "assessor"


@dataclass(frozen=True)
class NextStep:
    """Whose turn it is, and what is to be done."""

    who: Side
    words: str


NEXT: Mapping[Stage, NextStep] = {
    Stage.COMMITTED: NextStep(Side.COUNCIL, "Sign the declaration."),
    Stage.SELF_ASSESSING: NextStep(
        Side.COUNCIL, "Judge every requirement and plan an action for each that is not met."
    ),
    Stage.PLAN_SUBMITTED: NextStep(Side.REGION, "Read the plan and approve or return it."),
    Stage.IMPROVING: NextStep(Side.COUNCIL, "Work the plan, add evidence and send the submission when ready."),
    Stage.SUBMITTED: NextStep(Side.REGION, "Decide whether the council is ready and assign the team."),
    Stage.ASSESSING: NextStep(Side.ASSESSOR, "Declare interests, read the submission and score every requirement."),
    Stage.MODERATING: NextStep(Side.REGION, "Agree a judgement wherever the scores differ."),
    Stage.REPORTING: NextStep(Side.REGION, "Write the report and open the fact check."),
    Stage.FACT_CHECK: NextStep(Side.COUNCIL, "Read the report and say what is factually wrong."),
    Stage.AWARDED: NextStep(Side.COUNCIL, "Reply to every improvement in the report."),
    Stage.NOT_YET: NextStep(Side.COUNCIL, "Reply to every improvement in the report."),
}


def what_is_next(stage: Stage) -> NextStep | None:
    """Whose turn it is at this stage; None when the accreditation is withdrawn, lapsed or ended."""
    return NEXT.get(stage)

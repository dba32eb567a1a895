"""What waits for whom: the tasks that an accreditation's facts put before its council and its region."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from assessment.rules.case_facts import Facts
from assessment.rules.process_words import day_words
from assessment.rules.stages import DECIDED, NextStep, Side, Stage, what_is_next

READ_DAYS = 30
"""Days after its release in which reading the report is a task."""


class Task(StrEnum):
    """Something one side has to do next. The page knows where it is done and who may."""

    ANSWER = "answer"
    AWAIT_COMMITMENT = "await_commitment"
    AWAIT_SIGNATURES = "await_signatures"
    SEND_PLAN = "send_plan"
    SEND_READINESS = "send_readiness"
    CONFIRM_PLAN = "confirm_plan"
    CONFIRM_READINESS = "confirm_readiness"
    ANSWER_QUESTIONS = "answer_questions"
    PREPARE_VISIT = "prepare_visit"
    COMMENT_ON_REPORT = "comment_on_report"
    READ_REPORT = "read_report"
    REPLY = "reply"
    APPEAL = "appeal"
    SEND_INTERIM = "send_interim"
    BEGIN_AGAIN = "begin_again"

    DECIDE_PLAN = "decide_plan"
    DECIDE_READINESS = "decide_readiness"
    ASSIGN_TEAM = "assign_team"
    REPLACE_ASSESSOR = "replace_assessor"
    AWAIT_SCORES = "await_scores"
    BEGIN_MODERATION = "begin_moderation"
    MODERATE = "moderate"
    WRITE_REPORT = "write_report"
    ANSWER_COMMENT = "answer_comment"
    AWAIT_FACT_CHECK = "await_fact_check"
    DECIDE_OUTCOME = "decide_outcome"
    RELEASE = "release"
    STAYED_BACK = "stayed_back"
    VERIFY = "verify"
    DECIDE_APPEAL = "decide_appeal"
    REVIEW_INTERIM = "review_interim"
    LAPSE = "lapse"


@dataclass(frozen=True)
class Waiting:
    """One task: what to do in words, more about it, and by when (None where no date is set)."""

    task: Task
    words: str
    hint: str = ""
    due_on: date | None = None


def for_council(facts: Facts, today: date) -> tuple[Waiting, ...]:
    """What waits for the council, the next step first."""
    if facts.sealing:
        return ()
    if facts.stage is Stage.COMMITTED:
        return (Waiting(Task.AWAIT_COMMITMENT, "See who still has to sign the commitment"),)
    if facts.signing:
        words = "See who still has to sign the submission"
        return (Waiting(Task.AWAIT_SIGNATURES, words, due_on=facts.next_due_on), *_of_chair(facts))
    if facts.signed:
        words, hint = _until_confirmed(facts, "Check and send the submission", "Everybody has signed")
        return (Waiting(Task.SEND_READINESS, words, hint, facts.next_due_on), *_of_chair(facts))
    if facts.stage in (Stage.SELF_ASSESSING, Stage.IMPROVING):
        return _to_send(facts)
    if facts.stage in DECIDED:
        return tuple(_after_decision(facts, today))
    return tuple(_while_assessed(facts))


def next_date(facts: Facts) -> date | None:
    """The next day anybody waits for, late ones too; the dates of an award that another one follows are nobody's."""
    moved_on = facts.stage is Stage.AWARDED and (facts.award_ended or facts.begun_again)
    days = (
        facts.reply_due_on if moved_on else facts.next_due_on,
        facts.question_due_on,
        facts.visit_on,
        facts.appeal_by,
    )
    return min((day for day in days if day is not None), default=None)


def whose_turn(facts: Facts) -> NextStep | None:
    """Whose turn it is, by what has happened within the stage; None when nothing is to come."""
    if facts.stage is Stage.SUBMITTED and facts.sent_outcome == "accepted":
        return NextStep(Side.REGION, "Put the team of assessors together.")
    if facts.stage is Stage.FACT_CHECK and facts.comment_waits:
        return NextStep(Side.REGION, "Answer the comments on the report and decide the outcome.")
    if facts.stage is Stage.FACT_CHECK and not facts.checking_until:
        return NextStep(Side.REGION, "Decide the outcome and release it.")
    if facts.stage is Stage.NOT_YET and not facts.replies_missing:
        return NextStep(Side.COUNCIL, "Work on the improvements, and commit again when you are ready.")
    return what_is_next(facts.stage)


def _to_send(facts: Facts) -> tuple[Waiting, ...]:
    planning = facts.stage is Stage.SELF_ASSESSING
    returned = "The region returned what you sent. " if facts.sent_outcome == "returned" else ""
    progress = f"{returned}{facts.progress.words}"
    words = "Go on with the self-assessment" if facts.answered else "Begin the self-assessment"
    answer = Waiting(Task.ANSWER, words, progress, facts.next_due_on)
    if planning:
        where = "to the region" if facts.plan_step else "and begin improving"
        words, hint = _until_confirmed(facts, f"Check and send the plan {where}", returned.strip())
        send = Waiting(Task.SEND_PLAN, words, hint, facts.next_due_on)
    else:
        words, hint = _until_confirmed(facts, "Check and send the submission when you are ready", returned.strip())
        send = Waiting(Task.SEND_READINESS, words, hint, facts.next_due_on)
    # While improving everything may be judged already: the work goes on until the council says it is ready.
    if not planning:
        return (answer, send, *_of_chair(facts))
    return (send, answer, *_of_chair(facts)) if facts.progress.is_complete else (answer,)


def _until_confirmed(facts: Facts, words: str, hint: str) -> tuple[str, str]:
    """What sending is called, and what is said of it, while the chair of the steering group has to confirm."""
    if not facts.unconfirmed:
        return words, hint
    if facts.chair_asked:
        return "Waiting for the chair's confirmation", hint
    first = "The chair of your steering group confirms it first"
    return words, f"{hint.rstrip('.')}. {first}" if hint else first


def _of_chair(facts: Facts) -> tuple[Waiting, ...]:
    """What the chair of the steering group has to do, once somebody asked for it."""
    if not (facts.unconfirmed and facts.chair_asked):
        return ()
    if facts.stage is Stage.SELF_ASSESSING:
        return (Waiting(Task.CONFIRM_PLAN, "Read and confirm the plan", due_on=facts.next_due_on),)
    return (Waiting(Task.CONFIRM_READINESS, "Read and confirm the submission", due_on=facts.next_due_on),)


def _while_assessed(facts: Facts) -> list[Waiting]:
    """Between what was sent and the decision: questions, the visit, the facts of the report."""
    found = []
    if facts.questions:
        words = f"Answer {_counted(facts.questions, 'question')} about your submission"
        found.append(Waiting(Task.ANSWER_QUESTIONS, words, due_on=facts.question_due_on))
    if facts.visit_on:
        missing = f", nobody named from {_listed(facts.visit_missing)}" if facts.visit_missing else ""
        words = f"Visit on {day_words(facts.visit_on)}{', people to name' if facts.visit_unnamed else missing}"
        found.append(Waiting(Task.PREPARE_VISIT, words, "Timetable and people to meet", facts.visit_on))
    if facts.stage is Stage.FACT_CHECK and facts.checking_until:
        words = "Read the report and say what is factually wrong"
        found.append(Waiting(Task.COMMENT_ON_REPORT, words, due_on=facts.report_closes_on))
    return found


def _after_decision(facts: Facts, today: date) -> list[Waiting]:
    found = []
    if facts.replies_missing:
        words = f"Reply to {_counted(facts.replies_missing, 'improvement')}"
        found.append(Waiting(Task.REPLY, words, due_on=facts.reply_due_on))
    if facts.appeal_by:
        words = f"Appeal until {day_words(facts.appeal_by)}, if your council disagrees with the outcome"
        found.append(Waiting(Task.APPEAL, words, due_on=facts.appeal_by))
    if facts.released_on and (today - facts.released_on).days <= READ_DAYS:
        # First of all: what is to be done about it follows from it.
        later = [each.due_on for each in found if each.due_on and each.due_on >= today]
        hint = f"Released on {day_words(facts.released_on)}"
        found.insert(0, Waiting(Task.READ_REPORT, "Read the report", hint, min(later, default=None)))
    if facts.stage is not Stage.AWARDED or facts.award_ended or facts.begun_again:
        return found
    settled = facts.interim_waits or facts.interim_reviewed
    if facts.interim_opens_on and today >= facts.interim_opens_on and not settled:
        words = "Write and send the interim return"
        found.append(Waiting(Task.SEND_INTERIM, words, "It says how far every improvement is", facts.interim_due_on))
    if facts.reassessment_opens_on and today >= facts.reassessment_opens_on:
        words = "Commit again before your award ends"
        found.append(Waiting(Task.BEGIN_AGAIN, words, "Reassessment is open", facts.valid_to_on))
    return found


def for_region(facts: Facts) -> tuple[Waiting, ...]:
    """What waits for the region, the next step first."""
    steps = {
        Stage.PLAN_SUBMITTED: _plan_sent,
        Stage.SUBMITTED: _submitted,
        Stage.ASSESSING: _assessing,
        Stage.MODERATING: _moderating,
        Stage.REPORTING: _reporting,
    }
    if facts.appealed:
        return (Waiting(Task.DECIDE_APPEAL, "Decide the appeal of the council"),)
    if facts.stage is Stage.FACT_CHECK:
        return tuple(_fact_check(facts))
    if facts.stage in steps:
        return (steps[facts.stage](facts),)
    if facts.past_deadline:
        words = "Give more time, or let the accreditation lapse"
        return (Waiting(Task.LAPSE, words, "The last day to be assessed is over", facts.past_deadline),)
    found = []
    if facts.interim_waits and not facts.award_ended:
        found.append(Waiting(Task.REVIEW_INTERIM, "Read the interim return and write the letter"))
    if facts.to_verify:
        words = f"Verify {_counted(facts.to_verify, 'improvement')} claimed complete"
        found.append(Waiting(Task.VERIFY, words))
    return tuple(found)


def _plan_sent(_facts: Facts) -> Waiting:
    return Waiting(Task.DECIDE_PLAN, "Approve the plan or return it")


def _submitted(facts: Facts) -> Waiting:
    if facts.sent_outcome != "accepted":
        return Waiting(Task.DECIDE_READINESS, "Decide whether the council is ready")
    return Waiting(Task.ASSIGN_TEAM, "Put the team together")


def _assessing(facts: Facts) -> Waiting:
    if facts.conflicts:
        words = f"Replace {_counted(facts.conflicts, 'assessor')} with a conflict of interest"
        return Waiting(Task.REPLACE_ASSESSOR, words, due_on=facts.next_due_on)
    if facts.empty_places:
        words = f"Fill {_counted(facts.empty_places, 'empty place')} of the team"
        return Waiting(Task.REPLACE_ASSESSOR, words, due_on=facts.next_due_on)
    has = "has" if facts.scorers == 1 else "have"
    progress = f"{facts.submitted} of {_counted(facts.scorers, 'assessor')} {has} sent their scores"
    if facts.scorers and facts.submitted >= facts.scorers:
        return Waiting(Task.BEGIN_MODERATION, "Compare the scores", progress, facts.next_due_on)
    return Waiting(Task.AWAIT_SCORES, "Wait for the assessors", progress, facts.next_due_on)


def _moderating(facts: Facts) -> Waiting:
    hint = f"{facts.judged} of {facts.to_judge} agreed" if facts.to_judge else ""
    return Waiting(Task.MODERATE, "Agree a judgement wherever the scores differ", hint, facts.next_due_on)


def _reporting(facts: Facts) -> Waiting:
    return Waiting(Task.WRITE_REPORT, "Write the report and open the fact check", due_on=facts.next_due_on)


def _fact_check(facts: Facts) -> list[Waiting]:
    """The outcome is decided and released once nothing of the fact check is open: neither a comment nor its term."""
    back = [Waiting(Task.STAYED_BACK, "An outcome stayed back", facts.stayed_back)] if facts.stayed_back else []
    if facts.comment_waits:
        return [*back, Waiting(Task.ANSWER_COMMENT, "Answer the council's comment", due_on=facts.report_closes_on)]
    if facts.checking_until:
        until = f"The council may comment until {day_words(facts.checking_until)}"
        return [*back, Waiting(Task.AWAIT_FACT_CHECK, "Wait for the council to end its fact check", until)]
    if facts.decided:
        # What stayed back is released by itself, on the page that says what is in the way.
        return back or [Waiting(Task.RELEASE, "Release the outcome", due_on=facts.next_due_on)]
    hint = "" if facts.commented else "The council did not comment in its time"
    return [*back, Waiting(Task.DECIDE_OUTCOME, "Decide the outcome", hint, facts.report_closes_on)]


def _listed(names: tuple[str, ...]) -> str:
    return " or ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"

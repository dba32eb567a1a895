"""Where each waiting task is done, and who may do it: the links of work lists and next steps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for

from assessment.queries.cases import Case
from assessment.rules.appeals import why_not_decide
from assessment.rules.waiting import Task, Waiting
from saas import clock, guard
from saas.policy import Permission

P = Permission
PLACES: dict[Task, tuple[Permission, str, dict[str, str]]] = {
    Task.ANSWER: (P.ANSWER_WRITE, "answers.task_list", {}),
    Task.AWAIT_COMMITMENT: (P.ACCREDITATION_COMMIT, "signings.show", {"about": "commitment"}),
    Task.AWAIT_SIGNATURES: (P.ACCREDITATION_COMMIT, "signings.show", {"about": "readiness"}),
    Task.SEND_PLAN: (P.SUBMISSION_SEAL, "submissions.check", {"kind": "plan"}),
    Task.SEND_READINESS: (P.SUBMISSION_SEAL, "submissions.check", {"kind": "readiness"}),
    Task.CONFIRM_PLAN: (P.PLAN_CONFIRM, "chair_confirmations.show", {"about": "plan"}),
    Task.CONFIRM_READINESS: (P.PLAN_CONFIRM, "chair_confirmations.show", {"about": "readiness"}),
    Task.ANSWER_QUESTIONS: (P.QUESTION_ANSWER, "clarification_answers.list_questions", {}),
    Task.PREPARE_VISIT: (P.VISIT_JOIN, "visit_people.show", {}),
    Task.COMMENT_ON_REPORT: (P.REPORT_COMMENT, "reports.comment", {}),
    Task.READ_REPORT: (P.ACCREDITATION_READ, "reports.comment", {}),
    Task.REPLY: (P.IMPROVEMENT_REPLY, "improvements.list_improvements", {}),
    Task.BEGIN_AGAIN: (P.ACCREDITATION_COMMIT, "commitments.new", {}),
    Task.DECIDE_PLAN: (P.PLAN_APPROVE, "readiness.decide", {}),
    Task.DECIDE_READINESS: (P.READINESS_DECIDE, "readiness.decide", {}),
    Task.ASSIGN_TEAM: (P.TEAM_ASSIGN, "teams.edit", {}),
    Task.REPLACE_ASSESSOR: (P.TEAM_ASSIGN, "teams.edit", {}),
    Task.AWAIT_SCORES: (P.TEAM_ASSIGN, "teams.edit", {}),
    Task.BEGIN_MODERATION: (P.SCORE_MODERATE, "moderations.show", {}),
    Task.MODERATE: (P.SCORE_MODERATE, "moderations.show", {}),
    Task.WRITE_REPORT: (P.REPORT_WRITE, "reports.edit", {}),
    Task.ANSWER_COMMENT: (P.REPORT_WRITE, "reports.edit", {}),
    Task.AWAIT_FACT_CHECK: (P.REPORT_WRITE, "reports.edit", {}),
    Task.DECIDE_OUTCOME: (P.OUTCOME_DECIDE, "decisions.edit", {}),
    Task.RELEASE: (P.AWARD_RELEASE, "awards.release", {}),
    Task.STAYED_BACK: (P.AWARD_RELEASE, "awards.release", {}),
    Task.DECIDE_APPEAL: (P.APPEAL_DECIDE, "appeals.read", {}),
    Task.VERIFY: (P.IMPROVEMENT_VERIFY, "improvements.review", {}),
    Task.APPEAL: (P.APPEAL_LODGE, "appeals.show", {}),
    Task.SEND_INTERIM: (P.IMPROVEMENT_REPLY, "interim.show", {}),
    Task.REVIEW_INTERIM: (P.IMPROVEMENT_VERIFY, "interim_reviews.show", {}),
    Task.LAPSE: (P.READINESS_DECIDE, "endings.lapse", {}),
}
WITHOUT_ACCREDITATION = {Task.BEGIN_AGAIN}
WITH_SUBMISSION = {Task.DECIDE_PLAN, Task.DECIDE_READINESS, Task.REVIEW_INTERIM}
OF_CHAIR = {Task.CONFIRM_PLAN, Task.CONFIRM_READINESS}
"""What comes first for whoever may do it."""
NOBODYS = {Task.AWAIT_SCORES, Task.AWAIT_FACT_CHECK}
"""What waits for somebody else: shown on the case, never in a list of what waits for me."""
OUTSIDERS = {Task.DECIDE_OUTCOME, Task.DECIDE_APPEAL}
"""What nobody does who had a part in the assessment or belongs to the council."""


@dataclass(frozen=True, slots=True)
class Step:
    """A task as a page shows it; `href` is "" where the viewer may not do it."""

    task: Task
    title: str
    hint: str
    due: date | None
    late: bool
    href: str


def step_of(case: Case, waiting: Waiting) -> Step:
    """The task with its link, when the viewer may do it."""
    permission, endpoint, values = PLACES[waiting.task]
    arguments: dict[str, Any] = dict(values)
    if waiting.task not in WITHOUT_ACCREDITATION:
        arguments["accreditation_id"] = case.accreditation.id
    if waiting.task in WITH_SUBMISSION:
        arguments["submission_id"] = case.submission_id
    href = url_for(endpoint, **arguments) if guard.may(permission) and not _had_a_part(case, waiting.task) else ""
    late = waiting.due_on is not None and waiting.due_on < clock.today()
    return Step(waiting.task, waiting.words, waiting.hint, waiting.due_on, late, href)


def _had_a_part(case: Case, task: Task) -> bool:
    """Whether the task is an outsider's and the viewer is none: as the page of the task itself would say."""
    if task not in OUTSIDERS:
        return False
    viewer, council_id = guard.viewer(), case.accreditation.council_id
    refusal = why_not_decide(
        decided_before=task is Task.DECIDE_APPEAL and viewer.id in case.deciders,
        part=case.duties.get(viewer.id),
        has_access=any(place.kind == "council" and place.id == council_id for place in viewer.places),
    )
    return refusal is not None


def by_date(due: date | None, soon: date) -> tuple[int, date]:
    """The order of a work list: what is due until `soon` by date, then what has no date, then the rest by date."""
    return (1, date.max) if due is None else (0 if due <= soon else 2, due)

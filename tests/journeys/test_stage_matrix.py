"""Every stage × role × action, by real requests: who may, when, and that whatever is refused changes nothing.

*May you?* is the policy's (403 or 404), *can it be done now?* the rules' (409). One accreditation that has been through
everything is put into each stage in turn; each request is undone again. What a page does and an operation does too is
asked of both, and hears the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from assessment.queries.reports import find_newest
from assessment.queries.submissions import find_latest
from assessment.rules import stages, visits
from assessment.rules.measures import MEASURES
from assessment.rules.stages import LABELS, Stage
from saas import clock
from saas.db import db
from saas.policy import COUNCIL_ROLES, GRANTS, REGION_ROLES, Permission, Role
from saas.tenancy import Scope
from saas.transaction import within
from tests.factories.awards import draft_version, make_fact_check
from tests.factories.clarifications import make_question
from tests.factories.scores import MadeCase
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser, make_council, make_region, make_user
from tests.house.asking import Asker, address

P = Permission
ANSWERS = {404: "unseen", 403: "refused", 409: "not now"}
"""What a status says; anything else was done, or asked for something more."""
IN_TURN = "not now, for another reason than the stage"
When = Callable[[Stage], bool]


def at(*allowed: Stage) -> When:
    """At these stages alone."""
    return lambda stage: stage in allowed


@dataclass(frozen=True)
class Action:
    """One thing somebody does to an accreditation: where it is sent, with what, who may and when."""

    name: str
    side: str
    path: str
    data: dict[str, str]
    permission: Permission
    when: When


@dataclass(frozen=True)
class Ground:
    """The accreditation, the ids its pages name, and somebody of every role."""

    case: MadeCase
    ids: dict[str, str]
    users: dict[Role, MadeUser]

    def address(self, action: Action) -> str:
        """Where the action is sent."""
        base = {
            "council": f"/councils/{self.case.council.slug}/accreditations/{self.case.accreditation_id}/",
            "region": f"/regions/{self.case.region.slug}/cases/{self.case.accreditation_id}/",
            "file": f"/files/{self.case.accreditation_id}/",
        }[action.side]
        return base + action.path.format(**self.ids)

    def typed(self, action: Action) -> dict[str, str]:
        """What the action's form sends."""
        return {name: value.format(**self.ids) for name, value in action.data.items()}

    def everybody(self, app: Flask) -> dict[Role, Asker]:
        """Each of them with a session, and with tokens of the own place."""
        return {
            role: person(app, user, self.case.council if role in COUNCIL_ROLES else self.case.region)
            for role, user in self.users.items()
        }

    def call(self, app: Flask, asker: Asker, name: str) -> TestResponse:
        """The answer to the operation that does what this action does."""
        operation, body, version = OPERATIONS[name]
        (rule,) = [rule for rule in app.url_map.iter_rules() if rule.endpoint.endswith(f".{operation}")]
        accreditation_id = self.case.accreditation_id
        place = {"council": self.case.council.slug, "region": self.case.region.slug, "file": accreditation_id}
        named = {"accreditation_id": accreditation_id, "submission_id": self.ids["submission"], "code": "1.1.1"}
        named |= {"number": 0, "report_id": self.ids["report"], "clarification_id": self.ids["question"]}
        sent: dict[str, Any] = {"json": body} if body is not None else {}
        if version:
            sent["headers"] = {"If-Match": f'"{self.ids[version]}"'}
        return asker.ask(rule, address(app, rule, place | named), **sent)


ASKED = (Stage.SUBMITTED, Stage.ASSESSING, Stage.MODERATING)
REOPENED = (Stage.REPORTING, Stage.FACT_CHECK)
ACTIONS = (
    Action("answer", "council", "requirements/1.1.1", {"narrative": "More.", "version": "{answer_version}"},
           P.ANSWER_WRITE, stages.may_edit_answers),
    Action("send the plan", "council", "check/plan", {"monitor": "Alex Reed"}, P.SUBMISSION_SEAL, stages.may_send_plan),
    Action("send the submission", "council", "check/readiness", {}, P.SUBMISSION_SEAL, stages.may_send_readiness),
    Action("confirm the plan", "council", "confirm/plan", {"words": ""}, P.PLAN_CONFIRM, stages.may_send_plan),
    Action("withdraw", "council", "withdraw", {"reason": "No time."}, P.SUBMISSION_SEAL, stages.may_withdraw),
    Action("answer a question", "council", "questions/{question}", {"words": "In June.", "version": "0"},
           P.QUESTION_ANSWER, at(*ASKED)),
    Action("comment on the report", "council", "report/{report}", {"paragraph": "", "words": "A name is wrong."},
           P.REPORT_COMMENT, stages.may_comment_on_report),
    Action("return the plan", "region", "submissions/{submission}", {"outcome": "returned", "reason": "Not yet."},
           P.READINESS_DECIDE, stages.may_decide_plan),
    Action("begin moderation", "region", "moderation/begin", {}, P.SCORE_MODERATE, at(Stage.ASSESSING)),
    Action("let agreed ones stand", "region", "moderation/agree", {}, P.SCORE_MODERATE, stages.may_moderate),
    Action("agree a judgement", "region", "moderation/requirements/1.1.1",
           {"judgement": "met", "reason": "As seen.", "version": "1"}, P.SCORE_MODERATE, stages.may_moderate),
    Action("finish moderation", "region", "moderation/finish", {}, P.SCORE_MODERATE, stages.may_moderate),
    Action("moderate again", "region", "moderation/reopen", {"reason": "Something was missed."}, P.SCORE_MODERATE,
           at(*REOPENED)),
    Action("write the report", "region", "report", {"summary": "Good.", "version": "{draft_version}"}, P.REPORT_WRITE,
           stages.may_write_report),
    Action("open the fact check", "region", "report/fact-check", {"version": "{draft_version}"}, P.REPORT_ISSUE,
           at(*REOPENED)),
    Action("decide", "region", "decision", {"outcome": "awarded"}, P.OUTCOME_DECIDE, stages.may_decide),
    Action("ask about a requirement", "region", "questions", {"code": "1.1.1", "question": "Who led it?"},
           P.QUESTION_ASK, at(*ASKED)),
    Action("declare a conflict late", "file", "interests/changed", {"words": "My cousin works there."},
           P.INTEREST_DECLARE, lambda _: True),
    Action("ask the council", "file", "requirements/1.1.1/questions", {"question": "When was that?"}, P.QUESTION_ASK,
           at(*ASKED)),
)  # fmt: skip
OPERATIONS: dict[str, tuple[str, dict[str, Any] | None, str]] = {
    "answer": ("saveAnswer", {"narrative": "More."}, "answer_version"),
    "send the plan": ("submitPlan", {"monitor": "Alex Reed"}, ""),
    "send the submission": ("submitSelfAssessment", None, ""),
    "confirm the plan": ("confirmAsChair", {"about": "plan"}, ""),
    "withdraw": ("withdrawAccreditation", None, ""),
    "answer a question": ("answerClarification", {"words": "In June."}, ""),
    "comment on the report": ("commentOnReport", {"words": "A name is wrong."}, ""),
    "return the plan": ("approvePlan", {"outcome": "returned", "reason": "Not yet."}, ""),
    "begin moderation": ("beginModeration", None, ""),
    "let agreed ones stand": ("agreeJudgements", None, ""),
    "agree a judgement": ("moderateScore", {"judgement": "met", "reason": "As seen."}, "judgement_version"),
    "finish moderation": ("finishModeration", None, ""),
    "moderate again": ("reopenModeration", {"reason": "Something was missed."}, ""),
    "write the report": ("draftReport", {"summary": "Good."}, "draft_version"),
    "open the fact check": ("openFactCheck", None, "draft_version"),
    "decide": ("decideAccreditation", {"outcome": "awarded"}, ""),
    "ask about a requirement": ("askCaseQuestion", {"requirement": "1.1.1", "question": "Who led it?"}, ""),
    "ask the council": ("askClarification", {"requirement": "1.1.1", "question": "When was that?"}, ""),
}
"""The action → the operation that does it, its body, and which id is the version that it has seen."""
BY_PROGRAM = (
    Action("comment on an answer", "council", "", {}, P.ANSWER_COMMENT, at(*stages.BEFORE_DECISION)),
    Action("cite a measure", "council", "", {}, P.ANSWER_WRITE, stages.may_edit_answers),
    Action("ask for a text", "council", "", {}, P.ANSWER_WRITE, stages.may_edit_answers),
    Action("ask the chair", "council", "", {}, P.SUBMISSION_SEAL, stages.may_send_plan),
    Action("name a person to meet", "council", "", {}, P.VISIT_JOIN, visits.may_plan),
    Action("write the interim return", "council", "", {}, P.IMPROVEMENT_REPLY, at(Stage.AWARDED)),
    Action("plan the visit", "region", "", {}, P.VISIT_PLAN, visits.may_plan),
    Action("give more time", "region", "", {}, P.READINESS_DECIDE, at(*stages.BEFORE_DECISION)),
    Action("let it lapse", "region", "", {}, P.READINESS_DECIDE, stages.may_lapse),
    Action("note an interview", "file", "", {}, P.INTERVIEW_NOTE, visits.may_note),
)
"""What operations are asked alone: their pages are reached by way of others."""
OPERATIONS |= {
    "comment on an answer": ("writeAnswerComment", {"words": "Is it so?"}, ""),
    "cite a measure": ("citeMeasure", {"measure": next(iter(MEASURES))}, ""),
    "ask for a text": (
        "askContribution",
        {"name": "Jo", "email": "jo@example.org", "question": "How was it?", "due_on": f"{clock.today()}"},
        "",
    ),
    "ask the chair": ("askChair", {"about": "plan"}, ""),
    "name a person to meet": ("nameVisitPerson", {"person": "Jo", "role": "Group leader"}, "none_yet"),
    "write the interim return": ("saveInterimPart", {"words": "Done."}, "none_yet"),
    "plan the visit": (
        "planVisit",
        {
            "held_on": f"{clock.today()}", "place": "Town hall", "reason": "As agreed.", "length": "half",
            "begins_at": "09:30",
        },
        "none_yet",
    ),
    "give more time": ("extendDeadline", {"deadline_on": "2199-12-31", "reason": "An election."}, "none_yet"),
    "let it lapse": ("lapseAccreditation", {"reason": "Nothing came."}, "none_yet"),
    "note an interview": ("beginInterviewNote", {"person": "Jo"}, ""),
}  # fmt: skip
WITH_EVERYBODY = (Stage.SELF_ASSESSING, Stage.MODERATING)
"""Stages at which those who may not are told so by operations too; the door knows no stage."""
SHUT = {Stage.WITHDRAWN, Stage.LAPSED, Stage.ENDED}
"""Where an assessor's file answers 404, whatever is asked of it."""
INSIDE = {"council": COUNCIL_ROLES, "region": REGION_ROLES, "file": (Role.ASSESSOR,)}


def test_who_may_do_what_at_which_stage(app: Flask, council: MadeCouncil) -> None:
    ground = make_ground(app, council)
    everybody = ground.everybody(app)
    wrong = {}
    for stage in Stage:
        put_into(app, ground.case, stage)
        before = standing(app, ground)
        for action in ACTIONS:
            path, typed = ground.address(action), ground.typed(action)
            for role, asker in everybody.items():
                with undone(app):
                    heard = heard_of(app, ground, stage, asker.post(path, data=typed), before)
                if not is_right(heard, expected_of(action, role, stage)):
                    wrong[stage.value, action.name, role.value] = heard
    assert wrong == {}


def test_operations_answer_at_each_stage_as_the_pages_do(app: Flask, council: MadeCouncil) -> None:
    ground = make_ground(app, council)
    everybody, strangers = ground.everybody(app), strangers_to(app, council)
    wrong = {}
    for stage in Stage:
        put_into(app, ground.case, stage)
        before = standing(app, ground)
        for action in [each for each in (*ACTIONS, *BY_PROGRAM) if each.name in OPERATIONS]:
            for role, asker in everybody.items():
                expected = expected_of(action, role, stage)
                if expected in ("unseen", "refused") and stage not in WITH_EVERYBODY:
                    continue
                with undone(app):
                    heard = heard_of(app, ground, stage, ground.call(app, asker, action.name), before)
                if not is_right(heard, expected):
                    wrong[stage.value, action.name, role.value] = heard
            if stage in WITH_EVERYBODY:
                for role, asker in strangers.items():
                    with undone(app):
                        heard = heard_of(app, ground, stage, ground.call(app, asker, action.name), before)
                    if heard != "unseen":
                        wrong[stage.value, action.name, f"{role.value} of elsewhere"] = heard
    assert wrong == {}


def heard_of(app: Flask, ground: Ground, stage: Stage, answer: TestResponse, before: tuple[str, int]) -> str:
    """What an answer says at this stage, and whether something changed though it was not the time for it."""
    heard = ANSWERS.get(answer.status_code, "done")
    if heard == "not now" and standing(app, ground) != before:
        return "not now, and something changed"
    return IN_TURN if heard == "not now" and f"“{LABELS[stage]}”" not in answer.text else heard


def is_right(heard: str, expected: str) -> bool:
    """Whether that was to be heard; what is in turn may be kept back by signatures, a version or a decision."""
    return heard == expected or (heard == IN_TURN and expected in ("done", "not now"))


def person(app: Flask, user: MadeUser, place: MadeCouncil | MadeRegion) -> Asker:
    """The user, ready to ask."""
    asker = Asker(app, app.response_class)
    asker.become(user, place)
    return asker


def strangers_to(app: Flask, council: MadeCouncil) -> dict[Role, Asker]:
    """Somebody of every role in another council of the region, or in another region."""
    other, elsewhere = make_council(app, council.region), make_region(app)
    found = {role: person(app, make_user(app, other, role), other) for role in COUNCIL_ROLES}
    return found | {role: person(app, make_user(app, elsewhere, role), elsewhere) for role in REGION_ROLES}


def expected_of(action: Action, role: Role, stage: Stage) -> str:
    """What the role hears that sends this action at this stage."""
    if role not in INSIDE[action.side]:
        return "unseen"
    if action.side == "file" and stage in SHUT:
        return "unseen"
    if action.permission not in GRANTS[role]:
        return "refused"
    if action.side == "region" and role is Role.ASSESSOR:
        return "unseen"  # a region is no place of an assessor: only the file is
    return "done" if action.when(stage) else "not now"


def make_ground(app: Flask, council: MadeCouncil) -> Ground:
    """A report open for its facts, with a question to the council, and one person of every role but the operator."""
    case = make_fact_check(app, council)
    put_into(app, case, Stage.ASSESSING)
    question = make_question(app, case)
    with app.app_context(), within(Scope.region(case.region.id, case.officer.id)):
        report, submission = (
            find_newest(case.accreditation_id, "fact_check"),
            find_latest(case.accreditation_id, "plan"),
        )
    with app.app_context(), within(council.scope()) as session:
        version = session.scalar(
            sa.text("select version from answers join requirements r on r.id = requirement_id where code = '1.1.1'")
        )
    assert report is not None
    assert submission is not None
    users = {role: make_user(app, council, role) for role in COUNCIL_ROLES}
    users |= {role: make_user(app, case.region, role) for role in REGION_ROLES}
    users |= {Role.REGION_OFFICER: case.officer, Role.ASSESSOR: case.scorers[0]}
    ids = {"report": report.id, "submission": submission.id, "question": question, "answer_version": version}
    ids |= {"draft_version": draft_version(app, case), "judgement_version": 1, "none_yet": 0}
    return Ground(case, {name: str(value) for name, value in ids.items()}, users)


@contextmanager
def undone(app: Flask) -> Iterator[None]:
    """What the block does in the database is undone."""
    with app.app_context():
        inner = db.engine.begin_nested()  # type: ignore[attr-defined]  # the test's one connection
        try:
            yield
        finally:
            db.session.remove()
            inner.rollback()


def put_into(app: Flask, case: MadeCase, stage: Stage) -> None:
    """Put the accreditation into a stage, whatever it has been through."""
    with app.app_context(), within(Scope.region(case.region.id)) as session:
        moved = sa.text("update accreditations set stage = :stage where id = :id")
        session.execute(moved, {"stage": stage, "id": case.accreditation_id})


def standing(app: Flask, ground: Ground) -> tuple[str, int]:
    """The stage, and how many events the region reads."""
    with app.app_context(), within(Scope.region(ground.case.region.id, ground.case.officer.id)) as session:
        told = sa.text("select stage, (select count(*) from events) from accreditations where id = :id")
        stage, events = session.execute(told, {"id": ground.case.accreditation_id}).one()
    return stage, events

"""Every stage × role × action, by real requests: who may, when, and that whatever is refused changes nothing.

*May you?* is the policy's (403 or 404), *can it be done now?* the rules' (409). One accreditation that has been through
everything is put into each stage in turn; each request is undone again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from assessment.queries.reports import find_newest
from assessment.queries.submissions import find_latest
from assessment.rules import stages
from assessment.rules.stages import LABELS, Stage
from saas.db import db
from saas.policy import COUNCIL_ROLES, GRANTS, REGION_ROLES, Permission, Role
from saas.tenancy import Scope
from saas.transaction import within
from tests.checking_client import CheckingClient
from tests.factories.awards import draft_version, make_fact_check
from tests.factories.clarifications import make_question
from tests.factories.scores import MadeCase
from tests.factories.tenants import MadeCouncil, MadeUser, make_user

P = Permission
ANSWERS = {404: "unseen", 403: "refused", 409: "not now"}
"""What a status says; anything else was done, or asked for something more."""
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
SHUT = {Stage.WITHDRAWN, Stage.LAPSED, Stage.ENDED}
"""Where an assessor's file answers 404, whatever is asked of it."""
INSIDE = {"council": COUNCIL_ROLES, "region": REGION_ROLES, "file": (Role.ASSESSOR,)}


def test_who_may_do_what_at_which_stage(app: Flask, council: MadeCouncil, client: CheckingClient) -> None:
    ground = make_ground(app, council)
    wrong = {}
    for stage in Stage:
        put_into(app, ground.case, stage)
        before = standing(app, ground)
        for action in ACTIONS:
            for role, user in ground.users.items():
                client.sign_in(user)
                with undone(app):
                    # not the checking client's own way: these pages are checked elsewhere, one by one
                    answer = FlaskClient.open(client, ground.address(action), method="POST", data=ground.typed(action))
                    heard, expected = ANSWERS.get(answer.status_code, "done"), expected_of(action, role, stage)
                    if heard == "not now" and expected == "done" and f"“{LABELS[stage]}”" not in answer.text:
                        heard = "done"  # in turn, and kept back for another reason: signatures, a version, a decision
                    if heard == "not now" and standing(app, ground) != before:
                        heard += ", and something changed"
                if heard != expected:
                    wrong[stage.value, action.name, role.value] = heard
    assert wrong == {}


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
    ids["draft_version"] = draft_version(app, case)
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

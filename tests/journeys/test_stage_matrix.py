"""Every stage × role × action, by real requests: who may, when, and that everything else is refused and changes nothing.

*May you?* is the policy's (403 or 404), *can it be done now?* the rules' (409). One accreditation that has been through
everything is put into each stage in turn; each request is undone again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from assessment.queries.clarifications import list_for
from assessment.queries.reports import find_newest, list_versions
from assessment.queries.submissions import find_latest
from assessment.rules import stages
from assessment.rules.stages import DECIDED, Stage
from saas.db import db
from saas.policy import COUNCIL_ROLES, GRANTS, REGION_ROLES, Permission, Role
from saas.tenancy import Scope
from saas.transaction import within
from tests.checking_client import CheckingClient
from tests.factories.awards import decide, make_fact_check
from tests.factories.clarifications import make_question
from tests.factories.scores import MadeCase
from tests.factories.tenants import MadeCouncil, MadeUser, make_user

P = Permission
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


SCORE = {"judgement": "met", "reason": "Seen on the day.", "version": "9"}
ACTIONS = (
    Action("answer", "council", "requirements/1.1.1", {"narrative": "More.", "version": "9"}, P.ANSWER_WRITE,
           stages.may_edit_answers),
    Action("send the plan", "council", "check/plan", {"monitor": "Alex Reed"}, P.SUBMISSION_SEAL, stages.may_send_plan),
    Action("send the submission", "council", "check/readiness", {}, P.SUBMISSION_SEAL, stages.may_send_readiness),
    Action("withdraw", "council", "withdraw", {"reason": "No time."}, P.SUBMISSION_SEAL, stages.may_withdraw),
    Action("answer a question", "council", "questions/{question}", {"words": "In June.", "version": "0", "do": "send"},
           P.QUESTION_ANSWER, at(Stage.SUBMITTED, Stage.ASSESSING, Stage.MODERATING)),
    Action("comment on the report", "council", "report/{report}", {"has_none": "yes"}, P.REPORT_COMMENT,
           stages.may_comment_on_report),
    Action("decide readiness", "region", "submissions/{submission}", {"outcome": "returned", "reason": "Not yet."},
           P.READINESS_DECIDE, stages.may_decide_readiness),
    Action("name the team", "region", "team", {}, P.TEAM_ASSIGN, stages.may_change_team),
    Action("begin moderation", "region", "moderation/begin", {}, P.SCORE_MODERATE, at(Stage.ASSESSING)),
    Action("let agreed ones stand", "region", "moderation/agree", {}, P.SCORE_MODERATE, stages.may_moderate),
    Action("agree a judgement", "region", "moderation/requirements/1.1.1",
           {"judgement": "met", "reason": "As seen.", "number": "9"}, P.SCORE_MODERATE, stages.may_moderate),
    Action("finish moderation", "region", "moderation/finish", {}, P.SCORE_MODERATE, stages.may_moderate),
    Action("moderate again", "region", "moderation/reopen", {"reason": "Something was missed."}, P.SCORE_MODERATE,
           at(Stage.REPORTING, Stage.FACT_CHECK)),
    Action("write the report", "region", "report", {"summary": "Good.", "version": "9"}, P.REPORT_WRITE,
           stages.may_write_report),
    Action("open the fact check", "region", "report/fact-check", {"version": "9"}, P.REPORT_ISSUE,
           at(Stage.REPORTING, Stage.FACT_CHECK)),
    Action("decide", "region", "decision", {"outcome": "awarded"}, P.OUTCOME_DECIDE, stages.may_decide),
    Action("release", "region", "release", {"version": "9"}, P.AWARD_RELEASE, stages.may_decide),
    Action("declare interests", "file", "interests", {"interest": "none"}, P.INTEREST_DECLARE,
           stages.may_declare_interests),
    Action("score", "file", "requirements/1.1.1", SCORE, P.SCORE_GIVE, stages.may_score),
    Action("submit the scores", "file", "submit", {}, P.SCORE_GIVE, stages.may_score),
    Action("ask the council", "file", "requirements/1.1.1/questions", {"question": "When was that?"}, P.QUESTION_ASK,
           at(Stage.SUBMITTED, Stage.ASSESSING, Stage.MODERATING)),
)  # fmt: skip
SHUT = {Stage.WITHDRAWN, Stage.LAPSED, Stage.ENDED}
"""Where an assessor's file answers 404, whatever is asked of it."""


@pytest.fixture
def ground(app: Flask, council: MadeCouncil) -> Ground:
    """A report open for its facts, with a question to the council, and one person of every role but the operator."""
    case = make_fact_check(app, council)
    with app.app_context(), within(Scope.region(case.region.id, case.officer.id)):
        report, submission = find_newest(case.accreditation_id, "fact_check"), find_latest(case.accreditation_id, "readiness")
    assert report is not None
    assert submission is not None
    put_into(app, case, Stage.ASSESSING)
    question = make_question(app, case)
    users = {role: make_user(app, council, role) for role in COUNCIL_ROLES}
    users |= {role: make_user(app, case.region, role) for role in REGION_ROLES}
    users |= {Role.REGION_OFFICER: case.officer, Role.ASSESSOR: case.scorers[0]}
    ids = {"report": str(report.id), "submission": str(submission.id), "question": str(question)}
    return Ground(case, ids, users)


@pytest.mark.parametrize("stage", Stage)
def test_who_may_do_what_at_this_stage(stage: Stage, app: Flask, ground: Ground, client: CheckingClient) -> None:
    put_into(app, ground.case, stage)
    expected, seen = {}, {}
    for action in ACTIONS:
        for role, user in ground.users.items():
            expected[action.name, role] = answer_to(action, role, stage)
            client.sign_in(user)
            with undone(app):
                before = standing(app, ground)
                response = client.post(ground.address(action), data=action.data)
                seen[action.name, role] = heard(response.status_code, response.get_data(as_text=True))
                if seen[action.name, role] != "done or asked":
                    assert standing(app, ground) == before, (action.name, role)
    assert {key: value for key, value in seen.items() if value != expected[key]} == {}


def answer_to(action: Action, role: Role, stage: Stage) -> str:
    """What the role hears that sends this action at this stage."""
    inside = {"council": COUNCIL_ROLES, "region": (*REGION_ROLES,), "file": (Role.ASSESSOR,)}[action.side]
    if role not in inside or (action.side == "region" and role is Role.ASSESSOR):
        return "unseen"
    if action.permission not in GRANTS[role]:
        return "refused"
    if action.side == "file" and stage in SHUT:
        return "unseen"
    return "done or asked" if action.when(stage) else "not now"


def heard(status: int, text: str) -> str:
    """The kind of answer a request got. 409 for another reason than the stage (said before, still missing) is asked."""
    if status == 409:
        return "not now"
    return {404: "unseen", 403: "refused"}.get(status, "done or asked")


@contextmanager
def undone(app: Flask) -> Iterator[None]:
    """What the block does in the database is undone."""
    with app.app_context():
        connection = db.engine
    inner = connection.begin_nested()  # type: ignore[attr-defined]
    try:
        yield
    finally:
        with app.app_context():
            db.session.remove()
        inner.rollback()


def put_into(app: Flask, case: MadeCase, stage: Stage) -> None:
    with app.app_context(), within(Scope.region(case.region.id)) as session:
        moved = sa.text("update accreditations set stage = :stage where id = :id")
        session.execute(moved, {"stage": stage, "id": case.accreditation_id})


def standing(app: Flask, ground: Ground) -> tuple[str, int]:
    """The stage, and how many events the region reads."""
    with app.app_context(), within(Scope.region(ground.case.region.id, ground.case.officer.id)) as session:
        stage = session.scalar(
            sa.text("select stage from accreditations where id = :id"), {"id": ground.case.accreditation_id}
        )
        return str(stage), session.scalar(sa.text("select count(*) from events")) or 0

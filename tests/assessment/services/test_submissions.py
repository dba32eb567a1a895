"""What is checked before a seal is asked for."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, update

from assessment.queries import answers as queries
from assessment.queries.accreditations import get_accreditation
from assessment.services import answers, submissions
from saas.errors import Conflict
from saas.tenancy import CONSOLE
from tenants.models.evidence import Evidence
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation, make_framework
from tests.factories.submissions import LINK, answer_all, make_submission
from tests.factories.tenants import MadeCouncil


def test_a_plan_needs_an_action_where_something_is_not_met(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    made = make_accreditation(app, council)
    answer_all(app, council, made, judgement="partly_met")
    with in_scope(council.scope()):
        accreditation = get_accreditation(made, share=True)
        first, *_ = queries.list_answers(accreditation).values()
        answers.plan_action(first, action="Write it.", timescale="May 2027", responsibility="Panel", by=CONSOLE)
        problems = submissions.list_problems(accreditation, "plan")
        assert len(problems) == 27
        assert {problem.words for problem in problems} == {"Plan an action, as it is not yet met."}


def test_a_submission_needs_every_key_indicator_met_and_shown(
    app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    made = make_accreditation(app, council, make_framework(app, "fixture-45"))
    answer_all(app, council, made, judgement="partly_met")
    with in_scope(council.scope()):
        accreditation = get_accreditation(made)
        assert len(submissions.list_problems(accreditation, "readiness")) == 12


def test_evidence_that_was_removed_is_named_and_does_not_count(
    app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    answer_all(app, council, made)
    with in_scope(council.scope()) as session:
        session.execute(update(Evidence).where(Evidence.url == LINK).values(removed_at=func.now()))
        problems = submissions.list_problems(get_accreditation(made), "plan")
        assert len(problems) == 28
        assert problems[0].words == "“Programme of the year” was removed from the library: take it out here."


def test_a_seal_is_asked_for_in_turn_and_by_a_named_monitor(
    app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    answer_all(app, council, made)
    with in_scope(council.scope()):
        accreditation = get_accreditation(made, lock=True)
        with pytest.raises(Conflict, match="The submission cannot be sent at the stage “Assessing itself”"):
            submissions.request_seal(accreditation, "readiness", by=CONSOLE)
        with pytest.raises(submissions.Incomplete, match="Name who watches over the whole plan"):
            submissions.request_seal(accreditation, "plan", by=CONSOLE)
    make_submission(app, council, made, kind="plan")
    with in_scope(council.scope()):
        assert submissions.find_monitor(get_accreditation(made)) == "Alex Reed"

"""The region's decision on a plan or a submission: one, with a reason when it goes back."""

from __future__ import annotations

import pytest
from flask import Flask

from assessment.queries.accreditations import get_accreditation
from assessment.queries.readiness import find_accepted
from assessment.queries.submissions import find_decision, get_submission
from assessment.services import readiness
from saas.errors import Conflict, Invalid
from saas.transaction import within
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation
from tests.factories.scores import actor
from tests.factories.submissions import make_submission
from tests.factories.tenants import MadeCouncil, MadeUser


@pytest.mark.parametrize(
    ("kind", "outcome", "stage"),
    [
        ("plan", "accepted", "improving"),
        ("plan", "returned", "self_assessing"),
        ("readiness", "accepted", "submitted"),
        ("readiness", "returned", "improving"),
    ],
)
def test_a_decision_moves_the_stage_and_is_read_by_the_council(
    app: Flask, council: MadeCouncil, officer: MadeUser, in_scope: InScope, kind: str, outcome: str, stage: str
) -> None:
    accreditation_id = make_accreditation(app, council)
    submission_id = make_submission(app, council, accreditation_id, kind)
    with in_scope(council.region.scope(officer.id)):
        accreditation = get_accreditation(accreditation_id, lock=True)
        readiness.decide(
            accreditation, get_submission(submission_id), outcome=outcome, reason="Well argued.", by=actor(officer)
        )
    with in_scope(council.scope()):
        assert get_accreditation(accreditation_id).stage == stage
        decision = find_decision(submission_id)
        assert decision is not None
        assert (decision.outcome, decision.reason, decision.decided_by_name) == (outcome, "Well argued.", officer.name)
        accepted = submission_id if outcome == "accepted" else None
        assert find_accepted(accreditation_id, kind) == accepted


def test_a_second_decision_is_refused_in_words_and_a_return_needs_a_reason(
    app: Flask, council: MadeCouncil, officer: MadeUser
) -> None:
    accreditation_id = make_accreditation(app, council)
    submission_id = make_submission(app, council, accreditation_id)

    def decide(outcome: str, reason: str = "") -> None:
        with app.app_context(), within(council.region.scope(officer.id)):
            accreditation = get_accreditation(accreditation_id, lock=True)
            submission = get_submission(submission_id)
            readiness.decide(accreditation, submission, outcome=outcome, reason=reason, by=actor(officer))

    with pytest.raises(Invalid) as refused:
        decide("returned", "  ")
    assert refused.value.messages == {"reason": ["Tell the council why it is returned and what is needed."]}
    decide("accepted")
    with pytest.raises(Conflict, match=f"{officer.name} has decided this already: it was accepted"):
        decide("returned", "On second thoughts")

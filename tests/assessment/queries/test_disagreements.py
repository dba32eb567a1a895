"""What scorers differ on, and to whom their scores are open."""

from __future__ import annotations

from uuid import uuid4

import pytest
from flask import Flask

from assessment.queries.accreditations import get_accreditation
from assessment.queries.disagreements import check_scores_open, find_disagreements, find_next, requirement_id_of
from assessment.queries.scores import list_scores
from assessment.rules.judgements import Reason
from assessment.services import moderations
from saas.errors import Forbidden, NotFound
from saas.policy import Role
from saas.tenancy import CONSOLE
from saas.transaction import within
from tests.conftest import InScope
from tests.factories.awards import partly
from tests.factories.scores import MadeCase, make_scored, met
from tests.factories.tenants import MadeCouncil, MadeRegion, make_user


@pytest.fixture
def case(app: Flask, council: MadeCouncil, region: MadeRegion) -> MadeCase:
    return make_scored(app, council, region, judges=(met, partly("1.2.1", "1.1.1")))


def begin(app: Flask, case: MadeCase) -> None:
    with app.app_context(), within(case.region.scope(case.officer.id)):
        moderations.begin(get_accreditation(case.accreditation_id, lock=True), by=CONSOLE)


def test_the_next_is_the_first_that_differs_and_is_not_agreed(app: Flask, case: MadeCase, in_scope: InScope) -> None:
    begin(app, case)
    with in_scope(case.region.scope(case.officer.id)):
        accreditation = get_accreditation(case.accreditation_id, lock=True)
        found = find_disagreements(accreditation, list_scores(accreditation.id))
        assert list(found.items()) == [("1.1.1", (Reason.DIFFERS,)), ("1.2.1", (Reason.DIFFERS,))]
        assert find_next(accreditation) == "1.1.1"
        first = requirement_id_of(accreditation, "1.1.1")
        moderations.moderate(accreditation, first, judgement="met", reason="Shown.", by=CONSOLE)
        assert find_next(accreditation) == "1.2.1"
        with pytest.raises(NotFound):
            requirement_id_of(accreditation, "9.9")


def test_scores_are_closed_before_moderation_and_always_to_the_councils_people(
    app: Flask, case: MadeCase, council: MadeCouncil, in_scope: InScope
) -> None:
    insider = make_user(app, council, Role.COUNCIL_VIEWER)
    with in_scope(case.region.scope(case.officer.id)), pytest.raises(NotFound):
        check_scores_open(get_accreditation(case.accreditation_id), uuid4())
    begin(app, case)
    with in_scope(case.region.scope(case.officer.id)):
        accreditation = get_accreditation(case.accreditation_id)
        check_scores_open(accreditation, uuid4())
        with pytest.raises(Forbidden):
            check_scores_open(accreditation, insider.id)

"""Clarifications: asked while the file is open, answered once, fixed with a hash, and opening nothing else."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask

from assessment.queries import clarifications as queries
from assessment.queries.accreditations import get_accreditation
from assessment.queries.frameworks import get_framework
from assessment.rules.clarifications import hash_of
from assessment.services import clarifications
from saas import clock
from saas.errors import Conflict, Invalid, NotFound
from tests.conftest import InScope
from tests.factories.clarifications import ANSWER, QUESTION, make_answer, make_question
from tests.factories.scores import MadeCase, actor, make_declared, make_moderated, make_team
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser

ASKED = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)
"""The Wednesday before Easter: five working days later is the Thursday of the week after."""


@pytest.fixture
def case(app: Flask, council: MadeCouncil, region: MadeRegion) -> MadeCase:
    """A declared team."""
    return make_declared(app, council, region)


def test_a_question_is_numbered_dated_and_read_by_all_three(app: Flask, case: MadeCase, in_scope: InScope) -> None:
    with clock.at(ASKED):
        first = make_question(app, case)
        make_question(app, case, "1.2.1", question="How much was spent?", scorer=None)
    for scope in (case.file(1), case.region.scope(case.officer.id), case.council.scope()):
        with in_scope(scope):
            found = queries.list_for(case.accreditation_id)
            assert [
                (item.number, item.code, item.question, item.asked_as, item.due_on.isoformat()) for item in found
            ] == [
                (1, "1.1.1", QUESTION, "assessor", "2026-04-10"),
                (2, "1.2.1", "How much was spent?", "region", "2026-04-10"),
            ]
            only = queries.list_for(case.accreditation_id, found[0].requirement_id)
            assert [item.id for item in only] == [first]

"""Awards run out by themselves, once their grace is over."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from flask import Flask

from assessment.queries.awards import find_award
from assessment.queries.register import find_entry
from saas import clock, jobs
from saas.tenancy import Scope
from tests.conftest import InScope
from tests.factories.awards import make_award
from tests.factories.tenants import MadeCouncil


def test_an_award_expires_the_day_after_its_grace(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    case = make_award(app, council)
    with in_scope(council.scope()):
        award = find_award(case.accreditation_id)
        assert award is not None
        last, number = award.grace_to_on, award.certificate_number
    for day, expected in ((last, None), (last + timedelta(1), "expired"), (last + timedelta(2), "expired")):
        with clock.at(datetime.combine(day, time(9), UTC)):
            with app.app_context():
                jobs.start_rounds()
                jobs.run_all()
            with in_scope(council.scope()):
                found = find_award(case.accreditation_id)
                assert found is not None
                assert (found.ending, found.ended_on) == (expected, last if expected else None)
            with in_scope(Scope.nobody()):
                entry = find_entry(number)
                assert entry is not None
                assert entry.ending == expected

"""The region ends something before its time, always with a reason the council reads."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from flask import Flask

from assessment.queries.accreditations import get_accreditation
from assessment.queries.awards import find_award
from assessment.queries.register import find_entry
from saas import clock, jobs
from saas.tenancy import Scope
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation
from tests.factories.awards import make_award
from tests.factories.tenants import MadeCouncil, MadeUser, make_user


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def case_page(council: MadeCouncil, accreditation_id: object, name: str) -> str:
    return f"/regions/{council.region.slug}/cases/{accreditation_id}/{name}"


@pytest.fixture
def late(app: Flask, council: MadeCouncil, in_scope: InScope) -> tuple[object, datetime]:
    """An accreditation, and the day after its last day."""
    accreditation_id = make_accreditation(app, council)
    with in_scope(council.scope()):
        deadline = get_accreditation(accreditation_id).deadline_on
    assert deadline is not None
    return accreditation_id, noon(deadline + timedelta(1))


def test_what_is_late_lapses_only_when_the_region_says_so(
    app: Flask,
    client: CheckingClient,
    council: MadeCouncil,
    officer: MadeUser,
    lead: MadeUser,
    late: tuple[object, datetime],
    in_scope: InScope,
) -> None:
    accreditation_id, after = late
    there = case_page(council, accreditation_id, "lapse")
    client.sign_in(officer)
    assert client.get(there).status_code == 409
    with clock.at(after):
        home = client.get(f"/regions/{council.region.slug}/").text
        assert "give more time, or let the accreditation lapse" in home
        page = client.get(there).text
        version = page.split('name="version" value="')[1].split('"')[0]
        assert client.post(there, data={"version": version, "reason": ""}).status_code == 422
        assert client.post(there, data={"version": "99", "reason": "Silent."}).status_code == 409
        with in_scope(council.scope()):
            assert get_accreditation(accreditation_id).stage == "self_assessing"  # type: ignore[arg-type]
        assert client.post(there, data={"version": version, "reason": "No answer to three letters."}).status_code == 303
        with app.app_context():
            jobs.run_all()
        client.sign_in(lead)
        page = client.get(f"/councils/{council.slug}/accreditations/{accreditation_id}/journey").text
        assert "The accreditation lapsed: No answer to three letters." in page


def test_an_award_that_is_given_back_ends_in_the_register_too(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    case = make_award(app, council)
    there = case_page(council, case.accreditation_id, "surrender")
    today = clock.today()
    client.sign_in(case.officer)
    typed = {"on-day": today.day, "on-month": today.month, "on-year": today.year, "reason": "The leader wrote."}
    assert client.get(there).status_code == 200
    tomorrow = today + timedelta(1)
    early = {**typed, "on-day": tomorrow.day, "on-month": tomorrow.month, "on-year": tomorrow.year}
    refused = client.post(there, data=early)
    assert refused.status_code == 422
    assert "must not be in the future" in refused.text
    assert client.post(there, data=typed).status_code == 303
    assert client.post(there, data=typed).status_code == 409
    with in_scope(council.scope()):
        award = find_award(case.accreditation_id)
        assert award is not None
        assert (award.ending, award.ended_on) == ("surrendered", today)
    with in_scope(Scope.nobody()):
        entry = find_entry(award.certificate_number)
        assert entry is not None
        assert (entry.ending, entry.ended_on) == ("surrendered", today)
    client.sign_in(lead)
    page = client.get(f"/councils/{council.slug}/accreditations/{case.accreditation_id}/journey").text
    assert "given back" in page


def test_a_decider_ends_nothing(app: Flask, client: CheckingClient, council: MadeCouncil) -> None:
    case = make_award(app, council)
    client.sign_in(make_user(app, council.region, "region_decider"))
    assert client.get(case_page(council, case.accreditation_id, "surrender")).status_code == 403

"""What the region ends, for programs: an accreditation that lapses, and an award that is given back."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from flask import Flask

from assessment.queries.accreditations import get_accreditation
from assessment.queries.awards import find_award
from saas import clock
from saas.policy import Role
from tests.assessment.web.test_endings import noon
from tests.caller import Caller
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation
from tests.factories.awards import make_award
from tests.factories.tenants import MadeCouncil, MadeUser, make_user


@pytest.fixture
def caller(app: Flask, council: MadeCouncil, officer: MadeUser) -> Caller:
    return Caller.of(app, officer, council.region)


@pytest.fixture
def accreditation_id(app: Flask, council: MadeCouncil) -> UUID:
    return make_accreditation(app, council)


def case_of(council: MadeCouncil, accreditation_id: object, rest: str) -> str:
    return f"/regions/{council.region.slug}/accreditations/{accreditation_id}/{rest}"


def test_it_lapses_only_when_its_last_day_is_over(
    app: Flask, caller: Caller, council: MadeCouncil, accreditation_id: UUID, in_scope: InScope
) -> None:
    page, reason = case_of(council, accreditation_id, "lapse"), {"reason": "No answer to three letters."}
    seen = caller.get(case_of(council, accreditation_id, "deadline"))
    assert seen.json is not None
    assert caller.post(page, reason, match=seen.headers["ETag"]).status_code == 409
    with clock.at(noon(date.fromisoformat(seen.json["deadline_on"]) + timedelta(days=1))):
        late = Caller.of(app, make_user(app, council.region, Role.REGION_OFFICER), council.region)
        assert late.post(page, reason, match='"99"').status_code == 412
        assert late.post(page, reason, match=seen.headers["ETag"]).status_code == 204
    with in_scope(council.scope()):
        assert get_accreditation(accreditation_id).stage == "lapsed"


def test_an_award_is_given_back_once(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    case = make_award(app, council)
    caller, page = Caller.of(app, case.officer, case.region), case_of(council, case.accreditation_id, "surrender")
    today = clock.today()
    tomorrow = caller.post(page, {"on": (today + timedelta(days=1)).isoformat(), "reason": "The leader wrote."})
    assert tomorrow.json is not None
    assert (tomorrow.status_code, tomorrow.json["errors"][0]["field"]) == (422, "/on")
    done = caller.post(page, {"on": today.isoformat(), "reason": "The leader wrote."})
    with in_scope(council.scope()):
        award = find_award(case.accreditation_id)
        assert award is not None
        expected = {
            "accreditation_id": str(case.accreditation_id), "certificate_number": award.certificate_number,
            "level_title": award.level_title, "awarded_on": award.awarded_on.isoformat(), "ending": "surrendered",
            "ended_on": today.isoformat(),
        }  # fmt: skip
    assert (done.status_code, done.json) == (200, expected)
    assert caller.post(page, {"on": today.isoformat(), "reason": "Again."}).status_code == 409
    unawarded = case_of(council, make_accreditation(app, council), "surrender")
    assert caller.post(unawarded, {"on": today.isoformat(), "reason": "None."}).status_code == 404
    decider = Caller.of(app, make_user(app, council.region, Role.REGION_DECIDER), council.region)
    assert decider.post(page, {"on": today.isoformat(), "reason": "Mine."}).status_code == 403

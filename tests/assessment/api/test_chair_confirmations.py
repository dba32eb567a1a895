"""Confirmations by the chair for programs: asked for by the lead, given by the chair alone."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from saas.policy import Role
from tests.caller import Caller
from tests.factories.assessment import make_accreditation
from tests.factories.chair_confirmations import make_confirmed_by_chair
from tests.factories.tenants import MadeCouncil, MadeUser, make_user


def test_the_chair_is_asked_once_a_day_and_confirms(app: Flask, council: MadeCouncil, lead: MadeUser) -> None:
    made = make_confirmed_by_chair(app, council)
    confirmations = f"/councils/{council.slug}/accreditations/{made}/chair-confirmations"
    asking, wanted = Caller.of(app, lead, council), {"about": "plan"}
    nobody: Any = asking.post(f"{confirmations}/request", wanted)
    assert (nobody.status_code, nobody.json["detail"]) == (
        409,
        "Nobody in your council has the role of steering group chair.",
    )
    chair = make_user(app, council, Role.STEERING_CHAIR)
    assert [asking.post(f"{confirmations}/request", wanted).json for _ in range(2)] == [{"told": 1}, {"told": 0}]
    assert asking.post(confirmations, wanted).status_code == 403
    given: Any = Caller.of(app, chair, council).post(confirmations, wanted | {"words": " A good plan. "})
    assert given.status_code == 201
    assert given.json == {
        "id": given.json["id"],
        "about": "plan",
        "words": "A good plan.",
        "confirmed_at": given.json["confirmed_at"],
        "confirmed_by_name": chair.name,
    }
    again: Any = Caller.of(app, chair, council).post(confirmations, wanted)
    assert (again.status_code, again.json["detail"]) == (
        409,
        "The chair of the steering group has confirmed this already.",
    )
    assert asking.get(confirmations).json == {"items": [given.json], "next": None}


@pytest.mark.parametrize(("about", "status"), [("plan", 409), ("interim", 422)])
def test_where_the_region_asks_for_none_nothing_is_confirmed(
    app: Flask, council: MadeCouncil, about: str, status: int
) -> None:
    chair = Caller.of(app, make_user(app, council, Role.STEERING_CHAIR), council)
    confirmations = f"/councils/{council.slug}/accreditations/{make_accreditation(app, council)}/chair-confirmations"
    assert chair.post(confirmations, {"about": about}).status_code == status

"""The trend of a region's matrix for programs: what councils said, and what reports did, cycle by cycle."""

from __future__ import annotations

from typing import Any

from flask import Flask

from saas.policy import Role
from tests.caller import Caller
from tests.factories.assessment import tree_of
from tests.factories.awards import make_award
from tests.factories.tenants import MadeCouncil, make_region, make_user


def test_each_criterion_has_a_line_a_cycle_on_both_sides(app: Flask, council: MadeCouncil) -> None:
    case = make_award(app, council)
    caller, trend = Caller.of(app, case.officer, case.region), f"/regions/{case.region.slug}/matrix/trend"
    told: Any = caller.get(trend).json
    codes = [each.code for each in tree_of("charter-2008").criteria]
    assert [(each["show"], each["cycle"], each["criterion_code"], each["councils"]) for each in told["items"]] == [
        (show, 1, code, 1) for code in codes for show in ("issued", "own")
    ]
    assert {each["framework_id"] for each in told["items"]} == {str(case.framework_id)}
    assert all(each["met"] == each["judged"] > 0 for each in told["items"] if each["show"] == "issued")
    assert caller.get(f"{trend}?kind=police").json == {"items": [], "next": None}
    elsewhere = make_region(app)
    stranger = Caller.of(app, make_user(app, elsewhere, Role.REGION_OFFICER), elsewhere)
    assert stranger.get(f"/regions/{elsewhere.slug}/matrix/trend").json == {"items": [], "next": None}

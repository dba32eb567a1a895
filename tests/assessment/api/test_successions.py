"""Councils that merge, for programs of their region."""

from __future__ import annotations

from flask import Flask

from saas import clock
from saas.policy import Role
from tests.caller import Caller
from tests.factories.tenants import MadeRegion, MadeUser, make_council, make_region, make_user


def test_a_council_that_ended_is_recorded_once(app: Flask, region: MadeRegion, officer: MadeUser) -> None:
    ended, heir = make_council(app, region), make_council(app, region)
    elsewhere = make_council(app, make_region(app))
    caller, successions = Caller.of(app, officer, region), f"/regions/{region.slug}/successions"
    today = clock.today().isoformat()
    merged = {"council_id": str(ended.id), "successor_id": str(heir.id), "ended_on": today}
    for changes, field in (
        ({"successor_id": str(ended.id)}, "/successor_id"),
        ({"council_id": str(elsewhere.id)}, "/council_id"),
        ({"ended_on": "2999-01-01"}, "/ended_on"),
    ):
        wrong = caller.post(successions, merged | changes)
        assert wrong.json is not None
        assert (wrong.status_code, wrong.json["errors"][0]["field"]) == (422, field)
    viewer = Caller.of(app, make_user(app, region, Role.REGION_VIEWER), region)
    assert viewer.post(successions, merged).status_code == 403
    made = caller.post(successions, merged)
    assert made.json is not None
    told = {name: value for name, value in made.json.items() if name not in ("id", "recorded_at")}
    names = {"council_name": ended.name, "successor_name": heir.name, "recorded_by_name": officer.name}
    assert (made.status_code, told) == (201, merged | names)
    assert viewer.get(successions).json == {"items": [made.json], "next": None}
    assert caller.post(successions, merged).status_code == 422

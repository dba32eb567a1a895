"""One assessor of the pool for programs: the entry, the councils served, and days away; and declared neighbours."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from saas import clock
from tests.caller import Caller
from tests.factories.assessors import make_assessor
from tests.factories.tenants import MadeRegion, MadeUser, make_region, make_user


@pytest.fixture
def caller(app: Flask, region: MadeRegion, officer: MadeUser) -> Caller:
    return Caller.of(app, officer, region)


def entry(region: MadeRegion, user: MadeUser, rest: str = "") -> str:
    return f"/regions/{region.slug}/assessors/{user.id}{rest}"


def test_somebody_is_entered_and_the_entry_changed(app: Flask, caller: Caller, region: MadeRegion) -> None:
    user = make_user(app, region, "assessor", "Alex Reed")
    unknown = {
        "user_id": str(user.id), "name": "Alex Reed", "capacity": None, "trained_until_on": None,
        "most_at_once": None, "left_on": None, "version": 0,
    }  # fmt: skip
    assert caller.get(entry(region, user)).json == unknown
    written = {"capacity": "officer", "trained_until_on": "2099-12-31"}
    made = caller.call("PUT", entry(region, user), json=written, headers={"If-None-Match": "*"})
    assert (made.status_code, made.json) == (200, unknown | written | {"most_at_once": 2, "version": 1})
    changed = {"capacity": "councillor", "most_at_once": 3, "left_on": "2098-01-01"}
    assert caller.call("PUT", entry(region, user), json=changed, headers={"If-None-Match": "*"}).status_code == 412
    saved = caller.call("PUT", entry(region, user), json=changed, match='"1"')
    assert (saved.status_code, saved.json) == (200, unknown | changed | {"version": 2})
    wrong = caller.call("PUT", entry(region, user), json={"capacity": "queen"}, match='"2"')
    assert wrong.json is not None
    assert (wrong.status_code, wrong.json["errors"][0]["field"]) == (422, "/capacity")


def test_councils_served_are_added_ended_and_taken_out(app: Flask, caller: Caller, region: MadeRegion) -> None:
    user = make_assessor(app, region, "officer", "Northfield Borough Council")
    served = entry(region, user, "/councils")
    added = caller.post(served, {"name": "Eastmoor District Council", "relation": "member", "from_on": "2020-05-07"})
    assert added.json is not None
    told = {name: added.json[name] for name in ("council_id", "name", "relation", "from_on", "ended_on")}
    assert (added.status_code, told) == (
        201,
        {
            "council_id": None, "name": "Eastmoor District Council", "relation": "member", "from_on": "2020-05-07",
            "ended_on": None,
        },
    )  # fmt: skip
    one = f"{served}/{added.json['id']}"
    early = caller.post(f"{one}/end", {"ended_on": "2019-01-01"})
    assert early.json is not None
    assert (early.status_code, early.json["errors"][0]["field"]) == (422, "/ended_on")
    ended = caller.post(f"{one}/end", {"ended_on": "2024-05-02"})
    assert (ended.status_code, ended.json) == (200, added.json | {"ended_on": "2024-05-02"})
    listed = caller.get(served).json
    assert listed is not None
    assert [(each["name"], each["ended_on"]) for each in listed["items"]] == [
        ("Northfield Borough Council", None),
        ("Eastmoor District Council", "2024-05-02"),
    ]
    assert caller.call("DELETE", one).status_code == 204
    assert caller.call("DELETE", one).status_code == 404


def test_days_away_are_entered_and_taken_out(app: Flask, caller: Caller, region: MadeRegion, officer: MadeUser) -> None:
    user = make_assessor(app, region, "officer", "Northfield Borough Council")
    absences = entry(region, user, "/absences")
    first, last = clock.today() + timedelta(days=3), clock.today() + timedelta(days=9)
    added = caller.post(absences, {"from_on": first.isoformat(), "to_on": last.isoformat()})
    assert added.json is not None
    assert (added.status_code, added.json["from_on"], added.json["to_on"], added.json["entered_by_name"]) == (
        201, first.isoformat(), last.isoformat(), officer.name,
    )  # fmt: skip
    assert caller.get(absences).json == {"items": [added.json], "next": None}
    wrong = caller.post(absences, {"from_on": last.isoformat(), "to_on": first.isoformat()})
    assert wrong.json is not None
    assert (wrong.status_code, wrong.json["errors"][0]["field"]) == (422, "/to_on")
    assert caller.call("DELETE", f"{absences}/{added.json['id']}").status_code == 204
    assert caller.get(absences).json == {"items": [], "next": None}


def test_who_is_not_entered_has_nothing_and_other_regions_see_nobody(
    app: Flask, caller: Caller, region: MadeRegion
) -> None:
    outside = make_user(app, region, "assessor")
    assert [caller.get(entry(region, outside, rest)).status_code for rest in ("", "/councils", "/absences")] == [
        200, 404, 404,
    ]  # fmt: skip
    known = make_assessor(app, region, "officer", "Northfield Borough Council")
    elsewhere = make_region(app)
    stranger = Caller.of(app, make_user(app, elsewhere, "region_officer"), elsewhere)
    assert stranger.get(entry(region, known)).status_code == 404
    assert stranger.get(entry(elsewhere, known)).status_code == 404
    viewer = Caller.of(app, make_user(app, region, "region_viewer"), region)
    assert viewer.get(entry(region, known)).status_code == 403

"""An assessor's own days away for programs: entered and taken out by the person, in one region."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from saas import clock
from tests.caller import Caller
from tests.factories.assessors import make_assessor
from tests.factories.tenants import MadeRegion, MadeUser, make_user


def test_somebody_says_when_not_to_ask(app: Flask, region: MadeRegion, officer: MadeUser) -> None:
    assessor, colleague = (make_assessor(app, region, "officer", "Northfield Borough Council") for _ in range(2))
    caller, other = Caller.of(app, assessor, region), Caller.of(app, colleague, region)
    first, last = (clock.today() + timedelta(days=days) for days in (3, 9))
    added = caller.post("/me/absences", {"from_on": first.isoformat(), "to_on": last.isoformat()})
    assert added.json is not None
    assert (added.status_code, added.json["from_on"], added.json["to_on"], added.json["entered_by_name"]) == (
        201, first.isoformat(), last.isoformat(), assessor.name,
    )  # fmt: skip
    assert caller.get("/me/absences").json == {"items": [added.json], "next": None}
    pool = Caller.of(app, officer, region)
    assert pool.get(f"/regions/{region.slug}/assessors/{assessor.id}/absences").json == {
        "items": [added.json], "next": None,
    }  # fmt: skip
    one = f"/me/absences/{added.json['id']}"
    assert other.get("/me/absences").json == {"items": [], "next": None}
    assert other.call("DELETE", one).status_code == 404
    assert caller.call("DELETE", one).status_code == 204
    wrong = caller.post("/me/absences", {"from_on": last.isoformat(), "to_on": first.isoformat()})
    assert wrong.json is not None
    assert (wrong.status_code, wrong.json["errors"][0]["field"]) == (422, "/to_on")


def test_who_is_not_in_the_pool_has_no_days(app: Flask, region: MadeRegion, officer: MadeUser) -> None:
    assert Caller.of(app, make_user(app, region, "assessor"), region).get("/me/absences").status_code == 404
    assert Caller.of(app, make_user(app, region, "region_viewer"), region).get("/me/absences").status_code == 403
    assert Caller(app, None).get("/me/absences").status_code == 401

"""The councils of a region for programs: listed, and added with the first lead or not at all."""

from __future__ import annotations

from flask import Flask

from saas.policy import Role
from tests.caller import Caller
from tests.factories.invitations import Postbox
from tests.factories.tenants import MadeRegion, MadeUser, make_council, make_region, make_user

WESTFOLD = {
    "name": "Westfold Borough Council",
    "slug": "westfold",
    "kind": "district",
    "county": "Foldshire",
    "seats": 43,
}
LEA = {"lead_name": "Lea", "lead_email": "lea@example.org"}


def test_a_council_is_added_with_its_first_lead(
    app: Flask, region: MadeRegion, officer: MadeUser, postbox: Postbox
) -> None:
    caller, councils = Caller.of(app, officer, region), f"/regions/{region.slug}/councils"
    added = caller.post(councils, WESTFOLD | LEA)
    assert added.json is not None
    told = {name: value for name, value in added.json.items() if name not in ("id", "created_at")}
    named = {name: value for name, value in WESTFOLD.items() if name != "slug"}
    assert (added.status_code, told) == (201, named | {"council": "westfold", "active": True})
    assert "/invitations/" in postbox.link()
    assert caller.get(councils).json == {"items": [added.json], "next": None}
    taken = caller.post(councils, WESTFOLD | LEA)
    assert taken.json is not None
    assert (taken.status_code, taken.json["errors"][0]["field"]) == (422, "/slug")


def test_without_a_lead_there_is_no_council(app: Flask, region: MadeRegion, officer: MadeUser) -> None:
    caller, councils = Caller.of(app, officer, region), f"/regions/{region.slug}/councils"
    for wrong, field in (
        ({"lead_name": "Lea"}, "/lead_email"),
        (LEA | {"lead_email": "lea@nowhere"}, "/lead_email"),
        (LEA | {"lead_name": "  "}, "/lead_name"),
        (LEA | {"kind": "parish"}, "/kind"),
    ):
        answer = caller.post(councils, WESTFOLD | wrong)
        assert answer.json is not None
        assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, field)
    assert caller.get(councils).json == {"items": [], "next": None}


def test_each_region_lists_its_own(app: Flask, region: MadeRegion, officer: MadeUser) -> None:
    make_council(app, region)
    elsewhere = make_region(app)
    stranger = Caller.of(app, make_user(app, elsewhere, Role.REGION_OFFICER), elsewhere)
    assert stranger.get(f"/regions/{region.slug}/councils").status_code == 404
    assert stranger.get(f"/regions/{elsewhere.slug}/councils").json == {"items": [], "next": None}
    viewer = Caller.of(app, make_user(app, region, Role.REGION_VIEWER), region)
    assert viewer.post(f"/regions/{region.slug}/councils", WESTFOLD | LEA).status_code == 403

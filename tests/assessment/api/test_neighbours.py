"""Declared neighbours for programs."""

from __future__ import annotations

from flask import Flask

from tests.caller import Caller
from tests.factories.tenants import MadeRegion, MadeUser, make_council, make_region, make_user


def test_two_councils_are_declared_neighbours_and_are_so_no_longer(
    app: Flask, region: MadeRegion, officer: MadeUser
) -> None:
    west, east = make_council(app, region, name="Westbrook"), make_council(app, region, name="Eastmoor")
    caller, pairs = Caller.of(app, officer, region), f"/regions/{region.slug}/neighbours"
    made = caller.post(pairs, {"one": str(west.id), "other": str(east.id)})
    assert made.json is not None
    both = [{"id": str(east.id), "name": "Eastmoor"}, {"id": str(west.id), "name": "Westbrook"}]
    assert (made.status_code, made.json["councils"], made.json["declared_by_name"]) == (201, both, officer.name)
    assert caller.get(pairs).json == {"items": [made.json], "next": None}
    assert caller.post(pairs, {"one": str(east.id), "other": str(west.id)}).status_code == 409
    same = caller.post(pairs, {"one": str(west.id), "other": str(west.id)})
    assert same.json is not None
    assert (same.status_code, same.json["errors"][0]["field"]) == (422, "/other")
    elsewhere = make_region(app)
    stranger = Caller.of(app, make_user(app, elsewhere, "region_officer"), elsewhere)
    assert stranger.call("DELETE", f"/regions/{elsewhere.slug}/neighbours/{made.json['id']}").status_code == 404
    assert caller.call("DELETE", f"{pairs}/{made.json['id']}").status_code == 204
    assert caller.get(pairs).json == {"items": [], "next": None}

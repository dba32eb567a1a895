"""A region's process for programs: read, saved as a new version, and refused by the setting that is wrong."""

from __future__ import annotations

from flask import Flask

from assessment.rules.processes import DEFAULT, to_document
from saas.policy import Role
from tests.caller import Caller
from tests.factories.tenants import MadeRegion, MadeUser, make_region, make_user


def test_a_process_is_read_and_saved_as_a_new_version(app: Flask, region: MadeRegion, officer: MadeUser) -> None:
    caller, process = Caller.of(app, officer, region), f"/regions/{region.slug}/process"
    usual = to_document(DEFAULT)
    assert caller.get(process).json == {"settings": usual, "changed_at": None, "changed_by_name": "", "version": 0}
    wanted = {"settings": usual | {"reply_days": 30}}
    saved = caller.call("PUT", process, json=wanted, headers={"If-None-Match": "*"})
    assert saved.json is not None
    assert (saved.status_code, saved.json | {"changed_at": None}) == (
        200, wanted | {"changed_at": None, "changed_by_name": officer.name, "version": 1},
    )  # fmt: skip
    assert caller.call("PUT", process, json=wanted, headers={"If-None-Match": "*"}).status_code == 412
    assert caller.call("PUT", process, json=wanted, match='"1"').json == saved.json
    assert caller.get(f"{process}/versions").json == {"items": [saved.json], "next": None}
    viewer = Caller.of(app, make_user(app, region, Role.REGION_VIEWER), region)
    assert viewer.get(process).json == saved.json
    assert viewer.call("PUT", process, json=wanted, match='"1"').status_code == 403
    elsewhere = make_region(app)
    stranger = Caller.of(app, make_user(app, elsewhere, Role.REGION_OFFICER), elsewhere)
    assert stranger.get(process).status_code == 404


def test_the_setting_that_is_wrong_is_named(app: Flask, region: MadeRegion, officer: MadeUser) -> None:
    caller, process = Caller.of(app, officer, region), f"/regions/{region.slug}/process"
    usual = to_document(DEFAULT)
    for settings, field in (
        ({"reply_days": 0}, "/settings/reply_days"),
        ({"colour": "red"}, "/settings/colour"),
        (
            usual | {"team": [{"seat": "officer", "number": 2, "scores": True, "leads": "yes"}]},
            "/settings/team/0/leads",
        ),
        (usual | {"reassessment_months": 36}, "/settings/reassessment_months"),
    ):
        answer = caller.call("PUT", process, json={"settings": settings}, headers={"If-None-Match": "*"})
        assert answer.json is not None
        assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, field)
    assert caller.get(f"{process}/versions").json == {"items": [], "next": None}

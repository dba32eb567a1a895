"""A region's privacy notice for programs."""

from __future__ import annotations

from typing import Any

from flask import Flask

from saas.policy import Role
from tests.caller import Caller
from tests.factories.tenants import MadeCouncil, make_user

WRITTEN = {
    "controller": "Larkmere Employers",
    "contact": "privacy@example.org",
    "protection_officer": "",
    "processor": "",
    "words": "Why we keep it.",
}


def test_it_is_written_once_by_whoever_saw_it(app: Flask, council: MadeCouncil) -> None:
    officer = make_user(app, council.region, Role.REGION_OFFICER)
    caller, notice = Caller.of(app, officer, council.region), f"/regions/{council.region.slug}/privacy-notice"
    empty: Any = caller.get(notice)
    assert (empty.headers["ETag"], empty.json["controller"]) == ('"0"', "")
    saved: Any = caller.call("PUT", notice, json=WRITTEN, headers={"If-None-Match": "*"})
    assert saved.json == WRITTEN | {"set_at": saved.json["set_at"], "set_by_name": officer.name, "version": 1}
    stale = caller.call("PUT", notice, json=WRITTEN, headers={"If-None-Match": "*"})
    assert (stale.status_code, stale.headers["ETag"]) == (412, '"1"')
    bare: Any = caller.call("PUT", notice, json={"controller": "Larkmere Employers"}, match='"1"')
    assert bare.json["errors"] == [{"field": "/contact", "message": "Missing data for required field."}]
    assert caller.get(notice).json == saved.json

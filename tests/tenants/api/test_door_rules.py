"""Who needs a second step, for programs."""

from __future__ import annotations

from typing import Any

from flask import Flask

from saas.policy import Role
from tests.caller import Caller
from tests.factories.tenants import MadeCouncil, make_user


def test_the_roles_are_said_by_whoever_saw_what_holds(app: Flask, council: MadeCouncil) -> None:
    officer = make_user(app, council.region, Role.REGION_OFFICER)
    caller, rule = Caller.of(app, officer, council.region), f"/regions/{council.region.slug}/door-rule"
    unsaid: dict[str, Any] = {"roles": [], "set_at": None, "set_by_name": "", "version": 0}
    assert caller.get(rule).json == unsaid
    saved: Any = caller.call("PUT", rule, json={"roles": ["council_lead"]}, headers={"If-None-Match": "*"})
    assert saved.json == {
        "roles": ["council_lead"],
        "set_at": saved.json["set_at"],
        "set_by_name": officer.name,
        "version": 1,
    }
    stale = caller.call("PUT", rule, json={"roles": []}, headers={"If-None-Match": "*"})
    assert (stale.status_code, stale.headers["ETag"]) == (412, '"1"')
    unknown: Any = caller.call("PUT", rule, json={"roles": ["operator"]}, match='"1"')
    assert [each["field"] for each in unknown.json["errors"]] == ["/roles/0"]
    assert caller.get(rule).json == saved.json

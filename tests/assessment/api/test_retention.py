"""How long records are kept, for programs: looked at before it is set, by whoever saw what holds."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from saas.policy import Role
from tests.caller import Caller
from tests.factories.tenants import MadeCouncil, MadeUser, make_user


@pytest.fixture
def retention(council: MadeCouncil) -> str:
    return f"/councils/{council.slug}/retention"


def months(told: Any, kind: str) -> tuple[int, str]:
    """How long a kind is kept, and who said so."""
    return next((each["months"], each["source"]) for each in told["terms"] if each["kind"] == kind)


def test_the_months_are_looked_at_and_set(caller: Caller, retention: str, lead: MadeUser) -> None:
    before: Any = caller.get(retention)
    assert (before.headers["ETag"], months(before.json, "notices")) == ('"0"', (12, "Usual"))
    looked: Any = caller.post(f"{retention}/look", {"months": {"notices": 2}})
    assert (looked.status_code, looked.json["rows"]["notices"]) == (200, 0)
    assert caller.get(retention).json == before.json
    saved: Any = caller.call("PUT", retention, json={"months": {"notices": 2}}, match='"0"')
    assert (saved.status_code, months(saved.json, "notices")) == (200, (2, f"Set by {lead.name}"))
    stale = caller.call("PUT", retention, json={"months": {"notices": 3}}, match='"0"')
    assert (stale.status_code, stale.headers["ETag"]) == (412, saved.headers["ETag"])


@pytest.mark.parametrize("path", ["", "/look"])
def test_what_cannot_be_chosen_is_named(caller: Caller, retention: str, path: str) -> None:
    method, seen = ("POST", None) if path else ("PUT", '"0"')
    refused: Any = caller.call(method, retention + path, json={"months": {"notices": 999}}, match=seen)
    assert (refused.status_code, [each["field"] for each in refused.json["errors"]]) == (422, ["/months/notices"])


def test_a_region_says_what_holds_for_its_councils(
    app: Flask, council: MadeCouncil, caller: Caller, retention: str
) -> None:
    officer = Caller.of(app, make_user(app, council.region, Role.REGION_OFFICER), council.region)
    place = f"/regions/{council.region.slug}/retention"
    assert officer.call("PUT", place, json={"months": {"notices": 6}}, match='"0"').status_code == 200
    assert months(caller.get(retention).json, "notices") == (6, "Set by your region")
    editor = Caller.of(app, make_user(app, council, Role.COUNCIL_EDITOR), council)
    assert editor.get(retention).status_code == 403

"""Office-holders for programs: one at a time, corrected as they were seen, and no longer in office."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from saas.policy import Role
from tests.caller import Caller
from tests.factories.tenants import MadeCouncil, make_user


@pytest.fixture
def offices(council: MadeCouncil) -> str:
    return f"/councils/{council.slug}/offices"


LEADER = {"office": "Leader", "name": "Ade Marsh", "from_on": "2025-05-20"}


def test_an_office_is_taken_corrected_and_left(caller: Caller, offices: str) -> None:
    made: Any = caller.post(offices, LEADER)
    unsaid = {"email": "", "user_id": None, "until_on": None, "version": 1}
    assert (made.status_code, made.json) == (201, LEADER | unsaid | {"id": made.json["id"]})
    one = f"{offices}/{made.json['id']}"
    mended: Any = caller.call("PATCH", one, json={"email": "ade.marsh@example.gov.uk"}, match='"1"')
    assert mended.json == made.json | {"email": "ade.marsh@example.gov.uk", "version": 2}
    stale = caller.call("PATCH", one, json={"name": "Ada Marsh"}, match='"1"')
    assert (stale.status_code, stale.headers["ETag"]) == (412, '"2"')
    second: Any = caller.post(offices, LEADER | {"name": "Bo Reed"})
    assert second.json["errors"] == [
        {"field": "/office", "message": "Ade Marsh holds this office. Say first from when that is no longer so."}
    ]
    left: Any = caller.post(f"{one}/end", {"until_on": "2026-05-19"})
    assert (left.status_code, left.json["until_on"]) == (200, "2026-05-19")
    assert caller.post(f"{one}/end", {"until_on": "2026-05-19"}).status_code == 409
    follower: Any = caller.post(offices, LEADER | {"name": "Bo Reed", "from_on": "2026-05-20"})
    assert caller.get(offices).json == {"items": [follower.json, left.json], "next": None}
    assert caller.get(one).json == left.json


def test_an_editor_reads_and_does_not_write(app: Flask, council: MadeCouncil, offices: str) -> None:
    editor = Caller.of(app, make_user(app, council, Role.COUNCIL_EDITOR), council)
    assert (editor.get(offices).status_code, editor.post(offices, LEADER).status_code) == (200, 403)


def test_the_address_of_who_left_is_read_by_who_corrects_it(
    app: Flask, council: MadeCouncil, caller: Caller, offices: str
) -> None:
    written = LEADER | {"email": "ade.marsh@example.gov.uk"}
    made: Any = caller.post(offices, written)
    viewer = Caller.of(app, make_user(app, council, Role.COUNCIL_VIEWER), council)
    assert viewer.get(offices).json == {"items": [made.json], "next": None}
    left: Any = caller.post(f"{offices}/{made.json['id']}/end", {"until_on": "2026-05-19"})
    assert caller.get(offices).json == {"items": [left.json], "next": None}
    assert viewer.get(offices).json == {"items": [left.json | {"email": ""}], "next": None}
    assert viewer.get(f"{offices}/{made.json['id']}").json == left.json | {"email": ""}

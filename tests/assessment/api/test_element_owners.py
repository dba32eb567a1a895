"""Owners of elements for programs: named once by whoever saw what stood there."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from saas.policy import Role
from tests.caller import Caller
from tests.factories.assessment import make_accreditation
from tests.factories.tenants import MadeCouncil, MadeUser, make_user


@pytest.fixture
def owners(app: Flask, council: MadeCouncil) -> str:
    accreditation_id: UUID = make_accreditation(app, council)
    return f"/councils/{council.slug}/accreditations/{accreditation_id}/element-owners"


def name(caller: Caller, one: str, match: str | None = None, **given: Any) -> TestResponse:
    """Name an owner, seen as `match` or not there yet."""
    return caller.call("PUT", one, json=given, match=match, headers={} if match else {"If-None-Match": "*"})


def test_an_element_gets_an_owner_another_and_none(
    app: Flask, caller: Caller, council: MadeCouncil, owners: str, lead: MadeUser
) -> None:
    editor = make_user(app, council, Role.COUNCIL_EDITOR)
    one = f"{owners}/1.1"
    before: Any = caller.get(one)
    assert (before.headers["ETag"], before.json["user_id"]) == ('"0"', None)
    named: Any = name(caller, one, user_id=str(editor.id), due_on="2099-03-31")
    assert (named.status_code, named.headers["ETag"]) == (200, '"1"')
    assert named.json == before.json | {
        "user_id": str(editor.id),
        "name": editor.name,
        "due_on": "2099-03-31",
        "named_at": named.json["named_at"],
        "named_by_name": lead.name,
        "version": 1,
    }
    stale = name(caller, one, user_id=str(lead.id))
    assert (stale.status_code, stale.headers["ETag"]) == (412, '"1"')
    owned: Any = caller.get(owners).json
    assert [each["code"] for each in owned["items"] if each["user_id"]] == ["1.1"]
    cleared: Any = name(caller, one, '"1"')
    assert cleared.json == before.json


def test_only_who_may_answer_can_own(app: Flask, caller: Caller, council: MadeCouncil, owners: str) -> None:
    viewer = make_user(app, council, Role.COUNCIL_VIEWER)
    refused: Any = name(caller, f"{owners}/1.1", user_id=str(viewer.id))
    assert refused.json["errors"] == [
        {"field": "/user_id", "message": "Choose somebody who may write answers in your council."}
    ]
    assert name(caller, f"{owners}/9.9").status_code == 404
    assert caller.get(f"{owners}/9.9").status_code == 404
    offered: Any = caller.get(f"/councils/{council.slug}/answerers").json
    assert str(viewer.id) not in [each["user_id"] for each in offered["items"]]
    assert Caller.of(app, viewer, council).get(owners).status_code == 200

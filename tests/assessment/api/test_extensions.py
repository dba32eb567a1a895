"""The last day to be assessed, for programs: moved to a later one, told each time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from tests.caller import Caller
from tests.factories.assessment import make_accreditation
from tests.factories.tenants import MadeCouncil, MadeUser


@pytest.fixture
def caller(app: Flask, council: MadeCouncil, officer: MadeUser) -> Caller:
    return Caller.of(app, officer, council.region)


@pytest.fixture
def accreditation_id(app: Flask, council: MadeCouncil) -> UUID:
    return make_accreditation(app, council)


def case_of(council: MadeCouncil, accreditation_id: object, rest: str) -> str:
    return f"/regions/{council.region.slug}/accreditations/{accreditation_id}/{rest}"


def test_a_council_gets_more_time(
    caller: Caller, council: MadeCouncil, accreditation_id: UUID, officer: MadeUser
) -> None:
    page = case_of(council, accreditation_id, "deadline")
    read = caller.get(page)
    before: Any = read.json
    assert before["accreditation_id"] == str(accreditation_id)
    assert caller.get(case_of(council, accreditation_id, "extensions")).json == {"items": [], "next": None}
    later = (date.fromisoformat(before["deadline_on"]) + timedelta(days=30)).isoformat()
    more = {"deadline_on": later, "reason": "An election came."}
    assert caller.call("PUT", page, json=more).status_code == 428
    early = caller.call("PUT", page, json=more | {"deadline_on": before["deadline_on"]}, match=read.headers["ETag"])
    assert early.json is not None
    assert (early.status_code, early.json["errors"][0]["field"]) == (422, "/deadline_on")
    moved = caller.call("PUT", page, json=more, match=read.headers["ETag"])
    assert moved.json is not None
    assert (moved.status_code, moved.json["deadline_on"]) == (200, later)
    listed: Any = caller.get(case_of(council, accreditation_id, "extensions")).json
    assert [each | {"at": ""} for each in listed["items"]] == [
        {
            "before_on": before["deadline_on"], "until_on": later, "reason": "An election came.", "by": officer.name,
            "at": "",
        }
    ]  # fmt: skip
    stale = caller.call("PUT", page, json=more, match=read.headers["ETag"])
    assert (stale.status_code, stale.headers["ETag"]) == (412, moved.headers["ETag"])

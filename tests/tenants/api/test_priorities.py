"""Corporate priorities for programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from tests.caller import Caller
from tests.factories.plans import make_action, make_plan, make_priority, serve
from tests.factories.tenants import MadeCouncil


@pytest.fixture
def priorities(council: MadeCouncil) -> str:
    return f"/councils/{council.slug}/priorities"


def test_a_priority_is_added_worded_otherwise_and_taken_out(caller: Caller, priorities: str) -> None:
    made: Any = caller.post(priorities, {"title": "Safe streets"})
    told = {"id": made.json["id"], "title": "Safe streets", "past": False, "actions": 0}
    assert (made.status_code, made.json) == (201, told)
    one = f"{priorities}/{told['id']}"
    changed = {"title": "Safe and tidy streets", "past": True, "seen_title": "Safe streets", "seen_past": False}
    saved: Any = caller.call("PUT", one, json=changed)
    assert (saved.status_code, saved.json) == (200, told | {"title": "Safe and tidy streets", "past": True})
    late: Any = caller.call("PUT", one, json=changed)
    assert (late.status_code, late.json["detail"]) == (409, "Somebody else changed this first.")
    twice: Any = caller.post(priorities, {"title": "Safe and tidy streets"})
    assert twice.json["errors"] == [{"field": "/title", "message": "This priority is in the list already."}]
    assert caller.get(priorities).json == {"items": [saved.json], "next": None}
    assert caller.call("DELETE", one).status_code == 204
    assert caller.get(priorities).json == {"items": [], "next": None}


def test_one_that_a_line_serves_stays(app: Flask, caller: Caller, council: MadeCouncil, priorities: str) -> None:
    served: UUID = make_priority(app, council)
    serve(app, council, make_action(app, council, make_plan(app, council)), served)
    kept: Any = caller.call("DELETE", f"{priorities}/{served}")
    assert (kept.status_code, kept.json["detail"]) == (
        409,
        "Actions serve this priority. Say that it is past instead.",
    )
    assert [each["actions"] for each in caller.get(priorities).json["items"]] == [1]  # type: ignore[index]

"""Documents that plans were read from, for programs: undone while nobody worked on their lines."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

from flask import Flask

from saas.tenancy import CONSOLE
from saas.transaction import within
from tenants.queries.imports import get_import
from tenants.services.imports import ACTION_PLAN
from tenants.services.remembered_columns import remember
from tests.caller import Caller
from tests.factories.tenants import MadeCouncil

TABLE = b"Action,Timescale\r\nPublish the calendar,By 31 March 2027\r\n"


def take_in(caller: Caller, plans: str, content: bytes = TABLE) -> Any:
    return caller.post(f"{plans}/imports", data={"plan_title": "Calendar", "file": (io.BytesIO(content), "plan.csv")})


def test_a_document_is_undone_with_the_plan_it_made(caller: Caller, council: MadeCouncil) -> None:
    plans = f"/councils/{council.slug}/plans"
    plan_id = take_in(caller, plans).json["plan_id"]
    (listed,) = caller.get(f"/councils/{council.slug}/plan-imports").json["items"]  # type: ignore[index]
    assert listed == {
        "id": listed["id"],
        "filename": "plan.csv",
        "taken_in_at": listed["taken_in_at"],
        "plan_id": plan_id,
        "plan_title": "Calendar",
        "worked_on": False,
    }
    one = f"/councils/{council.slug}/plan-imports/{listed['id']}/undo"
    undone: Any = caller.post(one)
    assert (undone.status_code, undone.json) == (200, {"removed": 1, "plan": "Calendar"})
    assert [caller.get(path).json for path in (plans, f"/councils/{council.slug}/plan-imports")] == [
        {"items": [], "next": None}
    ] * 2
    again: Any = caller.post(one)
    assert (again.status_code, again.json["detail"]) == (
        409,
        "This document is not taken in: there is nothing to undo.",
    )


def test_what_was_worked_on_stays(caller: Caller, council: MadeCouncil) -> None:
    plans = f"/councils/{council.slug}/plans"
    plan_id = take_in(caller, plans).json["plan_id"]
    (line,) = caller.get(f"{plans}/{plan_id}/actions").json["items"]  # type: ignore[index]
    note = {"noted_on": "2026-05-20", "words": "Begun."}
    assert caller.post(f"{plans}/{plan_id}/actions/{line['id']}/notes", note).status_code == 201
    (listed,) = caller.get(f"/councils/{council.slug}/plan-imports").json["items"]  # type: ignore[index]
    kept: Any = caller.post(f"/councils/{council.slug}/plan-imports/{listed['id']}/undo")
    assert (listed["worked_on"], kept.status_code, kept.json["detail"]) == (
        True,
        409,
        "1 of its actions was worked on since the document was taken in, so it cannot be undone.",
    )


def test_a_heading_is_forgotten_once(app: Flask, caller: Caller, council: MadeCouncil) -> None:
    plans = f"/councils/{council.slug}/plans"
    take_in(caller, plans)
    (listed,) = caller.get(f"/councils/{council.slug}/plan-imports").json["items"]  # type: ignore[index]
    with app.app_context(), within(council.scope()):
        kept = get_import(council.id, UUID(listed["id"]), kind=ACTION_PLAN, lock=True)
        remember(kept, {"when": "timescale"}, by=CONSOLE)
    (heading,) = caller.get(f"/councils/{council.slug}/plan-headings").json["items"]  # type: ignore[index]
    assert heading == {"id": heading["id"], "heading": "when", "meaning": "timescale"}
    one = f"/councils/{council.slug}/plan-headings/{heading['id']}"
    assert [caller.call("DELETE", one).status_code for _ in range(2)] == [204, 404]

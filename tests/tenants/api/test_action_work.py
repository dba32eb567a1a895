"""What a person says of a line, for programs: status, reading, owners, notes, evidence, priorities."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from tests.caller import Caller
from tests.factories.evidence import make_file
from tests.factories.meetings import make_meeting
from tests.factories.plans import make_action, make_plan, make_priority
from tests.factories.tenants import MadeCouncil, MadeUser


@pytest.fixture
def plan_id(app: Flask, council: MadeCouncil) -> UUID:
    return make_plan(app, council)


def address(council: MadeCouncil, plan_id: UUID, action_id: UUID) -> str:
    return f"/councils/{council.slug}/plans/{plan_id}/actions/{action_id}"


@pytest.fixture
def line(app: Flask, council: MadeCouncil, plan_id: UUID) -> str:
    """A line whose timescale can be read in two ways."""
    made = make_action(app, council, plan_id, timescale="By 2028", responsibility="Head of HR")
    return address(council, plan_id, made)


def details(caller: Caller, line: str) -> Any:
    return caller.get(f"{line}/details").json


def test_a_status_is_confirmed_as_it_was_seen(caller: Caller, line: str) -> None:
    said: Any = caller.post(f"{line}/status", {"status": "completed", "completed_on": "2026-05-20"}, match='"1"')
    assert (said.status_code, said.json["status"], said.json["completed_on"]) == (200, "completed", "2026-05-20")
    stale = caller.post(f"{line}/status", {"status": "not_started"}, match='"1"')
    assert (stale.status_code, stale.headers["ETag"]) == (412, '"2"')
    assert caller.post(f"{line}/status", {"status": "not_started"}).status_code == 428
    coming: Any = caller.post(f"{line}/status", {"status": "completed", "completed_on": "2199-01-01"}, match='"2"')
    assert coming.json["errors"] == [
        {"field": "/completed_on", "message": "The day it was completed must be today or earlier."}
    ]


def test_one_of_the_readings_of_a_timescale_is_chosen(caller: Caller, line: str) -> None:
    offered: Any = caller.get(f"{line}/readings").json
    assert [each["latest_on"] for each in offered["items"]] == ["2028-12-31", "2027-12-31"]
    other = offered["items"][1]
    chosen: Any = caller.post(f"{line}/reading", {"reading": other["reading"]}, match='"1"')
    assert (chosen.status_code, chosen.json["latest_on"], chosen.json["timescale_kind"]) == (
        200,
        "2027-12-31",
        other["kind"],
    )
    invented: Any = caller.post(f"{line}/reading", {"reading": "deadline||2030-01-01"}, match='"2"')
    assert invented.json["errors"] == [{"field": "/reading", "message": "Choose one of the readings."}]


def test_owners_are_proposed_from_the_words_and_confirmed(caller: Caller, line: str) -> None:
    before = details(caller, line)
    assert (before["owners"], [each["name"] for each in before["owners_proposed"]]) == ([], ["Head of HR"])
    wanted = [{"kind": "post", "name": "Head of HR", "accountable": True}]
    saved: Any = caller.call("PUT", f"{line}/owners", json={"owners": wanted, "seen": before["owners_seen"]})
    assert (saved.status_code, saved.json["owners"], saved.json["owners_proposed"]) == (200, wanted, [])
    late = caller.call("PUT", f"{line}/owners", json={"owners": [], "seen": before["owners_seen"]})
    assert late.status_code == 409
    assert details(caller, line)["owners"] == wanted


def test_a_note_is_written_and_taken_out_unless_a_meeting_took_it(
    app: Flask, caller: Caller, council: MadeCouncil, plan_id: UUID, line: str, lead: MadeUser
) -> None:
    made: Any = caller.post(
        f"{line}/notes", {"noted_on": "2026-05-20", "words": "The draft is out.", "minute": "14/26"}
    )
    assert made.json == {
        "id": made.json["id"],
        "noted_on": "2026-05-20",
        "words": "The draft is out.",
        "minute": "14/26",
        "written_at": made.json["written_at"],
        "written_by_name": lead.name,
        "meeting_id": None,
    }
    assert details(caller, line)["notes"] == [made.json]
    assert caller.call("DELETE", f"{line}/notes/{made.json['id']}").status_code == 204
    meeting = f"{line.partition('/actions/')[0]}/meetings/{make_meeting(app, council, plan_id)}"
    told: Any = caller.get(meeting).json
    seen = {"action_id": line.rpartition("/")[2], "seen": told["lines"][0]["seen"], "note": "Discussed."}
    assert caller.post(f"{meeting}/sitting", {"seen": told["seen"], "lines": [seen]}).status_code == 200
    (taken,) = details(caller, line)["notes"]
    kept: Any = caller.call("DELETE", f"{line}/notes/{taken['id']}")
    assert (kept.status_code, kept.json["detail"]) == (
        409,
        "A meeting took this note. It stays with the record of the meeting.",
    )


def test_evidence_is_named_with_its_place_and_named_no_longer(
    app: Flask, caller: Caller, council: MadeCouncil, line: str
) -> None:
    evidence = str(make_file(app, council, title="Strategy"))
    for place in ("Page 2", "Page 3"):
        linked: Any = caller.call("PUT", f"{line}/evidence/{evidence}", json={"pinpoint": place})
        assert linked.json["evidence"] == [
            {"evidence_id": evidence, "title": "Strategy", "kind": "file", "pinpoint": place, "removed": False}
        ]
    assert caller.call("DELETE", f"{line}/evidence/{evidence}").status_code == 204
    assert caller.call("DELETE", f"{line}/evidence/{evidence}").status_code == 404
    assert details(caller, line)["evidence"] == []


def test_the_priorities_it_serves_are_saved_at_once(
    app: Flask, caller: Caller, council: MadeCouncil, line: str
) -> None:
    roads, parks = str(make_priority(app, council, "Roads")), str(make_priority(app, council, "Parks"))
    seen = details(caller, line)["priorities_seen"]
    saved: Any = caller.call("PUT", f"{line}/priorities", json={"priorities": [roads], "seen": seen})
    assert saved.json["priorities"] == [{"id": roads, "title": "Roads", "past": False}]
    late = caller.call("PUT", f"{line}/priorities", json={"priorities": [parks], "seen": seen})
    assert late.status_code == 409
    assert details(caller, line)["priorities"] == saved.json["priorities"]
    unknown: Any = caller.call(
        "PUT", f"{line}/priorities", json={"priorities": [id_of_nothing()], "seen": saved.json["priorities_seen"]}
    )
    assert unknown.json["errors"] == [{"field": "/priorities", "message": "Choose priorities of the list."}]


def id_of_nothing() -> str:
    """An id that names nothing."""
    return "01900000-0000-7000-8000-000000000000"

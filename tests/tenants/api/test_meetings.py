"""Meetings for programs: planned, entered at once or not at all, closed; nobody's words are lost."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from saas import clock
from saas.policy import Role
from tests.caller import Caller
from tests.factories.meetings import make_meeting
from tests.factories.plans import make_action
from tests.factories.tenants import MadeCouncil, MadeUser, make_user


@pytest.fixture
def meetings(council: MadeCouncil, plan_id: UUID) -> str:
    return f"/councils/{council.slug}/plans/{plan_id}/meetings"


def read(caller: Caller, one: str) -> Any:
    """The meeting with its lines."""
    return caller.get(one).json


def test_a_meeting_is_planned_moved_and_called_off(
    caller: Caller, meetings: str, plan_id: UUID, lead: MadeUser
) -> None:
    made: Any = caller.post(meetings, {"body": "Steering  group", "held_on": "2099-02-09"})
    assert (made.status_code, made.headers["ETag"]) == (201, '"1"')
    assert made.json == {
        "id": made.json["id"],
        "plan_id": str(plan_id),
        "body": "Steering group",
        "held_on": "2099-02-09",
        "minute": "",
        "notes": "",
        "opened_at": made.json["opened_at"],
        "opened_by_name": lead.name,
        "closed_at": None,
        "closed_by_name": "",
        "version": 1,
    }
    one = made.headers["Location"].removeprefix("/api/v1")
    moved: Any = caller.call("PATCH", one, json={"held_on": "2099-02-16"}, match='"1"')
    assert (moved.json["body"], moved.json["held_on"], moved.headers["ETag"]) == ("Steering group", "2099-02-16", '"2"')
    stale = caller.call("PATCH", one, json={"body": "Cabinet"}, match='"1"')
    assert (stale.status_code, stale.headers["ETag"]) == (412, '"2"')
    assert caller.get(meetings).json == {"items": [moved.json], "next": None}
    early = caller.call("POST", f"{one}/closure", match='"2"')
    assert (early.status_code, early.json["detail"]) == (  # type: ignore[index]
        409,
        "This meeting is still to come. It can be closed from its day on.",
    )
    assert caller.call("DELETE", one).status_code == 204
    assert caller.get(meetings).json == {"items": [], "next": None}


def test_a_sitting_is_entered_whole_and_its_record_closed(
    app: Flask, caller: Caller, council: MadeCouncil, plan_id: UUID, meetings: str
) -> None:
    line = make_action(app, council, plan_id, timescale="May 2027", responsibility="HR")
    one = f"{meetings}/{make_meeting(app, council, plan_id)}"
    told = read(caller, one)
    sent = {
        "seen": told["seen"],
        "minute": "14/2027",
        "lines": [
            {
                "action_id": str(line),
                "seen": told["lines"][0]["seen"],
                "status": "in_progress",
                "decision": "Go on.",
                "note": "Half of it is written.",
            }
        ],
        "added": [{"action": "Publish the calendar", "timescale": "By 31 March 2028"}],
    }
    kept: Any = caller.post(f"{one}/sitting", sent)
    assert (kept.status_code, kept.json["minute"]) == (200, "14/2027")
    names = ("ref", "action", "status", "timescale", "responsibility", "decision", "minute")
    assert [tuple(each[name] for name in names) for each in kept.json["lines"]] == [
        ("1", "Write role descriptions.", "in_progress", "May 2027", "HR", "Go on.", ""),
        ("2", "Publish the calendar", "", "By 31 March 2028", "", "", ""),
    ]
    details: Any = caller.get(f"{meetings.removesuffix('meetings')}actions/{line}/details").json
    assert [(each["words"], each["noted_on"]) for each in details["notes"]] == [
        ("Half of it is written.", clock.today().isoformat())
    ]
    closed: Any = caller.post(f"{one}/closure", match=kept.headers["ETag"])
    assert (closed.status_code, closed.json["closed_at"] is not None) == (200, True)
    again: Any = caller.post(f"{one}/sitting", {"seen": kept.json["seen"]})
    assert (again.status_code, again.json["detail"]) == (
        409,
        "The record of this meeting is closed. What it decided stands.",
    )


def test_what_somebody_changed_meanwhile_is_not_written_over(
    app: Flask, caller: Caller, council: MadeCouncil, plan_id: UUID, meetings: str
) -> None:
    line = str(make_action(app, council, plan_id, timescale="May 2027"))
    one = f"{meetings}/{make_meeting(app, council, plan_id)}"
    told = read(caller, one)
    lines = f"{meetings.removesuffix('meetings')}actions/{line}"
    assert caller.call("PATCH", lines, json={"timescale": "June 2027"}, match='"1"').status_code == 200
    entered = {"action_id": line, "seen": told["lines"][0]["seen"], "timescale": "July 2027"}
    refused: Any = caller.post(f"{one}/sitting", {"seen": told["seen"], "lines": [entered]})
    assert (refused.status_code, refused.json["detail"]) == (
        409,
        "Somebody changed this after it was read: 1 Timescale. Read the meeting again; nothing was kept.",
    )
    assert read(caller, one)["lines"][0]["timescale"] == "June 2027"


def test_what_cannot_be_kept_names_the_line_that_was_sent(
    app: Flask, caller: Caller, council: MadeCouncil, plan_id: UUID, meetings: str
) -> None:
    line = str(make_action(app, council, plan_id))
    one = f"{meetings}/{make_meeting(app, council, plan_id)}"
    told = read(caller, one)
    entered = {"action_id": line, "seen": told["lines"][0]["seen"], "status": "decided_against"}
    sent = {"seen": told["seen"], "lines": [entered], "added": [{"action": "Write role descriptions."}]}
    refused: Any = caller.post(f"{one}/sitting", sent)
    assert (refused.status_code, refused.json["errors"]) == (
        422,
        [
            {"field": "/lines/0/decision", "message": "Say why it was decided against."},
            {"field": "/added/0/action", "message": "This is in the plan already: action 1."},
        ],
    )
    twice: Any = caller.post(f"{one}/sitting", {"seen": told["seen"], "lines": [entered, entered]})
    assert twice.json["errors"] == [{"field": "/lines", "message": "Name each line once."}]


def test_the_chair_records_and_who_reads_only_reads(
    app: Flask, council: MadeCouncil, plan_id: UUID, meetings: str
) -> None:
    wanted = {"body": "Steering group", "held_on": "2027-02-09"}
    chair = Caller.of(app, make_user(app, council, Role.STEERING_CHAIR), council)
    viewer = Caller.of(app, make_user(app, council, Role.COUNCIL_VIEWER), council)
    assert (chair.post(meetings, wanted).status_code, viewer.post(meetings, wanted).status_code) == (201, 403)
    assert [each["body"] for each in viewer.get(meetings).json["items"]] == ["Steering group"]  # type: ignore[index]

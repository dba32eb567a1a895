"""Visits for programs: planned, changed line by line, put before those invited, and read by all three sides."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from saas.policy import Role
from tests.caller import Caller
from tests.factories.scores import MadeCase, make_declared
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user
from tests.factories.visits import a_day, a_weekend, make_visit


@pytest.fixture
def case(app: Flask, council: MadeCouncil) -> MadeCase:
    return make_declared(app, council, council.region)


@pytest.fixture
def caller(app: Flask, case: MadeCase) -> Caller:
    return Caller.of(app, case.officer, case.region)


def visit_of(case: MadeCase, rest: str = "") -> str:
    return f"/regions/{case.region.slug}/accreditations/{case.accreditation_id}/visit{rest}"


def planned(**changes: object) -> dict[str, Any]:
    usual = {"held_on": a_day().isoformat(), "place": "Town hall", "length": "short", "begins_at": "9:30"}
    return usual | changes


NEW = {"If-None-Match": "*"}


def test_a_visit_is_planned_with_the_usual_timetable(caller: Caller, case: MadeCase) -> None:
    assert caller.get(visit_of(case)).status_code == 404
    made = caller.post(visit_of(case), planned(), headers=NEW)
    assert made.json is not None
    assert (made.status_code, made.headers["ETag"]) == (201, '"1"')
    told = {
        name: made.json[name] for name in ("state", "held_on", "place", "joining", "reason", "changed", "invited_at")
    }
    assert told == {
        "state": "planned", "held_on": a_day().isoformat(), "place": "Town hall", "joining": "", "reason": "",
        "changed": False, "invited_at": None,
    }  # fmt: skip
    assert [(each["key"], each["at"], each["minutes"], each["title"]) for each in made.json["timetable"][:3]] == [
        ("s1", "09:30", 5, "The team joins"),
        ("s2", "09:35", 15, "Welcome"),
        ("s3", "09:50", 30, "Group leaders"),
    ]
    assert caller.get(visit_of(case)).json == made.json
    again = caller.post(visit_of(case), planned(), headers=NEW)
    assert (again.status_code, again.headers["ETag"]) == (412, '"1"')


def test_what_speaks_against_a_day_is_named(caller: Caller, case: MadeCase) -> None:
    for wrong, field in (
        ({"held_on": a_weekend().isoformat()}, "/reason"),
        ({"held_on": "2020-01-06"}, "/held_on"),
        ({"begins_at": "noon"}, "/begins_at"),
        ({"begins_at": "23:30"}, "/begins_at"),
        ({"length": "long"}, "/length"),
        ({"place": ""}, "/place"),
    ):
        answer = caller.post(visit_of(case), planned(**wrong), headers=NEW)
        assert answer.json is not None
        assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, field)
    assert caller.get(visit_of(case)).status_code == 404


def test_day_and_lines_are_changed_by_whoever_saw_the_newest(app: Flask, caller: Caller, case: MadeCase) -> None:
    make_visit(app, case, length="short")
    moved = caller.call("PATCH", visit_of(case), json={"place": "Library"}, match='"1"')
    assert moved.json is not None
    assert (moved.status_code, moved.headers["ETag"], moved.json["place"]) == (200, '"2"', "Library")
    line = {"at": "11:40", "minutes": 20, "title": "The archive"}
    assert caller.post(visit_of(case, "/timetable"), line, match='"1"').status_code == 412
    added = caller.post(visit_of(case, "/timetable"), line, match='"2"')
    assert added.json is not None
    assert added.json["timetable"][-1] == line | {"key": "s7", "who": ""}
    longer = {"at": "09:30", "minutes": 15, "title": "The team joins", "who": "", "following": True}
    saved = caller.call("PUT", visit_of(case, "/timetable/s1"), json=longer, match='"3"')
    assert saved.json is not None
    assert [each["at"] for each in saved.json["timetable"]] == [
        "09:30", "09:45", "10:00", "10:30", "11:00", "11:25", "11:50",
    ]  # fmt: skip
    assert caller.call("DELETE", visit_of(case, "/timetable/s7"), match='"4"').status_code == 204
    assert caller.call("DELETE", visit_of(case, "/timetable/s7"), match='"5"').status_code == 404
    assert len(caller.get(visit_of(case)).json["timetable"]) == 6  # type: ignore[index]


def test_those_invited_hear_of_changes_and_why_it_is_called_off(app: Flask, caller: Caller, case: MadeCase) -> None:
    make_visit(app, case)
    invited = caller.post(visit_of(case, "/invitations"), match='"1"')
    assert invited.json is not None
    assert (invited.status_code, invited.json["state"], invited.json["changed"]) == (200, "invited", False)
    seen = invited.headers["ETag"]
    assert caller.post(visit_of(case, "/invitations"), match='"1"').status_code == 412
    assert caller.post(visit_of(case, "/invitations"), match=seen).status_code == 409
    assert caller.post(visit_of(case, "/held"), match=seen).status_code == 409
    off = caller.post(visit_of(case, "/call-off"), {"reason": "The chamber was flooded."}, match=seen)
    assert off.json is not None
    assert (off.status_code, off.json["state"], off.json["called_off_reason"]) == (
        200, "called_off", "The chamber was flooded.",
    )  # fmt: skip
    anew = caller.post(visit_of(case), planned(), match=off.headers["ETag"])
    assert anew.json is not None
    assert (anew.status_code, anew.json["state"], anew.json["id"]) == (201, "planned", off.json["id"])


def test_council_and_team_read_what_the_region_planned(
    app: Flask, caller: Caller, case: MadeCase, lead: MadeUser
) -> None:
    make_visit(app, case)
    there = caller.get(visit_of(case)).json
    council = Caller.of(app, lead, case.council)
    own = f"/councils/{case.council.slug}/accreditations/{case.accreditation_id}/visit"
    assert council.get(own).json == there
    assessor = Caller.of(app, case.scorers[0], case.region)
    assert assessor.get(f"/files/{case.accreditation_id}/visit").json == there
    assert council.get(visit_of(case)).status_code == 404
    decider = Caller.of(app, make_user(app, case.region, Role.REGION_DECIDER), case.region)
    assert decider.get(visit_of(case)).json == there
    assert decider.call("PATCH", visit_of(case), json={"place": "x"}, match='"1"').status_code == 403
    elsewhere = make_council(app, case.region)
    stranger = Caller.of(app, make_user(app, elsewhere, Role.COUNCIL_LEAD), elsewhere)
    assert stranger.get(own.replace(case.council.slug, elsewhere.slug)).status_code == 404

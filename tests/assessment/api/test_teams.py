"""The pool and the team of one accreditation for programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask

from tests.caller import Caller
from tests.factories.scores import MadeCase, make_accepted, make_team
from tests.factories.tenants import MadeCouncil, MadeRegion, make_user


@pytest.fixture
def case(app: Flask, council: MadeCouncil, region: MadeRegion) -> MadeCase:
    return make_accepted(app, council, region)


@pytest.fixture
def caller(app: Flask, case: MadeCase) -> Caller:
    return Caller.of(app, case.officer, case.region)


def team_of(case: MadeCase) -> str:
    return f"/regions/{case.region.slug}/accreditations/{case.accreditation_id}/team"


def asked(case: MadeCase) -> list[dict[str, Any]]:
    return [
        {"place": "officer_1", "user_id": str(case.scorers[0].id), "home_council": "Northfield Borough Council"},
        {"place": "councillor_1", "user_id": str(case.scorers[1].id), "home_council": "Eastmoor District Council"},
        {"place": "regional_1", "user_id": str(case.officer.id)},
    ]


def test_the_pool_says_what_stands_against_asking_somebody(caller: Caller, case: MadeCase) -> None:
    listed = caller.get(f"/regions/{case.region.slug}/assessors").json
    assert listed is not None
    assert [(each["name"], each["scores"], each["hindrance"]) for each in listed["items"]] == [
        (each.name, True, "They are not entered in the pool.")
        for each in sorted(case.scorers, key=lambda user: user.name.casefold())
    ]


def test_every_empty_place_is_filled_at_once(caller: Caller, case: MadeCase) -> None:
    before = caller.get(team_of(case)).json
    assert before is not None
    assert (before["people"], [each["place"] for each in before["empty"]]) == (
        [], ["officer_1", "councillor_1", "regional_1"],
    )  # fmt: skip
    filled = caller.post(team_of(case), {"people": asked(case)})
    assert filled.json is not None
    assert filled.status_code == 201
    assert {(each["name"], each["duty"], each["interest"]) for each in filled.json["people"]} == {
        (case.scorers[0].name, "scorer", None),
        (case.scorers[1].name, "scorer", None),
        (case.officer.name, "lead", None),
    }
    assert filled.json["empty"] == []
    assert caller.get(team_of(case)).json == filled.json


def test_what_is_wrong_with_a_place_is_named_and_nobody_is_asked(caller: Caller, case: MadeCase) -> None:
    people = asked(case)
    for wrong, field in (
        (people[:2], "/people"),
        ([*people, people[0]], "/people/3/place"),
        ([people[0] | {"place": "chair_1"}, *people[1:]], "/people/0/place"),
        ([people[0], people[1] | {"user_id": str(uuid4())}, people[2]], "/people/1/user_id"),
        ([people[0], people[1] | {"home_council": ""}, people[2]], "/people/1/home_council"),
        ([people[0], people[1] | {"home_council": case.council.name}, people[2]], "/people/1/user_id"),
    ):
        answer = caller.post(team_of(case), {"people": wrong})
        assert answer.json is not None
        assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, field)
    team = caller.get(team_of(case)).json
    assert team is not None
    assert team["people"] == []


def test_somebody_is_withdrawn_and_another_comes_instead(app: Flask, council: MadeCouncil, region: MadeRegion) -> None:
    case = make_team(app, council, region)
    caller = Caller.of(app, case.officer, region)
    people = {each["user_id"]: each["id"] for each in caller.get(team_of(case)).json["people"]}  # type: ignore[index]
    leaves = f"{team_of(case)}/{people[str(case.scorers[0].id)]}/withdrawal"
    instead = make_user(app, region, "assessor")
    replacement = {"user_id": str(instead.id), "home_council": "Westbrook Council"}
    answer = caller.post(leaves, {"reason": "Ill", "replacement": replacement})
    assert answer.json is not None
    assert (answer.status_code, answer.json["empty"]) == (200, [])
    assert {each["name"] for each in answer.json["people"]} == {
        instead.name, case.scorers[1].name, case.officer.name,
    }  # fmt: skip
    assert caller.post(leaves, {"reason": "Ill"}).status_code == 404
    assert caller.post(f"{team_of(case)}/{UUID(int=7)}/withdrawal", {"reason": "Ill"}).status_code == 404


def test_only_officers_ask(app: Flask, case: MadeCase) -> None:
    decider = Caller.of(app, make_user(app, case.region, "region_decider"), case.region)
    assert decider.get(team_of(case)).status_code == 403
    assert decider.post(team_of(case), {"people": asked(case)}).status_code == 403

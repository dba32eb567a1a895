"""The people to meet, for programs: named by the council, read by its region and the team."""

from __future__ import annotations

import pytest
from flask import Flask

from saas.policy import Role
from tests.caller import Caller
from tests.factories.members import make_member
from tests.factories.scores import MadeCase, make_declared
from tests.factories.tenants import MadeCouncil, make_user
from tests.factories.visits import make_visit


@pytest.fixture
def case(app: Flask, council: MadeCouncil) -> MadeCase:
    made = make_declared(app, council, council.region)
    make_visit(app, made)
    return made


@pytest.fixture
def people(case: MadeCase) -> str:
    return f"/councils/{case.council.slug}/accreditations/{case.accreditation_id}/visit/people"


def test_members_and_others_are_named_moved_and_taken_off(
    app: Flask, caller: Caller, council: MadeCouncil, case: MadeCase, people: str
) -> None:
    member = make_member(app, council, title="", given_name="Sam", family_name="Okoro", group="Green")
    make_member(app, council, group="Labour")
    assert caller.get(people).json == {"people": [], "missing_groups": [], "version": 0}
    first = caller.post(people, {"member": str(member), "role": "Leader", "slot": "s1"}, headers={"If-None-Match": "*"})
    sam = {"key": "p1", "name": "Sam Okoro", "role": "Leader", "group": "Green", "slot": "s1"}
    assert (first.status_code, first.json) == (201, {"people": [sam], "missing_groups": ["Labour"], "version": 1})
    second = caller.post(people, {"person": "Alex Reed", "role": "Chief Executive"}, match='"1"')
    alex = {"key": "p2", "name": "Alex Reed", "role": "Chief Executive", "group": "", "slot": ""}
    assert (second.status_code, second.json) == (
        201, {"people": [sam, alex], "missing_groups": ["Labour"], "version": 2},
    )  # fmt: skip
    assert caller.call("PUT", f"{people}/p2", json={"slot": "s2"}, match='"1"').status_code == 412
    moved = caller.call("PUT", f"{people}/p2", json={"slot": "s2"}, match='"2"')
    assert (moved.status_code, moved.json) == (
        200, {"people": [sam, alex | {"slot": "s2"}], "missing_groups": ["Labour"], "version": 3},
    )  # fmt: skip
    for place, reader in ((case.region, case.officer), (case.region, case.scorers[1])):
        seen = (
            f"/regions/{case.region.slug}/accreditations/{case.accreditation_id}/visit/people"
            if reader is case.officer
            else f"/files/{case.accreditation_id}/visit/people"
        )
        assert Caller.of(app, reader, place).get(seen).json == moved.json
    assert caller.call("DELETE", f"{people}/p1", match='"3"').status_code == 204
    assert caller.call("DELETE", f"{people}/p1", match='"4"').status_code == 404
    assert [each["name"] for each in caller.get(people).json["people"]] == ["Alex Reed"]  # type: ignore[index]


def test_what_cannot_be_named_is_told_apart(app: Flask, caller: Caller, council: MadeCouncil, people: str) -> None:
    gone = "01900000-0000-7000-8000-000000000000"
    for wrong, field in (
        ({"member": gone, "role": "Leader"}, "/member"),
        ({"member": gone, "person": "Alex Reed", "role": "Leader"}, "/person"),
        ({"role": "Leader"}, "/person"),
        ({"person": "Alex Reed", "role": " "}, "/role"),
    ):
        answer = caller.post(people, wrong, headers={"If-None-Match": "*"})
        assert answer.json is not None
        assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, field)
    editor = Caller.of(app, make_user(app, council, Role.COUNCIL_VIEWER), council)
    refused = editor.post(people, {"person": "A", "role": "B"}, headers={"If-None-Match": "*"})
    assert refused.status_code == 403
    assert caller.get(people).json == {"people": [], "missing_groups": [], "version": 0}

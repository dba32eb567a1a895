"""People who left, for programs: listed, and their names taken out for good."""

from __future__ import annotations

from typing import Any

from flask import Flask

from saas.policy import Role
from tests.caller import Caller
from tests.factories.members import make_member
from tests.factories.tenants import MadeCouncil, MadeUser, make_user


def test_the_names_of_those_who_left_are_taken_out(app: Flask, council: MadeCouncil, lead: MadeUser) -> None:
    caller, here = Caller.of(app, lead, council), f"/councils/{council.slug}"
    gone, member_id = make_user(app, council, Role.COUNCIL_EDITOR), make_member(app, council, family_name="Left")
    person, member = f"{here}/leavers/people/{gone.id}", f"{here}/leavers/members/{member_id}"
    for one in (person, member):
        assert caller.post(f"{one}/anonymisation").status_code == 409
    items: Any = caller.get(f"{here}/accesses").json["items"]  # type: ignore[index]
    (role,) = [each["id"] for each in items if each["user_id"] == str(gone.id)]
    assert caller.call("DELETE", f"{here}/accesses/{role}").status_code == 204
    ended = {"ended_on": "2026-05-04", "reason": "resigned"}
    assert caller.post(f"{here}/members/{member_id}/end-of-term", ended, match='"1"').status_code == 200
    people: Any = caller.get(f"{here}/leavers/people").json["items"]  # type: ignore[index]
    members: Any = caller.get(f"{here}/leavers/members").json["items"]  # type: ignore[index]
    assert people == [
        {"user_id": str(gone.id), "name": gone.name, "email": gone.email, "ended_at": people[0]["ended_at"]}
    ]
    assert members == [{"id": str(member_id), "name": "Cllr Ann Left", "ended_on": "2026-05-04"}]
    for one in (person, member):
        assert caller.post(f"{one}/anonymisation").status_code == 204
    for which in ("people", "members"):
        assert caller.get(f"{here}/leavers/{which}").json == {"items": [], "next": None}


def test_only_whoever_manages_access(app: Flask, council: MadeCouncil) -> None:
    officer = Caller.of(app, make_user(app, council, Role.DEVELOPMENT_OFFICER), council)
    assert officer.get(f"/councils/{council.slug}/leavers/members").status_code == 403

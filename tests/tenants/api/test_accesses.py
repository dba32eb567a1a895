"""Who has access, for programs: invited, invited again, taken back; a role ends, the last lead's does not."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from saas.policy import Role
from tests.caller import Caller
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user

ADE = {"name": "Ade Marsh", "email": "ade.marsh@example.gov.uk", "role": "council_editor"}


@pytest.fixture
def here(council: MadeCouncil) -> str:
    return f"/councils/{council.slug}"


def test_somebody_is_invited_again_and_no_longer(caller: Caller, here: str, lead: MadeUser) -> None:
    made: Any = caller.post(f"{here}/invitations", ADE)
    assert made.status_code == 201
    days = {name: made.json[name] for name in ("id", "invited_at", "expires_at")}
    assert made.json == ADE | days | {"invited_by_name": lead.name}
    assert caller.get(f"{here}/invitations").json == {"items": [made.json], "next": None}
    twice: Any = caller.post(f"{here}/invitations", ADE)
    assert twice.json["errors"][0]["field"] == "/email"
    one = f"{here}/invitations/{made.json['id']}"
    assert caller.post(f"{one}/resend").status_code == 200
    assert caller.call("DELETE", one).status_code == 204
    gone: Any = caller.post(f"{one}/resend")
    assert (gone.status_code, gone.json["detail"]) == (409, "This invitation was withdrawn in the meantime.")
    assert caller.get(f"{here}/invitations").json == {"items": [], "next": None}


def test_a_role_of_another_kind_of_place_is_refused(caller: Caller, here: str) -> None:
    refused: Any = caller.post(f"{here}/invitations", ADE | {"role": "region_officer"})
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "/role")


def test_a_role_ends_but_for_the_last_leads(
    app: Flask, caller: Caller, council: MadeCouncil, here: str, lead: MadeUser
) -> None:
    editor = make_user(app, council, Role.COUNCIL_EDITOR)
    items: Any = caller.get(f"{here}/accesses").json["items"]  # type: ignore[index]
    assert sorted((each["name"], each["email"], each["role"]) for each in items) == sorted(
        [(editor.name, editor.email, "council_editor"), (lead.name, lead.email, "council_lead")]
    )
    by_role = {each["role"]: f"{here}/accesses/{each['id']}" for each in items}
    assert caller.call("DELETE", by_role["council_editor"]).status_code == 204
    kept: Any = caller.call("DELETE", by_role["council_lead"])
    assert (kept.status_code, kept.json["detail"]) == (
        409,
        f"{lead.name} is the last council lead here. Invite another one first.",
    )


def test_a_region_and_a_council_each_see_their_own(app: Flask, council: MadeCouncil, caller: Caller, here: str) -> None:
    officer = make_user(app, council.region, Role.REGION_OFFICER)
    region = Caller.of(app, officer, council.region)
    place = f"/regions/{council.region.slug}"
    invited: Any = region.post(f"{place}/invitations", ADE | {"role": "assessor"})
    assert (invited.status_code, invited.json["role"]) == (201, "assessor")
    assert [each["name"] for each in region.get(f"{place}/accesses").json["items"]] == [officer.name]  # type: ignore[index]
    one = f"{here}/invitations/{invited.json['id']}"
    assert (caller.post(f"{one}/resend").status_code, caller.call("DELETE", one).status_code) == (404, 404)
    elsewhere = make_council(app, council.region)
    assert caller.get(f"/councils/{elsewhere.slug}/accesses").status_code == 404
    editor = Caller.of(app, make_user(app, council, Role.COUNCIL_EDITOR), council)
    assert editor.get(f"{here}/accesses").status_code == 403

"""Signing for programs: the one who is asked signs or declines, with his or her own name, once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from saas import jobs
from saas.policy import Role
from tests.caller import Caller
from tests.factories.signings import CHIEF, LEADER, commit_by_asking, make_holder
from tests.factories.tenants import MadeCouncil, MadeUser, make_user


@pytest.fixture
def leader(app: Flask, council: MadeCouncil) -> MadeUser:
    return make_user(app, council, Role.SIGNATORY, name="Sam Okoro")


@pytest.fixture
def accreditation_id(app: Flask, council: MadeCouncil, leader: MadeUser) -> UUID:
    """A commitment that both offices are asked to sign, one of them by somebody who signs in."""
    make_holder(app, council, LEADER, leader.name, leader.email, leader.id)
    make_holder(app, council, CHIEF)
    return commit_by_asking(app, council)


@pytest.fixture
def caller(app: Flask, council: MadeCouncil, leader: MadeUser) -> Caller:
    return Caller.of(app, leader, council)


@pytest.fixture
def journey(council: MadeCouncil, accreditation_id: UUID) -> str:
    return f"/councils/{council.slug}/accreditations/{accreditation_id}"


def asked(caller: Caller, council: MadeCouncil) -> list[dict[str, Any]]:
    """What the caller was asked to sign."""
    told: Any = caller.get(f"/councils/{council.slug}/signatures").json
    return list(told["items"])


def test_what_is_asked_is_read_and_signed_once(
    app: Flask, council: MadeCouncil, caller: Caller, journey: str, lead: MadeUser
) -> None:
    [request] = asked(caller, council)
    assert (request["office"], request["state"], request["title"]) == (LEADER, "asked", "Commitment to Charter")
    assert request["text"].startswith(f"{council.name} commits itself to Charter")
    wrong = caller.post(f"{journey}/signature", {"name": "Somebody Else"})
    assert wrong.json is not None
    assert (wrong.status_code, wrong.json["errors"][0]["field"]) == (422, "/name")
    signed = caller.post(f"{journey}/signature", {"name": "Sam Okoro"}).json
    assert signed is not None
    assert (signed["id"], signed["state"]) == (request["id"], "signed")
    assert asked(caller, council) == [signed]
    again = caller.post(f"{journey}/signature", {"name": "Sam Okoro"})
    assert again.json is not None
    assert (again.status_code, again.json["detail"]) == (409, "Nothing waits here for your signature.")
    with app.app_context():
        jobs.run_all()
    told = Caller.of(app, lead, council).get(journey).json
    assert told is not None
    assert [(each["office"], each["state"]) for each in told["signatures"]] == [(LEADER, "signed"), (CHIEF, "asked")]


def test_who_declines_says_why(council: MadeCouncil, caller: Caller, journey: str) -> None:
    assert caller.post(f"{journey}/refusal", {"reason": ""}).status_code == 422
    declined = caller.post(f"{journey}/refusal", {"reason": "The cabinet has not met."}).json
    assert declined is not None
    assert declined["state"] == "declined"
    assert caller.post(f"{journey}/signature", {"name": "Sam Okoro"}).status_code == 409


def test_nobody_signs_for_another(app: Flask, council: MadeCouncil, journey: str, lead: MadeUser) -> None:
    other = Caller.of(app, make_user(app, council, Role.SIGNATORY, name="Sam Okoro"), council)
    assert asked(other, council) == []
    assert other.post(f"{journey}/signature", {"name": "Sam Okoro"}).status_code == 409
    assert other.post(f"{journey}/signature", {"name": "Kit Moss", "office": CHIEF}).status_code == 409
    assert Caller.of(app, lead, council).post(f"{journey}/signature", {"name": "Sam Okoro"}).status_code == 403

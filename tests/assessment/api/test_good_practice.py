"""Good practice of a council for programs: its word on sharing each thing that its reports name."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from saas.policy import Role
from tests.caller import Caller
from tests.factories.sharing import make_practised
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user

WORDS = {"title": "Mentors", "words": "Each new member has one.", "is_named": True, "contact": "Democratic services"}
NEW = {"If-None-Match": "*"}


@pytest.fixture
def caller(app: Flask, council: MadeCouncil, lead: MadeUser) -> Caller:
    make_practised(app, council, "A mentor for each.")
    return Caller.of(app, lead, council)


@pytest.fixture
def practice(council: MadeCouncil) -> str:
    return f"/councils/{council.slug}/good-practice"


def only(caller: Caller, practice: str) -> dict[str, Any]:
    """The one entry."""
    told: Any = caller.get(practice).json
    [found] = told["items"]
    return dict(found)


def test_it_is_shared_changed_and_taken_back(caller: Caller, council: MadeCouncil, practice: str) -> None:
    before = only(caller, practice)
    names = ("report_words", "requirement_code", "state", "title", "words", "expires_on", "version")
    assert {name: before[name] for name in names} == {
        "report_words": "A mentor for each.", "requirement_code": "1.1.1", "state": None, "title": "", "words": "",
        "expires_on": None, "version": 0,
    }  # fmt: skip
    one = f"{practice}/{before['id']}"
    assert caller.call("PUT", one, json=WORDS, match='"3"').status_code == 412
    shared = caller.call("PUT", one, json=WORDS, headers=NEW)
    assert shared.json is not None
    told = {name: shared.json[name] for name in ("state", "title", "words", "council_name", "contact")}
    assert (shared.status_code, shared.headers["ETag"], told) == (
        200,
        '"1"',
        {
            "state": "consented", "title": "Mentors", "words": "Each new member has one.",
            "council_name": council.name, "contact": "Democratic services",
        },
    )  # fmt: skip
    assert only(caller, practice) == caller.get(one).json == shared.json
    assert caller.call("PUT", one, json=WORDS, headers=NEW).status_code == 412
    assert caller.post(f"{one}/decline", match='"1"').status_code == 409
    unnamed = caller.call("PUT", one, json=WORDS | {"is_named": False}, match='"1"')
    assert unnamed.json == shared.json | {"council_name": "", "version": 2}
    back = caller.post(f"{one}/take-back", match='"2"')
    assert back.json is not None
    assert (back.status_code, back.json["state"]) == (200, "withdrawn")


def test_it_stays_with_the_council(app: Flask, caller: Caller, council: MadeCouncil, practice: str) -> None:
    one = f"{practice}/{only(caller, practice)['id']}"
    editor = Caller.of(app, make_user(app, council, Role.COUNCIL_EDITOR), council)
    assert editor.post(f"{one}/decline", headers=NEW).status_code == 403
    kept = caller.post(f"{one}/decline", headers=NEW)
    assert kept.json is not None
    assert (kept.status_code, kept.json["state"], kept.json["version"]) == (200, "declined", 1)
    elsewhere = make_council(app, council.region)
    stranger = Caller.of(app, make_user(app, elsewhere, Role.COUNCIL_LEAD), elsewhere)
    assert [stranger.get(each).status_code for each in (one, one.replace(council.slug, elsewhere.slug))] == [404, 404]

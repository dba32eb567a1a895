"""Case studies for programs: written by the council, shared as they stand, taken back."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from saas.policy import Role
from tests.caller import Caller
from tests.factories.tenants import MadeCouncil, MadeUser, make_user

STUDY: dict[str, Any] = {
    "title": "A buddy for every newcomer",
    "at_a_glance": "Each new member has a colleague to ask.",
    "for_councillors": "Nobody starts alone.",
    "for_council": "",
    "for_communities": "",
    "contact": "Democratic services",
    "quotes": [{"words": "It helped me.", "who": "Group leader", "consented_on": "2026-05-20"}],
}


@pytest.fixture
def studies(council: MadeCouncil) -> str:
    return f"/councils/{council.slug}/case-studies"


def test_one_is_written_shared_changed_and_taken_back(caller: Caller, studies: str, lead: MadeUser) -> None:
    made: Any = caller.post(studies, STUDY)
    assert (made.status_code, made.headers["ETag"]) == (201, '"1"')
    standing: dict[str, Any] = {
        "lacking": [],
        "shared_at": None,
        "is_as_shared": False,
        "updated_by_name": lead.name,
        "version": 1,
    }
    assert made.json == STUDY | standing | {name: made.json[name] for name in ("id", "updated_at")}
    one = made.headers["Location"].removeprefix("/api/v1")
    shared: Any = caller.post(f"{one}/publication", match='"1"')
    assert (shared.status_code, shared.json["is_as_shared"]) == (200, True)
    kept: Any = caller.call("DELETE", one, match='"1"')
    assert (kept.status_code, kept.json["detail"]) == (409, "It is shared. Take it back before you delete it.")
    changed: Any = caller.call("PUT", one, json=STUDY | {"contact": "Learning team"}, match='"1"')
    assert (changed.json["contact"], changed.json["is_as_shared"]) == ("Learning team", False)
    stale = caller.call("PUT", one, json=STUDY, match='"1"')
    assert (stale.status_code, stale.headers["ETag"]) == (412, '"2"')
    assert caller.call("DELETE", f"{one}/publication").status_code == 204
    told: Any = caller.get(one).json
    assert told == changed.json | {"shared_at": None}
    assert caller.get(studies).json == {"items": [told], "next": None}
    assert caller.call("DELETE", one, match='"2"').status_code == 204
    assert caller.get(one).status_code == 404


def test_what_it_lacks_is_told_before_it_is_shared(caller: Caller, studies: str) -> None:
    made: Any = caller.post(studies, {"title": "Only a title"})
    assert made.json["lacking"] == [
        "Write what it is at a glance.",
        "Write at least one of the benefits.",
        "Say who can be asked.",
    ]
    refused: Any = caller.post(f"{studies}/{made.json['id']}/publication", match='"1"')
    assert (refused.status_code, refused.json["detail"]) == (409, " ".join(made.json["lacking"]))
    late = STUDY["quotes"] + [{"words": "Yes.", "who": "Leader", "consented_on": "2199-01-01"}]
    wrong: Any = caller.post(studies, STUDY | {"quotes": late})
    assert wrong.json["errors"] == [
        {"field": "/quotes/1/consented_on", "message": "The day of consent cannot be in the future."}
    ]


def test_an_editor_writes_and_does_not_share(app: Flask, council: MadeCouncil, studies: str) -> None:
    editor = Caller.of(app, make_user(app, council, Role.COUNCIL_EDITOR), council)
    made: Any = editor.post(studies, STUDY)
    assert made.status_code == 201
    assert editor.post(f"{studies}/{made.json['id']}/publication", match='"1"').status_code == 403

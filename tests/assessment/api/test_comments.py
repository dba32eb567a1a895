"""Comments among colleagues for programs: said, told, dealt with."""

from __future__ import annotations

from typing import Any

from flask import Flask

from saas.policy import Role
from tests.caller import Caller
from tests.factories.tenants import MadeCouncil, MadeUser, make_user


def test_something_is_said_and_dealt_with(
    app: Flask, caller: Caller, council: MadeCouncil, answer: str, lead: MadeUser
) -> None:
    editor = make_user(app, council, Role.COUNCIL_EDITOR)
    told: Any = caller.get(f"{answer}/commenters").json
    assert {"user_id": str(editor.id), "name": editor.name} in told["items"]
    said: Any = caller.post(f"{answer}/comments", {"words": " Is this still so? ", "mentions": [str(editor.id)]})
    assert said.status_code == 201
    assert said.json == {
        "id": said.json["id"],
        "words": "Is this still so?",
        "mentions": [str(editor.id)],
        "written_at": said.json["written_at"],
        "written_by_name": lead.name,
        "settled_at": None,
        "settled_by_name": "",
    }
    one = f"{answer}/comments/{said.json['id']}/settlement"
    colleague = Caller.of(app, editor, council)
    settled: Any = colleague.post(one).json
    assert settled == said.json | {"settled_at": settled["settled_at"], "settled_by_name": editor.name}
    assert colleague.call("DELETE", one).status_code == 204
    assert caller.get(f"{answer}/comments").json == {"items": [said.json], "next": None}


def test_a_comment_stands_at_its_own_requirement_and_names_colleagues(caller: Caller, answer: str) -> None:
    said: Any = caller.post(f"{answer}/comments", {"words": "x"}).json
    other = answer.replace("1.1.1", "1.1.2")
    assert caller.post(f"{other}/comments/{said['id']}/settlement").status_code == 404
    assert caller.get(answer.replace("1.1.1", "9.9.9") + "/comments").status_code == 404
    stranger = {"words": "x", "mentions": ["01900000-0000-7000-8000-000000000000"]}
    refused: Any = caller.post(f"{answer}/comments", stranger)
    assert refused.json["errors"] == [
        {"field": "/mentions", "message": "Choose colleagues who may read the self-assessment."}
    ]


def test_who_does_not_read_the_answers_hears_nothing(app: Flask, council: MadeCouncil, answer: str) -> None:
    member = Caller.of(app, make_user(app, council, Role.MEMBER), council)
    assert member.get(f"{answer}/comments").status_code == 403

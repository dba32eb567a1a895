"""The history of an answer for programs: what it said, and the way back."""

from __future__ import annotations

from typing import Any

from flask import Flask

from saas.policy import Role
from tests.caller import Caller
from tests.factories.tenants import MadeCouncil, MadeUser, make_user


def test_an_answer_says_again_what_it_said_before(
    app: Flask, caller: Caller, council: MadeCouncil, answer: str, lead: MadeUser
) -> None:
    assert caller.get(f"{answer}/versions").json == {"items": [], "next": None}
    assert caller.post(f"{answer}/versions/1/restoration", match='"0"').status_code == 404
    first = {"judgement": "met", "narrative": "Every spring."}
    caller.call("PUT", answer, json=first, headers={"If-None-Match": "*"})
    editor = make_user(app, council, Role.COUNCIL_EDITOR)
    second = {"judgement": "partly_met", "narrative": "Every other spring."}
    assert Caller.of(app, editor, council).call("PUT", answer, json=second, match='"1"').status_code == 200
    told: Any = caller.get(f"{answer}/versions").json
    names = ("number", "judgement", "narrative", "written_by_name")
    assert [tuple(each[name] for name in names) for each in told["items"]] == [
        (2, "partly_met", "Every other spring.", editor.name),
        (1, "met", "Every spring.", lead.name),
    ]
    newest: Any = caller.get(f"{answer}/versions?limit=1").json
    older: Any = caller.get(f"{answer}/versions?cursor={newest['next']}").json
    assert [newest["items"], older["items"]] == [told["items"][:1], told["items"][1:]]
    assert caller.get(f"{answer}/versions?cursor=YQ").status_code == 422
    stale = caller.post(f"{answer}/versions/1/restoration", match='"1"')
    assert (stale.status_code, stale.headers["ETag"]) == (412, '"2"')
    again: Any = caller.post(f"{answer}/versions/1/restoration", match='"2"')
    assert (again.status_code, again.json["judgement"], again.json["narrative"]) == (200, "met", "Every spring.")
    assert caller.post(f"{answer}/versions/9/restoration", match=again.headers["ETag"]).status_code == 404

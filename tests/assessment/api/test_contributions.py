"""Help from people without an account, for programs: asked for, come, and taken into the answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Flask

from saas import clock
from saas.policy import Role
from tests.caller import Caller
from tests.factories.contributions import make_secret, send_contribution
from tests.factories.tenants import MadeCouncil, MadeUser, make_user


def wanted(**other: Any) -> dict[str, Any]:
    """Who is asked for what."""
    due_on = (clock.today() + timedelta(days=14)).isoformat()
    return {"name": "Gwen Group", "email": "gwen@example.org", "question": "How was it?", "due_on": due_on} | other


def test_somebody_is_asked_and_the_text_joins_the_answer(
    app: Flask, caller: Caller, council: MadeCouncil, answer: str, lead: MadeUser
) -> None:
    asked: Any = caller.post(f"{answer}/contributions", wanted())
    assert asked.status_code == 201
    assert asked.json == wanted() | {
        "id": asked.json["id"],
        "state": "asked",
        "asked_at": asked.json["asked_at"],
        "asked_by_name": lead.name,
        "mailed": False,
        "begun": False,
        "answered_at": None,
        "words": "",
        "decline_reason": "",
        "settled_by_name": "",
    }
    one = f"/councils/{council.slug}/contributions/{asked.json['id']}"
    early: Any = caller.post(f"{one}/take-in", headers={"If-None-Match": "*"})
    assert (early.status_code, early.json["detail"]) == (409, "Gwen Group has not sent a text yet.")
    send_contribution(app, make_secret(app, council, UUID(asked.json["id"])), "They found it useful.")
    aside: Any = caller.post(f"{one}/set-aside").json
    assert (aside["state"], aside["words"], aside["settled_by_name"]) == (
        "set_aside",
        "They found it useful.",
        lead.name,
    )
    assert caller.post(f"{one}/bring-back").json["state"] == "sent"  # type: ignore[index]
    editor = Caller.of(app, make_user(app, council, Role.COUNCIL_EDITOR), council)
    first = editor.call("PUT", answer, json={"narrative": "Every spring."}, headers={"If-None-Match": "*"})
    stale = caller.post(f"{one}/take-in", headers={"If-None-Match": "*"})
    assert (stale.status_code, stale.headers["ETag"]) == (412, first.headers["ETag"])
    taken: Any = caller.post(f"{one}/take-in", match=first.headers["ETag"])
    assert (taken.status_code, taken.json["narrative"]) == (200, "Every spring.\n\nThey found it useful.")
    assert [each["state"] for each in caller.get(f"{answer}/contributions").json["items"]] == ["taken"]  # type: ignore[index]


def test_a_request_is_sent_again_extended_and_withdrawn(caller: Caller, council: MadeCouncil, answer: str) -> None:
    asked: Any = caller.post(f"{answer}/contributions", wanted()).json
    one = f"/councils/{council.slug}/contributions/{asked['id']}"
    twice: Any = caller.post(f"{answer}/contributions", wanted())
    assert [each["field"] for each in twice.json["errors"]] == ["/email"]
    assert caller.post(f"{one}/resend").status_code == 200
    longer: Any = caller.post(f"{one}/extension").json
    assert longer["due_on"] > asked["due_on"]
    gone: Any = caller.post(f"{one}/withdrawal").json
    assert gone["state"] == "withdrawn"
    assert caller.get(one).json == gone
    again: Any = caller.post(f"{one}/resend")
    assert (again.status_code, again.json["detail"]) == (409, "This request was withdrawn in the meantime.")


def test_no_council_sends_more_of_these_mails_than_an_hour_holds(caller: Caller, answer: str) -> None:
    statuses = [
        caller.post(f"{answer}/contributions", wanted(email=f"gwen{number}@example.org")).status_code
        for number in range(61)
    ]
    assert (set(statuses[:60]), statuses[60]) == ({201}, 429)


def test_who_only_reads_asks_nobody(app: Flask, council: MadeCouncil, answer: str) -> None:
    viewer = Caller.of(app, make_user(app, council, Role.COUNCIL_VIEWER), council)
    assert viewer.get(f"{answer}/contributions").status_code == 403
    assert viewer.post(f"{answer}/contributions", wanted()).status_code == 403

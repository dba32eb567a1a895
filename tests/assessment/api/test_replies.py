"""Improvements for programs of the council: a reply to each, and how far it is."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from assessment.services import improvements
from saas.policy import Role
from saas.tenancy import CONSOLE
from tests.caller import Caller
from tests.conftest import InScope
from tests.factories.awards import make_award
from tests.factories.scores import MadeCase
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user

AGAINST = {
    "answer": "decided_against",
    "reason": "There is no money until 2028.",
    "body": "Cabinet",
    "decided_on": "2026-01-05",
    "minute": "14/2026",
}


@pytest.fixture
def case(app: Flask, council: MadeCouncil) -> MadeCase:
    return make_award(app, council, improvements=2)


@pytest.fixture
def issued(council: MadeCouncil, case: MadeCase) -> str:
    return f"/councils/{council.slug}/accreditations/{case.accreditation_id}/improvements"


def states(caller: Caller, issued: str) -> list[str]:
    """How far each improvement is."""
    told: Any = caller.get(issued).json
    return [each["state"] for each in told["items"]]


def test_each_is_replied_to_and_worked_on(caller: Caller, issued: str, lead: MadeUser) -> None:
    assert states(caller, issued) == ["issued", "issued"]
    early = caller.post(f"{issued}/1/progress", {"state": "in_progress", "words": "Begun."})
    assert early.status_code == 409
    replied = caller.post(f"{issued}/1/replies", {"answer": "accepted"})
    assert replied.json is not None
    assert (replied.status_code, replied.json["state"], replied.json["reply"]["replied_by_name"]) == (
        201,
        "open",
        lead.name,
    )
    told = caller.post(f"{issued}/1/progress", {"state": "claimed_complete", "words": "It is published."}).json
    assert told is not None
    assert (told["state"], told["progress"]["words"]) == ("claimed_complete", "It is published.")
    against = caller.post(f"{issued}/2/replies", AGAINST).json
    assert against is not None
    assert {name: against["reply"][name] for name in AGAINST} == AGAINST
    assert states(caller, issued) == ["claimed_complete", "decided_against"]
    assert caller.post(f"{issued}/3/replies", {"answer": "accepted"}).status_code == 404


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"answer": "perhaps"}, {"/answer"}),
        ({"answer": "accepted_in_part"}, {"/reason"}),
        ({"answer": "decided_against"}, {"/reason", "/body", "/decided_on"}),
        (AGAINST | {"decided_on": "2090-01-01"}, {"/decided_on"}),
        (AGAINST | {"state": "verified"}, {"/state"}),
    ],
)
def test_what_cannot_be_sent_is_named(caller: Caller, issued: str, given: dict[str, Any], fields: set[str]) -> None:
    answer = caller.post(f"{issued}/1/replies", given)
    assert answer.json is not None
    assert (answer.status_code, {each["field"] for each in answer.json["errors"]}) == (422, fields)
    assert states(caller, issued) == ["issued", "issued"]


def test_a_colleagues_draft_is_not_lost_unseen(caller: Caller, issued: str, case: MadeCase, in_scope: InScope) -> None:
    with in_scope(case.council.scope()):
        improvements.save_reply_draft(
            case.accreditation_id,
            1,
            answer="accepted",
            body="",
            decided_on=None,
            minute="",
            reason="We want it.",
            version=0,
            by=CONSOLE,
        )
    refused = caller.post(f"{issued}/1/replies", AGAINST)
    assert refused.json is not None
    assert (refused.status_code, "(version 1)" in refused.json["detail"]) == (409, True)
    assert caller.post(f"{issued}/1/replies", AGAINST | {"draft_version": 1}).status_code == 201


def test_who_edits_does_not_reply_and_another_council_sees_nothing(
    app: Flask, council: MadeCouncil, issued: str
) -> None:
    editor = Caller.of(app, make_user(app, council, Role.COUNCIL_EDITOR), council)
    assert editor.post(f"{issued}/1/replies", {"answer": "accepted"}).status_code == 403
    elsewhere = make_council(app, council.region)
    stranger = Caller.of(app, make_user(app, elsewhere, Role.COUNCIL_LEAD), elsewhere)
    own = issued.replace(council.slug, elsewhere.slug)
    for path in (issued, own):
        assert stranger.post(f"{path}/1/replies", {"answer": "accepted"}).status_code == 404
        assert stranger.post(f"{path}/1/progress", {"state": "in_progress", "words": "x"}).status_code == 404

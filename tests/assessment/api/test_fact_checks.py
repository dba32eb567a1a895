"""The fact check for programs of the council: comments on the version that is open, until this is all."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from saas.policy import Role
from tests.caller import Caller
from tests.factories.awards import SUMMARY, make_fact_check
from tests.factories.scores import MadeCase
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user


@pytest.fixture
def case(app: Flask, council: MadeCouncil) -> MadeCase:
    return make_fact_check(app, council)


@pytest.fixture
def reports(council: MadeCouncil, case: MadeCase) -> str:
    return f"/councils/{council.slug}/accreditations/{case.accreditation_id}/reports"


def newest(caller: Caller, reports: str) -> dict[str, Any]:
    """The version that was sent last."""
    told: Any = caller.get(reports).json
    return dict(told["items"][0])


def test_the_council_says_what_is_wrong_and_that_this_is_all(caller: Caller, reports: str, lead: MadeUser) -> None:
    version = newest(caller, reports)
    one = f"{reports}/{version['id']}"
    [paragraph] = version["document"]["summary"]
    said = caller.post(f"{one}/comments", {"paragraph": paragraph["key"], "words": "It was in May."})
    assert said.json is not None
    told = {name: said.json[name] for name in ("number", "quoted", "words", "commented_by_name", "answer")}
    assert (said.status_code, told) == (
        201,
        {
            "number": 1,
            "quoted": SUMMARY,
            "words": "It was in May.",
            "commented_by_name": lead.name,
            "answer": None,
        },
    )
    ended = caller.post(f"{one}/end").json
    assert ended is not None
    assert (ended["finished"], ended["comments"]) == (True, [said.json])
    assert newest(caller, reports) == ended
    assert caller.post(f"{one}/comments", {"words": "One more."}).status_code == 409


def test_what_cannot_be_said_is_named(caller: Caller, reports: str) -> None:
    version = newest(caller, reports)
    one = f"{reports}/{version['id']}/comments"
    for given, field in (
        ({"words": ""}, "/words"),
        ({"words": "x", "paragraph": "nothing-of-it"}, "/paragraph"),
        ({"words": "x", "paragraph": "judgement-1.1.1"}, "/paragraph"),
        ({"words": "x", "has_none": True}, "/has_none"),
    ):
        answer = caller.post(one, given)
        assert answer.json is not None
        assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, field)
    assert caller.post(f"{reports}/{uuid4()}/comments", {"words": "x"}).status_code == 404
    assert newest(caller, reports)["comments"] == []


def test_who_reads_says_nothing_and_another_council_sees_nothing(
    app: Flask, council: MadeCouncil, caller: Caller, reports: str
) -> None:
    version = newest(caller, reports)
    reader = Caller.of(app, make_user(app, council, Role.COUNCIL_VIEWER), council)
    one = f"{reports}/{version['id']}/comments"
    assert (reader.get(reports).status_code, reader.post(one, {"words": "x"}).status_code) == (200, 403)
    elsewhere = make_council(app, council.region)
    stranger = Caller.of(app, make_user(app, elsewhere, Role.COUNCIL_LEAD), elsewhere)
    own = one.replace(council.slug, elsewhere.slug)
    assert [stranger.post(path, {"words": "x"}).status_code for path in (one, own)] == [404, 404]
    assert stranger.post(own.replace("/comments", "/end")).status_code == 404

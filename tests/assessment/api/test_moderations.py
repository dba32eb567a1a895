"""Moderation for programs: what the scorers differ on, agreed one by one and together."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.caller import Caller, refusal
from tests.factories.awards import partly
from tests.factories.scores import MadeCase, make_declared, make_scored, met
from tests.factories.tenants import MadeCouncil, MadeRegion, make_user

AGREED = {"judgement": "met", "reason": "The minutes show it."}


@pytest.fixture
def case(app: Flask, council: MadeCouncil, region: MadeRegion) -> MadeCase:
    """Both have submitted and differ on one requirement."""
    return make_scored(app, council, region, judges=(met, partly("1.1.1")))


@pytest.fixture
def caller(app: Flask, case: MadeCase) -> Caller:
    return Caller.of(app, case.officer, case.region)


def moderation_of(case: MadeCase) -> str:
    return f"/regions/{case.region.slug}/accreditations/{case.accreditation_id}/moderation"


def test_no_score_is_seen_before_moderation_begins(app: Flask, council: MadeCouncil, region: MadeRegion) -> None:
    case = make_declared(app, council, region)
    caller = Caller.of(app, case.officer, region)
    assert caller.get(f"{moderation_of(case)}/disagreements?all=true").status_code == 404
    names = ", ".join(each.name for each in case.scorers)
    assert refusal(caller.post(f"{moderation_of(case)}/begin")) == (
        409,
        f"Moderation begins when all have submitted. Still scoring: {names}.",
    )


def test_what_differs_is_agreed_and_the_rest_stands(caller: Caller, case: MadeCase) -> None:
    moderation = moderation_of(case)
    assert caller.get(f"{moderation}/disagreements").status_code == 404
    assert caller.post(f"{moderation}/begin").status_code == 204
    listed = caller.get(f"{moderation}/disagreements").json
    assert listed is not None
    assert [(each["requirement"], each["reasons"], each["version"]) for each in listed["items"]] == [
        ("1.1.1", ["differs"], 0)
    ]
    assert {(each["name"], each["judgement"]) for each in listed["items"][0]["scores"]} == {
        (case.scorers[0].name, "met"),
        (case.scorers[1].name, "partly_met"),
    }
    assert caller.post(f"{moderation}/agree").json == {"agreed": 27}
    assert caller.post(f"{moderation}/finish").status_code == 409
    one = f"{moderation}/requirements/1.1.1"
    assert caller.call("PUT", one, json=AGREED).status_code == 428
    done = caller.call("PUT", one, json=AGREED, match='"0"')
    assert (done.status_code, done.headers["ETag"]) == (200, '"1"')
    stale = caller.call("PUT", one, json=AGREED, match='"0"')
    assert (stale.status_code, stale.headers["ETag"]) == (412, '"1"')
    every = caller.get(f"{moderation}/disagreements?all=true&limit=200").json
    assert every is not None
    assert {each["moderation"]["judgement"] for each in every["items"]} == {"met"}
    assert caller.post(f"{moderation}/finish").status_code == 204
    assert caller.call("PUT", one, json=AGREED, match='"1"').status_code == 409
    assert caller.post(f"{moderation}/reopen", {"reason": "A page was missing."}).status_code == 204
    assert caller.call("PUT", one, json=AGREED, match='"1"').status_code == 200


def test_a_requirement_is_scored_again(caller: Caller, case: MadeCase) -> None:
    moderation = moderation_of(case)
    caller.post(f"{moderation}/begin")
    one = f"{moderation}/requirements/1.1.1"
    assert caller.post(f"{one}/again", {"reason": "Read page 9."}).status_code == 204
    listed = caller.get(f"{moderation}/disagreements").json
    assert listed is not None
    assert [each["awaited"] for each in listed["items"]] == [True]
    assert caller.post(f"{one}/again/close").status_code == 204
    assert caller.post(f"{moderation}/requirements/9.9/again", {"reason": "x"}).status_code == 404


def test_wrong_judgements_are_named(caller: Caller, case: MadeCase) -> None:
    caller.post(f"{moderation_of(case)}/begin")
    answer = caller.call(
        "PUT", f"{moderation_of(case)}/requirements/1.1.1", json=AGREED | {"judgement": "splendid"}, match='"0"'
    )
    assert answer.json is not None
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "/judgement")


def test_who_only_reads_the_cases_moderates_nothing(app: Flask, case: MadeCase) -> None:
    decider = Caller.of(app, make_user(app, case.region, "region_decider"), case.region)
    assert decider.get(f"{moderation_of(case)}/disagreements").status_code == 403

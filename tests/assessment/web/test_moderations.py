"""The pages of moderation."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from flask import Flask

from tests.checking_client import CheckingClient
from tests.factories.scores import MadeCase, make_declared, make_scored, met, score_all
from tests.factories.tenants import MadeCouncil, MadeRegion


def moderation(case: MadeCase, rest: str = "") -> str:
    """An address of moderation."""
    return f"/regions/{case.region.slug}/cases/{case.accreditation_id}/moderation{rest}"


def strict(code: str) -> str:
    """A scorer who differs on two requirements."""
    return "not_met" if code in ("1.1.1", "1.2.1") else "met"


def test_the_region_follows_progress_without_a_value(
    app: Flask, council: MadeCouncil, region: MadeRegion, client: CheckingClient
) -> None:
    case = make_declared(app, council, region)
    score_all(app, case, 0, strict)
    page = client.sign_in(case.officer).get(moderation(case)).text
    assert f"{case.scorers[0].name}: 28 of 28 scored, submitted" in page
    assert f"{case.scorers[1].name}: 0 of 28 scored" in page
    for hidden in ("Begin moderation", "Not yet met", "Strong on", "on 1.1.1"):
        assert hidden not in page
    assert client.get(moderation(case, "/requirements/1.1.1")).status_code == 404
    answer = client.post(moderation(case, "/begin"))
    assert answer.status_code == 409
    assert f"Still scoring: {case.scorers[1].name}." in answer.text


def test_moderation_from_the_first_look_to_the_report(
    app: Flask, council: MadeCouncil, region: MadeRegion, client: CheckingClient
) -> None:
    case = make_scored(app, council, region, judges=(met, strict))
    client.sign_in(case.officer)
    assert "Begin moderation" in client.get(moderation(case)).text
    assert client.post(moderation(case, "/begin")).location == moderation(case)
    page = client.get(moderation(case)).text
    assert page.count("The assessors differ.") == 2
    assert "Let these 26 stand" in page
    client.post(moderation(case, "/agree"))
    assert client.post(moderation(case, "/finish")).status_code == 409
    page = client.get(moderation(case, "/requirements/1.1.1")).text
    for scorer in case.scorers:
        assert f"{scorer.name} on 1.1.1" in page
    wrong = client.post(moderation(case, "/requirements/1.1.1"), data={"judgement": "met", "reason": " "})
    assert (wrong.status_code, 'id="reason-error"' in wrong.text) == (422, True)
    answer = client.post(moderation(case, "/requirements/1.1.1"), data={"judgement": "met", "reason": "Shown to us"})
    assert answer.location == moderation(case, "/requirements/1.2.1")
    answer = client.post(moderation(case, "/requirements/1.2.1"), data={"judgement": "partly_met", "reason": "Half"})
    assert answer.location == moderation(case)
    assert "Finish and go on to the report" in client.get(moderation(case)).text
    answer = client.post(moderation(case, "/finish"))
    assert answer.location == f"/regions/{region.slug}/cases/{case.accreditation_id}"
    assert "What was agreed." in client.get(moderation(case)).text
    assert client.get(moderation(case, "/requirements/9.9.9")).status_code == 404


def test_the_list_needs_the_same_statements_however_much_is_settled(
    app: Flask,
    council: MadeCouncil,
    region: MadeRegion,
    client: CheckingClient,
    statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    case = make_scored(app, council, region, judges=(met, strict))
    client.sign_in(case.officer)
    client.post(moderation(case, "/begin"))
    with statements() as before:
        client.get(moderation(case))
    client.post(moderation(case, "/agree"))
    with statements() as after:
        client.get(moderation(case))
    assert len(before) == len(after)

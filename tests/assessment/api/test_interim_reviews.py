"""The region's interim review for programs: where each improvement stands, and the letter; or it is asked again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask

from saas import clock
from saas.policy import Role
from tests.caller import Caller
from tests.factories.interim import before_interim, make_replied, send, write_all
from tests.factories.scores import MadeCase
from tests.factories.tenants import MadeCouncil, make_user


@pytest.fixture
def case(app: Flask, council: MadeCouncil) -> MadeCase:
    return make_replied(app, council)


@pytest.fixture
def sent(app: Flask, case: MadeCase) -> Iterator[UUID]:
    """What the council returned, while its time runs: the first claimed complete, the second in progress."""
    with clock.at(before_interim(app, case)):
        write_all(app, case)
        yield send(app, case)


def case_of(case: MadeCase, rest: str) -> str:
    return f"/regions/{case.region.slug}/accreditations/{case.accreditation_id}/{rest}"


def standing(*endings: str) -> list[dict[str, Any]]:
    return [{"number": number, "ending": ending} for number, ending in enumerate(endings, 1)]


def test_it_is_reviewed_once_with_a_letter(app: Flask, case: MadeCase, sent: UUID) -> None:
    caller = Caller.of(app, case.officer, case.region)
    act, read = case_of(case, f"submissions/{sent}/interim-review"), case_of(case, "interim-review")
    assert caller.get(read).status_code == 404
    for improvements, field in (
        (standing("verified"), "/improvements"),
        (standing("verified", "verified"), "/improvements/1/ending"),
        (standing("verified", "open", "open"), "/improvements/2/ending"),
        ([*standing("verified", "open"), *standing("open")], "/improvements/2/number"),
    ):
        wrong = caller.post(act, {"improvements": improvements, "letter": "Well done."})
        assert wrong.json is not None
        assert (wrong.status_code, wrong.json["errors"][0]["field"]) == (422, field)
    made = caller.post(act, {"improvements": standing("verified", "open"), "letter": "Well done."})
    assert made.json is not None
    told = {name: made.json[name] for name in ("submission_id", "letter", "verified", "reviewed_by_name")}
    assert (made.status_code, told) == (
        201,
        {"submission_id": str(sent), "letter": "Well done.", "verified": 1, "reviewed_by_name": case.officer.name},
    )
    assert caller.get(read).json == made.json
    assert caller.get(f"{read}/letter").data[:4] == b"%PDF"
    assert caller.post(act, {"improvements": standing("open", "open"), "letter": "Again."}).status_code == 409
    states = caller.get(case_of(case, "improvements")).json
    assert states is not None
    assert [each["state"] for each in states["items"]] == ["verified", "in_progress"]


def test_it_is_asked_for_once_more(app: Flask, case: MadeCase, sent: UUID) -> None:
    caller = Caller.of(app, case.officer, case.region)
    act = case_of(case, f"submissions/{sent}/interim-return")
    decider = Caller.of(app, make_user(app, case.region, Role.REGION_DECIDER), case.region)
    assert decider.post(act, {"reason": "More on the second."}).status_code == 403
    assert caller.post(case_of(case, f"submissions/{uuid4()}/interim-return"), {"reason": "x"}).status_code == 404
    assert caller.post(act, {"reason": "More on the second."}).status_code == 204
    assert caller.post(act, {"reason": "Again."}).status_code == 409
    whole = caller.get(case_of(case, "")[:-1]).json
    assert whole is not None
    [returned] = [each for each in whole["submissions"] if each["kind"] == "interim"]
    assert (returned["outcome"], returned["reason"]) == ("returned", "More on the second.")

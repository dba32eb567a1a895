"""Accreditations for programs: committed to, read, and given up."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask

from saas.policy import Role
from tests.caller import Caller
from tests.factories.assessment import make_accreditation, make_framework
from tests.factories.awards import make_award
from tests.factories.signings import CHIEF, LEADER, make_holder
from tests.factories.tenants import MadeCouncil, make_council, make_user

ON_PAPER = [
    {"office": LEADER, "name": "Sam Okoro", "signed_on": "2026-01-05"},
    {"office": CHIEF, "name": "Kit Moss", "signed_on": "2026-01-06"},
]


@pytest.fixture
def framework_id(app: Flask) -> UUID:
    return make_framework(app)


@pytest.fixture
def journeys(council: MadeCouncil) -> str:
    return f"/councils/{council.slug}/accreditations"


def commitment(of: UUID, **changed: Any) -> dict[str, Any]:
    """What is sent to commit."""
    return {"framework_id": str(of), "level": "charter", "signatures": ON_PAPER} | changed


def test_signed_on_paper_the_self_assessment_opens_at_once(caller: Caller, journeys: str, framework_id: UUID) -> None:
    made = caller.post(journeys, commitment(framework_id, target_on="2028-05-04"))
    told = made.json
    assert told is not None
    assert (made.status_code, made.headers["Location"]) == (201, f"/api/v1{journeys}/{told['id']}")
    named = ("level", "cycle", "stage", "state", "target_on", "answered", "award", "submission_id")
    assert {name: told[name] for name in named} == {
        "level": "charter",
        "cycle": 1,
        "stage": "self_assessing",
        "state": "self_assessing",
        "target_on": "2028-05-04",
        "answered": 0,
        "award": None,
        "submission_id": None,
    }
    assert [(each["office"], each["state"], each["signed_on"]) for each in told["signatures"]] == [
        (LEADER, "on_paper", "2026-01-05"),
        (CHIEF, "on_paper", "2026-01-06"),
    ]
    assert [each["task"] for each in told["waiting"]] == ["answer"]
    assert caller.get(f"{journeys}/{told['id']}").json == told
    listed = caller.get(journeys).json
    assert listed is not None
    assert listed["items"] == [{name: value for name, value in told.items() if name not in ("signatures", "waiting")}]


def test_an_office_that_somebody_holds_is_asked(
    app: Flask, council: MadeCouncil, caller: Caller, journeys: str, framework_id: UUID
) -> None:
    make_holder(app, council, LEADER)
    told = caller.post(journeys, commitment(framework_id, signatures=ON_PAPER[1:])).json
    assert told is not None
    assert (told["stage"], [(each["office"], each["state"], each["name"]) for each in told["signatures"]]) == (
        "committed",
        [(LEADER, "not_sent", "Sam Okoro"), (CHIEF, "on_paper", "Kit Moss")],
    )
    assert [each["task"] for each in told["waiting"]] == ["await_commitment"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"level": "gold"}, "/level"),
        ({"framework_id": str(uuid4())}, "/framework_id"),
        ({"target_on": "2020-01-01"}, "/target_on"),
        ({"signatures": ON_PAPER[:1]}, "/signatures"),
        ({"signatures": [*ON_PAPER, ON_PAPER[0]]}, "/signatures/2/office"),
        ({"signatures": [ON_PAPER[0] | {"office": "Mayor"}]}, "/signatures/0/office"),
        ({"signatures": [ON_PAPER[0], ON_PAPER[1] | {"signed_on": "2090-01-01"}]}, "/signatures/1/signed_on"),
        ({"signatures": [ON_PAPER[0] | {"name": ""}]}, "/signatures/0/name"),
        ({"stage": "awarded"}, "/stage"),
    ],
)
def test_what_cannot_be_committed_to_is_named(
    caller: Caller, journeys: str, framework_id: UUID, changed: dict[str, Any], field: str
) -> None:
    answer = caller.post(journeys, commitment(framework_id, **changed))
    assert answer.json is not None
    assert (answer.status_code, [each["field"] for each in answer.json["errors"]]) == (422, [field])
    assert caller.get(journeys).json == {"items": [], "next": None}


def test_a_level_is_committed_to_once(caller: Caller, journeys: str, framework_id: UUID) -> None:
    first = caller.post(journeys, commitment(framework_id), key="commit")
    assert caller.post(journeys, commitment(framework_id), key="commit").data == first.data
    again = caller.post(journeys, commitment(framework_id))
    assert again.json is not None
    assert (again.status_code, again.json["detail"]) == (
        409,
        "An accreditation for this level is under way already.",
    )


def test_it_is_given_up_once(app: Flask, council: MadeCouncil, caller: Caller, journeys: str) -> None:
    one = f"{journeys}/{make_accreditation(app, council)}"
    editor = Caller.of(app, make_user(app, council, Role.COUNCIL_EDITOR), council)
    assert editor.post(f"{one}/withdrawal").status_code == 403
    gone = caller.post(f"{one}/withdrawal").json
    assert gone is not None
    assert (gone["stage"], gone["waiting"]) == ("withdrawn", [])
    assert caller.post(f"{one}/withdrawal").status_code == 409


def test_an_award_stands_with_it(app: Flask, council: MadeCouncil, caller: Caller, journeys: str) -> None:
    case = make_award(app, council)
    told = caller.get(f"{journeys}/{case.accreditation_id}").json
    assert told is not None
    assert (told["stage"], told["state"], told["award"]["conditions"]) == ("awarded", "current", "")


def test_the_list_asks_the_same_for_one_and_for_three(
    app: Flask,
    council: MadeCouncil,
    caller: Caller,
    journeys: str,
    statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    def asked() -> int:
        with statements() as sql:
            caller.get(journeys)
        return len(sql)

    make_accreditation(app, council)
    one = asked()
    make_accreditation(app, council, make_framework(app, "fixture-45"))
    make_accreditation(app, council, make_framework(app, "charter-2017"))
    assert asked() == one


def test_another_council_and_a_member_see_nothing(app: Flask, council: MadeCouncil, journeys: str) -> None:
    accreditation_id = make_accreditation(app, council)
    one = f"{journeys}/{accreditation_id}"
    elsewhere = make_council(app, council.region)
    stranger = Caller.of(app, make_user(app, elsewhere, Role.COUNCIL_LEAD), elsewhere)
    own = f"/councils/{elsewhere.slug}/accreditations/{accreditation_id}"
    assert [stranger.get(path).status_code for path in (one, own)] == [404, 404]
    assert stranger.post(f"{own}/withdrawal").status_code == 404
    member = Caller.of(app, make_user(app, council, Role.MEMBER), council)
    assert (member.get(one).status_code, member.get(journeys).status_code) == (403, 403)

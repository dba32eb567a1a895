"""A plan from a document and as a document, for programs."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from saas.papers import KINDS
from saas.policy import Role
from tests.caller import Caller
from tests.factories.plans import make_action, make_plan
from tests.factories.tenants import MadeCouncil, MadeUser, make_user

TABLE = (
    b"Action,Timescale,Responsibility\r\n"
    b"Publish the calendar,By 31 March 2027,Head of HR\r\n"
    b"Offer a development talk,Summer,Group leaders\r\n"
)


@pytest.fixture
def plans(council: MadeCouncil) -> str:
    return f"/councils/{council.slug}/plans"


def send(caller: Caller, plans: str, content: bytes = TABLE, name: str = "plan.csv", **fields: str) -> TestResponse:
    """Send a document."""
    return caller.post(f"{plans}/imports", data={**fields, "file": (io.BytesIO(content), name)})


def actions(caller: Caller, plans: str, plan_id: str) -> list[str]:
    """The lines of a plan."""
    told: Any = caller.get(f"{plans}/{plan_id}/actions").json
    return [each["action"] for each in told["items"]]


def test_a_document_is_taken_in_once(caller: Caller, plans: str) -> None:
    done = send(caller, plans, plan_title=" Learning  plan ").json
    assert done is not None
    counts = {name: done[name] for name in ("added", "left_out", "already_taken_in")}
    assert counts == {"added": 2, "left_out": 0, "already_taken_in": False}
    assert [(each["action"], each["latest_on"]) for each in done["rows"]] == [
        ("Publish the calendar", "2027-03-31"),
        ("Offer a development talk", None),
    ]
    assert actions(caller, plans, done["plan_id"]) == ["Publish the calendar", "Offer a development talk"]
    [plan] = caller.get(plans).json["items"]  # type: ignore[index]
    assert plan["title"] == "Learning plan"
    again = send(caller, plans).json
    assert again is not None
    assert (again["plan_id"], again["added"], again["already_taken_in"]) == (done["plan_id"], 0, True)


def test_a_dry_run_reads_and_changes_nothing(caller: Caller, plans: str) -> None:
    done = send(caller, plans, dry_run="true").json
    assert done is not None
    assert (done["plan_id"], done["added"], len(done["rows"])) == (None, 0, 2)
    assert caller.get(plans).json == {"items": [], "next": None}


def test_it_goes_into_a_plan_that_is_there(app: Flask, council: MadeCouncil, caller: Caller, plans: str) -> None:
    plan_id = make_plan(app, council)
    make_action(app, council, plan_id, action="First")
    done = send(caller, plans, plan_id=str(plan_id)).json
    assert done is not None
    assert (done["plan_id"], done["added"]) == (str(plan_id), 2)
    assert actions(caller, plans, str(plan_id))[0] == "First"


@pytest.mark.parametrize(
    ("content", "name", "fields", "field"),
    [
        (b"Nothing at all", "plan.txt", {}, "/file"),
        (b"%PDF-1.4\nno page", "plan.csv", {}, "/file"),
        (TABLE, "plan.csv", {"plan_id": str(uuid4())}, "/plan_id"),
        (TABLE, "plan.csv", {"plan_id": "first"}, "/plan_id"),
        (TABLE, "plan.csv", {"plan": "x"}, "/plan"),
    ],
)
def test_what_cannot_be_taken_in_is_refused_whole(
    caller: Caller, plans: str, content: bytes, name: str, fields: dict[str, str], field: str
) -> None:
    answer = send(caller, plans, content, name, **fields)
    assert answer.json is not None
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, field)
    assert caller.get(plans).json == {"items": [], "next": None}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_plan_is_downloaded_in_every_kind(
    app: Flask, council: MadeCouncil, caller: Caller, plans: str, kind: str
) -> None:
    plan_id = make_plan(app, council)
    make_action(app, council, plan_id)
    answer = caller.get(f"{plans}/{plan_id}/export?format={kind}&version=restricted")
    assert (answer.status_code, answer.mimetype) == (200, KINDS[kind])
    assert "Our plan, list of actions, restricted" in answer.headers["Content-Disposition"]


def test_an_export_that_is_not_there_is_refused(
    app: Flask, council: MadeCouncil, caller: Caller, plans: str, lead: MadeUser
) -> None:
    plan_id: UUID = make_plan(app, council)
    assert caller.get(f"{plans}/{plan_id}/export?layout=elements").status_code == 422
    assert caller.get(f"{plans}/{plan_id}/export?format=exe").status_code == 422
    assert caller.get(f"{plans}/{uuid4()}/export").status_code == 404
    reader = Caller.of(app, make_user(app, council, Role.COUNCIL_VIEWER), council)
    assert (reader.get(f"{plans}/{plan_id}/export").status_code, send(reader, plans).status_code) == (200, 403)

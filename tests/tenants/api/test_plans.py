"""Action plans for programs, and with them how every operation treats what it is sent."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from flask import Flask

from saas.policy import Role
from tenants.models.plans import Action
from tests.caller import Caller
from tests.conftest import InScope
from tests.factories.plans import make_action, make_plan
from tests.factories.tenants import MadeCouncil, make_council, make_user


@pytest.fixture
def lines(council: MadeCouncil, plan_id: UUID) -> str:
    return f"/councils/{council.slug}/plans/{plan_id}/actions"


def written(in_scope: InScope, council: MadeCouncil) -> list[str]:
    """The words of every line there is, in order."""
    with in_scope(council.scope()) as session:
        return list(session.scalars(sa.select(Action.action).order_by(Action.position)))


def test_plans_are_listed_with_their_counts(app: Flask, caller: Caller, council: MadeCouncil, plan_id: UUID) -> None:
    make_action(app, council, plan_id, status_text="Done", timescale="By 31 March 2020")
    answer = caller.get(f"/councils/{council.slug}/plans")
    assert answer.json == {
        "items": [
            {
                "id": str(plan_id),
                "kind": "own",
                "title": "Our plan",
                "monitor": "",
                "accreditation_id": None,
                "put_away_at": None,
                "version": 1,
                "total": 1,
                "closed": 1,
                "overdue": 0,
                "due_soon": 0,
                "to_confirm": 1,
            }
        ],
        "next": None,
    }


def test_a_plan_is_made_renamed_put_away_and_brought_back(caller: Caller, council: MadeCouncil) -> None:
    plans = f"/councils/{council.slug}/plans"
    made = caller.post(plans, {"title": "Learning plan", "monitor": "Steering group"})
    assert made.json is not None
    assert (made.status_code, made.json["kind"], made.json["title"], made.json["monitor"], made.json["total"]) == (
        201,
        "own",
        "Learning plan",
        "Steering group",
        0,
    )
    one = made.headers["Location"].removeprefix("/api/v1")
    assert (caller.get(one).json, caller.get(one).headers["ETag"]) == (made.json, made.headers["ETag"])
    twice = caller.post(plans, {"title": "Learning plan"})
    assert (twice.status_code, twice.json["errors"]) == (  # type: ignore[index]
        422,
        [{"field": "/title", "message": "There is a plan of this title already."}],
    )
    named = caller.call("PATCH", one, json={"title": "Plan for learning"}, match=made.headers["ETag"])
    assert named.json is not None
    assert (named.json["title"], named.json["monitor"]) == ("Plan for learning", "Steering group")
    stale = caller.post(f"{one}/put-away", match=made.headers["ETag"])
    assert (stale.status_code, stale.headers["ETag"]) == (412, named.headers["ETag"])
    away = caller.post(f"{one}/put-away", match=named.headers["ETag"]).json
    back = caller.post(f"{one}/bring-back").json
    assert [each and each["put_away_at"] is not None for each in (away, back)] == [True, False]


def test_a_line_is_added_read_and_changed(caller: Caller, lines: str) -> None:
    made = caller.post(lines, {"action": "Publish the calendar", "timescale": "By 31 March 2027"})
    assert (made.status_code, made.headers["ETag"]) == (201, '"1"')
    assert made.json is not None
    assert (made.json["latest_on"], made.json["timescale_kind"]) == ("2027-03-31", "deadline")
    line = f"{lines}/{made.json['id']}"
    changed = caller.call("PATCH", line, json={"remark": "Half of it"}, match='"1"')
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
    read = caller.get(line)
    assert read.json == changed.json
    assert read.json is not None
    assert (read.json["action"], read.json["remark"]) == ("Publish the calendar", "Half of it")
    assert caller.get(line, headers={"If-None-Match": '"2"'}).status_code == 304


def test_nobodys_work_is_lost(caller: Caller, lines: str, in_scope: InScope, council: MadeCouncil) -> None:
    made = caller.post(lines, {"action": "First"}).json
    assert made is not None
    line = f"{lines}/{made['id']}"
    unseen = caller.call("PATCH", line, json={"action": "Second"})
    assert (unseen.status_code, unseen.json["title"]) == (428, "Precondition Required")  # type: ignore[index]
    assert caller.call("PATCH", line, json={"action": "Second"}, match='"1"').status_code == 200
    stale = caller.call("PATCH", line, json={"action": "Third"}, match='"1"')
    assert (stale.status_code, stale.headers["ETag"]) == (412, '"2"')
    assert written(in_scope, council) == ["Second"]


def test_pounds_are_answered_exactly(caller: Caller, lines: str) -> None:
    made = caller.post(lines, {"action": "Publish the calendar", "cost": 1234.5})
    assert made.json is not None
    assert (made.json["cost"], made.json["officer_days"]) == ("1234.50", None)


def test_a_reading_that_must_match_and_does_not_is_refused_as_promised(caller: Caller) -> None:
    assert caller.get("/me", match='"7"').status_code == 412


@pytest.mark.parametrize(
    ("sent", "field", "words"),
    [
        ({"action": "Do it", "colour": "red"}, "/colour", "Unknown field."),
        ({}, "/action", "Missing data for required field."),
        ({"action": ""}, "/action", "Length must be between 1 and 20000."),
        ({"action": ["Do it"]}, "/action", "Not a valid string."),
        ({"action": "Do\0it"}, "/action", "This text holds a character that cannot be kept (NUL)."),
        ({"action": "Do it", "cost": "-1"}, "/cost", "Must be greater than or equal to 0"),
    ],
)
def test_what_cannot_be_taken_is_named_and_changes_nothing(
    caller: Caller, lines: str, in_scope: InScope, council: MadeCouncil, sent: object, field: str, words: str
) -> None:
    answer = caller.post(lines, sent)
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert answer.json is not None
    assert answer.json["errors"][0]["field"] == field
    assert answer.json["errors"][0]["message"].startswith(words)
    assert written(in_scope, council) == []


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b'"text"', "application/json", 422),
        (b"action=Do+it", "application/x-www-form-urlencoded", 415),
        (b"\xff", "application/json", 400),
    ],
)
def test_what_is_no_object_is_refused(caller: Caller, lines: str, body: bytes, kind: str, status: int) -> None:
    assert caller.post(lines, data=body, content_type=kind).status_code == status


def test_sent_again_it_is_done_once(caller: Caller, lines: str, in_scope: InScope, council: MadeCouncil) -> None:
    first = caller.post(lines, {"action": "Once"}, key="a-1")
    again = caller.post(lines, {"action": "Once"}, key="a-1")
    assert (first.status_code, first.data) == (again.status_code, again.data)
    assert (first.headers.get("Idempotent-Replayed"), again.headers["Idempotent-Replayed"]) == (None, "true")
    other = caller.post(lines, {"action": "Twice"}, key="a-1")
    assert other.status_code == 422
    assert caller.post(lines, {"action": "Once"}, key="a-2").status_code == 201
    assert written(in_scope, council) == ["Once", "Once"]


def test_a_key_of_a_refused_call_can_be_used_again(caller: Caller, lines: str) -> None:
    assert caller.post(lines, {"action": ""}, key="b").status_code == 422
    assert caller.post(lines, {"action": "Do it"}, key="b").status_code == 201


def test_a_list_comes_in_pages(app: Flask, caller: Caller, council: MadeCouncil, plan_id: UUID, lines: str) -> None:
    for number in range(5):
        make_action(app, council, plan_id, action=f"Line {number}")
    seen, cursor = [], ""
    for _ in range(3):
        page = caller.get(f"{lines}?limit=2{cursor}").json
        assert page is not None
        seen.append([item["action"] for item in page["items"]])
        cursor = f"&cursor={page['next']}"
    assert seen == [["Line 0", "Line 1"], ["Line 2", "Line 3"], ["Line 4"]]
    assert page["next"] is None


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "cursor=!", "cursor=YQ", "status=lost", "x=1"])
def test_a_question_that_cannot_be_answered_is_refused(caller: Caller, lines: str, query: str) -> None:
    answer = caller.get(f"{lines}?{query}")
    assert answer.status_code == 422
    assert answer.json is not None
    assert answer.json["errors"][0]["field"] == "/" + query.partition("=")[0]


def test_who_only_reads_writes_nothing_and_who_is_not_of_the_council_sees_nothing(
    app: Flask, council: MadeCouncil, lines: str
) -> None:
    reader = Caller.of(app, make_user(app, council, Role.COUNCIL_VIEWER), council)
    assert (reader.get(lines).status_code, reader.post(lines, {"action": "x"}).status_code) == (200, 403)
    elsewhere = make_council(app, council.region)
    stranger = Caller.of(app, make_user(app, elsewhere, Role.COUNCIL_LEAD), elsewhere)
    assert (stranger.get(lines).status_code, stranger.post(lines, {"action": "x"}).status_code) == (404, 404)


def test_a_line_is_found_through_its_own_plan_only(
    app: Flask, caller: Caller, council: MadeCouncil, plan_id: UUID
) -> None:
    line = make_action(app, council, plan_id)
    other = make_plan(app, council, title="Another")
    plans = f"/councils/{council.slug}/plans"
    assert caller.get(f"{plans}/{plan_id}/actions/{line}").status_code == 200
    assert caller.get(f"{plans}/{other}/actions/{line}").status_code == 404
    assert caller.get(f"{plans}/{plan_id}/actions/{uuid4()}").status_code == 404


def test_what_is_not_there_is_a_problem_too(caller: Caller) -> None:
    answer = caller.get("/nothing")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
    wrong = caller.call("DELETE", "/me")
    assert (wrong.status_code, wrong.allow) == (405, {"GET", "HEAD", "OPTIONS"})


def test_a_status_is_confirmed_as_it_was_seen(caller: Caller, line: str) -> None:
    said: Any = caller.post(f"{line}/status", {"status": "completed", "completed_on": "2026-05-20"}, match='"1"')
    assert (said.status_code, said.json["status"], said.json["completed_on"]) == (200, "completed", "2026-05-20")
    stale = caller.post(f"{line}/status", {"status": "not_started"}, match='"1"')
    assert (stale.status_code, stale.headers["ETag"]) == (412, '"2"')
    assert caller.post(f"{line}/status", {"status": "not_started"}).status_code == 428
    coming: Any = caller.post(f"{line}/status", {"status": "completed", "completed_on": "2199-01-01"}, match='"2"')
    assert coming.json["errors"] == [
        {"field": "/completed_on", "message": "The day it was completed must be today or earlier."}
    ]

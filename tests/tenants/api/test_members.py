"""Members for programs: saved under their own id, taken in from a table, nobody's work lost."""

from __future__ import annotations

import io
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from saas.policy import Role
from saas.tenancy import CONSOLE
from tenants.queries.members import get_member
from tenants.services.members import end_term
from tests.caller import Caller
from tests.conftest import InScope
from tests.factories.members import make_member
from tests.factories.tenants import MadeCouncil, make_council, make_user

ANN = {"given_name": "Ann", "family_name": "Example", "group": "Independents", "started_on": "2023-05-04"}


@pytest.fixture
def members(council: MadeCouncil) -> str:
    return f"/councils/{council.slug}/members"


def save(caller: Caller, path: str, given: object, match: str | None = None) -> TestResponse:
    """Save a member, seen as `match` or new."""
    headers = {} if match else {"If-None-Match": "*"}
    return caller.call("PUT", path, json=given, match=match, headers=headers)


def send(caller: Caller, members: str, table: str, **fields: str) -> TestResponse:
    """Send a table."""
    return caller.post(f"{members}/imports", data={**fields, "file": (io.BytesIO(table.encode()), "members.csv")})


def names(caller: Caller, members: str, query: str = "") -> list[str]:
    """Family names of the list."""
    told: Any = caller.get(members + query).json
    return [each["family_name"] for each in told["items"]]


def test_a_member_is_saved_read_and_changed(caller: Caller, members: str) -> None:
    one = f"{members}/{uuid4()}"
    made = save(caller, one, ANN)
    assert (made.status_code, made.headers["ETag"]) == (200, '"1"')
    assert made.json == {
        "id": one.rpartition("/")[2],
        "title": "",
        "given_name": "Ann",
        "family_name": "Example",
        "email": "",
        "kind": "elected",
        "ward": "",
        "group": "Independents",
        "reference": "",
        "started_on": "2023-05-04",
        "due_to_end_on": None,
        "ended_on": None,
        "end_reason": None,
        "in_office": True,
        "version": 1,
    }
    assert caller.get(one).json == made.json
    changed = save(caller, one, ANN | {"ward": "Mill"}, match='"1"')
    assert changed.json is not None
    assert (changed.json["ward"], changed.headers["ETag"]) == ("Mill", '"2"')
    assert names(caller, members, "?words=exam") == ["Example"]


def test_nobodys_work_is_lost(caller: Caller, members: str) -> None:
    one = f"{members}/{uuid4()}"
    assert caller.call("PUT", one, json=ANN).status_code == 428
    assert save(caller, one, ANN, match='"1"').status_code == 404
    assert save(caller, one, ANN).status_code == 200
    again = save(caller, one, ANN | {"given_name": "Eve"})
    assert (again.status_code, again.headers["ETag"]) == (412, '"1"')
    assert caller.get(one).json["given_name"] == "Ann"  # type: ignore[index]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"email": "nobody"}, "/email"),
        ({"kind": "appointed"}, "/kind"),
        ({"given_name": ""}, "/given_name"),
        ({"due_to_end_on": "2022-01-01"}, "/due_to_end_on"),
        ({"started_on": None, "due_to_end_on": "2027-05-06"}, "/started_on"),
        ({"pay": 1}, "/pay"),
    ],
)
def test_what_cannot_be_kept_is_named(caller: Caller, members: str, wrong: dict[str, object], field: str) -> None:
    answer = save(caller, f"{members}/{uuid4()}", ANN | wrong)
    assert answer.json is not None
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, field)
    assert names(caller, members) == []


def test_one_who_left_is_listed_when_asked_for_and_saved_without_another_term(
    app: Flask, council: MadeCouncil, caller: Caller, members: str, in_scope: InScope
) -> None:
    member_id = make_member(app, council, family_name="Former")
    with in_scope(council.scope()):
        member = get_member(council.id, member_id, lock=True).member
        end_term(member, ended_on=date(2025, 5, 1), reason="resigned", by=CONSOLE)
    assert (names(caller, members), names(caller, members, "?in_office=false")) == ([], ["Former"])
    read = caller.get(f"{members}/{member_id}")
    assert read.json is not None
    whole = {name: read.json[name] for name in (*ANN, "title", "ward", "due_to_end_on")} | {"ward": "Mill"}
    saved = save(caller, f"{members}/{member_id}", whole, match=read.headers["ETag"]).json
    assert saved is not None
    assert (saved["ward"], saved["ended_on"], saved["in_office"]) == ("Mill", "2025-05-01", False)


def test_a_term_ends_once(app: Flask, council: MadeCouncil, caller: Caller, members: str) -> None:
    one = f"{members}/{make_member(app, council, family_name='Leaver')}"
    given = {"ended_on": "2025-05-01", "reason": "resigned"}
    assert caller.post(f"{one}/end-of-term", given).status_code == 428
    assert caller.post(f"{one}/end-of-term", given, match='"7"').status_code == 412
    ended = caller.post(f"{one}/end-of-term", given, match='"1"')
    assert ended.json is not None
    told = {name: ended.json[name] for name in ("ended_on", "end_reason", "in_office")}
    assert told == {"ended_on": "2025-05-01", "end_reason": "resigned", "in_office": False}
    assert caller.post(f"{one}/end-of-term", given, match=ended.headers["ETag"]).status_code == 409
    early = caller.post(f"{one}/end-of-term", given | {"reason": "bored"}, match=ended.headers["ETag"])
    assert early.status_code == 422


def test_a_table_is_taken_in_whole_or_not_at_all(
    app: Flask, council: MadeCouncil, caller: Caller, members: str
) -> None:
    make_member(app, council, given_name="Ann", family_name="Example", ward="Mill")
    table = "Given name,Family name,Ward,Shoe size\r\nAnn,Example,Quay,4\r\nBo,New,Mill,5\r\n"
    dry = send(caller, members, table, dry_run="true").json
    assert dry is not None
    assert (dry["added"], dry["updated"], dry["ignored"]) == (1, 1, ["Shoe size"])
    assert names(caller, members) == ["Example"]
    done = send(caller, members, table).json
    assert done == dry
    assert done["rows"] == [
        {
            "line": 2,
            "outcome": "updated",
            "name": done["rows"][0]["name"],
            "changes": [{"column": "Ward", "before": "Mill", "after": "Quay"}],
        },
        {"line": 3, "outcome": "added", "name": done["rows"][1]["name"], "changes": []},
    ]
    assert names(caller, members) == ["Example", "New"]
    wrong = "Given name,Family name,E-mail\r\nCy,Third,cy@example.org\r\n,Nameless,nobody\r\n"
    answer = send(caller, members, wrong)
    assert answer.json is not None
    assert (answer.status_code, {each["field"] for each in answer.json["errors"]}) == (422, {"/file"})
    assert names(caller, members) == ["Example", "New"]
    told = send(caller, members, wrong, dry_run="true").json
    assert told is not None
    assert {each["line"] for each in told["problems"]} == {3}


def test_who_reads_saves_nothing_and_another_council_sees_nothing(
    app: Flask, council: MadeCouncil, members: str
) -> None:
    one = f"{members}/{make_member(app, council)}"
    editor = Caller.of(app, make_user(app, council, Role.COUNCIL_EDITOR), council)
    assert (editor.get(one).status_code, save(editor, one, ANN, match='"1"').status_code) == (200, 403)
    assert send(editor, members, "Name\r\nAnn Example\r\n").status_code == 403
    elsewhere = make_council(app, council.region)
    stranger = Caller.of(app, make_user(app, elsewhere, Role.COUNCIL_LEAD), elsewhere)
    own = one.replace(council.slug, elsewhere.slug)
    assert [stranger.get(path).status_code for path in (one, own)] == [404, 404]
    assert save(stranger, own, ANN, match='"1"').status_code == 404

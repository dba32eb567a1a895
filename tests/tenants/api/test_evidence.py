"""The library for programs: a file and a link go in, are read, and the file comes out as it was."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from saas.policy import Role
from tests.caller import Caller
from tests.factories.evidence import make_file, make_link, pdf
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user


@pytest.fixture
def library(council: MadeCouncil) -> str:
    return f"/councils/{council.slug}/evidence"


def send(
    caller: Caller, library: str, content: bytes, name: str = "strategy.pdf", key: str | None = None, **fields: str
) -> TestResponse:
    """Upload a file."""
    return caller.post(f"{library}/files", data={**fields, "file": (io.BytesIO(content), name)}, key=key)


def titles(caller: Caller, library: str, query: str = "") -> list[str]:
    """What the list shows."""
    told: Any = caller.get(library + query).json
    return [each["title"] for each in told["items"]]


def test_a_file_goes_in_once_and_comes_out_as_it_was(caller: Caller, library: str, lead: MadeUser) -> None:
    content = pdf("the strategy")
    made = send(caller, library, content, title="Strategy", speaks_for_on="2026-05-20")
    assert made.json is not None
    assert (made.status_code, made.json["outcome"], made.headers["ETag"]) == (201, "added", '"1"')
    told = {name: made.json[name] for name in ("kind", "title", "filename", "speaks_for_on", "size", "added_by_name")}
    assert told == {
        "kind": "file",
        "title": "Strategy",
        "filename": "strategy.pdf",
        "speaks_for_on": "2026-05-20",
        "size": len(content),
        "added_by_name": lead.name,
    }
    one = f"{library}/{made.json['id']}"
    assert made.headers["Location"] == f"/api/v1{one}"
    assert caller.get(one).json == {name: value for name, value in made.json.items() if name != "outcome"}
    assert caller.get(f"{one}/file").data == content
    again = send(caller, library, content, title="Another name")
    assert again.json is not None
    assert (again.json["id"], again.json["outcome"]) == (made.json["id"], "there")
    assert titles(caller, library) == ["Strategy"]


def test_a_file_sent_again_with_its_key_is_answered_as_before(caller: Caller, library: str) -> None:
    first = send(caller, library, pdf("once"), key="k")
    again = send(caller, library, pdf("once"), key="k")
    other = send(caller, library, pdf("twice"), key="k")
    assert (first.data, again.headers["Idempotent-Replayed"]) == (again.data, "true")
    assert (other.status_code, len(titles(caller, library))) == (422, 1)


def test_a_link_goes_in_and_both_are_listed(caller: Caller, library: str) -> None:
    made = caller.post(f"{library}/links", {"url": "https://www.example.gov.uk/minutes", "title": "Minutes"})
    assert made.json is not None
    assert (made.status_code, made.json["kind"], made.json["url"]) == (
        201,
        "link",
        "https://www.example.gov.uk/minutes",
    )
    send(caller, library, pdf("x"), title="Strategy")
    assert titles(caller, library) == ["Strategy", "Minutes"]
    assert titles(caller, library, "?kind=link") == ["Minutes"]
    assert titles(caller, library, "?words=strat") == ["Strategy"]
    assert caller.get(f"{library}/{made.json['id']}/file").status_code == 404


def test_what_is_known_is_corrected_and_what_is_not_wanted_goes(
    app: Flask, council: MadeCouncil, caller: Caller, library: str
) -> None:
    one = f"{library}/{make_file(app, council, title='Strategy')}"
    assert caller.call("PATCH", one, json={"title": "Plan"}).status_code == 428
    changed = caller.call("PATCH", one, json={"valid_until_on": "2027-05-20"}, match='"1"')
    assert changed.json is not None
    told = (changed.json["title"], changed.json["valid_until_on"], changed.headers["ETag"])
    assert told == ("Strategy", "2027-05-20", '"2"')
    assert caller.call("PATCH", one, json={"title": "Plan"}, match='"1"').status_code == 412
    wrong = caller.call("PATCH", one, json={"speaks_for_on": "2028-01-01"}, match='"2"')
    assert wrong.json is not None
    assert (wrong.status_code, wrong.json["errors"][0]["field"]) == (422, "/valid_until_on")
    gone = caller.call("DELETE", one)
    assert (gone.status_code, gone.data, titles(caller, library)) == (204, b"", [])
    assert caller.call("DELETE", one).status_code == 404


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"url": "http://127.0.0.1/"}, "/url"),
        ({"url": "ftp://www.example.gov.uk"}, "/url"),
        ({"url": ""}, "/url"),
        (
            {
                "url": "https://www.example.gov.uk",
                "speaks_for_on": "2026-05-20",
                "valid_until_on": "2026-05-19",
            },
            "/valid_until_on",
        ),
        ({"url": "https://www.example.gov.uk", "scan": "clean"}, "/scan"),
    ],
)
def test_a_link_that_cannot_be_kept_is_refused(caller: Caller, library: str, sent: object, field: str) -> None:
    answer = caller.post(f"{library}/links", sent)
    assert answer.json is not None
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, field)
    assert titles(caller, library) == []


def test_a_file_that_cannot_be_kept_is_refused_by_name(caller: Caller, library: str) -> None:
    for answer in (
        send(caller, library, b"MZ\x90", "tool.exe"),
        send(caller, library, b"no pdf at all", "strategy.pdf"),
        caller.post(f"{library}/files", data={"title": "No file"}, content_type="multipart/form-data"),
        caller.post(f"{library}/files", {"title": "No file"}),
    ):
        assert answer.json is not None
        assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "/file")
    assert titles(caller, library) == []


def test_who_reads_adds_nothing_and_another_council_sees_nothing(
    app: Flask, council: MadeCouncil, library: str
) -> None:
    there = f"{library}/{make_file(app, council)}"
    reader = Caller.of(app, make_user(app, council, Role.COUNCIL_VIEWER), council)
    assert (reader.get(there).status_code, send(reader, library, pdf("x")).status_code) == (200, 403)
    member = Caller.of(app, make_user(app, council, Role.MEMBER), council)
    assert (member.get(there).status_code, member.get(library).status_code) == (403, 403)
    elsewhere = make_council(app, council.region)
    stranger = Caller.of(app, make_user(app, elsewhere, Role.COUNCIL_LEAD), elsewhere)
    own = there.replace(council.slug, elsewhere.slug)
    for path in (there, f"{there}/file", own, f"{own}/file"):
        assert stranger.get(path).status_code == 404


def test_a_new_version_takes_the_place_of_the_file_and_the_earlier_one_stays(caller: Caller, library: str) -> None:
    first, second = pdf("first"), pdf("second")
    made = send(caller, library, first, title="Strategy", speaks_for_on="2025-05-20")
    assert made.json is not None
    one = f"{library}/{made.json['id']}"
    replaced = caller.post(
        f"{one}/file", data={"file": (io.BytesIO(second), "new.pdf"), "valid_until_on": "2028-05-19"}
    )
    assert replaced.json is not None
    told = {name: replaced.json[name] for name in ("file_number", "filename", "speaks_for_on", "valid_until_on")}
    assert (replaced.status_code, told) == (
        200,
        {"file_number": 2, "filename": "new.pdf", "speaks_for_on": "2025-05-20", "valid_until_on": "2028-05-19"},
    )
    versions: Any = caller.get(f"{one}/versions").json
    assert [(each["number"], each["filename"]) for each in versions["items"]] == [(2, "new.pdf"), (1, "strategy.pdf")]
    assert [caller.get(f"{one}/versions/{number}/file").data for number in (1, 2)] == [first, second]
    same = caller.post(f"{one}/file", data={"file": (io.BytesIO(second), "new.pdf")})
    assert same.json is not None
    assert same.json["errors"] == [
        {"field": "/file", "message": "“new.pdf” is the same as the newest version. Nothing was changed."}
    ]


def test_nothing_ends_before_the_day_it_is_about(
    app: Flask, caller: Caller, council: MadeCouncil, library: str
) -> None:
    days = {"speaks_for_on": "2026-05-20", "valid_until_on": "2026-05-19"}
    one = f"{library}/{make_file(app, council)}"
    answers = [
        send(caller, library, pdf("new"), **days),
        caller.post(f"{library}/links", {"url": "https://www.example.gov.uk/minutes", **days}),
        caller.post(f"{one}/file", data={"file": (io.BytesIO(pdf("newer")), "new.pdf"), **days}),
        caller.call("PATCH", one, json=days, match='"1"'),
    ]
    said = {"field": "/valid_until_on", "message": "It cannot end before the date it speaks for."}
    assert [(each.status_code, each.json and each.json["errors"]) for each in answers] == [(422, [said])] * 4
    assert titles(caller, library) == ["Strategy"]


def test_what_was_removed_comes_back_and_a_link_is_looked_at(
    app: Flask, caller: Caller, council: MadeCouncil, library: str
) -> None:
    file, link = f"{library}/{make_file(app, council)}", f"{library}/{make_link(app, council)}"
    assert caller.post(f"{file}/restoration").status_code == 404
    assert caller.call("DELETE", file).status_code == 204
    assert caller.post(f"{file}/restoration").status_code == 200
    assert caller.get(file).status_code == 200
    refused = caller.post(f"{file}/look")
    assert refused.json is not None
    assert (refused.status_code, refused.json["detail"]) == (409, "Only a link can be looked at.")
    assert caller.post(f"{link}/look").status_code == 200

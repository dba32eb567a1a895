"""The API's frame on operations of its own: what it reads of a call, what it refuses, and how it answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask, Response
from marshmallow import fields, validate
from werkzeug.exceptions import (
    PreconditionFailed,
    PreconditionRequired,
)

from saas.api import ApiSchema, Given, Listed, Operations, Part
from saas.cursors import cursor_of
from saas.db import db
from saas.errors import Conflict, Invalid
from saas.problems import Stale

NO_CURSOR = {"/cursor": ["This is no cursor: send `next` as it was given."]}


@dataclass
class Thing:
    """Something with a version."""

    id: int
    name: str
    version: int = 3


class ThingSchema(ApiSchema):
    """How a thing is answered."""

    id = fields.Integer()
    name = fields.String()
    version = fields.Integer()


class ThingWork(ApiSchema):
    """What is sent of one."""

    name = fields.String(required=True, validate=validate.Length(max=5))
    tags = fields.List(fields.String())


class ThingQuery(ApiSchema):
    """What a list is narrowed by."""

    words = fields.String(load_default="")
    tags = fields.List(fields.String(), load_default=list)


things = Operations("things", "Things")
ALL = [Thing(number, f"Thing {number}") for number in range(1, 6)]


@things.get("/things", "listThings", answers=Listed(ThingSchema), asks=ThingQuery)
def list_things(asked: dict[str, Any]) -> list[Thing]:
    """List the things. Narrowed
    by words."""
    return [thing for thing in ALL if asked["words"] in thing.name and set(asked["tags"]) <= {thing.name[-1]}]


@things.get("/things/parts", "listParts", answers=Listed(ThingSchema))
def list_parts() -> Part:
    """List one page that was cut before."""
    return Part(ALL[:1], "there")


@things.get("/things/<int:number>", "getThing", answers=ThingSchema)
def get_thing(number: int) -> Thing:
    """Get a thing."""
    return ALL[number - 1]


@things.put("/things/<int:number>", "saveThing", takes=ThingWork, answers=ThingSchema)
def save_thing(number: int, given: dict[str, Any], version: int) -> Given:
    """Save a thing."""
    if version not in (0, 3):
        raise Conflict("Somebody was faster.", version=3)
    return Given(Thing(number, given["name"], version + 1), f"/things/{number}")


@things.patch("/things/<int:number>", "changeThing", takes=ThingWork, answers=ThingSchema, versioned=False)
def change_thing(number: int, given: dict[str, Any]) -> Thing:
    """Change a thing."""
    if not given:
        raise Conflict("Nothing was named.", version=3)
    return Thing(number, given.get("name", "as it was"))


@things.delete("/things/<int:number>", "removeThing")
def remove_thing(number: int) -> None:
    """Remove a thing."""


@pytest.fixture(scope="module")
def served() -> Flask:
    """The operations without door and database."""
    app = Flask("things")
    app.config["SQLALCHEMY_DATABASE_URI"] = "postgresql+psycopg://nobody@127.0.0.1:1/none"
    db.init_app(app)
    app.register_blueprint(things.blueprint)
    return app


def call(app: Flask, method: str, path: str, **options: Any) -> Response:
    """What the operation answers; what it refuses is raised."""
    with app.test_request_context(f"/api/v1{path}", method=method, **options):
        return app.make_response(app.dispatch_request())


def refused(app: Flask, method: str, path: str, **options: Any) -> Any:
    """What is said of what was sent, by where it stands."""
    with pytest.raises(Invalid) as refusal:
        call(app, method, path, **options)
    return refusal.value.messages


def seen(number: int) -> dict[str, str]:
    """The header of who has seen this version."""
    return {"If-Match": f'"{number}"'}


def test_an_operation_is_declared_in_the_words_of_its_view() -> None:
    assert [(each.name, each.method, each.rule, each.summary, each.description) for each in things.operations] == [
        ("listThings", "GET", "/things", "List the things", "Narrowed by words."),
        ("listParts", "GET", "/things/parts", "List one page that was cut before", ""),
        ("getThing", "GET", "/things/<int:number>", "Get a thing", ""),
        ("saveThing", "PUT", "/things/<int:number>", "Save a thing", ""),
        ("changeThing", "PATCH", "/things/<int:number>", "Change a thing", ""),
        ("removeThing", "DELETE", "/things/<int:number>", "Remove a thing", ""),
    ]


def test_a_list_is_answered_in_pages_until_its_end(served: Flask) -> None:
    pages: list[list[int]] = []
    cursor: str | None = ""
    while cursor is not None:
        told = call(served, "GET", f"/things?limit=2{f'&cursor={cursor}' if cursor else ''}").json
        assert told is not None
        pages.append([item["id"] for item in told["items"]])
        cursor = told["next"]
    assert pages == [[1, 2], [3, 4], [5]]


def test_a_list_that_cut_itself_is_answered_as_it_is(served: Flask) -> None:
    assert call(served, "GET", "/things/parts").json == {
        "items": [{"id": 1, "name": "Thing 1", "version": 3}],
        "next": "there",
    }


def test_a_query_narrows_and_a_name_given_twice_is_a_list(served: Flask) -> None:
    narrowed = call(served, "GET", "/things?words=Thing&tags=4&tags=4").json
    assert narrowed == {"items": [{"id": 4, "name": "Thing 4", "version": 3}], "next": None}


@pytest.mark.parametrize(
    ("query", "messages"),
    [
        ("limit=0", {"/limit": ["Must be greater than or equal to 1 and less than or equal to 200."]}),
        ("unknown=1", {"/unknown": ["Unknown field."]}),
        ("words=a&words=b", {"/words": ["Not a valid string."]}),
        ("cursor=%25", NO_CURSOR),
        (
            f"cursor={cursor_of('gone')}",
            {"/cursor": ["What the page before ended with is gone from the list. Begin anew."]},
        ),
    ],
)
def test_a_query_that_means_nothing_is_refused_by_name(served: Flask, query: str, messages: object) -> None:
    assert refused(served, "GET", f"/things?{query}") == messages


def test_what_has_a_version_is_answered_with_it_as_its_etag(served: Flask) -> None:
    answer = call(served, "GET", "/things/2")
    assert (answer.json, answer.headers["ETag"]) == ({"id": 2, "name": "Thing 2", "version": 3}, '"3"')
    known = call(served, "GET", "/things/2", headers={"If-None-Match": '"3"'})
    assert (known.status_code, known.headers["ETag"]) == (304, '"3"')
    with pytest.raises(PreconditionFailed):
        call(served, "GET", "/things/2", headers={"If-Match": '"2"'})


def test_a_list_that_did_not_change_is_not_sent_again(served: Flask) -> None:
    etag = call(served, "GET", "/things").headers["ETag"]
    assert call(served, "GET", "/things", headers={"If-None-Match": etag}).status_code == 304
    assert call(served, "GET", "/things?words=5", headers={"If-None-Match": etag}).status_code == 200


@pytest.mark.parametrize(("headers", "version"), [(seen(3), 4), ({"If-None-Match": "*"}, 1)])
def test_a_save_names_the_version_it_has_seen(served: Flask, headers: dict[str, str], version: int) -> None:
    answer = call(served, "PUT", "/things/2", json={"name": "New"}, headers=headers)
    told = {"id": 2, "name": "New", "version": version}
    assert (answer.status_code, answer.json) == (200, told)
    assert (answer.headers["ETag"], answer.headers["Location"]) == (f'"{version}"', "/things/2")


def test_a_save_that_names_no_version_or_an_old_one_saves_nothing(served: Flask) -> None:
    with pytest.raises(PreconditionRequired):
        call(served, "PUT", "/things/2", json={"name": "New"})
    with pytest.raises(Stale) as late:
        call(served, "PUT", "/things/2", json={"name": "New"}, headers=seen(2))
    assert (late.value.message, late.value.version) == ("Somebody was faster.", 3)
    assert refused(served, "PUT", "/things/2", json={"name": "New"}, headers={"If-Match": "3"}) == {
        "If-Match": ['Send the ETag as it was given, for example "3".']
    }


def test_a_conflict_where_no_version_is_asked_for_stays_one(served: Flask) -> None:
    with pytest.raises(Conflict) as refusal:
        call(served, "PATCH", "/things/2", json={})
    assert (type(refusal.value), refusal.value.message) == (Conflict, "Nothing was named.")


def test_a_patch_names_only_what_changes(served: Flask) -> None:
    assert call(served, "PATCH", "/things/2", json={"tags": ["a"]}).json == {
        "id": 2,
        "name": "as it was",
        "version": 3,
    }


def test_what_takes_no_body_is_sent_none_and_answers_none(served: Flask) -> None:
    answer = call(served, "DELETE", "/things/2")
    assert (answer.status_code, answer.data) == (204, b"")
    assert refused(served, "DELETE", "/things/2", data=b"x") == {"": ["This operation takes no body."]}

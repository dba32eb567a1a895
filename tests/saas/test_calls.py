"""Calls: a body is taken as its schema says or refused where it is wrong, and the version that was seen is read."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from marshmallow import RAISE, Schema, fields, validate
from werkzeug.exceptions import BadRequest, PreconditionRequired, RequestEntityTooLarge, UnsupportedMediaType

from saas import clock
from saas.calls import DEEPEST, LARGEST_JSON, body, version
from saas.errors import Invalid

FAR = f"A day lies in the years {clock.NEAR.start} to {clock.NEAR.stop - 1}."
NUL = "This text holds a character that cannot be kept (NUL)."


class Work(Schema):
    """What is sent of a thing."""

    class Meta:
        """Nothing else is taken."""

        unknown = RAISE

    name = fields.String(required=True, validate=validate.Length(max=5))
    tags = fields.List(fields.String())
    size = fields.Nested(Schema.from_dict({"a/b": fields.Integer()}))
    on = fields.Date()
    days = fields.List(fields.Nested(Schema.from_dict({"on": fields.Date()})))


def nested(deep: int) -> list[Any]:
    """A list in a list, so deep."""
    return [nested(deep - 1)] if deep > 1 else []


def sent(method: str = "PUT", *, uploads: bool = False, **options: Any) -> dict[str, Any]:
    with Flask(__name__).test_request_context("/", method=method, **options):
        return body(Work, uploads=uploads)


def seen(**headers: str) -> int:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with Flask(__name__).test_request_context("/", headers=named):
        return version()


def test_a_body_is_taken_whole_and_of_a_patch_what_it_names() -> None:
    assert sent(json={"name": "New", "tags": ["a"]}) == {"name": "New", "tags": ["a"]}
    assert sent("PATCH", json={"tags": ["a"]}) == {"tags": ["a"]}


def test_beside_a_file_the_form_is_the_body() -> None:
    assert sent("POST", uploads=True, data={"name": "New"}) == {"name": "New"}


@pytest.mark.parametrize(
    ("document", "messages"),
    [
        ({}, {"/name": ["Missing data for required field."]}),
        ({"name": "Longer", "id": 1}, {"/name": ["Longer than maximum length 5."], "/id": ["Unknown field."]}),
        ({"name": "New", "tags": ["a", 1]}, {"/tags/1": ["Not a valid string."]}),
        ({"name": "New", "size": {"a/b": "x"}}, {"/size/a~1b": ["Not a valid integer."]}),
        ({"name": "a\0"}, {"/name": [NUL]}),
        ({"name": "New", "tags": ["b", "a\0"]}, {"/tags/1": [NUL]}),
        ({"name": "New", "a\0": 1}, {"": [NUL]}),
        ({"name": "New", "tags": ["a\x0b"]}, {"/tags/0": [NUL.replace("NUL", "U+000B")]}),
        ({"name": "New", "size": {"a/b": "\x01"}}, {"/size/a~1b": [NUL.replace("NUL", "U+0001")]}),
        ({"name": "New", "tags": nested(DEEPEST + 1)}, {"": ["What is sent is nested at most 40 deep."]}),
        ({"name": "New", "on": "0001-01-01"}, {"/on": [FAR]}),
        ({"name": "New", "days": [{"on": "2026-05-04"}, {"on": "9999-12-31"}]}, {"/days/1/on": [FAR]}),
        ([], {"": ["Send an object."]}),
    ],
)
def test_a_body_that_cannot_be_taken_is_refused_where_it_is_wrong(document: object, messages: object) -> None:
    with pytest.raises(Invalid) as refusal:
        sent(json=document)
    assert refusal.value.messages == messages


@pytest.mark.parametrize(
    ("data", "kind", "refusal", "words"),
    [
        (b"{", "application/json", BadRequest, "The body is not JSON: "),
        (b"name=New", "application/x-www-form-urlencoded", UnsupportedMediaType, "Send application/json."),
        (b" " * (LARGEST_JSON + 1), "application/json", RequestEntityTooLarge, "A JSON body has at most 2048 kB."),
    ],
    ids=["torn", "a form", "too large"],
)
def test_a_body_that_is_no_json_is_refused(data: bytes, kind: str, refusal: type[Exception], words: str) -> None:
    with pytest.raises(refusal, match=words):
        sent(data=data, content_type=kind)


def test_the_version_is_that_of_the_etag_that_was_seen_or_none_yet() -> None:
    assert (seen(If_Match='"3"'), seen(If_Match=' "12" '), seen(If_None_Match="*")) == (3, 12, 0)
    assert seen(If_Match='"3"', If_None_Match="*") == 3


@pytest.mark.parametrize("etag", ["3", 'W/"3"', '"a"', '"3", "4"', "*", f'"{10**18}"'])
def test_an_etag_that_nobody_gave_is_refused(etag: str) -> None:
    with pytest.raises(Invalid) as refusal:
        seen(If_Match=etag)
    assert refusal.value.messages == {"If-Match": ['Send the ETag as it was given, for example "3".']}


def test_a_save_without_what_was_seen_is_refused_with_what_to_do() -> None:
    with pytest.raises(PreconditionRequired, match=r"^428 .*Read it first and send its ETag as If-Match"):
        seen()

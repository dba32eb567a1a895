"""The reference for people: what stands on its pages is what is served, and its examples are calls that are taken."""

from __future__ import annotations

import hashlib
import hmac
import html
import re
import shlex
import time

import pytest
from flask import Flask

from saas.openapi import describe
from saas.reference import Entry, chapters
from tests.checking_client import CheckingClient
from tests.factories.tenants import MadeUser


def test_every_operation_has_its_place_and_is_linked_from_the_first_page(app: Flask, client: CheckingClient) -> None:
    first = client.get("/api").text
    with app.app_context():
        document = describe(app)
    names = {each["operationId"] for methods in document["paths"].values() for each in methods.values()}
    linked = dict(re.findall(r'href="(/api/reference/[\w-]+)#(\w+)"', first))
    assert {name for _, name in re.findall(r'href="(/api/reference/[\w-]+)#(\w+)"', first)} == names
    shown: set[str] = set()
    for page in linked:
        shown |= set(re.findall(r'<h2 class="govuk-heading-m" id="(\w+)">', client.get(page).text))
    assert shown == names


def test_its_chapters_are_folded_with_how_much_they_hold_and_each_leads_to_the_next(client: CheckingClient) -> None:
    first = client.get("/api").text
    held = re.findall(r'summary-text">([^<]+)</span> <span class="quiet">(\d+)</span>', first)
    assert f"{sum(int(number) for _, number in held)} operations in {len(held)} chapters." in first
    page, passed = "/api/reference/the-caller", []
    while page:
        shown = client.get(page).text
        passed.append(re.search(r"<h1[^>]*>([^<]+)</h1>", shown)[1])
        following = re.search(r'href="(/api/reference/[\w-]+)" rel="next"', shown)
        page = following[1] if following else ""
    assert passed == [title for title, _ in held]


def test_it_is_open_to_everybody_and_linked_from_the_foot(client: CheckingClient, lead: MadeUser) -> None:
    assert '<a class="govuk-link" href="/api">For programs</a>' in client.get("/sign-in").text
    client.sign_in(lead)
    assert "Reference for programs" in client.get("/api").text
    assert client.get("/api/reference/nothing").status_code == 404


def test_an_operation_is_told_with_what_it_needs_takes_and_answers() -> None:
    schemas = {
        "Inner": {"type": "object", "properties": {"id": {"type": "string", "format": "uuid"}}, "required": ["id"]},
        "Wanted": {
            "type": "object",
            "properties": {
                "title": {"type": "string", "maxLength": 2000, "example": "Gap plan", "description": "As in `a`."},
                "days": {"type": ["number", "null"], "minimum": 0, "maximum": 10.5},
                "kind": {"type": "string", "enum": ["", "own", "gap"]},
                "inner": {"type": "array", "items": {"$ref": "#/components/schemas/Inner"}},
            },
            "required": ["title", "inner"],
        },
    }
    operation = {
        "operationId": "makeIt",
        "tags": ["Two Words"],
        "summary": "Make it",
        "description": "Of <b>. Needs the permission `plan:make`.",
        "security": [{"token": []}],
        "parameters": [
            {"name": "council", "in": "path", "required": True, "schema": {"type": "string"}},
            {"name": "If-Match", "in": "header", "schema": {"type": "string"}},
        ],
        "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Wanted"}}}},
        "responses": {
            "201": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Inner"}}}},
            "404": {},
            "4XX": {},
        },
    }
    (chapter,) = chapters(
        {
            "tags": [{"name": "Two Words"}],
            "servers": [{"url": "https://charter.example"}],
            "components": {"schemas": schemas},
            "paths": {"/api/v1/councils/{council}/it/{it_id}": {"post": operation}},
        }
    )
    (told,) = chapter.operations
    assert (chapter.slug, told.method, told.answer, told.refusals) == ("two-words", "POST", "201, JSON", ("404",))
    assert told.words == "Of &lt;b&gt;. Needs the permission <code>plan:make</code>."
    assert [(each.name, each.kind, each.required) for each in told.takes] == [
        ("title", "text, at most 2,000 characters", True),
        ("days", "number from 0 to 10.5 or null", False),
        ("kind", "one of own, gap", False),
        ("inner", "list of object", True),
        ("inner[].id", "id", True),
    ]
    assert told.takes[0].words == "As in <code>a</code>."
    assert told.answers == (Entry("id", "id", True, told.answers[0].words),)
    assert told.example == (
        'curl -X POST "https://charter.example/api/v1/councils/harrowfen/it/$IT_ID" \\\n'
        '  -H "Authorization: Bearer $TOKEN" \\\n'
        "  -H 'If-Match: \"3\"' \\\n"
        '  -H "Content-Type: application/json" \\\n'
        """  -d '{"title":"Gap plan","inner":[{"id":"01a1f3b0-6a1e-7c33-b1f2-3d5c0a9e7d11"}]}'"""
    )


def test_every_example_is_a_command_that_a_shell_reads(app: Flask) -> None:
    with app.app_context():
        found = chapters(describe(app))
    for told in (told for chapter in found for told in chapter.operations):
        words = shlex.split(told.example.replace("\\\n", " "))
        assert words[0] == "curl"
        assert any(word.startswith("http://localhost/api/v1/") for word in words), told.name


@pytest.mark.parametrize(("age", "expected"), [(0, True), (299, True), (301, False)])
def test_the_shown_way_to_check_a_signature_works(client: CheckingClient, age: int, expected: bool) -> None:
    page = client.get("/api").text
    shown = re.search(r"(import hashlib.*?)</pre>", page, re.DOTALL)
    assert shown
    room: dict[str, object] = {}
    exec(html.unescape(shown[1]), room)
    moment, body = int(time.time()) - age, b'{"verb":"plan.added"}'
    digest = hmac.new(b"whsec_a", f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    check = room["is_ours"]
    assert callable(check)
    assert check("whsec_a", f"t={moment},v1={digest}", body) is expected
    assert check("whsec_b", f"t={moment},v1={digest}", body) is False
    assert check("whsec_a", f"t={moment},v1={digest}", body + b" ") is False

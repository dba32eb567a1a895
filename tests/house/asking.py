"""Asks any route as anybody: with a session or, where it is an operation, with a token of the same person."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import Context
from types import MappingProxyType
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from saas.guard import Declaration, declaration_of
from saas.openapi import describe
from tenants.models.tokens import API, PROVISIONING
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser, make_token

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
PURPOSES = (API, PROVISIONING)
UNKNOWN = UUID("01900000-0000-7000-8000-000000000000")

TABLES = {
    "absence_id": ("assessor_absences",), "access": ("access",), "accreditation_id": ("accreditations",),
    "action_id": ("actions",), "assignment_id": ("assignments",), "case_study_id": ("case_studies",),
    "clarification_id": ("clarifications",), "column_id": ("remembered_columns",),
    "comment_id": ("answer_comments", "report_comments"), "contribution_id": ("contribution_requests",),
    "cover_id": ("committee_papers",), "delivery_id": ("webhook_deliveries",), "evidence_id": ("evidence",),
    "file": ("accreditations",), "file_id": ("submission_files", "clarification_files", "prepared_files"),
    "filter_id": ("saved_filters",), "framework_id": ("frameworks",), "holder_id": ("office_holders",),
    "import_id": ("imports", "council_imports"), "invitation": ("invitations",), "meeting_id": ("meetings",),
    "member_id": ("members",), "note_id": ("action_notes", "interview_notes"), "notice_id": ("notices",),
    "pair_id": ("council_neighbours",), "plan_id": ("plans",), "practice_id": ("good_practice",),
    "priority_id": ("priorities",), "provider_id": ("sign_in_providers",), "provisioned_id": ("provisioned_users",),
    "published_id": ("published_case_studies",),
    "release_id": ("releases",), "report_id": ("reports",), "request_id": ("signature_requests",),
    "row_id": ("assessor_councils",), "seal_id": ("seal_requests",), "submission_id": ("submissions",),
    "succession_id": ("successions",), "theme_id": ("themes",), "token_id": ("tokens",), "unclaimed": ("councils",),
    "user_id": ("assessors", "users"), "webhook_id": ("webhooks",),
}  # fmt: skip
"""The name of an argument → the tables whose rows it names."""


def guarded_routes(app: Flask) -> list[tuple[Rule, Declaration]]:
    """Routes that need a permission."""
    found = [(rule, declaration_of(app.view_functions[rule.endpoint])) for rule in app.url_map.iter_rules()]
    return [(rule, declaration) for rule, declaration in found if declaration and declaration.permission]


def address(app: Flask, rule: Rule, place: Mapping[str, object]) -> str:
    """An address of the route with these values; arguments that are not given name nothing that exists."""
    values: dict[str, object] = {}
    for name in rule.arguments:
        converter = rule._converters[name]
        of_kind = {"UUIDConverter": UNKNOWN, "IntegerConverter": 1}
        one_of = sorted(getattr(converter, "items", ["plan"]))
        values[name] = of_kind.get(type(converter).__name__, one_of[0])
    with app.test_request_context():
        built = rule.build(values | {key: value for key, value in place.items() if key in rule.arguments})
    assert built is not None
    return built[1]


def methods_of(rule: Rule) -> list[str]:
    """The methods that a route answers, in their usual order."""
    return [each for each in METHODS if each in (rule.methods or set())]


class Asker(FlaskClient):
    """Signs in, holds a token for each purpose, and does not check pages: thousands are asked for."""

    tokens: Mapping[str, str] = MappingProxyType({})

    def become(self, user: MadeUser, place: MadeCouncil | MadeRegion | str) -> None:
        """Be this user from now on, with tokens of this place."""
        self.delete_cookie("charterway")
        with self.session_transaction() as session:
            session["_user_id"] = f"{user.id}:1"
        self.tokens = {kind: make_token(self.application, user, place, purpose=kind) for kind in PURPOSES}

    def ask(self, rule: Rule, path: str, method: str | None = None, **options: Any) -> TestResponse:
        """The answer to the route's first method, or to this one."""
        purpose = getattr(self.application.view_functions[rule.endpoint], "bearer", None)
        sent = {"Authorization": self.tokens[purpose]} if purpose in self.tokens else {}
        headers = sent | options.pop("headers", {})
        # a context of its own: whoever asked before in the present one would still be known there
        return Context().run(self.open, path, method=method or methods_of(rule)[0], headers=headers, **options)


def examples(app: Flask) -> dict[str, Any]:
    """The name of each operation that takes JSON → a body that its description allows."""
    with app.app_context():
        document = describe(app)
    described = [told for each in document["paths"].values() for told in each.values()]
    bodies = {told["operationId"]: told["requestBody"]["content"] for told in described if "requestBody" in told}
    return {
        name: _example(content["application/json"]["schema"], document["components"]["schemas"])
        for name, content in bodies.items()
        if "application/json" in content
    }


def _example(schema: Mapping[str, Any], known: Mapping[str, Any]) -> Any:
    """Something that the schema allows."""
    if "$ref" in schema:
        return _example(known[schema["$ref"].rpartition("/")[2]], known)
    if "example" in schema or "default" in schema:
        return schema.get("example", schema.get("default"))
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type", "object")
    if isinstance(kind, list):
        kind = kind[0]
    if kind == "object":
        return {name: _example(schema["properties"][name], known) for name in schema.get("required", ())}
    if kind == "array":
        return [_example(schema["items"], known)] * schema.get("minItems", 0)
    formats = {
        "uuid": str(UNKNOWN),
        "date": "2026-05-01",
        "date-time": "2026-05-01T09:00:00Z",
        "email": "a@example.org",
    }
    text = formats.get(schema.get("format", ""), "Words")
    return {"string": text, "integer": schema.get("minimum", 1), "number": 1, "boolean": True}.get(kind)


def answer(client: Asker, rule: Rule, path: str) -> int:
    """The status for the route's first method; a place that redirects to sign-in answers 401 here."""
    response = client.ask(rule, path)
    if response.status_code == 303 and response.headers["Location"].startswith("/sign-in"):
        return 401
    return response.status_code


def wrong_headers(answer: TestResponse, *, signed_in: bool) -> list[str]:
    """The names of headers that do not protect what is answered."""
    sent = answer.headers
    policy = {part.strip().partition(" ")[0]: part for part in sent.get("Content-Security-Policy", "").split(";")}
    kept = sent.get("Cache-Control", "")
    holds = {
        "Content-Security-Policy": {"default-src", "frame-ancestors"} <= set(policy)
        and not any(word in sent["Content-Security-Policy"] for word in ("unsafe-", "*", "http:")),
        "X-Content-Type-Options": sent.get("X-Content-Type-Options") == "nosniff",
        "Referrer-Policy": sent.get("Referrer-Policy") in ("same-origin", "strict-origin", "no-referrer"),
        "Cross-Origin-Resource-Policy": sent.get("Cross-Origin-Resource-Policy") == "same-origin",
        "Vary": "Cookie" in sent.get("Vary", "") or answer.request.path.startswith("/static/"),
        "Cache-Control": not signed_in or "no-store" in kept or ("private" in kept and "no-cache" in kept)
        or answer.request.path.startswith("/static/"),
        "Set-Cookie": all("HttpOnly" in each and "SameSite" in each for each in sent.getlist("Set-Cookie")),
        "Server": "X-Powered-By" not in sent and "Access-Control-Allow-Origin" not in sent,
    }  # fmt: skip
    return [name for name, held in holds.items() if not held]

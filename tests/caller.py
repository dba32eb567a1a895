"""A program that calls the API with a token, and checks that every answer is what the API's description promises."""

from __future__ import annotations

import re
from typing import Any
from weakref import WeakKeyDictionary

import jsonschema_rs
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from saas.api import PREFIX
from saas.openapi import describe
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser, make_token

_described: WeakKeyDictionary[Flask, dict[str, Any]] = WeakKeyDictionary()


def described(app: Flask) -> dict[str, Any]:
    """The app's description, made once for each app: what every call of a test is checked against."""
    if app not in _described:
        with app.app_context():
            _described[app] = describe(app)
    return _described[app]


def refusal(answer: TestResponse) -> tuple[int, str]:
    """The status and the words of what was refused."""
    assert answer.json is not None
    return answer.status_code, answer.json.get("detail", "")


class Caller:
    """Calls as one user in one place: `lead.get("/councils/x/plans")`."""

    def __init__(self, app: Flask, token: str | None) -> None:
        self.client: FlaskClient = app.test_client()
        self.token = token
        self.document = described(app)

    @classmethod
    def of(cls, app: Flask, user: MadeUser, place: MadeRegion | MadeCouncil, *, read_only: bool = False) -> Caller:
        """With a new token of this user."""
        return cls(app, make_token(app, user, place, read_only=read_only))

    def get(self, path: str, **options: Any) -> TestResponse:
        """Read."""
        return self.call("GET", path, **options)

    def post(self, path: str, json: Any = None, **options: Any) -> TestResponse:
        """Make or do something."""
        return self.call("POST", path, json=json, **options)

    def call(
        self, method: str, path: str, *, match: str | None = None, key: str | None = None, **options: Any
    ) -> TestResponse:
        """One call. match: the ETag that was seen. key: the Idempotency-Key."""
        sent = {"Authorization": self.token, "If-Match": match, "Idempotency-Key": key}
        headers = {name: value for name, value in sent.items() if value is not None} | options.pop("headers", {})
        if options.get("json") is None:
            options.pop("json", None)
        response = self.client.open(PREFIX + path, method=method, headers=headers, **options)
        self._check(method, path, response)
        return response

    def _check(self, method: str, path: str, response: TestResponse) -> None:
        """Raise AssertionError unless status, type and body stand in the description."""
        if response.status_code == 304:
            return
        operation = self._operation(method, PREFIX + path.partition("?")[0])
        if operation is None:
            assert response.status_code in (404, 405), f"{method} {path} is not described"
            return
        promised = operation["responses"]
        told = promised.get(str(response.status_code)) or promised.get(f"{response.status_code // 100}XX")
        assert told, f"{operation['operationId']} does not promise {response.status_code}: {response.text[:300]}"
        if "content" not in told:
            assert response.data == b""
            return
        assert response.mimetype in told["content"], f"{response.mimetype} is not promised"
        if response.mimetype.endswith("json"):
            schema = told["content"][response.mimetype]["schema"] | {"components": self.document["components"]}
            jsonschema_rs.validator_for(schema).validate(response.json)

    def _operation(self, method: str, path: str) -> dict[str, Any] | None:
        for pattern, operations in self.document["paths"].items():
            if re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(pattern)), path) and method.lower() in operations:
                found: dict[str, Any] = operations[method.lower()]
                return found
        return None

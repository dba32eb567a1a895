"""SCIM's frame: each kind of refusal in the one shape that directories read."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.exceptions import NotFound as NotFoundPage

from saas.errors import Conflict, Invalid
from saas.scim import ERROR, ScimRefused, is_scim, refusal


@pytest.mark.parametrize(
    ("status", "error", "told"),
    [
        (422, ScimRefused(400, "No such filter.", "invalidFilter"), ("400", "invalidFilter", "No such filter.")),
        (422, Invalid({"email": ["One.", "Two."]}), ("400", "invalidValue", "One. Two.")),
        (409, Conflict("Somebody was first."), ("409", None, "Somebody was first.")),
        (404, NotFoundPage("Nobody."), ("404", None, "Nobody.")),
        (500, RuntimeError("a secret"), ("500", None, None)),
    ],
)
def test_a_refusal_says_what_scim_says(
    app: Flask, status: int, error: Exception, told: tuple[str, str | None, str | None]
) -> None:
    with app.test_request_context("/scim/v2/a/Users"):
        answer = refusal(status, error)
    document = dict(zip(("status", "scimType", "detail"), told, strict=True))
    assert answer.json == {"schemas": [ERROR]} | {name: value for name, value in document.items() if value}
    assert (str(answer.status_code), answer.mimetype) == (told[0], "application/scim+json")


@pytest.mark.parametrize(("path", "whether"), [("/scim/v2/a/Users", True), ("/scim", False), ("/api/v1/me", False)])
def test_which_requests_it_is_for(app: Flask, path: str, whether: bool) -> None:
    with app.test_request_context(path):
        assert is_scim() is whether

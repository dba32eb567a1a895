"""Problems: how what a service refused is named to a program."""

from __future__ import annotations

import pytest
import werkzeug.exceptions
from flask import Flask
from werkzeug.exceptions import HTTPException

from saas.errors import Conflict, Invalid
from saas.problems import NOTHING_YET, Stale, refusal


@pytest.mark.parametrize(
    ("named", "field"),
    [
        ("words", "/words"),
        ("/signatures/0/name", "/signatures/0/name"),
        ("citations.0.evidence_id", "/citations/0/evidence_id"),
        ("If-Match", "If-Match"),
        ("_form", ""),
        ("", ""),
    ],
)
def test_a_wrong_field_is_named_as_a_pointer(app: Flask, named: str, field: str) -> None:
    with app.test_request_context():
        document = refusal(422, Invalid({named: ["No."]})).json
    assert document is not None
    assert document["errors"] == [{"field": field, "message": "No."}]


@pytest.mark.parametrize(
    ("refused", "etag", "detail"),
    [
        (Conflict("Late.", theirs=object(), version=4), '"4"', "Late."),
        (Conflict("Late.", theirs=object()), None, "Late."),
        (Conflict("Late.", version=0), '"0"', NOTHING_YET),
    ],
)
def test_what_is_stale_names_the_version_that_stands(
    app: Flask, refused: Conflict, etag: str | None, detail: str
) -> None:
    with app.test_request_context():
        answer = refusal(409, Stale(refused))
    assert (answer.status_code, answer.headers.get("ETag"), answer.json and answer.json["detail"]) == (
        412,
        etag,
        detail,
    )


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (werkzeug.exceptions.Forbidden(), "Your role does not allow this."),
        (werkzeug.exceptions.Forbidden("This token only reads."), "This token only reads."),
        (werkzeug.exceptions.NotFound(), "This does not exist, or is not yours to see."),
    ],
)
@pytest.mark.parametrize("path", ["/api/v1/me", "/scim/v2/Users"])
def test_a_refusal_without_words_is_given_ours(app: Flask, path: str, error: HTTPException, words: str) -> None:
    with app.test_request_context(path):
        document = refusal(error.code or 0, error).json
    assert document is not None
    assert document["detail"] == words

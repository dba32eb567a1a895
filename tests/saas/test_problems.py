"""Problems: how what a service refused is named to a program."""

from __future__ import annotations

import pytest
from flask import Flask

from saas.errors import Invalid
from saas.problems import refusal


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

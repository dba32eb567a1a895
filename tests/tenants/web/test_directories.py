"""The page of a council's directory."""

from __future__ import annotations

import re

from flask import Flask
from flask.testing import FlaskClient

from tests.factories.tenants import MadeCouncil, MadeUser, make_user


def test_a_lead_makes_a_token_that_the_directory_then_uses(
    app: Flask, client: FlaskClient, council: MadeCouncil, lead: MadeUser
) -> None:
    page = f"/councils/{council.slug}/access/directory"
    client.sign_in(lead)
    assert page in client.get(f"/councils/{council.slug}/access").text
    assert f"http://localhost/scim/v2/{council.slug}" in client.get(page).text
    assert client.post(page, data={"days": "0"}).status_code == 422
    made = client.post(page, data={"days": "30"})
    assert made.headers["Cache-Control"] == "no-store"
    secret = re.search(r'value="(cw_[\w-]{43})"', made.text)
    assert secret is not None
    ada = {"userName": "ada@council.example", "name": {"givenName": "Ada", "familyName": "Archer"}}
    sent = app.test_client().post(
        f"/scim/v2/{council.slug}/Users", json=ada, headers={"Authorization": f"Bearer {secret[1]}"}
    )
    assert sent.status_code == 201
    shown = client.get(page).text
    assert "Ada Archer" in shown
    assert secret[1] not in shown
    assert "Provision people" in client.get(f"/councils/{council.slug}/access").text


def test_only_whoever_manages_access_comes_here(app: Flask, client: FlaskClient, council: MadeCouncil) -> None:
    client.sign_in(make_user(app, council, "council_editor"))
    assert client.get(f"/councils/{council.slug}/access/directory").status_code == 403

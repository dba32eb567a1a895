"""The page of a council's directory."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import InScope
from tests.factories.tenants import MadeCouncil, MadeUser, make_token, make_user


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


def test_a_lead_chooses_the_role_of_whoever_is_named_from_now_on(
    app: Flask, client: FlaskClient, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    page = f"/councils/{council.slug}/access/directory"
    bearer = {"Authorization": make_token(app, lead, council, purpose="provisioning")}
    users = f"/scim/v2/{council.slug}/Users"

    def name(address: str) -> None:
        assert app.test_client().post(users, json={"userName": address}, headers=bearer).status_code == 201

    client.sign_in(lead)
    name("ada@council.example")
    assert client.post(f"{page}/role", data={"version": "0", "role": "council_editor"}).location == page
    name("bea@council.example")
    shown = client.get(page).text
    assert (f"Chosen by {lead.name}" in shown, "Writes answers and actions, adds evidence." in shown) == (True, True)
    with in_scope(council.scope()) as session:
        invited = session.execute(sa.text("select email, role from invitations order by email")).all()
        told = session.scalar(sa.text("select payload from events where verb = 'directory.role_chosen'"))
    assert [tuple(row) for row in invited] == [
        ("ada@council.example", "council_viewer"),
        ("bea@council.example", "council_editor"),
    ]
    assert told == {"by": lead.name, "from": None, "to": "council_editor"}
    late = client.post(f"{page}/role", data={"version": "0", "role": "member"})
    assert (late.status_code, f"{lead.name} chose council editor" in late.text) == (409, True)


@pytest.mark.parametrize("role", ["council_lead", "signatory", "steering_chair", "development_officer", "operator", ""])
def test_a_directory_gives_no_role_that_leads_signs_or_confirms(
    client: FlaskClient, council: MadeCouncil, lead: MadeUser, role: str
) -> None:
    page = f"/councils/{council.slug}/access/directory"
    refused = client.sign_in(lead).post(f"{page}/role", data={"version": "0", "role": role})
    assert (refused.status_code, 'id="role-error"' in refused.text) == (422, True)
    assert ("<title>Error: " in refused.text, '<a href="#role">' in refused.text) == (True, True)
    assert "is invited as council viewer" in client.get(page).text

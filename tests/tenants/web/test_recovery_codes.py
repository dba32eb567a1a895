"""New recovery codes."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from tests.factories.invitations import Postbox
from tests.factories.second_factors import app_code, codes_on, make_app, sign_in
from tests.factories.tenants import MadeUser

PAGE = "/account/security"


def test_new_codes_end_the_old_ones(app: Flask, client: FlaskClient, lead: MadeUser, postbox: Postbox) -> None:
    old = make_app(app, lead)
    sign_in(client, lead)
    client.post("/sign-in/second-step", data={"code": app_code()})
    postbox.empty()
    new = codes_on(client.get(client.post(f"{PAGE}/recovery-codes").location))
    assert "New recovery codes were made" in postbox.empty()
    client.post("/sign-out")
    sign_in(client, lead)
    assert client.post("/sign-in/second-step", data={"code": old[0]}).status_code == 422
    assert client.post("/sign-in/second-step", data={"code": new[0]}).status_code == 303

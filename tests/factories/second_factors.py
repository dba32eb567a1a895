"""Second factors for tests: an authenticator app whose codes are known, and a rule that demands one."""

from __future__ import annotations

import re
from datetime import datetime
from html import unescape

import pyotp
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from saas import clock
from saas.tenancy import Actor, Scope
from saas.transaction import within
from tenants.services import door_rules, second_factors
from tests.factories.tenants import PASSWORD, MadeRegion, MadeUser

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def app_code(at: datetime | None = None, secret: str = SECRET) -> str:
    """What the app shows at a moment, now unless given."""
    return pyotp.TOTP(secret).at(at or clock.now())


def make_app(app: Flask, user: MadeUser) -> list[str]:
    """An authenticator app with SECRET for the user, set up long ago; the recovery codes made with it."""
    by = Actor(user.id, user.name)
    with app.app_context(), within(Scope.person(user.id)):
        moment = clock.now().replace(year=2025)
        with clock.at(moment):
            assert second_factors.add_app(user.id, SECRET, app_code(moment), by=by)
            return second_factors.make_codes(user.id, by=by)


def sign_in(client: FlaskClient, user: MadeUser, following: str = "/account") -> TestResponse:
    """Send the user's address and password, as the page of sign-in does."""
    sent = {"email": user.email, "password": PASSWORD, "next": following, "region": ""}
    return client.post("/sign-in", data=sent)


def codes_on(page: TestResponse) -> list[str]:
    """The recovery codes that a page shows."""
    return re.findall(r"<li><code>([\w-]+)</code></li>", unescape(page.text))


def demand_factor(app: Flask, region: MadeRegion, *roles: str) -> None:
    """Let the region demand a second factor of these roles."""
    with app.app_context(), within(region.scope()):
        door_rules.set_rule(region.id, roles, version=0, by=Actor(None, "For a test"))

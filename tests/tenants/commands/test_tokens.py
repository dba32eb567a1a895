"""`charterway token`: whoever holds the server vouches for the person whose token it makes."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from tests.factories.second_factors import demand_factor
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser
from tests.tenants.commands.conftest import Run


def test_a_token_made_on_the_server_opens_what_needs_a_second_step(
    app: Flask, run: Run, client: FlaskClient, region: MadeRegion, council: MadeCouncil, lead: MadeUser
) -> None:
    demand_factor(app, region, "council_lead")
    made = run("token", "create", "--email", lead.email, "--scope", council.slug)
    asked = client.get("/api/v1/me", headers={"Authorization": f"Bearer {made.stdout.strip()}"})
    assert (made.exit_code, asked.status_code, asked.json["name"]) == (0, 200, lead.name)


def test_nobody_gets_a_token_for_a_place_without_a_role_there(run: Run, lead: MadeUser) -> None:
    refused = run("token", "create", "--email", lead.email, "--scope", "platform")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert f"{lead.email} has no access to platform." in refused.stderr

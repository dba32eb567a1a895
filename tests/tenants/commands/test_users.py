"""`charterway user`: added with a password or by invitation, freed of a lost second step; or refused in one line."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.factories.invitations import Postbox
from tests.factories.second_factors import make_app
from tests.factories.tenants import PASSWORD, MadeCouncil, MadeRegion, MadeUser, make_user
from tests.tenants.commands.conftest import Run

GOOD = "violet tractor hums at midnight"


def add(run: Run, scope: str, role: str, *more: str, email: str = "Nia@Example.org", typed: str = ""):
    """Add Nia."""
    return run(
        "user", "add", "--email", email, "--name", "Nia New", "--scope", scope, "--role", role, *more, typed=typed
    )


def test_a_user_with_a_password_signs_in_at_once(run: Run, client: FlaskClient, council: MadeCouncil) -> None:
    added = add(run, council.slug, "council_lead", "--password-stdin", typed=f"{GOOD}\n")
    assert (added.exit_code, added.stdout) == (0, f"nia@example.org is council lead in {council.name}.\n")
    client.post("/sign-in", data={"email": "nia@example.org", "password": GOOD})
    assert client.get(f"/councils/{council.slug}/access").status_code == 200


def test_the_operator_is_added_to_the_platform(run: Run, client: FlaskClient) -> None:
    added = add(run, "platform", "operator", "--password-stdin", typed=GOOD)
    assert (added.exit_code, added.stdout) == (0, "nia@example.org is operator in Charterway.\n")
    client.post("/sign-in", data={"email": "nia@example.org", "password": GOOD})
    assert client.get("/platform").status_code == 200


@pytest.mark.parametrize("kind", ["council", "region", "platform"])
def test_without_a_password_an_invitation_is_sent(
    run: Run, client: FlaskClient, region: MadeRegion, council: MadeCouncil, lead: MadeUser, postbox: Postbox, kind: str
) -> None:
    scope, role = {
        "council": (council.slug, "member"),
        "region": (region.slug, "region_viewer"),
        "platform": ("platform", "operator"),
    }[kind]
    added = add(run, scope, role)
    assert added.exit_code == 0
    assert added.stdout.startswith("An invitation goes to nia@example.org: ")
    assert client.post(postbox.link(), data={"name": "Nia", "password": GOOD}).status_code == 303


def test_a_password_from_before_is_kept(run: Run, client: FlaskClient, region: MadeRegion, lead: MadeUser) -> None:
    added = add(run, region.slug, "assessor", "--password-stdin", email=lead.email, typed=GOOD)
    assert added.stdout == f"{lead.email} is assessor in {region.name}. The password from before was kept.\n"
    assert client.post("/sign-in", data={"email": lead.email, "password": GOOD}).status_code == 422
    assert client.post("/sign-in", data={"email": lead.email, "password": PASSWORD}).status_code == 303


def test_refusals_are_one_line_and_exit_1(run: Run, council: MadeCouncil, postbox: Postbox) -> None:
    stdin = "--password-stdin"
    for refused, words in (
        (add(run, council.slug, "mayor"), f"role: mayor is no role in {council.slug}: use one of council_lead,"),
        (add(run, council.slug, "operator", stdin, typed=GOOD), f"role: operator is no role in {council.slug}"),
        (add(run, "platform", "council_lead"), "role: council_lead is no role in platform: use one of operator"),
        (add(run, "nowhere", "member"), "There is no council or region named nowhere."),
        (add(run, council.slug, "member", email="nobody"), "email: Enter an email address in the correct format"),
        (add(run, council.slug, "member", stdin, typed="short\n"), "password: Use at least 12 characters."),
        (add(run, council.slug, "member", stdin, typed=""), "password: Use at least 12 characters."),
    ):
        assert refused.exit_code == 1
        assert refused.stderr.startswith(f"charterway: {words}")
        assert refused.stderr.count("\n") == 1
        assert refused.stdout == ""
    assert postbox.empty() == ""


def test_a_lost_second_step_is_taken_away_and_its_owner_is_told(
    run: Run, app: Flask, client: FlaskClient, lead: MadeUser, postbox: Postbox
) -> None:
    make_app(app, lead)
    postbox.empty()
    client.sign_in(lead)
    for address, words in (("nobody@example.org", "Nobody signs in as nobody@example.org."), ("x", "x")):
        refused = run("user", "clear-second-step", "--email", address)
        assert refused.exit_code == 1
        assert words in refused.stderr
    done = run("user", "clear-second-step", "--email", lead.email.upper())
    assert done.stdout == (
        f"{lead.email} signs in with the password alone, is signed out everywhere, and gets a mail about it.\n"
    )
    assert client.get("/account").status_code == 303
    mail = postbox.empty()
    assert f"To: {lead.email}" in mail
    assert "Your second step was taken away by whoever runs the service" in mail
    signed_in = client.post("/sign-in", data={"email": lead.email, "password": PASSWORD, "next": "/account"})
    assert signed_in.location == "/account"
    again = run("user", "clear-second-step", "--email", lead.email)
    assert (again.exit_code, again.stderr.strip()) == (1, f"charterway: {lead.email} has no second step.")


def test_a_second_step_is_demanded_of_operators_and_no_longer(app: Flask, run: Run) -> None:
    operator = make_user(app, "platform", "operator")
    demanded = run("user", "operators-second-step", "on")
    assert demanded.stdout == "Operators need a second step from the next page they open.\n"
    assert app.test_client().sign_in(operator).get("/platform").location.startswith("/sign-in/second-step")
    assert run("user", "operators-second-step", "off").stdout == "Operators need no second step.\n"
    assert app.test_client().sign_in(operator).get("/platform").status_code == 200

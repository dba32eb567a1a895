"""The page on which a region says who needs a second step."""

from __future__ import annotations

import re

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from saas.tenancy import Scope
from tests.conftest import InScope
from tests.factories.second_factors import make_app
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser, make_user


def test_an_officer_chooses_the_roles(
    client: FlaskClient, region: MadeRegion, council: MadeCouncil, officer: MadeUser, lead: MadeUser, in_scope: InScope
) -> None:
    page = f"/regions/{region.slug}/access/second-step"
    client.sign_in(officer)
    assert "Who needs a second step" in client.get(f"/regions/{region.slug}/access").text
    assert "checked" not in client.get(page).text
    chosen = {"version": "0", "council_roles": ["council_lead", "signatory"], "region_roles": ["assessor"]}
    assert client.post(page, data=chosen).location == page
    assert client.get(page).text.count(" checked") == 3
    with in_scope(region.scope()) as session:
        kept = session.execute(sa.text("select roles, version, set_by_name from door_rules")).one()
        told = session.scalar(sa.text("select payload -> 'to' from events where verb = 'door_rule.set'"))
    assert tuple(kept) == (["assessor", "council_lead", "signatory"], 1, officer.name)
    assert told == kept.roles
    assert client.sign_in(lead).get(f"/councils/{council.slug}/access").location.startswith("/sign-in/second-step")


def test_what_somebody_else_saved_is_not_lost(client: FlaskClient, region: MadeRegion, officer: MadeUser) -> None:
    page = f"/regions/{region.slug}/access/second-step"
    client.sign_in(officer)
    client.post(page, data={"version": "0", "council_roles": ["signatory"]})
    late = client.post(page, data={"version": "0", "council_roles": ["council_editor"]})
    assert late.status_code == 409
    assert f"{officer.name} saved this" in late.text
    row = re.search(r"<th[^>]*>Roles in its councils</th><td[^>]*>(.*?)</td><td[^>]*>(.*?)</td>", late.text)
    assert row is not None
    assert [re.sub(r"<.*?>", "", cell) for cell in row.groups()] == ["Council editor", "Signatory"]
    assert late.text.count(" checked") == 1
    assert client.post(page, data={"version": "1"}).location == page
    assert " checked" not in client.get(page).text


def test_only_known_roles_are_taken(client: FlaskClient, region: MadeRegion, officer: MadeUser) -> None:
    page = f"/regions/{region.slug}/access/second-step"
    assert client.sign_in(officer).post(page, data={"version": "0", "region_roles": ["operator"]}).status_code == 422


def test_operators_are_led_to_a_second_step_once_it_is_demanded_of_them(
    app: Flask, client: FlaskClient, in_scope: InScope
) -> None:
    page = "/platform/access/second-step"
    operator, other = (make_user(app, "platform", "operator") for _ in range(2))
    client.sign_in(operator)
    assert page in client.get("/platform/access").text
    assert "operators do not need a second step" in client.get(page).text
    assert client.post(page, data={"version": "0", "wanted": "true"}).location == page
    assert client.get(page).location.startswith("/sign-in/second-step?next=/platform")
    assert client.get("/account").status_code == 200
    assert app.test_client().sign_in(other).get("/platform").location.startswith("/sign-in/second-step?next=/platform")
    with in_scope(Scope.operator(None)) as session:
        told = session.execute(sa.text("select payload from events where verb = 'platform_door_rule.set'")).scalars()
        assert list(told) == [{"by": operator.name, "wanted": True}]


def test_an_operator_who_comes_second_sees_what_is_saved(app: Flask, client: FlaskClient) -> None:
    page = "/platform/access/second-step"
    operator = make_user(app, "platform", "operator")
    make_app(app, operator)
    client.sign_in(operator)
    client.post(page, data={"version": "0"})
    late = client.post(page, data={"version": "0", "wanted": "true"})
    assert (late.status_code, f"Saved by {operator.name}" in late.text, " checked" in late.text) == (409, True, True)

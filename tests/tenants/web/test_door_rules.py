"""The page on which a region says who needs a second step."""

from __future__ import annotations

import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.conftest import InScope
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser


def test_an_officer_chooses_the_roles(
    client: FlaskClient, region: MadeRegion, council: MadeCouncil, officer: MadeUser, lead: MadeUser, in_scope: InScope
) -> None:
    page = f"/regions/{region.slug}/access/second-step"
    client.sign_in(officer)
    assert "choose the roles that need a second step" in client.get(f"/regions/{region.slug}/access").text
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
    assert "What is saved: Signatory." in late.text
    assert client.post(page, data={"version": "1"}).location == page
    assert " checked" not in client.get(page).text


def test_only_known_roles_are_taken(client: FlaskClient, region: MadeRegion, officer: MadeUser) -> None:
    page = f"/regions/{region.slug}/access/second-step"
    assert client.sign_in(officer).post(page, data={"version": "0", "region_roles": ["operator"]}).status_code == 422

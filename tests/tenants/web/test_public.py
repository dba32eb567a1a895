"""Pages for everybody."""

from __future__ import annotations

from flask.testing import FlaskClient

from tests.factories.tenants import MadeRegion


def test_a_region_says_in_one_screen_what_the_charter_is(client: FlaskClient, region: MadeRegion) -> None:
    page = client.get(f"/regions/{region.slug}/welcome").text
    assert page.count(region.name) >= 3
    assert f'href="/sign-in?region={region.slug}"' in page
    assert 'href="/register"' in page
    assert "accent-teal" in page


def test_an_unknown_region_has_no_page(client: FlaskClient) -> None:
    assert client.get("/regions/nowhere/welcome").status_code == 404


def test_the_statements_are_there_for_everybody(client: FlaskClient) -> None:
    assert "No independent audit has been made" in client.get("/accessibility").text
    assert "One cookie keeps you signed in" in client.get("/privacy").text

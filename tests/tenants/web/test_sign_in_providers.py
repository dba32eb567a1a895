"""The page of a council's or region's single sign-on: typed over, tried, demanded, removed."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import InScope
from tests.factories.single_sign_on import Site, go, make_provider
from tests.factories.tenants import PASSWORD, MadeCouncil, MadeRegion, MadeUser, make_user


def typed(site: Site, **more: str) -> dict[str, str]:
    """What is typed over from the other site."""
    usual = {
        "version": "0",
        "name": "Westmere staff sign-in",
        "issuer": site.issuer,
        "client_id": "charterway",
        "client_secret": "a secret of the other site",
        "domains": "example.org",
    }
    return usual | more


def page_of(place: MadeCouncil | MadeRegion) -> str:
    """The address of the page."""
    return f"/{'councils' if isinstance(place, MadeCouncil) else 'regions'}/{place.slug}/access/single-sign-on"


def begin_of(client: FlaskClient, page: str) -> str:
    """The link by which it is tried."""
    return client.get(page).text.partition('href="/sign-in/with/')[2].partition('"')[0]


@pytest.mark.parametrize("kind", ["council", "region"])
def test_it_is_set_up_tried_by_who_set_it_up_and_then_used(
    app: Flask, client: FlaskClient, region: MadeRegion, council: MadeCouncil, lead: MadeUser, officer: MadeUser,
    site: Site, in_scope: InScope, kind: str,
) -> None:  # fmt: skip
    place, user = (council, lead) if kind == "council" else (region, officer)
    page = page_of(place)
    client.sign_in(user)
    assert page in client.get(page.rpartition("/")[0]).text
    assert f"http://localhost/sign-in/return/{place.id}" in client.get(page).text
    assert client.post(page, data=typed(site)).location == page
    assert "Not switched on" in client.get(page).text
    anybody = app.test_client()
    assert anybody.post("/sign-in/organisation", data={"email": user.email, "next": ""}).status_code == 422
    site.know("me", email=user.email, email_verified=True)
    site.know("else", email="else@example.org", email_verified=True)
    begin = f"/sign-in/with/{begin_of(client, page)}"
    other = go(client, site, begin, "else")
    assert f"you are signed in here as {user.email}" in other.text
    assert go(client, site, begin, "me").location == page
    assert "It works: the single sign-on is switched on." in client.get(page).text
    assert anybody.post("/sign-in/organisation", data={"email": user.email, "next": ""}).status_code == 200
    assert go(anybody, site, begin, "me").location == "/"
    with in_scope(place.scope()) as session:
        verbs = "select verb from events where verb like 'sign_in_provider.%' order by at"
        assert list(session.scalars(sa.text(verbs))) == ["sign_in_provider.set_up", "sign_in_provider.switched_on"]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("issuer", "http://signin.example", "must begin with https://"),
        ("issuer", "https://127.0.0.1/oidc", "is not an address of the public internet"),
        ("issuer", "https://signin.example/?a=b", "Enter the issuer’s web address, without ? or #."),
        ("client_id", "", "Enter the client ID."),
        ("client_secret", "", "Enter the client secret."),
        ("domains", "gmail.com", "Anybody can have an address at gmail.com"),
        ("domains", "elsewhere.example", "Nobody with access here has an address at elsewhere.example."),
        ("name", "", "Enter a name"),
    ],
)
def test_what_cannot_be_taken_is_said_beside_its_field(
    client: FlaskClient, council: MadeCouncil, lead: MadeUser, site: Site, field: str, value: str, words: str
) -> None:
    answer = client.sign_in(lead).post(page_of(council), data=typed(site, **{field: value}))
    assert answer.status_code == 422
    assert words in answer.text
    assert f'id="{field}-error"' in answer.text
    assert "a secret of the other site" not in answer.text


def test_what_is_changed_has_to_be_tried_again_and_the_secret_stays(
    app: Flask, client: FlaskClient, council: MadeCouncil, lead: MadeUser, site: Site, in_scope: InScope
) -> None:
    make_provider(app, council, site.issuer)
    page = page_of(council)
    client.sign_in(lead)
    renamed = client.post(page, data=typed(site, version="1", client_secret="", name="New name"))
    assert renamed.location == page
    assert "Switched on" in client.get(page).text
    stale = client.post(page, data=typed(site, version="1", client_secret=""))
    assert (stale.status_code, "Somebody else changed this" in stale.text) == (409, True)
    moved = client.post(page, data=typed(site, version="2", client_secret="", issuer="https://other.example"))
    assert "Enter the client secret of the new issuer." in moved.text
    assert client.post(page, data=typed(site, version="2", client_secret="", client_id="other")).location == page
    assert "Not switched on" in client.get(page).text
    assert client.post(f"{page}/required", data={"version": "3", "required": "true"}).status_code == 409


def test_it_is_demanded_left_open_and_removed(
    app: Flask, client: FlaskClient, council: MadeCouncil, lead: MadeUser, site: Site
) -> None:
    make_provider(app, council, site.issuer)
    page = page_of(council)
    editor = make_user(app, council, "council_editor")
    anybody = app.test_client()
    sign_in = {"email": editor.email, "password": PASSWORD, "next": "", "region": ""}
    client.sign_in(lead)
    assert "Every council lead can still use a password" in client.get(page).text
    assert client.post(f"{page}/required", data={"version": "1", "required": "true"}).location == page
    assert anybody.post("/sign-in", data=sign_in).status_code == 403
    assert client.post(f"{page}/required", data={"version": "2", "required": "false"}).location == page
    assert anybody.post("/sign-in", data=sign_in).status_code == 303
    anybody.post("/sign-out")
    client.post(f"{page}/required", data={"version": "3", "required": "true"})
    assert "opens nobody’s account any more" in client.get(f"{page}/remove").text
    assert client.post(f"{page}/remove").location.endswith("/access")
    assert anybody.post("/sign-in", data=sign_in).status_code == 303
    assert client.get(f"{page}/remove").location == page
    assert client.post(f"{page}/remove").status_code == 409
    assert client.post(page, data=typed(site)).location == page


def test_only_whoever_manages_access_comes_here(
    app: Flask, client: FlaskClient, council: MadeCouncil, lead: MadeUser, officer: MadeUser
) -> None:
    editor = make_user(app, council, "council_editor")
    assert client.sign_in(editor).get(page_of(council)).status_code == 403
    assert client.sign_in(officer).get(page_of(council)).status_code == 404

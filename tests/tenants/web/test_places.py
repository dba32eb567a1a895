"""Where the way in leads: front page, switcher, and the home of each place."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from flask_login import current_user

from saas.policy import Role
from saas.tenancy import CONSOLE, Scope
from saas.transaction import within
from tenants.queries.access import find_viewer
from tenants.services import councils
from tenants.web.places import home_of
from tests.conftest import InScope
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser, make_council, make_user


def also(in_scope: InScope, user: MadeUser, slug: str, role: str) -> None:
    """Give the user one more role."""
    with in_scope(Scope.operator(None)):
        councils.add_user(email=user.email, name=user.name, scope_slug=slug, role=role, hashed=None, by=CONSOLE)


def test_the_front_page_says_what_this_is(client: FlaskClient) -> None:
    page = client.get("/").text
    assert "Member Development Charter" in page
    assert "A recognised way for a council to support its councillors well" in page
    assert 'href="/sign-in"' in page
    assert 'href="/register"' in page


def test_one_place_leads_straight_to_its_home(
    app: Flask, client: FlaskClient, council: MadeCouncil, region: MadeRegion, lead: MadeUser, officer: MadeUser
) -> None:
    known = app.view_functions
    homes = {
        lead: f"/councils/{council.slug}/" if "home.council" in known else f"/councils/{council.slug}/access",
        officer: f"/regions/{region.slug}/" if "home.region" in known else f"/regions/{region.slug}/access",
        make_user(app, "platform", "operator"): "/platform",
        make_user(app, region, "assessor"): "/files" if "files.list_files" in known else "/places",
    }
    for user, expected in homes.items():
        assert client.sign_in(user).get("/").location == expected


def test_an_assessor_who_is_also_an_officer_begins_in_the_region(
    app: Flask, region: MadeRegion, in_scope: InScope
) -> None:
    user = make_user(app, region, "assessor")
    also(in_scope, user, region.slug, "region_officer")
    with app.test_request_context(), within(Scope.nobody()):
        viewer = find_viewer(user.id)
        assert viewer
        (place,) = viewer.places
        assert set(place.roles) == {Role.ASSESSOR, Role.REGION_OFFICER}
        assert (home_of(place) or "").startswith(f"/regions/{region.slug}/")


def test_several_places_lead_to_the_switcher(
    app: Flask, client: FlaskClient, council: MadeCouncil, lead: MadeUser, in_scope: InScope, statements: Any
) -> None:
    region = council.region
    also(in_scope, lead, region.slug, "assessor")
    client.sign_in(lead)
    assert client.get("/").location == "/places"
    with statements() as twice:
        page = client.get("/places").text
    assert page.index("Councils</h2>") < page.index("Regions</h2>")
    for words in (council.name, "Council lead", region.name, "Assessor"):
        assert words in page
    for _ in range(2):
        also(in_scope, lead, make_council(app, region).slug, "member")
    with statements() as four_times:
        client.get("/places")
    assert len(twice) == len(four_times) <= 3


def test_nobody_signed_out_sees_places(client: FlaskClient) -> None:
    assert client.get("/places").location == "/sign-in?next=/places"


def test_a_page_of_one_place_reads_the_others_when_they_are_asked_for(
    app: Flask, client: FlaskClient, council: MadeCouncil, lead: MadeUser, in_scope: InScope, statements: Any
) -> None:
    also(in_scope, lead, council.region.slug, "assessor")
    client.sign_in(lead)
    with client, statements() as sent:
        page = client.get(f"/councils/{council.slug}/access").text
        asked = [each for each in sent if "tenancy.who" in each]
        known, every = [place.slug for place in current_user.known], [place.slug for place in current_user.places]
        assert (len(asked), known, every) == (1, [council.slug], [council.slug, council.region.slug])
    assert 'href="/places"' in page

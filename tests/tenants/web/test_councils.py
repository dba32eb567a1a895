"""A region adds a council with its first lead: both or neither."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from saas.db import db
from saas.tenancy import Scope
from saas.transaction import within
from tenants.models.councils import Council
from tests.factories.invitations import Postbox
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser, make_user

COUNCIL = {
    "name": "Westfold Borough Council",
    "slug": "westfold",
    "kind": "district",
    "county": "Foldshire",
    "seats": "43",
    "lead_name": "Lea",
    "lead_email": "lea@example.org",
}
ANSWER = {"name": "Nia Newly", "password": "violet tractor hums at midnight"}


def test_a_council_is_added_and_its_lead_comes_in(
    client: FlaskClient, region: MadeRegion, officer: MadeUser, postbox: Postbox
) -> None:
    client.sign_in(officer)
    assert (
        client.post(f"/regions/{region.slug}/councils/new", data=COUNCIL).location == f"/regions/{region.slug}/access"
    )
    page = client.get(f"/regions/{region.slug}/access").text
    assert "Westfold Borough Council is added. An invitation is on its way to lea@example.org." in page
    link = postbox.link()
    client.post("/sign-out")
    assert client.post(link, data=ANSWER).status_code == 303
    people = client.get("/councils/westfold/access").text
    assert "Nia Newly" in people
    assert region.name in people


def test_its_region_says_how_many_seats_it_has_or_leaves_them_open(
    app: Flask, client: FlaskClient, region: MadeRegion, officer: MadeUser
) -> None:
    client.sign_in(officer)
    for slug, seats in (("westfold", "43"), ("eastfold", "")):
        form = COUNCIL | {"slug": slug, "name": slug.title(), "seats": seats}
        assert client.post(f"/regions/{region.slug}/councils/new", data=form).status_code == 303
    with app.app_context(), within(Scope.region(region.id)):
        noted = dict(db.session.execute(select(Council.slug, Council.seats)).all())
    assert noted == {"westfold": 43, "eastfold": None}


def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_half_done(
    client: FlaskClient, region: MadeRegion, officer: MadeUser, council: MadeCouncil, postbox: Postbox
) -> None:
    client.sign_in(officer)
    path = f"/regions/{region.slug}/councils/new"
    for change, field, words in (
        ({"slug": council.slug}, "slug", f"The short name {council.slug} is taken"),
        ({"slug": "platform"}, "slug", "The short name platform is taken"),
        ({"name": "北京", "slug": ""}, "slug", "small letters, digits and hyphens"),
        ({"kind": "parish"}, "kind", "Select the kind of authority from the list"),
        ({"seats": "0"}, "seats", "The seats must be between 1 and 500"),
        ({"seats": "many"}, "seats", "The seats must be a"),
        ({"lead_email": "a@b"}, "lead_email", "correct format"),
        ({"lead_name": ""}, "lead_name", "Enter the name of the first lead"),
    ):
        answer = client.post(path, data=COUNCIL | change)
        assert answer.status_code == 422
        assert words in answer.text.split(f'id="{field}-error"')[1][:300]
        assert 'value="Foldshire"' in answer.text
    assert "Westfold" not in client.get(f"/regions/{region.slug}/access").text
    assert postbox.empty() == ""


def test_only_the_regions_officers_add_councils(
    app: Flask, client: FlaskClient, region: MadeRegion, lead: MadeUser
) -> None:
    path = f"/regions/{region.slug}/councils/new"
    for role, status in (("region_viewer", 403), ("region_decider", 403), ("assessor", 403)):
        client.sign_in(make_user(app, region, role))
        assert client.get(path).status_code == status
        assert client.post(path, data=COUNCIL).status_code == status
    client.sign_in(lead)
    assert client.post(path, data=COUNCIL).status_code == 404

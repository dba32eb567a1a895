"""The platform's pages: the operator adds regions and councils, and sees nothing of what they write."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tenants.models.councils import Council
from tests.conftest import InScope
from tests.factories.invitations import Postbox
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser, make_council, make_region, make_user

REGION = {
    "name": "East Fold Employers",
    "slug": "",
    "accent": "plum",
    "lead_name": "Ola",
    "lead_email": "ola@example.org",
}
COUNCIL = {
    "name": "St Ives's Fold Borough",
    "slug": "",
    "kind": "district",
    "county": "Foldshire",
    "lead_name": "Lea",
    "lead_email": "lea@example.org",
}
ANSWER = {"name": "Nia Newly", "password": "violet tractor hums at midnight"}


@pytest.fixture
def operator(app: Flask) -> MadeUser:
    """The operator."""
    return make_user(app, "platform", "operator")


def test_a_region_is_added_with_its_first_officer(client: FlaskClient, operator: MadeUser, postbox: Postbox) -> None:
    client.sign_in(operator)
    assert client.post("/platform/regions/new", data=REGION).location == "/platform/regions/east-fold-employers"
    page = client.get("/platform/regions/east-fold-employers").text
    assert "Nobody has joined" in page
    assert "ola@example.org" in page
    link = postbox.link()
    client.post("/sign-out")
    assert client.post(link, data=ANSWER).status_code == 303
    people = client.get("/regions/east-fold-employers/access").text
    assert "Nia Newly" in people
    assert "accent-plum" in people
    assert "Nobody has joined" not in client.sign_in(operator).get("/platform").text


def test_a_council_is_added_by_the_operator(
    client: FlaskClient, operator: MadeUser, region: MadeRegion, postbox: Postbox, in_scope: InScope
) -> None:
    client.sign_in(operator)
    path = f"/platform/regions/{region.slug}"
    assert client.post(f"{path}/councils/new", data=COUNCIL | {"seats": "43"}).location == path
    with in_scope(region.scope()) as session:
        assert session.scalars(sa.select(Council.seats)).all() == [43]
    page = client.get(path).text
    assert "st-ivess-fold-borough" in page
    first = postbox.link()
    (resend,) = re.findall(r'action="([^"]+/resend)"', page)
    assert client.post(resend, data={"next": path}).location == path
    second = postbox.link()
    client.post("/sign-out")
    assert client.get(first).status_code == 410
    assert client.post(second, data=ANSWER).status_code == 303
    assert client.get("/councils/st-ivess-fold-borough/access").status_code == 200


def without_token(page: str) -> str:
    """The page without its forms' secret, which changes with the second."""
    return re.sub(r'(name="csrf_token" value=")[^"]+', r"\1", page)


def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_half_done(
    client: FlaskClient, operator: MadeUser, region: MadeRegion
) -> None:
    client.sign_in(operator)
    for path, good in (("/platform/regions/new", REGION), (f"/platform/regions/{region.slug}/councils/new", COUNCIL)):
        before = without_token(client.get("/platform").text)
        for change, field, words in (
            ({"slug": region.slug}, "slug", "is taken"),
            ({"slug": "Not Good"}, "slug", "small letters, digits and hyphens"),
            ({"name": ""}, "name", "Enter the name of the"),
            ({"lead_email": "nobody"}, "lead_email", "correct format"),
        ):
            answer = client.post(path, data=good | change)
            assert answer.status_code == 422
            assert words in answer.text.split(f'id="{field}-error"')[1][:300]
            assert 'value="Ola"' in answer.text or 'value="Lea"' in answer.text
        assert without_token(client.get("/platform").text) == before


def test_the_operator_invites_the_first_person_only(
    client: FlaskClient, app: Flask, operator: MadeUser, region: MadeRegion, council: MadeCouncil, postbox: Postbox
) -> None:
    client.sign_in(operator)
    path = f"/platform/regions/{region.slug}"
    first = {"name": "Lea", "email": "lea@example.org"}
    for place in (region, council):
        assert place.name in client.get(f"{path}/first/{place.id}").text
        assert client.post(f"{path}/first/{place.id}", data=first | {"email": "x"}).status_code == 422
        assert client.post(f"{path}/first/{place.id}", data=first).location == path
        assert postbox.empty().count("To: lea@example.org") == 1
    make_user(app, council, "council_lead")
    make_user(app, region, "region_officer")
    for place in (region, council):
        assert client.get(f"{path}/first/{place.id}").status_code == 404
        assert client.post(f"{path}/first/{place.id}", data=first).status_code == 404
    client.get(path)  # shows what was said last
    assert "lea@example.org" not in client.get(path).text


def test_the_lists_ask_the_same_of_the_database_for_one_and_for_three(
    client: FlaskClient, app: Flask, operator: MadeUser, region: MadeRegion, council: MadeCouncil, statements: Any
) -> None:
    client.sign_in(operator)
    counts = []
    for _ in range(2):
        with statements() as sql:
            client.get("/platform")
            client.get(f"/platform/regions/{region.slug}")
        counts.append(len(sql))
        for _ in range(2):
            make_council(app, region)
            make_council(app, make_region(app))
    assert counts[0] == counts[1] <= 12


def test_nobody_else_sees_the_platform(
    client: FlaskClient, lead: MadeUser, officer: MadeUser, region: MadeRegion
) -> None:
    for path in ("/platform", "/platform/regions/new", f"/platform/regions/{region.slug}", "/platform/access"):
        assert client.get(path).status_code == 303
    for user in (lead, officer):
        client.sign_in(user)
        for path in ("/platform", "/platform/regions/new", f"/platform/regions/{region.slug}", "/platform/access"):
            assert client.get(path).status_code == 404
        assert client.post("/platform/regions/new", data=REGION).status_code == 404
        client.post("/sign-out")


def test_an_unknown_region_is_not_there(client: FlaskClient, operator: MadeUser, council: MadeCouncil) -> None:
    client.sign_in(operator)
    assert client.get(f"/platform/regions/{council.slug}").status_code == 404

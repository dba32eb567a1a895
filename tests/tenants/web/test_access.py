"""People with access: who may see them, and ending a role."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from saas.db import new_id
from saas.tenancy import CONSOLE, Scope
from tenants.models.access import Access
from tenants.services import councils
from tests.conftest import InScope
from tests.factories.invitations import make_invitation
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser, make_council, make_user


def access_of(in_scope: InScope, place: MadeRegion | MadeCouncil, user: MadeUser) -> Access:
    """The user's one role in the place."""
    with in_scope(place.scope()) as session:
        row = session.scalars(sa.select(Access).where(Access.user_id == user.id)).one()
        session.expunge(row)
        return row


def test_each_place_lists_its_own_people(
    app: Flask, client: FlaskClient, region: MadeRegion, council: MadeCouncil
) -> None:
    lead = make_user(app, council, "council_lead", "Lena Lead")
    make_user(app, council, "member", "Max Member")
    officer = make_user(app, region, "region_officer", "Olga Officer")
    operator = make_user(app, "platform", "operator", "Otto Operator")
    other = make_council(app, region)
    make_user(app, other, "council_lead", "Stranger Lead")
    everybody = ("Lena Lead", "Max Member", "Olga Officer", "Otto Operator", "Stranger Lead")
    for user, path, expected in (
        (lead, f"/councils/{council.slug}/access", ("Lena Lead", "Max Member")),
        (officer, f"/regions/{region.slug}/access", ("Olga Officer",)),
        (operator, "/platform/access", ("Otto Operator",)),
    ):
        page = client.sign_in(user).get(path).text.split("<main")[1]
        assert tuple(name for name in everybody if name in page) == expected


def test_only_who_manages_access_sees_people(app: Flask, client: FlaskClient, council: MadeCouncil) -> None:
    path = f"/councils/{council.slug}/access"
    assert client.get(path).location == f"/sign-in?next={path}"
    assert client.sign_in(make_user(app, council, "council_editor")).get(path).status_code == 403
    elsewhere = make_council(app, council.region)
    assert client.sign_in(make_user(app, elsewhere, "council_lead")).get(path).status_code == 404
    assert client.sign_in(make_user(app, council.region, "region_officer")).get(path).status_code == 404
    assert client.sign_in(make_user(app, "platform", "operator")).get(path).status_code == 404


@pytest.mark.parametrize("kind", ["council", "region"])
def test_the_list_asks_the_same_of_the_database_for_one_and_for_three(
    app: Flask, client: FlaskClient, region: MadeRegion, council: MadeCouncil, statements: Any, kind: str
) -> None:
    place: MadeCouncil | MadeRegion = council if kind == "council" else region
    more = "member" if kind == "council" else "assessor"
    client.sign_in(make_user(app, place, "council_lead" if kind == "council" else "region_officer"))
    path = f"/{kind}s/{place.slug}/access"
    make_invitation(app, place, more, email="first@example.org")
    with statements() as once:
        client.get(path)
    for number in range(2):
        make_user(app, place, more)
        make_invitation(app, place, more, email=f"next{number}@example.org")
        if kind == "region":
            make_council(app, region)
    with statements() as thrice:
        page = client.get(path)
    assert page.text.count("next0@example.org") >= 1
    assert len(once) == len(thrice)
    assert len(once) <= 9


def test_ending_a_role_works_at_once(
    app: Flask, client: FlaskClient, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    editor = make_user(app, council, "council_lead", "Eda Second")
    path = f"/councils/{council.slug}/access/{access_of(in_scope, council, editor).id}/end"
    open_session = app.test_client().sign_in(editor)
    assert open_session.get(f"/councils/{council.slug}/access").status_code == 200
    client.sign_in(lead)
    page = client.get(path)
    assert "Eda Second can no longer do here what a council lead does" in page.text
    assert client.post(path).location == f"/councils/{council.slug}/access"
    listed = client.get(f"/councils/{council.slug}/access").text
    assert "Eda Second is no longer council lead here." in listed
    assert editor.email not in listed
    assert open_session.get(f"/councils/{council.slug}/access").status_code == 404
    assert client.post(path).status_code == 404
    with in_scope(council.scope()) as session:
        events = session.execute(sa.text("select verb, actor from events where verb = 'access.ended'")).all()
    assert events == [("access.ended", lead.id)]


def test_the_last_lead_stays(client: FlaskClient, council: MadeCouncil, lead: MadeUser, in_scope: InScope) -> None:
    row = access_of(in_scope, council, lead)
    client.sign_in(lead)
    assert "The last council lead" in client.get(f"/councils/{council.slug}/access").text
    answer = client.post(f"/councils/{council.slug}/access/{row.id}/end")
    assert answer.status_code == 409
    assert f"{lead.name} is the last council lead here. Invite another one first." in answer.text
    assert access_of(in_scope, council, lead).ended_at is None


def test_the_last_operator_stays(app: Flask, client: FlaskClient) -> None:
    first = make_user(app, "platform", "operator")
    client.sign_in(first)
    page = client.get("/platform/access").text
    assert "The last operator" in page
    make_user(app, "platform", "operator")
    assert client.get("/platform/access").text.count("/end") == 2


def test_ending_ones_own_role_leads_out(
    app: Flask, client: FlaskClient, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    make_user(app, council, "council_lead")
    answer = client.sign_in(lead).post(f"/councils/{council.slug}/access/{access_of(in_scope, council, lead).id}/end")
    assert answer.location == "/"
    assert client.get("/").location == "/places"
    assert "You have no role anywhere at present." in client.get("/places").text


def test_somebody_elses_role_does_not_exist(
    app: Flask, client: FlaskClient, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    other = make_council(app, council.region)
    member = make_user(app, other, "member")
    client.sign_in(lead)
    for access_id in (access_of(in_scope, other, member).id, new_id()):
        path = f"/councils/{council.slug}/access/{access_id}/end"
        assert client.get(path).status_code == 404
        assert client.post(path).status_code == 404
    assert access_of(in_scope, other, member).ended_at is None


def test_ones_own_role_elsewhere_is_not_ended_from_here(
    app: Flask, client: FlaskClient, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    """A user's own rows are visible in every scope; the place still decides."""
    other = make_council(app, council.region)
    with in_scope(Scope.operator(None)):
        councils.add_user(
            email=lead.email, name=lead.name, scope_slug=other.slug, role="member", hashed=None, by=CONSOLE
        )
    row = access_of(in_scope, other, lead)
    client.sign_in(lead)
    assert client.post(f"/councils/{council.slug}/access/{row.id}/end").status_code == 404

"""One's own account: changing the password ends every other session."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from saas import jobs
from saas.tenancy import CONSOLE, Scope
from saas.transaction import within
from tenants.services import councils
from tests.conftest import InScope
from tests.factories.tenants import PASSWORD, MadeCouncil, MadeUser, make_token

NEW_PASSWORD = "violet tractor hums at midnight"


def change(client: FlaskClient, current: str, chosen: str):
    """Fill in the form."""
    return client.post("/account/password", data={"current_password": current, "new_password": chosen})


def test_the_page_says_who_one_is_and_where(client: FlaskClient, lead: MadeUser, council: MadeCouncil) -> None:
    page = client.sign_in(lead).get("/account").text
    for words in (lead.name, lead.email, council.name, "Council lead", 'href="/forgotten-password"'):
        assert words in page


def test_a_new_password_ends_every_other_session(
    app: Flask, client: FlaskClient, lead: MadeUser, in_scope: InScope
) -> None:
    elsewhere = app.test_client().sign_in(lead)
    client.post("/sign-in", data={"email": lead.email, "password": PASSWORD})
    before = client.get_cookie("charterway")
    assert change(client, PASSWORD, NEW_PASSWORD).location == "/account"
    assert client.get_cookie("charterway") != before
    assert "Your new password is kept." in client.get("/account").text
    assert elsewhere.get("/account").location == "/sign-in?next=/account"
    answer = elsewhere.post("/sign-in", data={"email": lead.email, "password": NEW_PASSWORD})
    assert answer.status_code == 303
    with in_scope(Scope.person(lead.id)) as session:
        verbs = session.scalars(sa.text("select verb from events where audience = 'person' order by seq")).all()
    assert verbs == ["user.signed_in", "password.changed", "user.signed_in"]


def test_what_is_wrong_is_said_beside_the_field(client: FlaskClient, lead: MadeUser) -> None:
    client.sign_in(lead)
    for current, chosen, field, words in (
        ("", NEW_PASSWORD, "current_password", "Enter your current password."),
        ("wrong", NEW_PASSWORD, "current_password", "This is not your current password."),
        (PASSWORD, "short", "new_password", "Use at least 12 characters"),
        (PASSWORD, PASSWORD, "new_password", "Choose a password that you do not use now."),
        (PASSWORD, f"my {lead.email}", "new_password", "Do not use your email address"),
    ):
        answer = change(client, current, chosen)
        assert answer.status_code == 422
        assert words in answer.text.split(f'id="{field}-error"')[1][:300]
        assert chosen not in answer.text or chosen == ""
    assert client.get("/account").status_code == 200


def test_guessing_the_current_password_is_braked(client: FlaskClient, lead: MadeUser) -> None:
    client.sign_in(lead)
    codes = [change(client, f"guess {number}", NEW_PASSWORD).status_code for number in range(11)]
    assert codes == [422] * 10 + [429]


def test_signing_out_elsewhere_keeps_this_session(app: Flask, client: FlaskClient, lead: MadeUser) -> None:
    elsewhere = app.test_client().sign_in(lead)
    client.sign_in(lead)
    assert client.post("/account/sign-out-elsewhere").location == "/account"
    assert client.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 303


def test_a_person_changes_the_own_name_and_colleagues_see_it(
    app: Flask, client: FlaskClient, lead: MadeUser, council: MadeCouncil, in_scope: InScope
) -> None:
    make_token(app, lead, council)
    client.sign_in(lead)
    assert client.post("/account/name", data={"name": "  Ada   Archer "}).location == "/account"
    assert "Ada Archer" in client.get("/account").text
    with app.app_context():
        jobs.run_all()
    people = client.get(f"/councils/{council.slug}/access").text
    assert (lead.name in people, people.count("Ada Archer") >= 2) == (False, True)
    with in_scope(council.scope()) as session:
        told = session.execute(sa.text("select actor, payload from events where verb = 'access.renamed'")).one()
        invited = session.scalar(sa.text("select payload ->> 'by' from events order by at limit 1"))
    assert told == (lead.id, {"by": "Ada Archer", "name_before": lead.name, "name": "Ada Archer"})
    assert invited != "Ada Archer"


def test_who_has_no_password_is_told_how_to_get_one(app: Flask, client: FlaskClient, council: MadeCouncil) -> None:
    with app.app_context(), within(Scope.operator(None)):
        user_id = councils.add_user(
            email="ada@council.example", name="Ada", scope_slug=council.slug, role="member", hashed=None, by=CONSOLE
        )
    page = client.sign_in(MadeUser(user_id, "ada@council.example", "Ada")).get("/account").text
    assert ("Current password" in page, 'href="/forgotten-password"' in page) == (False, True)


@pytest.mark.parametrize("name", ["", " ", "x" * 121])
def test_a_name_that_cannot_be_kept_is_said_beside_the_field(client: FlaskClient, lead: MadeUser, name: str) -> None:
    refused = client.sign_in(lead).post("/account/name", data={"name": name})
    assert (refused.status_code, 'id="name-error"' in refused.text) == (422, True)
    assert ("<title>Error: " in refused.text, '<a href="#name">' in refused.text) == (True, True)
    assert lead.name in client.get("/account").text

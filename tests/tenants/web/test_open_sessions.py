"""Where one is signed in: seen, ended one by one, and told by mail when a new browser comes."""

from __future__ import annotations

import re
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from saas import clock
from saas.tenancy import Scope
from tests.conftest import InScope
from tests.factories.invitations import Postbox
from tests.factories.tenants import PASSWORD, MadeCouncil, MadeUser, make_user

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/18.5 Mobile/15E148 Safari/604.1"
)


def sign_in(app: Flask, user: MadeUser, browser: str) -> FlaskClient:
    """A browser in which this user is signed in."""
    client = app.test_client()
    client.environ_base["HTTP_USER_AGENT"] = browser
    again(client, user)
    client.get("/account")
    return client


def again(client: FlaskClient, user: MadeUser) -> None:
    """Sign in in a browser."""
    client.post("/sign-in", data={"email": user.email, "password": PASSWORD, "next": "/", "region": ""})


def rows_of(client: FlaskClient) -> list[str]:
    """The browsers on the page."""
    return re.findall(
        r'<th [^>]*scope="row">([^<]+?)(?: <span class="quiet">\(this one\)</span>)?</th>',
        client.get("/account/sessions").text,
    )


def names_on(client: FlaskClient) -> list[str]:
    """What ends the sessions that the page offers to end."""
    return re.findall(r'action="/account/sessions/(\w+)/end"', client.get("/account/sessions").text)


def test_one_session_is_ended_and_the_others_go_on(app: Flask, lead: MadeUser, in_scope: InScope) -> None:
    with clock.at(clock.now() - timedelta(hours=2)):
        phone = sign_in(app, lead, SAFARI)
    desk = sign_in(app, lead, FIREFOX)
    third = sign_in(app, lead, "")
    assert rows_of(desk) == ["Firefox on Windows", "A browser that does not say", "Safari on iPhone"]
    ended = names_on(desk)[1]
    assert desk.post(f"/account/sessions/{ended}/end").location == "/account/sessions"
    assert rows_of(desk) == ["Firefox on Windows", "A browser that does not say"]
    assert [each.get("/account").status_code for each in (phone, desk, third)] == [303, 200, 200]
    assert desk.post(f"/account/sessions/{ended}/end").status_code == 404
    with in_scope(Scope.person(lead.id)) as session:
        told = session.scalars(sa.text("select payload ->> 'browser' from events where verb = 'session.ended'"))
        assert list(told) == ["Safari on iPhone"]


def test_nobody_sees_or_ends_a_session_of_somebody_else(app: Flask, council: MadeCouncil, lead: MadeUser) -> None:
    other = make_user(app, council, "council_editor")
    mine, phone, theirs = sign_in(app, lead, FIREFOX), sign_in(app, lead, SAFARI), sign_in(app, other, FIREFOX)
    assert rows_of(theirs) == ["Firefox on Windows"]
    (name,) = names_on(mine)
    assert theirs.post(f"/account/sessions/{name}/end").status_code == 404
    assert phone.get("/account").status_code == 200


def test_signing_out_elsewhere_empties_the_list_and_the_store(app: Flask, lead: MadeUser) -> None:
    desk = sign_in(app, lead, FIREFOX)
    sign_in(app, lead, SAFARI)
    desk.post("/account/sign-out-elsewhere")
    assert rows_of(desk) == ["Firefox on Windows"]
    assert len(app.extensions["redis"].keys("session:*")) == 1


def test_a_session_that_ran_out_is_no_longer_listed(app: Flask, lead: MadeUser) -> None:
    desk, phone = sign_in(app, lead, FIREFOX), sign_in(app, lead, SAFARI)
    phone.post("/sign-out")
    assert rows_of(desk) == ["Firefox on Windows"]
    assert app.extensions["redis"].scard(f"sessions-of:{lead.id}") == 1


def test_a_new_browser_is_told_by_mail_to_whoever_asked_for_it(app: Flask, lead: MadeUser, postbox: Postbox) -> None:
    desk = sign_in(app, lead, FIREFOX)
    sign_in(app, lead, SAFARI)
    assert postbox.empty() == ""
    desk.post("/account/sessions/mail", data={"wanted": "true"})
    desk.post("/sign-out")
    again(desk, lead)
    assert postbox.empty() == ""  # known since it was chosen here
    phone = sign_in(app, lead, SAFARI)
    mail = postbox.empty()
    assert f"To: {lead.email}" in mail
    assert "It was Safari on iPhone." in mail
    phone.post("/sign-out")
    again(phone, lead)
    assert postbox.empty() == ""
    desk.post("/account/sessions/mail", data={"wanted": "false"})
    sign_in(app, lead, "")
    assert postbox.empty() == ""

"""The own second step: set up with a code, kept by recovery codes, changed only by whoever has just said who it is."""

from __future__ import annotations

import re
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from saas import clock
from saas.tenancy import Scope
from tests.conftest import InScope
from tests.factories.invitations import Postbox
from tests.factories.second_factors import app_code, codes_on, demand_factor, make_app, sign_in
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser

PAGE = "/account/security"
VERBS = "select verb from events where audience = 'person' order by seq"


def secret_on(page: TestResponse) -> str:
    """The text behind the picture."""
    found = re.search(r"<code>([A-Z2-7 ]+)</code>", page.text)
    assert found is not None
    return found[1].replace(" ", "")


def set_up(client: FlaskClient) -> TestResponse:
    """Set up an app by its page."""
    secret = secret_on(client.get(f"{PAGE}/app"))
    return client.post(f"{PAGE}/app", data={"code": app_code(secret=secret)})


def test_an_app_is_set_up_by_a_code_and_the_codes_are_shown_once(
    app: Flask, client: FlaskClient, lead: MadeUser, in_scope: InScope, postbox: Postbox
) -> None:
    elsewhere = app.test_client().sign_in(lead)
    sign_in(client, lead)
    page = client.get(f"{PAGE}/app")
    assert 'src="data:image/svg+xml' in page.text
    assert secret_on(client.get(f"{PAGE}/app")) == secret_on(page)  # the same when looked at twice
    wrong = client.post(f"{PAGE}/app", data={"code": "000000"})
    assert wrong.status_code == 422
    assert secret_on(wrong) == secret_on(page)
    answer = set_up(client)
    assert answer.location == f"{PAGE}/recovery-codes"
    codes = codes_on(client.get(answer.location))
    assert len(set(codes)) == 10
    file = client.get(f"{PAGE}/recovery-codes.txt")
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert file.text.splitlines()[3:] == codes
    assert client.post(f"{PAGE}/recovery-codes/kept").location == PAGE
    assert client.get(f"{PAGE}/recovery-codes").location == PAGE
    assert "10 recovery codes left" in client.get(PAGE).text
    assert elsewhere.get("/account").status_code == 303
    with in_scope(Scope.person(lead.id)) as session:
        verbs = list(session.scalars(sa.text(VERBS)))
    assert verbs == ["user.signed_in", "factor.added", "user.signed_out_everywhere", "recovery_codes.made"]
    mail = postbox.empty()
    assert mail.count("To: ") == 1
    assert "A second step was added to your account" in mail
    assert "It is the authenticator app." in mail


def test_whoever_had_to_set_one_up_then_goes_where_he_or_she_wanted(
    app: Flask, client: FlaskClient, region: MadeRegion, council: MadeCouncil, lead: MadeUser
) -> None:
    demand_factor(app, region, "council_lead")
    wanted = f"/councils/{council.slug}/access"
    sign_in(client, lead)
    client.get(client.get(wanted).location)
    set_up(client)
    assert client.post(f"{PAGE}/recovery-codes/kept").location == wanted
    assert client.get(wanted).status_code == 200


def test_taking_the_app_away_takes_the_codes_with_it(
    app: Flask, client: FlaskClient, lead: MadeUser, in_scope: InScope, postbox: Postbox
) -> None:
    make_app(app, lead)
    sign_in(client, lead)
    client.post("/sign-in/second-step", data={"code": app_code()})
    postbox.empty()
    assert client.post(f"{PAGE}/app/remove").location == PAGE
    assert "A second step was taken from your account" in postbox.empty()
    assert client.post(f"{PAGE}/recovery-codes").location == PAGE  # there is nothing they could stand for
    with in_scope(Scope.person(lead.id)) as session:
        left = "select (select count(*) from authenticators) + (select count(*) from recovery_codes)"
        assert session.scalar(sa.text(left)) == 0
    client.post("/sign-out")
    sign_in(client, lead)
    assert client.get("/account").status_code == 200


def test_another_phone_takes_the_place_of_the_first(app: Flask, client: FlaskClient, lead: MadeUser) -> None:
    make_app(app, lead)
    sign_in(client, lead)
    client.post("/sign-in/second-step", data={"code": app_code()})
    secret = secret_on(client.get(f"{PAGE}/app"))
    assert client.post(f"{PAGE}/app", data={"code": app_code(secret=secret)}).location == PAGE
    client.post("/sign-out")
    sign_in(client, lead)
    later = clock.now() + timedelta(seconds=30)
    with clock.at(later):
        assert client.post("/sign-in/second-step", data={"code": app_code(later)}).status_code == 422
        code = app_code(later, secret)
        assert client.post("/sign-in/second-step", data={"code": code}).status_code == 303


def test_a_browsers_answer_that_is_none_is_refused(client: FlaskClient, lead: MadeUser) -> None:
    sign_in(client, lead)
    assert "data-options=" in client.get(f"{PAGE}/passkeys/add").text
    for answer in ("", "[]", "{}", '{"id": "x", "response": {}}', '{"id": 1, "response": {"clientDataJSON": 7}}'):
        client.get(f"{PAGE}/passkeys/add")
        page = client.post(f"{PAGE}/passkeys/add", data={"name": "Key", "credential": answer})
        assert page.status_code == 422
        assert "Try again." in page.text
        client.get("/sign-in")
        door = client.application.test_client().post("/sign-in/passkey", data={"credential": answer, "next": "/"})
        assert door.status_code == 422
        assert "This passkey does not open the door here." in door.text
    assert client.post(f"{PAGE}/passkeys/01890000-0000-7000-8000-000000000000/remove").status_code == 404

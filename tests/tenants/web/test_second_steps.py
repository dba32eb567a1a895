"""The second step of sign-in: asked of whoever has one, demanded where a region says so, and never taken twice."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from saas import clock
from saas.tenancy import Scope
from tests.conftest import InScope
from tests.factories.invitations import Postbox
from tests.factories.second_factors import app_code, demand_factor, make_app, sign_in
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser, make_token, make_user

STEP = "/sign-in/second-step"


def show_code(client: FlaskClient, code: str) -> TestResponse:
    """Send a code."""
    return client.post(STEP, data={"code": code, "next": "/"})


def test_after_the_password_a_code_is_asked_for_and_leads_on(app: Flask, client: FlaskClient, lead: MadeUser) -> None:
    make_app(app, lead)
    assert sign_in(client, lead).location == STEP
    assert client.get("/account").location == "/sign-in?next=/account"  # nobody yet
    assert "Code from your authenticator app" in client.get(STEP).text
    assert show_code(client, app_code()).location == "/account"
    assert lead.name in client.get("/account").text
    assert client.get(f"{STEP}?next=/places").location == "/places"


@pytest.mark.parametrize("code", ["", "000000", "abcd-efgh-jkmn", "١٢٣٤٥٦"])
def test_a_wrong_code_opens_nothing(app: Flask, client: FlaskClient, lead: MadeUser, code: str) -> None:
    make_app(app, lead)
    sign_in(client, lead)
    answer = show_code(client, code)
    assert answer.status_code == 422
    assert 'id="code-error"' in answer.text
    assert client.get("/account").status_code == 303


def test_a_code_opens_the_door_once_and_an_older_one_no_more(app: Flask, client: FlaskClient, lead: MadeUser) -> None:
    make_app(app, lead)
    now = clock.now()
    for moment, answered in (
        (now, 303),
        (now, 422),
        (now - timedelta(seconds=30), 422),
        (now + timedelta(seconds=30), 303),
    ):
        sign_in(client, lead)
        with clock.at(now):
            assert show_code(client, app_code(moment)).status_code == answered
        client.post("/sign-out")


def test_the_second_step_waits_ten_minutes(app: Flask, client: FlaskClient, lead: MadeUser) -> None:
    make_app(app, lead)
    sign_in(client, lead)
    with clock.at(clock.now() + timedelta(minutes=11)):
        assert client.get(STEP).location == "/sign-in?next=/"
        assert show_code(client, app_code()).location == "/sign-in?next=/"


def test_guessing_codes_is_braked(app: Flask, client: FlaskClient, lead: MadeUser) -> None:
    make_app(app, lead)
    sign_in(client, lead)
    codes = [show_code(client, f"{number:06d}").status_code for number in range(11)]
    assert codes == [422] * 10 + [429]


def test_a_recovery_code_opens_once_and_its_owner_is_told(
    app: Flask, client: FlaskClient, lead: MadeUser, postbox: Postbox
) -> None:
    codes = make_app(app, lead)
    postbox.empty()
    sign_in(client, lead)
    typed = f" {codes[3][:4]}-{codes[3][4:8]} {codes[3][8:]} ".upper()
    assert show_code(client, typed).location == "/account"
    assert "You have 9 left." in client.get("/account").text
    mail = postbox.empty()
    assert f"To: {lead.email}" in mail
    assert "A recovery code was used to sign in" in mail
    assert "9 codes left." in mail
    client.post("/sign-out")
    sign_in(client, lead)
    assert show_code(client, typed).status_code == 422


def test_a_role_that_needs_a_second_step_leads_to_set_one_up_before_any_page_of_a_place(
    app: Flask, client: FlaskClient, region: MadeRegion, council: MadeCouncil, lead: MadeUser
) -> None:
    demand_factor(app, region, "council_lead")
    viewer = make_user(app, council, "council_viewer")
    client.sign_in(lead)
    wanted = f"/councils/{council.slug}/access?sort=name"
    asked = client.get(wanted)
    assert asked.location == f"{STEP}?next={wanted.replace('=', '%3D')}"
    assert client.get(asked.location).location == "/account/security"
    assert "Your role needs a second step at sign-in." in client.get("/account/security").text
    assert client.post(f"/councils/{council.slug}/access/invite", data={}).location == STEP
    assert client.sign_in(viewer).get(f"/councils/{council.slug}/plans").status_code == 200


def test_a_session_without_the_step_is_asked_for_it_and_goes_on(
    app: Flask, client: FlaskClient, region: MadeRegion, council: MadeCouncil, lead: MadeUser
) -> None:
    make_app(app, lead)
    demand_factor(app, region, "council_lead")
    client.sign_in(lead)  # as a single sign-on would
    wanted = f"/councils/{council.slug}/access"
    assert client.get(wanted).location == f"{STEP}?next={wanted}"
    answer = client.post(STEP, data={"code": app_code(), "next": wanted})
    assert answer.location == wanted
    assert client.get(wanted).status_code == 200


def test_tokens_and_an_assessors_files_stand_behind_the_same_door(
    app: Flask, client: FlaskClient, region: MadeRegion
) -> None:
    demand_factor(app, region, "assessor")
    client.sign_in(make_user(app, region, "assessor"))
    for path in ("/account/tokens", "/files"):
        assert client.get(path).location == f"{STEP}?next={path}"
    assert client.post("/account/tokens", data={}).location == STEP
    assert client.get("/places").status_code == 200


def test_a_token_made_behind_the_door_still_works_and_one_made_before_it_no_more(
    app: Flask, client: FlaskClient, region: MadeRegion, council: MadeCouncil, lead: MadeUser
) -> None:
    before, behind = make_token(app, lead, council), make_token(app, lead, council, with_factor=True)

    def answered(token: str) -> tuple[int, str]:
        answer = client.get("/api/v1/me", headers={"Authorization": token})
        return answer.status_code, answer.json.get("detail", "")

    assert [answered(before), answered(behind)] == [(200, ""), (200, "")]
    demand_factor(app, region, "council_lead")
    missing = "This token was made without the second step that its user now needs. Make a new one."
    assert [answered(before), answered(behind)] == [(401, missing), (200, "")]


def test_a_token_made_after_the_step_was_shown_says_so(
    app: Flask, client: FlaskClient, region: MadeRegion, council: MadeCouncil, lead: MadeUser
) -> None:
    make_app(app, lead)
    demand_factor(app, region, "council_lead")
    sign_in(client, lead)
    show_code(client, app_code())
    form = {"place": f"council:{council.slug}", "name": "Figures", "days": "30"}
    made = re.search(r'value="(cw_[\w-]{43})"', client.post("/account/tokens", data=form).text)
    assert made is not None
    assert client.get("/api/v1/me", headers={"Authorization": f"Bearer {made[1]}"}).status_code == 200
    assert "Stopped" not in client.get("/account/tokens").text
    make_token(app, lead, council)
    assert client.get("/account/tokens").text.count("Stopped: made without the second step you now need.") == 1


def test_what_opens_the_door_is_not_kept_in_clear(
    app: Flask, client: FlaskClient, lead: MadeUser, in_scope: InScope
) -> None:
    codes = make_app(app, lead)
    with in_scope(Scope.person(lead.id)) as session:
        rows = "select cast(a as text) from authenticators a union all select cast(r as text) from recovery_codes r"
        kept = "".join(session.execute(sa.text(rows)).scalars())
        others = session.scalars(sa.text("select count(*) from authenticators where user_id <> :me"), {"me": lead.id})
        assert list(others) == [0]
    assert "JBSWY3DP" not in kept
    assert not any(code in kept for code in codes)
    assert kept.count("$argon2id$") == 10


def test_known_and_unknown_addresses_cost_one_hash_each(app: Flask, client: FlaskClient, lead: MadeUser) -> None:
    passwords = app.extensions["charterway_passwords"]
    hasher, counted = passwords.hasher, []

    class Counting:
        def __getattr__(self, name: str) -> object:
            counted.append(name)
            return getattr(hasher, name)

    app.extensions["charterway_passwords"] = type(passwords)(Counting(), passwords.nobodys)
    try:
        costs = []
        for has_factor in (False, True):
            if has_factor:
                make_app(app, lead)
            for email in (lead.email, "nobody@example.org"):
                counted.clear()
                client.post("/sign-in", data={"email": email, "password": "wrong password", "next": "", "region": ""})
                costs.append(tuple(counted))
    finally:
        app.extensions["charterway_passwords"] = passwords
    assert costs == [("verify",)] * 4

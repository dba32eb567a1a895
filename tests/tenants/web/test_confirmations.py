"""Confirming who one is, before one changes how one signs in."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient

from saas import clock
from tests.factories.second_factors import make_app
from tests.factories.tenants import PASSWORD, MadeUser

PAGE = "/account/security"


def test_nothing_is_changed_before_one_says_again_who_one_is(app: Flask, client: FlaskClient, lead: MadeUser) -> None:
    make_app(app, lead)
    client.sign_in(lead)  # a session that nobody proved anything in of late
    confirm = f"/account/confirm?next={PAGE}"
    for path in ("app", "app/remove", "passkeys/add", "recovery-codes"):
        assert client.post(f"{PAGE}/{path}", data={"code": "000000"}).location == confirm
    assert client.get(f"{PAGE}/app").location == f"/account/confirm?next={PAGE}/app"
    assert "10 recovery codes left" in client.get(PAGE).text
    wrong = client.post("/account/confirm", data={"password": "wrong", "next": PAGE})
    assert wrong.status_code == 422
    assert "This is not your password." in wrong.text
    assert "never chose a password here: sign out and sign in again" in wrong.text
    assert client.post("/account/confirm", data={"password": PASSWORD, "next": "//evil.example"}).location == PAGE
    assert client.post(f"{PAGE}/recovery-codes").location == f"{PAGE}/recovery-codes"
    with clock.at(clock.now() + timedelta(minutes=16)):
        assert client.post(f"{PAGE}/app/remove").location == confirm


def test_whoever_pressed_a_button_first_is_told_to_press_it_again(
    app: Flask, client: FlaskClient, lead: MadeUser
) -> None:
    make_app(app, lead)
    client.sign_in(lead)
    again = "Nothing is changed yet. Now press the button again."
    client.post(f"{PAGE}/app/remove")
    client.post("/account/confirm", data={"password": PASSWORD, "next": PAGE})
    assert again in client.get(PAGE).text
    with clock.at(clock.now() + timedelta(minutes=16)):
        client.get(f"{PAGE}/app")
        client.post("/account/confirm", data={"password": PASSWORD, "next": f"{PAGE}/app"})
        assert again not in client.get(f"{PAGE}/app").text


def test_guessing_in_somebody_elses_session_is_braked(client: FlaskClient, lead: MadeUser) -> None:
    client.sign_in(lead)
    codes = [client.post("/account/confirm", data={"password": f"guess {each}"}).status_code for each in range(11)]
    assert codes == [422] * 10 + [429]

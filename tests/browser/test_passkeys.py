"""Passkeys and codes in a real browser, with an authenticator that the browser plays: set up, second step, alone."""

from __future__ import annotations

import re
from typing import Any

import pyotp
from flask import Flask
from playwright.sync_api import CDPSession, Page, expect

from tests.browser.acts import PASSWORD, add_person, begin_council, fill, follow, press, sign_in
from tests.browser.conftest import Service
from tests.browser.looking import look_at

SECURITY = "/account/security"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def give_device(page: Page) -> tuple[CDPSession, str]:
    """A device that always knows its owner."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    return session, session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]


def sign_out(page: Page) -> None:
    """Leave by the button of the header."""
    page.goto("/account")
    press(page, "Sign out")
    expect(page).to_have_url(re.compile("/sign-in$"))


def test_a_passkey_opens_the_door_as_second_step_and_alone(console: Flask, someone: Any) -> None:
    page = someone()
    session, authenticator = give_device(page)
    begin_council(console, page, region="kelp", council="dulse", lead="pia")
    page.goto(SECURITY)
    look_at(page, "how you sign in, nothing yet")
    follow(page.get_by_role("button", name="Add a passkey"))
    look_at(page, "add a passkey")
    fill(page, name="This laptop")
    press(page, "Add this passkey")
    expect(page).to_have_url(re.compile("/recovery-codes$"))
    look_at(page, "recovery codes")
    assert page.locator("main li code").count() == 10
    press(page, "I have kept them")
    look_at(page, "how you sign in, a passkey")
    expect(page.locator("main")).to_contain_text("This laptop")
    expect(page.locator("main")).to_contain_text("Not used yet.")
    held = session.send("WebAuthn.getCredentials", {"authenticatorId": authenticator})["credentials"]
    assert len(held) == 1

    sign_out(page)
    fill(page, email="pia@example.org", password=PASSWORD)
    press(page, "Sign in")
    expect(page).to_have_url(re.compile("/sign-in/second-step"))
    look_at(page, "second step with a passkey")
    press(page, "Use a passkey")
    page.goto(SECURITY)
    expect(page.locator("main")).to_contain_text("Last used on")

    sign_out(page)
    press(page, "Sign in with a passkey")
    page.goto("/account/sessions")
    look_at(page, "where you are signed in")
    expect(page.locator("main")).to_contain_text("Shown")

    # A second passkey of the same device is refused by the browser itself, in words.
    page.goto(f"{SECURITY}/passkeys/add")
    fill(page, name="The same again")
    page.get_by_role("button", name="Add this passkey").click()
    expect(page.get_by_text("This device already has a passkey for you here.")).to_be_visible()

    # A device that does not know its owner opens nothing alone.
    sign_out(page)
    session.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False})
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("No passkey was used. Try again, or use another way.")).to_be_visible()


def test_an_answer_that_was_given_before_opens_nothing(service: Service, console: Flask, someone: Any) -> None:
    page = someone()
    give_device(page)
    begin_council(console, page, region="agar", council="laver", lead="ria")
    page.goto(f"{SECURITY}/passkeys/add")
    fill(page, name="Key")
    press(page, "Add this passkey")
    press(page, "I have kept them")
    sign_out(page)
    sent: list[str] = []
    page.on(
        "request", lambda each: sent.append(each.post_data or "") if each.url.endswith("/sign-in/passkey") else None
    )
    press(page, "Sign in with a passkey")
    page.goto("/account")
    expect(page.locator("main")).to_contain_text("ria@example.org")
    sign_out(page)
    (before,) = sent
    token = page.locator('main input[name="csrf_token"]').first.input_value()
    again = re.sub(r"csrf_token=[^&]*", f"csrf_token={token}", before)
    answer = page.request.post(
        f"{service.url}/sign-in/passkey",
        data=again,
        headers={"Content-Type": "application/x-www-form-urlencoded", "Referer": f"{service.url}/sign-in"},
    )
    assert answer.status == 422
    assert "This passkey does not open the door here." in answer.text()


def test_an_app_is_set_up_from_its_page_and_asked_for(console: Flask, someone: Any) -> None:
    page = someone()
    begin_council(console, page, region="moss", council="lichen", lead="una")
    page.goto(f"{SECURITY}/app")
    look_at(page, "set up an app")
    picture = page.locator("img.code-picture")
    assert picture.evaluate("each => each.complete && each.naturalWidth > 100")
    secret = page.locator(".code-text code").inner_text().replace(" ", "")
    fill(page, code=pyotp.TOTP(secret).now())
    press(page, "Keep this app")
    code = page.locator("main li code").first.inner_text()
    press(page, "I have kept them")
    sign_out(page)
    fill(page, email="una@example.org", password=PASSWORD)
    press(page, "Sign in")
    look_at(page, "second step with a code")
    fill(page, code="123")
    press(page, "Sign in")
    look_at(page, "second step refused")
    fill(page, code=code)
    press(page, "Sign in")
    expect(page.locator("main")).to_contain_text("You have 9 left.")


def test_an_officer_says_who_needs_a_second_step(console: Flask, someone: Any) -> None:
    page = someone()
    begin_council(console, page, region="fern", council="bracken", lead="ivo")
    sign_out(page)
    add_person(console, "ora@example.org", "Ora Fern", "fern", "region_officer")
    sign_in(page, "ora@example.org")
    page.goto("/regions/fern/access/second-step")
    look_at(page, "who needs a second step")
    page.get_by_label("Council lead").check()
    press(page, "Save")
    sign_out(page)
    fill(page, email="ivo@example.org", password=PASSWORD)
    press(page, "Sign in")
    page.goto("/councils/bracken")
    expect(page).to_have_url(re.compile(f"{SECURITY}$"))
    expect(page.locator("main")).to_contain_text("Your role needs a second step.")
    look_at(page, "led to set up a second step")
    page.goto("/account/confirm?next=/account/security")
    look_at(page, "confirm that it is you")

"""What anybody does in a browser: following a link, pressing a button, typing, choosing, signing in."""

from __future__ import annotations

import re
from datetime import date

from flask import Flask
from playwright.sync_api import Locator, Page, expect

from saas.security import hash_password
from saas.tenancy import CONSOLE, Scope
from saas.transaction import within
from tenants.services import councils
from tests.browser.looking import look_at
from tests.factories.tenants import make_council, make_region

PASSWORD = "a kestrel over the water meadow"


def follow(target: Locator) -> None:
    """Click a link or button and wait for the page that answers."""
    with target.page.expect_navigation():
        target.click()


def press(page: Page, words: str) -> None:
    """Press the button (or link that looks like one) with these words."""
    follow(page.get_by_role("button", name=words).first)


def post(page: Page, address: str, **typed: str) -> None:
    """Send a form as the open page would send it, where nobody needs to see it typed; it was taken."""
    token = str(page.locator('[name="csrf_token"]').first.get_attribute("value"))
    answer = page.request.post(address, form={"csrf_token": token, **typed}, max_redirects=0)
    assert (address, answer.status) == (address, 303)


def fill(page: Page, **values: str) -> None:
    """Type into fields by their names."""
    for name, value in values.items():
        page.locator(f'main [name="{name}"]').fill(value)


def choose(page: Page, name: str, value: str) -> None:
    """Choose one of some radios."""
    page.locator(f'input[name="{name}"][value="{value}"]').check()


def fill_date(page: Page, name: str, day: date) -> None:
    """Type a date into its three fields."""
    fill(page, **{f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)})


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    """Sign in as somebody with a password."""
    page.goto("/sign-in")
    look_at(page, "sign in")
    fill(page, email=email, password=password)
    press(page, "Sign in")
    expect(page).not_to_have_url(re.compile("/sign-in"))


def add_person(console: Flask, email: str, name: str, place: str, role: str) -> str:
    """Give somebody a sign-in with PASSWORD in the council or region of this address; the e-mail address."""
    with console.app_context(), within(Scope.operator(None)):
        hashed = hash_password(PASSWORD)
        councils.add_user(email=email, name=name, scope_slug=place, role=role, hashed=hashed, by=CONSOLE)
    return email


def begin_council(console: Flask, page: Page, *, region: str, council: str, lead: str) -> None:
    """Add a region with one council, and sign in as its lead.

    region, council: what their addresses begin with; lead: a first name, in lower case, of his or her mail address.
    """
    made = make_region(console, region, f"{region.title()} Employers")
    make_council(console, made, council, f"{council.title()} Council")
    email = add_person(console, f"{lead}@example.org", f"{lead.title()} {council.title()}", council, "council_lead")
    sign_in(page, email)


def wait_for(page: Page, address: str, words: str) -> None:
    """Open the page again and again until it says this: a job had to come first."""
    for _ in range(150):
        page.goto(address)
        if page.locator("main").get_by_text(words).count():
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{address} never said {words!r}: {page.locator('main').inner_text()}")


def expect_at(page: Page, address: str) -> None:
    """The page stands open at this address, and its keys work."""
    expect(page).to_have_url(address)
    expect(page.locator("body.keys-on")).to_be_attached()

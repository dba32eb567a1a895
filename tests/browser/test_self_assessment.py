"""A self-assessment in a real browser: evidence, help by link, signatures, a plan that came back, a seal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from assessment.demo.papers import pdf
from assessment.services.frameworks import publish_framework
from saas.tenancy import CONSOLE
from saas.transaction import within
from tests.browser.acts import choose, fill, follow, press, sign_in, wait_for
from tests.browser.conftest import Mailbox
from tests.browser.looking import look_at
from tests.browser.sealing import (
    check_offline,
    let_the_chief_executive_sign_in,
    put_before_those_who_sign,
    seal,
    send_submission,
    sign_by_link,
    sign_with_account,
)
from tests.factories.assessment import tree_of
from tests.factories.signings import CHIEF, LEADER, make_holder
from tests.factories.submissions import answer_all
from tests.factories.tenants import PASSWORD, MadeCouncil, MadeUser, make_council, make_region, make_user

CODES = [requirement.code for requirement in tree_of("fixture-45").requirements_of("charter")]
FIRST, HELPED, UNTOUCHED = CODES[0], CODES[1], CODES[2]
ASKED = (CODES[6], CODES[30])
"""What the region wants changed."""
PINPOINT = "page 2, the table of sessions"
TEXT = "I had a named officer to ring from the first week, and three evenings in May."
ROBIN, KIT, WENDY = "robin.fell@example.org", "kit.moss@example.org", "wendy.marlowe@example.org"


@dataclass(frozen=True)
class Made:
    """The council, its region and those who sign in."""

    council: MadeCouncil
    lead: MadeUser
    signatory: MadeUser
    officer: MadeUser


@pytest.fixture(scope="module")
def made(console: Flask) -> Made:
    """A council whose region offers the framework with 45 requirements, and who holds its two offices."""
    region = make_region(console, "fenmark", "Fenmark Employers")
    with console.app_context(), within(region.scope()):
        publish_framework(tree_of("fixture-45"), region_id=region.id, by=CONSOLE)
    council = make_council(console, region, "holtby", "Holtby District Council")
    make_holder(console, council, LEADER, "Robin Fell", ROBIN)
    make_holder(console, council, CHIEF, "Kit Moss", KIT)
    return Made(
        council,
        make_user(console, council, "council_lead", "Lee Marsh"),
        make_user(console, council, "signatory", "Kit Moss"),
        make_user(console, region, "region_officer", "Olive Bright"),
    )


@pytest.fixture
def phone(someone: Callable[[], Page]) -> Callable[[], Page]:
    """`phone()` is one more person, with a phone in the hand."""

    def opened() -> Page:
        page = someone()
        page.set_viewport_size({"width": 320, "height": 640})
        return page

    return opened


def test_from_a_commitment_to_an_archive_that_anybody_can_check(
    console: Flask,
    made: Made,
    mailbox: Mailbox,
    someone: Callable[[], Page],
    phone: Callable[[], Page],
    tmp_path: Path,
) -> None:
    lead, officer = someone(), someone()
    sign_in(lead, made.lead.email, PASSWORD)
    home = commit(lead)
    for email, name in ((ROBIN, "Robin Fell"), (KIT, "Kit Moss")):
        sign_by_link(phone(), mailbox.link_for(email, "/sign/"), name)
    wait_for(lead, home, "Judge every requirement")
    answer_all(console, made.council, accreditation_of(home))
    cite(lead, home)
    ask(lead, home)
    contribute(phone(), mailbox.link_for(WENDY, "/contribute/"))
    take_in(lead, home)
    send_plan(console, lead, home)
    sign_in(officer, made.officer.email, PASSWORD)
    return_plan(officer)
    change_what_was_asked(lead, home)
    send_again(lead, home)
    approve(officer)
    let_the_chief_executive_sign_in(lead, made.signatory)
    put_before_those_who_sign(lead, home)
    sign_by_link(phone(), mailbox.link_for(ROBIN, "/sign/"), "Robin Fell")
    sign_with_account(someone(), mailbox, KIT, made.signatory)
    check_offline(*send_submission(console, lead, home, tmp_path))


def accreditation_of(home: str) -> UUID:
    return UUID(home.rstrip("/").rpartition("/")[2])


def commit(lead: Page) -> str:
    """Commit with both offices asked by mail; the address of the self-assessment."""
    lead.goto("/councils/holtby/accreditations/new")
    look_at(lead, "commit, offices asked")
    press(lead, "Commit")
    look_at(lead, "commit, nothing chosen")
    lead.get_by_label("Fixture with 45 requirements").check()
    press(lead, "Commit")
    expect(lead.locator("main")).to_contain_text("The self-assessment opens when everybody has signed.")
    look_at(lead, "signatures of a commitment")
    return lead.url.partition("signing/")[0]


def cite(lead: Page, home: str) -> None:
    """Cite a piece of the library where it says so; an address that is none is refused first."""
    lead.goto(f"{home}requirements/{FIRST}")
    lead.get_by_text("Add evidence").click()
    fill(lead, link="not an address", pinpoint=PINPOINT)
    press(lead, "Add this evidence")
    expect(lead.locator('[name="pinpoint"]')).to_have_value(PINPOINT)
    look_at(lead, "requirement, wrong address")
    fill(lead, link="")
    paper = {"name": "programme.pdf", "mimeType": "application/pdf", "buffer": pdf(["Sessions of the year."])}
    lead.locator('[name="file"]').set_input_files(paper)
    expect(lead.locator(".uploads__item").first).to_contain_text("Cited, as")
    lead.goto(f"{home}requirements/{FIRST}")
    expect(lead.get_by_role("listitem").filter(has_text=PINPOINT)).to_contain_text("programme.pdf")
    look_at(lead, "requirement, cited with a pinpoint")


def ask(lead: Page, home: str) -> None:
    """Ask a councillor for a text, first without saying who."""
    lead.goto(f"{home}requirements/{HELPED}")
    follow(lead.get_by_role("link", name="Ask somebody for a text"))
    look_at(lead, "ask for a text")
    press(lead, "Send the link")
    expect(lead.locator(".govuk-error-summary")).to_contain_text("Enter the name of the person you ask")
    look_at(lead, "ask for a text, nobody named")
    fill(lead, name="Wendy Marlowe", email=WENDY, question="How did you find your way in the first months?")
    press(lead, "Send the link")
    expect(lead.locator("#contributions")).to_contain_text("Wendy Marlowe")
    look_at(lead, "requirement, somebody asked")


def contribute(wendy: Page, link: str) -> None:
    """Write on a phone, save, come back, send."""
    wendy.goto(link)
    look_at(wendy, "write a text")
    press(wendy, "Send")
    expect(wendy.locator("#words-error")).to_contain_text("Write your text before you send it.")
    look_at(wendy, "write a text, nothing written")
    fill(wendy, words=TEXT[:40])
    press(wendy, "Save and go on later")
    wendy.goto(link)
    expect(wendy.locator('[name="words"]')).to_have_value(TEXT[:40])
    fill(wendy, words=TEXT)
    press(wendy, "Send")
    expect(wendy.get_by_role("heading", level=1)).to_have_text("Thank you for your text")
    look_at(wendy, "text sent")


def take_in(lead: Page, home: str) -> None:
    """The text goes to the end of the answer, and nobody copies it."""
    lead.goto(f"{home}requirements/{HELPED}")
    expect(lead.locator("#contributions")).to_contain_text(TEXT)
    look_at(lead, "requirement, a text came")
    before = lead.locator('[name="narrative"]').input_value()
    press(lead, "Add to the answer")
    after = lead.locator('[name="narrative"]').input_value()
    assert (after.startswith(before), after.count(TEXT)) == (True, 1)
    look_at(lead, "requirement, a text taken in")


def send_plan(console: Flask, lead: Page, home: str) -> None:
    """Nobody watches over the plan at first; then it goes."""
    lead.goto(f"{home}check/plan")
    look_at(lead, "check of 45 answers")
    press(lead, "Send to the region")
    expect(lead.locator(".govuk-error-summary")).to_contain_text("Enter who watches over the whole plan.")
    look_at(lead, "check, nobody watches over it")
    fill(lead, monitor="Lee Marsh")
    seal(console, lead, "plan")


def return_plan(officer: Page) -> None:
    """The region names two requirements that are to be changed; it forgets the decision at first."""
    officer.goto("/regions/fenmark/")
    follow(officer.get_by_role("link", name="Holtby").first)
    if "/submissions/" not in officer.url:
        follow(officer.locator('main a[href*="/submissions/"]').first)
    look_at(officer, "plan of 45 answers, to be decided")
    for code in ASKED:
        place = CODES.index(code) + 1
        officer.get_by_text(f"Say something about {code}", exact=True).click()
        officer.locator(f'[name="named_{place}"]').check()
        fill(officer, **{f"words_{place}": f"Say when {code} is done."})
    press(officer, "Record the decision")
    expect(officer.locator(".govuk-error-summary")).to_contain_text("Say whether it is accepted or returned.")
    look_at(officer, "plan, no decision given")
    choose(officer, "outcome", "returned")
    fill(officer, reason="Two answers do not say when.")
    press(officer, "Record the decision")
    expect(officer.locator("main")).to_contain_text("Returned")
    look_at(officer, "case, plan returned")


def change_what_was_asked(lead: Page, home: str) -> None:
    """Two answers are open, the others rest; both are changed."""
    lead.goto(home)
    expect(lead.get_by_text("Changes asked for", exact=True)).to_have_count(len(ASKED))
    look_at(lead, "self-assessment, two to change")
    lead.goto(f"{home}requirements/{UNTOUCHED}")
    expect(lead.locator("main")).to_contain_text("The region asked only for")
    expect(lead.get_by_role("button", name="Save", exact=True)).to_have_count(0)
    look_at(lead, "requirement, not asked for")
    for code in ASKED:
        lead.goto(f"{home}requirements/{code}")
        expect(lead.locator("main")).to_contain_text(f"Say when {code} is done.")
        look_at(lead, "requirement, changes asked for")
        narrative = lead.locator('[name="narrative"]')
        narrative.fill(f"{narrative.input_value()} We do it each May.")
        follow(lead.get_by_role("button", name="Save", exact=True).last)
    expect(lead.locator("main")).to_contain_text("What the region asked you to change")


def send_again(lead: Page, home: str) -> None:
    """The second plan shows what changed since the first."""
    lead.goto(f"{home}check/plan")
    press(lead, "Send to the region")
    lead.wait_for_url("**/submissions/*")
    expect_differences(lead)
    look_at(lead, "receipt, what changed")


def expect_differences(page: Page) -> None:
    """The page shows the two answers that changed, with the new words marked."""
    changes = page.locator("#changes")
    expect(changes).to_contain_text(f"2 requirements changed. {len(CODES) - 2} requirements are as before.")
    expect(changes.locator("ins")).to_have_count(len(ASKED))
    for place, code in enumerate(ASKED):
        expect(changes).to_contain_text(f"The region said: Say when {code} is done.")
        expect(changes.locator("ins").nth(place)).to_contain_text("We do it each May.")


def approve(officer: Page) -> None:
    """The region sees the same differences, and approves."""
    officer.goto("/regions/fenmark/")
    follow(officer.get_by_role("link", name="Holtby").first)
    if "/submissions/" not in officer.url:
        follow(officer.locator('main a[href*="/submissions/"]').first)
    expect_differences(officer)
    look_at(officer, "plan, what changed")
    choose(officer, "outcome", "accepted")
    press(officer, "Record the decision")
    expect(officer.locator("main")).to_contain_text("The plan is approved.")

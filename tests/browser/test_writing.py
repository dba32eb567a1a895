"""Writing an answer in a real browser: nothing typed is lost, whoever else writes and whatever the connection does."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, expect

from saas.config import Config
from saas.embedded import Cluster
from tests.browser.looking import look_at
from tests.browser.serving import serving
from tests.factories.assessment import make_accreditation
from tests.factories.databases import app_on_own_database
from tests.factories.evidence import make_file
from tests.factories.tenants import PASSWORD, MadeUser, make_council, make_region, make_user

SOURCE = Path(__file__).parents[2] / "saas" / "static" / "source"
Opened = Callable[..., Page]


@dataclass(frozen=True)
class Place:
    """A council that assesses itself on a server of its own, and the people who write there."""

    url: str
    path: str
    lead: MadeUser
    other: MadeUser
    app: Flask
    accreditation: UUID

    def page_of(self, code: str) -> str:
        """The address of a requirement."""
        return f"{self.path}requirements/{code}"


@pytest.fixture(scope="module")
def place(cluster: Cluster, config: Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """The whole application on a database and a server of its own, with one council that has begun."""
    with app_on_own_database(cluster, config, "writing", tmp_path_factory.mktemp("writing")) as app:
        council = make_council(app, make_region(app))
        lead, other = make_user(app, council, "council_lead"), make_user(app, council, "council_editor", "Priya Nair")
        made = make_accreditation(app, council)
        for number in (1, 2):
            make_file(app, council, title=f"Strategy {number}")
        path = f"/councils/{council.slug}/accreditations/{made}/"
        with serving(app) as url:
            yield Place(url, path, lead, other, app, made)


@pytest.fixture
def opened(browser: Browser, place: Place) -> Iterator[Opened]:
    """`opened(user, code)`: that person's own browser, signed in, at the page of the requirement."""
    contexts: list[BrowserContext] = []

    def open_page(user: MadeUser, code: str, *, scripts: bool = True) -> Page:
        context = browser.new_context(
            base_url=place.url, viewport={"width": 1280, "height": 900}, java_script_enabled=scripts
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        sign_in(page, user)
        page.goto(place.page_of(code))
        return page

    yield open_page
    for context in contexts:
        context.close()


def sign_in(page: Page, user: MadeUser) -> None:
    page.goto("/sign-in")
    page.locator('[name="email"]').fill(user.email)
    page.locator('[name="password"]').fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).not_to_have_url(re.compile("/sign-in"))


def type_words(page: Page, words: str) -> None:
    page.locator("#narrative").press_sequentially(words)


def expect_saved(page: Page) -> None:
    expect(page.locator("[data-saved]")).to_have_text(re.compile(r"^Saved at \d+:\d\d[ap]m$|^Saved at mid"))


def test_what_is_typed_saves_itself_and_counts_its_words(opened: Opened, place: Place) -> None:
    page = opened(place.lead, "1.1.1")
    look_at(page, "requirement, empty, with scripts")
    type_words(page, "We ask every councillor.")
    expect(page.locator("#narrative-count")).to_contain_text("4 words")
    expect_saved(page)
    page.reload()
    expect(page.locator("#narrative")).to_have_value("We ask every councillor.")
    expect(page.locator("[data-draft-offers]")).to_be_empty()
    page.get_by_role("link", name="What this answer said before").click()
    look_at(page, "history of an answer")


def test_a_lost_connection_loses_no_word(opened: Opened, place: Place) -> None:
    page = opened(place.lead, "1.2.1")
    type_words(page, "Before. ")
    expect_saved(page)
    page.context.set_offline(True)
    type_words(page, "Typed without a connection.")
    expect(page.locator("[data-saved]")).to_contain_text("Not saved: no connection.")
    page.close()  # the tab is closed, and nothing has reached the server

    page = page.context.new_page()
    page.context.set_offline(False)
    page.goto(place.page_of("1.2.1"))
    expect(page.locator("#narrative")).to_have_value("Before.")
    back = page.get_by_role("button", name=re.compile(r"^Bring back what you typed at \d+:\d\d[ap]m$"))
    page.get_by_text("See what it changes").click()
    expect(page.locator("[data-draft-offers] ins")).to_contain_text("Typed without a connection.")
    look_at(page, "requirement, words kept on the device")
    back.click()
    expect(page.locator("#narrative")).to_have_value(re.compile("Typed without a connection."))
    expect_saved(page)
    page.reload()
    expect(page.locator("#narrative")).to_have_value("Before. Typed without a connection.")
    expect(page.locator("[data-draft-offers]")).to_be_empty()


def test_a_connection_that_comes_back_saves_by_itself(opened: Opened, place: Place) -> None:
    page = opened(place.lead, "1.3.1")
    page.context.set_offline(True)
    type_words(page, "Typed on a train.")
    expect(page.locator("[data-saved]")).to_contain_text("no connection")
    page.context.set_offline(False)
    expect_saved(page)


def test_leaving_the_page_saves_what_was_typed_last(opened: Opened, place: Place) -> None:
    page = opened(place.lead, "2.1.1")
    type_words(page, "Left in a hurry.")
    page.goto(place.path)
    page.goto(place.page_of("2.1.1"))
    expect(page.locator("#narrative")).to_have_value("Left in a hurry.")


def test_an_ended_session_keeps_the_words_and_goes_on_after_signing_in_again(opened: Opened, place: Place) -> None:
    page = opened(place.lead, "2.2.1")
    type_words(page, "Before. ")
    expect_saved(page)
    elsewhere = page.context.new_page()
    elsewhere.goto("/places")
    elsewhere.get_by_role("button", name="Sign out").click()
    type_words(page, "Typed after the session ended.")
    told = page.locator("[data-saved]")
    expect(told).to_contain_text("You are signed out: your words are kept on this device.")
    with page.context.expect_page() as opening:
        told.get_by_role("link", name="Sign in again").click()
    sign_in(opening.value, place.lead)
    opening.value.close()
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect_saved(page)
    page.reload()
    expect(page.locator("#narrative")).to_have_value("Before. Typed after the session ended.")


def test_signing_out_asks_before_it_deletes_what_only_the_device_has(opened: Opened, place: Place) -> None:
    page = opened(place.lead, "2.3.1")
    page.get_by_text("Plan an action").click()
    page.locator("#action").fill("Typed and never added.")
    page.wait_for_timeout(500)
    asked: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    page.once("dialog", dismiss)
    page.get_by_role("button", name="Sign out").click()
    assert len(asked) == 1
    assert "What you typed for 2.3.1 is not saved yet." in asked[0]
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(lambda url: "requirements" not in url)
    assert page.evaluate("Object.keys(localStorage)") == []


def test_two_who_write_at_once_see_both_texts(opened: Opened, place: Place) -> None:
    mine, theirs = opened(place.lead, "3.1.1"), opened(place.other, "3.1.1")
    type_words(theirs, "What Priya wrote.")
    expect_saved(theirs)
    type_words(mine, "What the lead wrote.")
    told = mine.locator("[data-saved]")
    expect(told).to_contain_text(re.compile(r"^Not saved: Priya Nair changed this answer at \d+:\d\d[ap]m\."))
    look_at(mine, "requirement, somebody else was first")
    told.get_by_role("button", name="See both texts").click()
    expect(mine.locator("#narrative")).to_have_value("What the lead wrote.")
    expect(mine.locator("main")).to_contain_text("What Priya wrote.")
    look_at(mine, "both texts of an answer")
    mine.locator("#narrative").fill("What Priya wrote. What the lead wrote.")
    mine.get_by_role("button", name="Save my text instead").click()
    expect(mine.locator("#narrative")).to_have_value("What Priya wrote. What the lead wrote.")
    expect(mine.locator("[data-draft-offers]")).to_be_empty()
    mine.get_by_role("link", name="What this answer said before").click()
    expect(mine.locator("main")).to_contain_text("Version 2, as it stands now")
    mine.get_by_role("link", name="Version 1").click()
    look_at(mine, "version of an answer")
    mine.get_by_role("button", name="Bring version 1 back").click()
    expect(mine.locator("#narrative")).to_have_value("What Priya wrote.")
    theirs.goto(place.page_of("3.2.1"))
    type_words(theirs, "In the middle of a sen")
    expect_saved(theirs)
    mine.goto(place.page_of("3.2.1"))
    expect(mine.locator("main")).to_contain_text("Priya Nair is writing here (")


def test_a_requirement_is_answered_by_keyboard_alone(opened: Opened, place: Place) -> None:
    page = opened(place.lead, "3.3.1")
    keys = page.keyboard

    def tab_to(selector: str) -> None:
        for _ in range(80):
            keys.press("Tab")
            if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
                return
        raise AssertionError(f"{selector} is not reached by the keyboard")

    tab_to('input[name="judgement"]')
    keys.press("Space")
    tab_to("#narrative")
    keys.type("Typed by keyboard.")
    tab_to("#evidence_id")
    keys.press("ArrowDown")
    tab_to("#pinpoint")
    keys.type("page 4")
    tab_to("#why")
    keys.type("It says so.")
    keys.press("Control+Enter")
    expect(page).not_to_have_url(re.compile(r"requirements/3\.3\.1$"))
    expect(page.locator("main")).to_contain_text("The evidence is added.")
    page.goto(place.page_of("3.3.1"))
    expect(page.locator("#narrative")).to_have_value("Typed by keyboard.")
    expect(page.locator("main")).to_contain_text("page 4")
    expect(page.locator("[data-draft-offers]")).to_be_empty()


def test_a_requirement_is_answered_without_scripts(opened: Opened, place: Place) -> None:
    page = opened(place.lead, "3.4.1", scripts=False)
    page.locator('input[name="judgement"][value="not_applicable"]').check()
    page.locator("#narrative").fill("- one\n- two")
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.locator("#not_applicable_reason-error")).to_contain_text("Say why it cannot apply to your council.")
    expect(page.locator("#narrative")).to_have_value("- one\n- two")
    page.locator('input[name="judgement"][value="partly_met"]').check()
    page.get_by_text("Plan an action").click()
    page.locator("#action").fill("Write it down.")
    page.locator("#officer_days").fill("3")
    page.get_by_role("button", name="Add this action").click()
    expect(page.locator("main")).to_contain_text("Officer days: 3.")
    page.get_by_role("button", name="Change action 1").click()
    expect(page.locator("#action")).to_have_value("Write it down.")
    page.locator("#action").fill("Write it down at once.")
    page.get_by_role("button", name="Save this action").click()
    page.get_by_role("button", name="Take out action 1").click()
    page.get_by_role("button", name="Put it back").click()
    expect(page.locator("main")).to_contain_text("Write it down at once.")


WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal {color: red}</style></head>
<body lang=EN-GB><!--StartFragment-->
<h2>What we do<o:p></o:p></h2>
<p class=MsoNormal>We ask <b>every
councillor</b>&nbsp;each year,<br>and <i>listen</i>.<o:p></o:p></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;
</span></span></span><![endif]>Induction</p>
<p class=MsoListParagraphCxSpLast style='mso-list:l0 level2 lfo1'><span
style='mso-list:Ignore'>o<span>&nbsp;</span></span>in May</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span
style='mso-list:Ignore'>2.<span>&nbsp;</span></span>Mentors</p>
<table><tr><td><p class=MsoNormal>Year</p></td><td><p class=MsoNormal>Places</p></td></tr>
<tr><td><p>2026</p></td><td><p>40</p></td></tr></table>
<p class=MsoNormal><o:p>&nbsp;</o:p></p><script>alert(1)</script><!--EndFragment--></body></html>"""


@pytest.mark.parametrize(
    ("pasted", "plain"),
    [
        (
            WORD,
            "**What we do**\n\nWe ask **every councillor** each year,\nand *listen*.\n\n- Induction\n   - in May\n"
            "2. Mentors\n\nYear | Places\n2026 | 40",
        ),
        ("<ul><li>one<ul><li>small</li></ul></li><li><p>two</p></li></ul>", "- one\n   - small\n- two"),
        ("<ol start=3><li>three</li><li><b>four</b></li></ol><p>End</p>", "3. three\n4. **four**\n\nEnd"),
        ("<b style='font-weight:normal'><p>Not bold</p></b>", "Not bold"),
        ("<p><span style='font-weight:700'>Bold </span>and not</p>", "**Bold** and not"),
        ("<p>A <a href='https://a.example'>link</a></p><img src=x>", "A link"),
        ("<script>alert(1)</script><style>p{}</style>", ""),
    ],
)
def test_what_is_pasted_becomes_our_plain_text(browser: Browser, pasted: str, plain: str) -> None:
    page = browser.new_page()
    module = base64.b64encode((SOURCE / "paste.js").read_bytes()).decode()
    call = "async ([module, html]) => (await import(`data:text/javascript;base64,${module}`)).plainFrom(html)"
    assert page.evaluate(call, [module, pasted]) == plain
    page.close()


def test_pasting_from_word_fills_the_field(opened: Opened, place: Place) -> None:
    page = opened(place.lead, "4.1.1")
    page.locator("#narrative").focus()
    page.evaluate(
        """(html) => {
            const data = new DataTransfer();
            data.setData("text/html", html);
            data.setData("text/plain", "flat");
            const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
            document.getElementById("narrative").dispatchEvent(event);
        }""",
        "<p>We <b>ask</b>.</p><ul><li>one</li></ul>",
    )
    expect(page.locator("#narrative")).to_have_value("We **ask**.\n\n- one")
    expect_saved(page)

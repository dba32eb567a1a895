"""The assessor's screen in a real browser: 45 requirements by keys alone, nothing typed lost, papers in place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from saas.config import Config
from saas.embedded import Cluster
from tests.browser.acts import expect_at, sign_in
from tests.browser.looking import look_at
from tests.browser.serving import serving
from tests.factories.assessment import tree_of
from tests.factories.databases import app_on_own_database
from tests.factories.scores import MadeCase
from tests.factories.scoring import CHANGED, FRAMEWORK, NEW_WORDS, PAPER_ON, make_file_to_score
from tests.factories.tenants import PASSWORD, make_council, make_region

CODES = [requirement.code for requirement in tree_of(FRAMEWORK).requirements_of("charter")]
SKIPPED, UNKNOWN, FLAGGED = CODES[4], CODES[10], CODES[20]
SAVED = re.compile(r"^Saved at ")
Opened = Callable[..., Page]


@dataclass(frozen=True)
class Place:
    """A file on a server of its own."""

    url: str
    case: MadeCase

    def page_of(self, code: str) -> str:
        """The address of a requirement in the file."""
        return f"/files/{self.case.accreditation_id}/requirements/{code}"


@pytest.fixture(scope="module")
def place(cluster: Cluster, config: Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """The whole application on a database and a server of its own, with one file that two have declared for."""
    with app_on_own_database(cluster, config, "scoring", tmp_path_factory.mktemp("scoring")) as app:
        region = make_region(app)
        case = make_file_to_score(app, make_council(app, region), region)
        with serving(app) as url:
            yield Place(url, case)


@pytest.fixture
def opened(browser: Browser, place: Place) -> Iterator[Opened]:
    """`opened(code, scorer=1)`: that scorer's own browser, signed in, at the page of the requirement."""
    contexts: list[BrowserContext] = []

    def open_page(code: str, *, scorer: int = 1, scripts: bool = True) -> Page:
        context = browser.new_context(
            base_url=place.url, viewport={"width": 1280, "height": 900}, java_script_enabled=scripts
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        if scripts:
            sign_in(page, place.case.scorers[scorer].email, PASSWORD)
        else:
            page.goto("/sign-in")
            page.locator('[name="email"]').fill(place.case.scorers[scorer].email)
            page.locator('[name="password"]').fill(PASSWORD)
            page.get_by_role("button", name="Sign in", exact=True).click()
        page.goto(place.page_of(code))
        return page

    yield open_page
    for context in contexts:
        context.close()


@dataclass
class Hands:
    """What is done at the keyboard, counted: a key or a chord is one action, a stretch of typing another."""

    page: Page
    actions: int = 0

    def press(self, key: str) -> None:
        """Press a key or a chord."""
        self.actions += 1
        self.page.keyboard.press(key)

    def type(self, words: str) -> None:
        """Type a stretch of words."""
        self.actions += 1
        self.page.keyboard.type(words)

    def done(self) -> int:
        """How many actions it took since the last time."""
        taken, self.actions = self.actions, 0
        return taken


def test_45_requirements_are_scored_by_keys_alone_in_three_actions_each(opened: Opened, place: Place) -> None:
    page = opened(CODES[0], scorer=0)
    hands = Hands(page)
    taken = {}
    for number, code in enumerate([*CODES, SKIPPED]):
        expect_at(page, f"{place.url}{place.page_of(code)}")
        again = number == len(CODES)
        if code == SKIPPED and not again:
            hands.press("k")
            taken["skipped"] = hands.done()
            continue
        if code == FLAGGED:
            hands.press("f")
        hands.press("c" if code == UNKNOWN else "1" if number % 3 else "2")
        expect(page.locator("#reason")).to_be_focused()
        hands.type(f"The papers show {code}.")
        hands.press("Control+Enter")
        taken[code] = hands.done()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check and submit your scores")
    expect(page.locator("main")).to_contain_text("45 of 45 scored")
    assert len(taken) == 46
    assert taken.pop(FLAGGED) == 4  # the flag besides
    assert max(taken.values()) <= 3, taken
    look_at(page, "scores, ready to be submitted")
    page.goto(place.page_of(SKIPPED).removesuffix(f"/{SKIPPED}") + "?show=flagged")
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text(re.compile(f"{re.escape(FLAGGED)}.*Flagged"))
    page.goto(place.page_of(UNKNOWN))
    expect(page.get_by_label("Cannot assess")).to_be_checked()
    expect(page.locator("#reason")).to_have_value(f"The papers show {UNKNOWN}.")


def test_a_reload_in_the_middle_of_typing_loses_nothing(opened: Opened) -> None:
    page = opened("2.1.1")
    page.keyboard.press("2")
    page.keyboard.type("The plan has no")
    page.reload()
    expect(page.locator("#reason")).to_have_value("The plan has no")
    expect(page.locator('[name="judgement"][value="partly_met"]')).to_be_checked()
    page.keyboard.press("f")
    expect(page.locator("[data-saved]")).to_have_text(SAVED)
    page.keyboard.press("f")
    expect(page.locator("#flagged")).not_to_be_checked()
    expect(page.locator("[data-saved]")).to_have_text(SAVED)
    page.reload()
    expect(page.locator("[data-draft-offers]")).to_be_empty()
    expect(page.locator("#flagged")).not_to_be_checked()


def test_words_that_never_reached_the_server_come_back_by_themselves(opened: Opened, place: Place) -> None:
    page = opened("2.1.2")
    page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('no connection')); }")
    page.keyboard.press("1")
    page.keyboard.type("Typed on a train.")
    expect(page.locator("[data-saved]")).to_contain_text("no connection")
    page.goto(place.page_of("2.1.3"))
    page.goto(place.page_of("2.1.2"))
    expect(page.locator("#reason")).to_have_value("Typed on a train.")
    expect(page.locator("[data-draft-offers]")).to_contain_text(re.compile(r"What you typed at .* is back\."))
    expect(page.locator("[data-saved]")).to_have_text(SAVED)


def test_keys_rest_while_typing_and_can_be_switched_off(opened: Opened, place: Place) -> None:
    page = opened("2.2.1")
    page.keyboard.press("r")
    page.keyboard.type("1 new plan, 2 lists?")
    expect(page.locator("#reason")).to_have_value("1 new plan, 2 lists?")
    expect(page.locator('[name="judgement"]:checked')).to_have_count(0)
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_label("Use single keys")).to_be_visible()
    look_at(page, "scoring, keys shown")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator("[data-keys-said]")).to_have_text("Single keys are off.")
    page.keyboard.press("1")
    page.keyboard.press("n")
    expect(page).to_have_url(f"{place.url}{place.page_of('2.2.1')}")
    expect(page.locator('[name="judgement"]:checked')).to_have_count(0)
    page.reload()
    expect(page.locator("[data-keys] summary")).to_have_text("Keys: off")
    page.keyboard.press("n")
    expect(page).to_have_url(f"{place.url}{place.page_of('2.2.1')}")
    page.locator("[data-keys] summary").click()
    page.get_by_label("Use single keys").check()
    page.keyboard.press("n")
    expect_at(page, f"{place.url}{place.page_of('2.2.2')}")
    page.keyboard.press("p")
    expect_at(page, f"{place.url}{place.page_of('2.2.1')}")
    page.keyboard.press("g")
    page.keyboard.type("2.4.1")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{place.url}{place.page_of('2.4.1')}")


def test_two_windows_of_one_scorer_see_both_texts(opened: Opened) -> None:
    first, second = opened("2.3.1"), opened("2.3.1")
    first.keyboard.press("1")
    first.keyboard.type("Written first.")
    expect(first.locator("[data-saved]")).to_have_text(SAVED)
    second.keyboard.press("2")
    second.keyboard.type("Written second.")
    told = second.locator("[data-saved]")
    expect(told).to_contain_text("Not saved: this score was saved in another window.")
    told.get_by_role("button", name="See both texts").click()
    expect(second.locator("#reason")).to_have_value("Written second.")
    expect(second.locator("main")).to_contain_text("Written first.")
    look_at(second, "both texts of a score")
    second.get_by_role("button", name="Save my text instead").click()
    expect(second.locator("#reason")).to_have_value("Written second.")
    expect(second.locator('[name="judgement"][value="partly_met"]')).to_be_checked()
    expect(second.locator("[data-draft-offers]")).to_be_empty()


def test_a_paper_opens_in_place_at_the_page_the_council_names(opened: Opened, place: Place) -> None:
    page = opened(PAPER_ON)
    look_at(page, "scoring, papers")
    page.get_by_role("link", name="Minutes of the group, page 2").click()
    pane = page.locator("[data-preview-pane]")
    expect(pane).to_contain_text("Page 2 of 3")
    expect(pane.get_by_role("img", name="Page 2 of 3 as an image.")).to_be_visible()
    look_at(page, "scoring, paper opened")
    page.keyboard.press("1")
    expect(page.locator("#reason")).to_be_focused()  # score with the paper open
    pane.get_by_role("link", name="Next page").click()
    expect(pane).to_contain_text("Page 3 of 3")
    pane.get_by_text("Text of this page").click()
    expect(pane).to_contain_text("The last page.")
    page.get_by_role("link", name="Note of a talk").first.click()
    expect(page.locator("main")).to_contain_text("Evenings suit.")
    expect(pane).to_have_count(1)
    page.get_by_role("button", name="Close the preview").click()
    expect(pane).to_have_count(0)
    page.goto(place.page_of(CHANGED))
    page.keyboard.press("d")
    expect(page.locator("#last-time ins")).to_contain_text("we ask every member each May")
    look_at(page, "scoring, what changed")
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(place.page_of(PAPER_ON))
    page.get_by_role("link", name="Minutes of the group, page 2").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Minutes of the group")
    look_at(page, "sealed paper")
    page.get_by_role("link", name=f"Back to {PAPER_ON}").click()
    expect(page).to_have_url(f"{place.url}{place.page_of(PAPER_ON)}")


def test_panes_are_moved_by_arrow_keys_and_the_list_put_away(opened: Opened) -> None:
    page = opened("2.5.1")
    border = page.get_by_role("separator", name="Width of your score")
    before = page.locator("#score").bounding_box()
    border.focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    after = page.locator("#score").bounding_box()
    assert before is not None
    assert after is not None
    assert after["width"] > before["width"] + 20
    page.get_by_role("button", name="Hide the list").click()
    page.reload()
    expect(page.get_by_role("navigation", name="Requirements")).to_be_hidden()
    look_at(page, "scoring, list put away")
    page.get_by_role("button", name="Show the list").click()
    expect(page.get_by_role("navigation", name="Requirements")).to_be_visible()


def test_a_requirement_is_scored_without_scripts(opened: Opened, place: Place) -> None:
    page = opened(CHANGED, scripts=False)
    expect(page.locator("main")).to_contain_text(NEW_WORDS)
    page.get_by_text("Last time:").click()
    expect(page.locator("#last-time ins")).to_contain_text("we ask every member each May")
    page.locator('[name="judgement"][value="met"]').check()
    page.locator("#mandatory").check()
    page.get_by_role("button", name="Save and next").click()
    expect(page.locator("#reason-error")).to_contain_text("Give the reason for your judgement.")
    expect(page.locator("#improvement-error")).to_contain_text("Say what has to be improved.")
    page.locator("#reason").fill("Every member is asked.")
    page.locator("#improvement").fill("Write it down.")
    page.get_by_role("button", name="Save and next").click()
    expect(page.locator("main")).to_contain_text(f"{CHANGED} saved at")
    page.locator("#note").fill("Half a thought")
    page.get_by_role("button", name="Skip").click()
    expect(page.locator("main")).to_contain_text("1.1.3 kept as it is at")
    page.get_by_role("link", name=re.compile(r"Not scored \(\d+\)")).click()
    page.get_by_label("Go to number").fill("3")
    page.get_by_role("button", name="Go", exact=True).click()
    expect(page).to_have_url(f"{place.url}{place.page_of('1.1.3')}?show=open")
    expect(page.locator("#note")).to_have_value("Half a thought")

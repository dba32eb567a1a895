"""The council's fact check in a real browser: comments beneath what they are about, and a check before its end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from saas.config import Config
from saas.embedded import Cluster
from tests.browser.acts import choose, fill, press, sign_in
from tests.browser.looking import look_at
from tests.browser.test_council_pages import address, page
from tests.factories.awards import TOLD, comment, make_award, make_fact_check, partly
from tests.factories.databases import app_on_own_database
from tests.factories.tenants import make_council, make_region, make_user

__all__ = ["address", "page"]
LOW = partly(*(f"{criterion}.{element}.1" for criterion in (1, 2) for element in (1, 2, 3, 4)))


@pytest.fixture(scope="module")
def app(cluster: Cluster, config: Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application on a database of its own, whose jobs run when they are told to."""
    with app_on_own_database(cluster, config, "facts", tmp_path_factory.mktemp("facts")) as made:
        yield made


def test_a_comment_is_read_and_written_on_a_phone_without_scrolling_sideways(app: Flask, page: Page) -> None:
    council = make_council(app, make_region(app))
    case = make_fact_check(app, council, agreed={"1.1.1": "partly_met"})
    lead = make_user(app, council, "council_lead")
    sign_in(page, lead.email, lead.password)
    page.set_viewport_size({"width": 320, "height": 900})
    page.goto(f"/councils/{council.slug}/accreditations/{case.accreditation_id}/report")
    offers = page.locator(".remarks").get_by_role("link")
    expect(offers).to_have_text(["Comment on a fact of Requirement 1.1.1"])
    offers.first.click()
    fill(page, words="It was agreed on 4 May, not in June.")
    look_at(page, "fact check, comment on a judgement")
    press(page, "Send this comment")
    box = page.locator("#comment-1").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 320
    assert box["height"] < 400
    look_at(page, "fact check, comment sent")
    press(page, "That is everything")
    expect(page.locator("main")).to_contain_text("Your council has sent 1 comment on version 1.")
    look_at(page, "fact check, check before the end")
    press(page, "That is everything")
    expect(page.locator("main")).to_contain_text("that is everything the council has to say.")


def test_the_council_reads_why_it_is_not_yet_and_can_appeal(app: Flask, page: Page) -> None:
    council = make_council(app, make_region(app))
    waiting = make_fact_check(app, make_council(app, council.region), judge=LOW)
    comment(app, waiting)
    decider, lead = make_user(app, council.region, "region_decider"), make_user(app, council, "council_lead")
    sign_in(page, decider.email, decider.password)
    page.goto(f"/regions/{council.region.slug}/cases/{waiting.accreditation_id}/decision")
    choose(page, "outcome", "not_yet")
    press(page, "Decide")
    expect(page.locator("#words-error")).to_contain_text("Enter what the council reads about the outcome.")
    look_at(page, "decision, words missing")
    case = make_award(app, council, judge=LOW, outcome="not_yet")
    page.context.clear_cookies()
    sign_in(page, lead.email, lead.password)
    page.goto(f"/councils/{council.slug}/accreditations/{case.accreditation_id}/appeal")
    expect(page.locator("main")).to_contain_text(TOLD)
    look_at(page, "appeal, with the region's words")
    page.goto(f"/councils/{council.slug}/accreditations/{case.accreditation_id}/report")
    expect(page.locator("main")).to_contain_text(TOLD)
    look_at(page, "report, not yet")

"""What follows the scores, step by step in a browser: moderation, report, decision, replies, interim review."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from saas import clock
from tests.browser.acts import choose, fill, fill_date, follow, press, wait_for
from tests.browser.looking import look_at
from tests.factories.assessment import tree_of
from tests.factories.scores import MadeCase
from tests.factories.tenants import MadeUser

FRAMEWORK = "fixture-45"
CODES = [requirement.code for requirement in tree_of(FRAMEWORK).requirements_of("charter")]
DIFFERS = ("1.1.2", "2.2.2")
"""Met says the first, partly met the second."""
FLAGGED = ("1.3.3", "3.1.2")
"""Met say both; the first flags the one, the second the other."""
BARE = ("2.4.3", "3.4.1")
"""Partly met say both, and neither what could be better."""
ALIKE = "3.5.2"
"""Partly met say both, and what could be better: nothing is left to talk over."""
TO_TALK_OVER = sorted([*DIFFERS, *FLAGGED, *BARE])
BETTER = "Write down who looks after {}."


@dataclass(frozen=True)
class Story:
    """A case with an accepted submission, and whoever else signs in."""

    case: MadeCase
    lead: MadeUser
    decider: MadeUser

    @property
    def region_home(self) -> str:
        """The address of the region."""
        return f"/regions/{self.case.region.slug}/"

    @property
    def address(self) -> str:
        """The address of the case."""
        return f"{self.region_home}cases/{self.case.accreditation_id}"

    @property
    def file(self) -> str:
        """The address of the assessors' file."""
        return f"/files/{self.case.accreditation_id}"

    @property
    def home(self) -> str:
        """The address of the council's accreditation."""
        return f"/councils/{self.case.council.slug}/accreditations/{self.case.accreditation_id}/"


def moderate(story: Story, officer: Page) -> None:
    """Exactly six are to be talked over; the others stand in one step."""
    officer.goto(f"{story.address}/moderation")
    press(officer, "Begin moderation")
    listed = officer.get_by_role("table", name="To talk over").locator("tbody th a")
    assert [words.split(maxsplit=1)[0] for words in listed.all_inner_texts()] == TO_TALK_OVER
    look_at(officer, "moderation of 45")
    press(officer, f"Let these {len(CODES) - len(TO_TALK_OVER)} stand")
    expect(officer.locator("main")).to_contain_text("39 of 45 agreed")
    for code in TO_TALK_OVER:
        officer.goto(f"{story.address}/moderation/requirements/{code}")
        choose(officer, "judgement", "met" if code in FLAGGED else "partly_met")
        press(officer, "Agree this judgement")
        expect(officer.locator("#reason-error")).to_be_visible()
        look_at(officer, "moderation of one, no reason")
        fill(officer, reason=f"Both read the papers of {code} again.")
        press(officer, "Agree this judgement")
    officer.goto(f"{story.address}/moderation")
    press(officer, "Finish and go on to the report")


def write_report(story: Story, officer: Page) -> None:
    """Begun with what the assessors named, written, and opened to the council."""
    officer.goto(f"{story.address}/report")
    press(officer, "Begin the report")
    actions = officer.locator('textarea[name^="action-"]')
    named = [BETTER.format(code) for code in (*DIFFERS, ALIKE)]
    assert [each.input_value() for each in actions.all()] == [*named, ""]
    fill(officer, summary="The council has known for ten years what its members need.")
    officer.locator('[name^="timescale-"]').first.fill("Within a year")
    press(officer, "Save the report")
    look_at(officer, "report of 45")
    officer.goto(f"{story.address}/report/fact-check")
    press(officer, "Open version 1 to the council")


def check_facts(story: Story, lead: Page, officer: Page) -> None:
    """The council corrects a paragraph; the region changes it and says so."""
    lead.goto(f"{story.home}report")
    look_at(lead, "report of 45 for the fact check")
    follow(lead.get_by_role("link", name="Comment on Summary").first)
    fill(lead, words="It is five years, not ten.")
    press(lead, "Send this comment")
    press(lead, "That is everything")
    look_at(lead, "fact check, before its end")
    press(lead, "That is everything")
    officer.goto(f"{story.address}/report")
    fill(officer, summary="The council has known for five years what its members need.")
    press(officer, "Save the report")
    follow(officer.get_by_role("link", name="Answer the comment"))
    expect(officer.locator("main ins")).to_contain_text("five")
    look_at(officer, "answer the comment, paragraph changed")
    choose(officer, "changed_1", "changed")
    press(officer, "Send the answers")
    lead.goto(f"{story.home}report")
    expect(lead.locator("#comment-1")).to_contain_text("Changed")


def decide_and_release(story: Story, decider: Page, officer: Page) -> None:
    """Somebody from outside the team decides; the officer releases."""
    decider.goto(f"{story.address}/decision")
    choose(decider, "outcome", "awarded")
    press(decider, "Decide")
    officer.goto(f"{story.address}/release")
    expect(officer.locator("main")).to_contain_text("The report has changed since version 1")
    look_at(officer, "release, report changed")
    press(officer, "Release to the council")
    expect(officer.get_by_role("heading", level=1)).to_have_text("Released")


def reply_to_each(story: Story, lead: Page) -> None:
    """Accepted, accepted in part, decided against."""
    lead.goto(f"{story.home}improvements")
    expect(lead.locator("main")).to_contain_text("0 of 3 improvements replied to")
    for number, answer in enumerate(("accepted", "accepted_in_part", "decided_against"), 1):
        lead.goto(f"{story.home}improvements/{number}")
        choose(lead, "answer", answer)
        if number > 1:
            fill(lead, reason="The panel weighed the cost.")
        if answer == "decided_against":
            fill(lead, body="Member Development Panel", minute="12")
            fill_date(lead, "decided_on", clock.today())
        press(lead, "Send to the region")
    lead.goto(f"{story.home}improvements")
    expect(lead.locator("main")).to_contain_text("3 of 3 improvements replied to")


def send_interim_return(story: Story, lead: Page) -> None:
    """One is complete and shown by a paper, one goes on; what was decided against is not asked for."""
    lead.goto(f"{story.home}interim")
    look_at(lead, "interim return, begun")
    follow(lead.get_by_role("link", name=re.compile("^1[.]")))
    choose(lead, "state", "claimed_complete")
    fill(lead, words="The panel looks after it since May.")
    lead.locator('[name="evidence_id"]').select_option(index=1)
    look_at(lead, "interim return, one improvement")
    press(lead, "Save and next")
    choose(lead, "state", "in_progress")
    press(lead, "Save and next")
    expect(lead.locator("main")).to_contain_text("Say what has been done.")
    look_at(lead, "interim return, words missing")
    follow(lead.get_by_role("link", name="Improvement 2"))
    fill(lead, words="Half of it is done.")
    press(lead, "Save and next")
    look_at(lead, "interim return, ready")
    follow(lead.get_by_role("button", name="Check and send"))
    look_at(lead, "interim return, checked")
    press(lead, "Seal and send to the region")
    wait_for(lead, f"{story.home}interim", "Receipt of interim return 1")
    look_at(lead, "interim return, sent")


def review_interim_return(story: Story, officer: Page) -> None:
    """What is complete is verified, and the letter written."""
    officer.goto(story.address)
    follow(officer.locator('main a[href*="/interim/"]').first)
    expect(officer.locator('input[name^="ending_"]:checked')).to_have_count(2)
    choose(officer, "ending_1", "verified")
    fill(officer, letter="We verified improvement 1. We come again in spring.")
    look_at(officer, "interim return, to be reviewed")
    press(officer, "Close the review and send the letter")
    look_at(officer, "interim return, reviewed")

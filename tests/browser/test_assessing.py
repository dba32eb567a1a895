"""Assessing in a real browser: from the pool of assessors to the letter of the interim review, and a late conflict."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from assessment.models.submissions import SubmissionFile
from assessment.queries.accreditations import get_accreditation
from assessment.queries.assignments import get_own
from assessment.queries.submissions import get_submission
from assessment.rules.processes import DEFAULT
from assessment.services import assignments, interests, processes, readiness
from assessment.services.frameworks import publish_framework
from saas.db import db, new_id
from saas.tenancy import CONSOLE
from saas.transaction import within
from tests.browser.acts import choose, expect_at, fill, follow, post, press, sign_in
from tests.browser.deciding import (
    ALIKE,
    BARE,
    BETTER,
    CODES,
    DIFFERS,
    FLAGGED,
    FRAMEWORK,
    Story,
    check_facts,
    decide_and_release,
    moderate,
    reply_to_each,
    review_interim_return,
    send_interim_return,
    write_report,
)
from tests.browser.looking import look_at
from tests.factories.assessment import make_accreditation, tree_of
from tests.factories.assessors import make_assessor
from tests.factories.scores import MadeCase, actor, seated
from tests.factories.submissions import make_submission
from tests.factories.tenants import PASSWORD, MadeUser, make_council, make_region, make_user

INTERIM_MONTHS = 3
"""How long after the award the interim review is due, and how long before that the return opens: at once."""
OPENED = ("/requirements", f"/requirements/{CODES[0]}", "/submit", "/papers/-", "/questions")
Windows = Callable[[], Page]
Form = dict[str, str | float | bool]


def make_story(console: Flask, region_slug: str, council_name: str) -> Story:
    """45 requirements, sealed and accepted, in a region with two assessors who may be asked."""
    region = make_region(console, region_slug, f"{region_slug.title()} Employers")
    soon = replace(DEFAULT, interim_months=INTERIM_MONTHS, interim_opens_months=INTERIM_MONTHS)
    process = replace(soon, readiness_signed=False)
    with console.app_context(), within(region.scope()):
        framework_id = publish_framework(tree_of(FRAMEWORK), region_id=region.id, by=CONSOLE)[0].id
        processes.save_process(region.id, process, version=0, by=CONSOLE)
    council = make_council(console, region, council_name.split(maxsplit=1)[0].lower(), council_name)
    officer = make_user(console, region, "region_officer", "Olive Bright")
    accreditation_id = make_accreditation(console, council, framework_id)
    submission_id = make_submission(console, council, accreditation_id)
    with console.app_context(), within(region.scope(officer.id)):
        accreditation = get_accreditation(accreditation_id, lock=True)
        readiness.decide(accreditation, get_submission(submission_id), outcome="accepted", reason="", by=actor(officer))
    scorers = (
        make_assessor(console, region, "officer", "Thornford Borough Council", "Ada Peer"),
        make_assessor(console, region, "councillor", "Wickmere City Council", "Ben Peer"),
    )
    return Story(
        MadeCase(accreditation_id, submission_id, framework_id, council, region, officer, scorers),
        make_user(console, council, "council_lead", "Lee Marsh"),
        make_user(console, region, "region_decider", "Dara Quill"),
    )


def test_from_the_pool_to_the_letter(console: Flask, someone: Windows) -> None:
    story = make_story(console, "wealdmark", "Copperhill District Council")
    officer, lead, peers = signed_in(someone, story.case.officer), signed_in(someone, story.lead), []
    choose_team(console, story, officer)
    for scorer in story.case.scorers:
        peers.append(signed_in(someone, scorer))
        declare(console, story, peers[-1])
    score_by_keys(story, peers[0])
    score_by_forms(story, peers[1])
    for peer in peers:
        submit_scores(story, peer)
    moderate(story, officer)
    write_report(story, officer)
    check_facts(story, lead, officer)
    decide_and_release(story, signed_in(someone, story.decider), officer)
    reply_to_each(story, lead)
    send_interim_return(story, lead)
    review_interim_return(story, officer)
    lead.goto(f"{story.home}interim")
    expect(lead.locator("main")).to_contain_text("We verified improvement 1. We come again in spring.")
    look_at(lead, "interim return, letter")


def test_a_conflict_declared_late_closes_the_file_at_once(console: Flask, someone: Windows) -> None:
    story = make_story(console, "downmark", "Harefold District Council")
    case = story.case
    make_assessor(console, case.region, "officer", "Sallow Borough Council", "Cleo Peer")
    with console.app_context(), within(case.region.scope(case.officer.id)):
        assignments.assign(get_accreditation(case.accreditation_id, lock=True), seated(case), by=actor(case.officer))
    first = case.scorers[0]
    with console.app_context(), within(case.file()):
        own = get_own(case.accreditation_id, first.id, lock=True)
        interests.declare(own, interest="none", words="", by=actor(first))
    peer, officer = signed_in(someone, first), signed_in(someone, case.officer)
    peer.goto(f"{story.file}/requirements/{CODES[0]}")
    addresses = addresses_of(console, story)
    assert ("GET", f"{story.file}/interests/changed") in addresses
    follow(peer.locator('a[href$="/interests/changed"]').first)
    look_at(peer, "conflict declared late")
    press(peer, "Declare the conflict and leave")
    expect(peer.locator("#words-error")).to_contain_text("Say what has changed, in a sentence.")
    look_at(peer, "conflict declared late, nothing said")
    fill(peer, words="My sister was elected there on Thursday.")
    press(peer, "Declare the conflict and leave")
    assert {each: answer_of(peer, *each) for each in addresses} == dict.fromkeys(addresses, 404)
    look_at(peer, "my files, team left")

    officer.goto(f"{story.address}/team")
    expect(officer.locator("main")).to_contain_text("Ada Peer declared a conflict of interest")
    look_at(officer, "team, one has left")
    officer.locator('select[name="officer_1_person"]').select_option(label=label_of(officer, "Cleo Peer"))
    press(officer, "Ask them")
    expect(officer.get_by_role("row", name=re.compile("Cleo Peer"))).to_contain_text("Not declared")


def signed_in(someone: Windows, user: MadeUser) -> Page:
    """That person's own window."""
    page = someone()
    sign_in(page, user.email, PASSWORD)
    return page


def choose_team(console: Flask, story: Story, officer: Page) -> None:
    """Two of the pool may not be asked, and the page says why; the team proposed is taken."""
    case = story.case
    near = make_council(console, case.region, "millbeck", "Millbeck District Council")
    make_assessor(console, case.region, "officer", case.council, "Abel Own")
    make_assessor(console, case.region, "councillor", near, "Abel Near")
    officer.goto(f"{story.region_home}neighbours")
    for name, council in (("one", case.council), ("other", near)):
        officer.locator(f'select[name="{name}"]').select_option(str(council.id))
    press(officer, "Declare")
    look_at(officer, "neighbours declared")
    officer.goto(f"{story.region_home}assessors")
    look_at(officer, "pool of assessors")
    follow(officer.get_by_role("link", name="Abel Near"))
    look_at(officer, "entry in the pool")
    officer.goto(f"{story.region_home}teams")
    look_at(officer, "teams, choose files")
    press(officer, "See proposed teams")
    officer.get_by_text("Not proposed here, and why").click()
    out = officer.get_by_role("listitem")
    expect(out.filter(has_text="Abel Own:")).to_contain_text("They are a councillor or officer of this council.")
    expect(out.filter(has_text="Abel Near:")).to_contain_text("They come from a council that is declared a neighbour")
    for place, person in (("officer_1", "Ada Peer"), ("councillor_1", "Ben Peer"), ("regional_1", "Olive Bright")):
        expect(officer.locator(f'select[name$="{place}_person"] option:checked')).to_contain_text(person)
    expect(officer.locator("option", has_text="Abel")).to_have_count(0)
    look_at(officer, "teams, proposed")
    press(officer, "Check these teams")
    look_at(officer, "teams, to be asked")
    press(officer, "Ask them")
    expect(officer.locator("main")).to_contain_text("1 council has its team. Asked 3 people.")


def addresses_of(console: Flask, story: Story) -> list[tuple[str, str]]:
    """Method and address of everything there is below the file, of one requirement and one paper of it."""
    case = story.case
    with console.app_context(), within(case.region.scope()):
        paper = db.session.scalar(select(SubmissionFile.id).where(SubmissionFile.submission_id == case.submission_id))
    named = {"code": CODES[0], "file_id": paper, "page": 1, "note_id": new_id(), "kind": "pdf"}
    values = {"file": case.accreditation_id} | named
    found = []
    for rule in console.url_map.iter_rules():
        if rule.rule.startswith("/files/<uuid:file>/"):
            built = rule.build({name: values[name] for name in rule.arguments})
            assert built is not None
            found += [(method, built[1]) for method in sorted((rule.methods or set()) & {"GET", "POST"})]
    return found


def answer_of(page: Page, method: str, address: str) -> int:
    """The status with which one more request of this window is answered; what is posted has the window's token."""
    token = page.locator('[name="csrf_token"]').first.get_attribute("value")
    form: Form = {"csrf_token": str(token)}
    return page.request.fetch(address, method=method, form=form if method == "POST" else None, max_redirects=0).status


def declare(console: Flask, story: Story, peer: Page) -> None:
    """Before the declaration there is no such address; after it the file is open."""
    peer.goto("/files")
    follow(peer.get_by_role("link", name=story.case.council.name))
    own = f"{story.file}/interests"
    closed = [each for each in addresses_of(console, story) if not each[1].startswith(own)]
    assert {each: answer_of(peer, *each) for each in closed} == dict.fromkeys(closed, 404)
    choose(peer, "interest", "none")
    press(peer, "Declare")
    readable = [each for each in closed if each[0] == "GET" and answer_of(peer, *each) == 200]
    assert {f"{story.file}{rest}" for rest in OPENED} <= {
        re.sub("/papers/.{36}", "/papers/-", address) for _, address in readable
    }


def score_by_keys(story: Story, peer: Page) -> None:
    """45 requirements, and no mouse."""
    peer.goto(f"{story.file}/requirements/{CODES[0]}")
    base = peer.url.rpartition("/")[0]
    for code in CODES:
        expect_at(peer, f"{base}/{code}")
        if code == FLAGGED[0]:
            peer.keyboard.press("f")
        peer.keyboard.press("2" if code in (*BARE, ALIKE) else "1")
        expect(peer.locator("#reason")).to_be_focused()
        peer.keyboard.type(f"The papers show {code}.")
        if code == ALIKE:
            peer.keyboard.press("Escape")
            peer.keyboard.press("i")
            expect(peer.locator("#improvement")).to_be_focused()
            peer.keyboard.type(BETTER.format(code))
        peer.keyboard.press("Control+Enter")
    expect(peer.locator("main")).to_contain_text("45 of 45 scored")


def score_by_forms(story: Story, peer: Page) -> None:
    """The same 45, posted as the form of the page posts them."""
    for code in CODES:
        low = code in (*DIFFERS, *BARE, ALIKE)
        form = {"version": "0", "do": "next", "reason": f"I read the papers of {code}."}
        form["judgement"] = "partly_met" if low else "met"
        if low and code not in BARE:
            form["improvement"] = BETTER.format(code)
        if code == FLAGGED[1]:
            form["flagged"] = "true"
        post(peer, f"{story.file}/requirements/{code}", **form)


def submit_scores(story: Story, peer: Page) -> None:
    """Every score at once, for good."""
    peer.goto(f"{story.file}/submit")
    press(peer, "Submit my scores")
    expect(peer.get_by_role("heading", level=1)).to_have_text("Your scores")


def label_of(page: Page, name: str) -> str:
    """The words of the choice that begins with this name."""
    return page.locator("option", has_text=name).first.inner_text()

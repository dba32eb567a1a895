"""The whole story in a real browser, on the service as it runs: from an invitation to an award and its replies."""

from __future__ import annotations

import re
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import Page, expect

from assessment.rules import frameworks
from saas import clock
from tests.browser.acts import PASSWORD, add_person, choose, fill, fill_date, follow, post, press, sign_in
from tests.browser.conftest import ROOT, Mailbox, Service
from tests.browser.looking import look_at
from tests.factories.documents import word_plan

FRAMEWORK = frameworks.parse((ROOT / "assessment" / "starter" / "charter-2008.yaml").read_text())
CODES = [requirement.code for requirement in FRAMEWORK.requirements_of("charter")]
GAP = CODES[3]
DIFFERS = CODES[5]
TYPED = {*CODES[:2], GAP, DIFFERS, CODES[-1]}
"""Requirements that are answered and scored in the browser; the others are posted as their pages post them."""
PUBLIC = (
    ("/", "front page"),
    ("/accessibility", "accessibility"),
    ("/privacy", "privacy"),
    ("/register", "register, empty"),
    ("/regions/merrow/welcome", "welcome"),
)


def add_user(service: Service, email: str, name: str, scope: str, role: str) -> str:
    """Give somebody a sign-in from the command line."""
    done = service.charterway(
        "user", "add", "--email", email, "--name", name, "--scope", scope, "--role", role, "--password-stdin",
        stdin=PASSWORD,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return email


def test_from_invitation_to_award(
    service: Service, console: Flask, mailbox: Mailbox, someone: Any, tmp_path: Path
) -> None:
    assert service.charterway("region", "add", "--slug", "merrow", "--name", "Merrow Employers").returncode == 0
    officer_email = add_user(service, "olive@example.org", "Olive Bright", "merrow", "region_officer")
    decider_email = add_person(console, "dara@example.org", "Dara Quill", "merrow", "region_decider")
    scorers = [
        add_person(console, "peer.one@example.org", "Ada Peer", "merrow", "assessor"),
        add_person(console, "peer.two@example.org", "Ben Peer", "merrow", "assessor"),
    ]
    visitor = someone()
    for path, name in PUBLIC:
        visitor.goto(path)
        look_at(visitor, name)

    officer = someone()
    sign_in(officer, officer_email)
    look_at(officer, "region home, empty")
    lead = join_as_lead(officer, someone(), mailbox)
    accreditation = commit(lead)
    answer_everything(lead, accreditation, tmp_path)
    send(lead, accreditation, "plan")
    case = decide_readiness(officer, "Approve")
    record_office(lead, "Leader", "Robin Hale", "robin@example.org")
    sign_submission(lead, accreditation, someone(), mailbox)
    send(lead, accreditation, "readiness")
    decide_readiness(officer, "Accept")
    assign(officer, case)
    windows = [someone(), someone()]
    for number, (window, email) in enumerate(zip(windows, scorers, strict=True)):
        score_everything(window, email, harsh=number == 1)
    moderate(officer, case)
    write_report(officer, case, tmp_path)
    lead.goto(f"{accreditation}report")
    look_at(lead, "report for the fact check")
    check_facts(lead, officer, case)
    decide(someone(), decider_email, case)
    release(officer, case)
    check_public(someone())
    reply(lead, accreditation)
    see_in_region(officer)
    verify_offline(service, lead, accreditation, tmp_path)


def join_as_lead(officer: Page, lead: Page, mailbox: Mailbox) -> Page:
    """The region adds a council; its lead accepts the invitation that came by mail."""
    officer.goto("/regions/merrow/councils/new")
    look_at(officer, "add a council")
    fill(officer, name="Alderbrook District Council", county="Merrowshire", slug="alderbrook")
    fill(officer, lead_name="Lee Marsh", lead_email="lee@example.org")
    officer.locator('[name="kind"]').select_option("district")
    press(officer, "Add the council and invite its lead")
    look_at(officer, "people with access")
    lead.goto(mailbox.link_for("lee@example.org", "/invitations/"))
    look_at(lead, "invitation")
    fill(lead, password=PASSWORD)
    press(lead, "Accept and sign in")
    lead.goto("/councils/alderbrook/")
    look_at(lead, "council home, empty")
    return lead


def commit(lead: Page) -> str:
    """Commit to the 2008 framework; the address of the self-assessment."""
    lead.goto("/councils/alderbrook/accreditations/new")
    look_at(lead, "commit")
    press(lead, "Commit and open the self-assessment")
    look_at(lead, "commit, refused")
    lead.get_by_label(re.compile("2008")).first.check()
    yesterday = clock.today() - timedelta(days=1)
    for number, name in ((1, "Robin Hale"), (2, "Sasha Wren")):
        fill(lead, **{f"office_{number}_name": name})
        fill_date(lead, f"office_{number}_signed_on", yesterday)
    press(lead, "Commit and open the self-assessment")
    look_at(lead, "accreditation")
    return lead.url.removesuffix("journey")


def answer_everything(lead: Page, accreditation: str, tmp_path: Path) -> None:
    """Judge every requirement, with a file, a link, one gap with an action, and the refusals on the way."""
    lead.goto(accreditation)
    look_at(lead, "self-assessment, untouched")
    evidence = tmp_path / "Member development strategy.txt"
    evidence.write_text("The strategy was approved by the council.")
    pretender = tmp_path / "minutes.pdf"
    pretender.write_bytes(b"MZ" + b"\0" * 200)
    for code in CODES:
        page, words = f"{accreditation}requirements/{code}", f"What we do about {code}, in our own words."
        if code not in TYPED:
            post(lead, page, judgement="met", narrative=words, version="0", do="next")
            continue
        lead.goto(page)
        choose(lead, "judgement", "partly_met" if code == GAP else "met")
        fill(lead, narrative=words)
        if code == CODES[0]:
            look_at(lead, "requirement")
            lead.locator('[name="file"]').set_input_files(pretender)
            expect(lead.locator(".uploads__item").first).to_contain_text("Not added")
            look_at(lead, "requirement, file refused")
            expect(lead.locator('[name="narrative"]')).to_have_value(words)
            fill(lead, pinpoint="page 4")
            lead.locator('[name="file"]').set_input_files(evidence)
            expect(lead.locator(".uploads__item").nth(1)).to_contain_text("Cited, as")
        elif code == CODES[1]:
            fill(lead, link="https://example.org/minutes", evidence_title="Minutes of the steering group")
        elif code == GAP:
            lead.get_by_text("Plan an action").click()
            fill(lead, action="Write a policy", timescale="by end of March 2027", responsibility="Head of HR")
        press(lead, "Save and next")
    look_at(lead, "self-assessment, answered")
    lead.goto(f"{accreditation}requirements/{GAP}")
    expect(lead.locator("main")).to_contain_text("31 March 2027")
    look_at(lead, "requirement with an action")


def record_office(lead: Page, office: str, name: str, email: str) -> None:
    """Record who holds an office, and how to reach that person."""
    lead.goto("/councils/alderbrook/offices")
    look_at(lead, "office-holders, empty")
    lead.goto("/councils/alderbrook/offices/add")
    fill(lead, office=office, name=name, email=email)
    fill_date(lead, "from_on", clock.today() - timedelta(days=200))
    look_at(lead, "add an office-holder")
    press(lead, "Add")
    look_at(lead, "office-holders")


def sign_submission(lead: Page, accreditation: str, leader: Page, mailbox: Mailbox) -> None:
    """Put the submission before those who sign: the Leader signs by a mailed link, the Chief Executive on paper."""
    lead.goto(f"{accreditation}check/readiness")
    look_at(lead, "check, to be signed")
    press(lead, "Put it before those who sign")
    look_at(lead, "signatures")
    lead.goto(f"{accreditation}signing/readiness/paper/2")
    fill(lead, name="Sasha Wren")
    fill_date(lead, "signed_on", clock.today())
    look_at(lead, "signature on paper")
    press(lead, "Record the signature")
    leader.goto(mailbox.link_for("robin@example.org", "/sign/"))
    look_at(leader, "sign")
    fill(leader, name="Somebody Else")
    press(leader, "Sign")
    look_at(leader, "sign, another name")
    fill(leader, name="Cllr Robin Hale")
    press(leader, "Sign")
    look_at(leader, "signed")
    for _ in range(150):
        lead.goto(f"{accreditation}check/readiness")
        if lead.get_by_role("button", name="Send to the region").count():
            return
        lead.wait_for_timeout(200)
    raise AssertionError("the last signature did not open the way to send")


HASH = re.compile(r"([0-9a-f]{4} ){15}[0-9a-f]{4}")
"""The hash of a seal as the receipt shows it, in groups of four."""


def send(lead: Page, accreditation: str, kind: str) -> None:
    """Check what is missing, send, and wait for the receipt."""
    lead.goto(f"{accreditation}check/{kind}")
    look_at(lead, f"check, {kind}")
    if kind == "plan":
        fill(lead, monitor="Lee Marsh")
    press(lead, "Send to the region")
    for _ in range(300):
        if lead.locator("main").get_by_text(HASH).count():
            break
        lead.wait_for_timeout(200)
        lead.goto(f"{accreditation}check/{kind}") if "/submissions/" not in lead.url else lead.reload()
    expect(lead.locator("main")).to_contain_text(HASH)
    look_at(lead, f"receipt, {kind}")


def decide_readiness(officer: Page, words: str) -> str:
    """The region reads what was sent and takes it; the address of the case."""
    officer.goto("/regions/merrow/")
    look_at(officer, f"region home, {words}")
    follow(officer.get_by_role("link", name=re.compile("Alderbrook")).first)
    if "/submissions/" not in officer.url:
        look_at(officer, f"case, {words}")
        follow(officer.locator('main a[href*="/submissions/"]').first)
    case = officer.url.split("/submissions/")[0]
    look_at(officer, f"what was sent, {words}")
    choose(officer, "outcome", "accepted")
    press(officer, "Record the decision")
    return case


def assign(officer: Page, case: str) -> None:
    """Two scorers and a lead."""
    officer.goto(f"{case}/team")
    look_at(officer, "team")
    for name, person in (("officer", "Ada Peer"), ("councillor", "Ben Peer"), ("regional", "Olive Bright")):
        select = officer.locator(f'select[name*="{name}"][name$="_person"]')
        value = select.locator("option", has_text=person).first.get_attribute("value")
        select.select_option(value)
    for number, field in enumerate(officer.locator('input[name$="_home"]').all()):
        field.fill(("Thornford Council", "Alderbrook District Council")[number])
    press(officer, "Ask them")
    look_at(officer, "team, own council refused")
    officer.locator('input[name$="_home"]').nth(1).fill("Wickmere Borough Council")
    press(officer, "Ask them")
    look_at(officer, "team, asked")


def score_everything(page: Page, email: str, *, harsh: bool) -> None:
    """Declare, score each requirement with a reason, and submit."""
    sign_in(page, email)
    page.goto("/files")
    look_at(page, "my files")
    follow(page.get_by_role("link", name=re.compile("Alderbrook")).first)
    look_at(page, "declare interests")
    choose(page, "interest", "none")
    press(page, "Declare")
    file = page.url.split("/requirements/")[0]
    for code in CODES:
        if code not in TYPED:
            scored = {"judgement": "met", "reason": "The evidence shows it.", "version": "0", "do": "next"}
            post(page, f"{file}/requirements/{code}", **scored)
            continue
        page.goto(f"{file}/requirements/{code}")
        low = harsh and code == DIFFERS
        choose(page, "judgement", "not_met" if low else "met")
        if code == CODES[0]:
            look_at(page, "scoring")
            press(page, "Save and next")
            look_at(page, "scoring, no reason")
            fill(page, strength="Leadership is seen to take part.")
        if low:
            fill(page, improvement="Write down how learning is passed on.")
        fill(page, reason="The evidence shows it." if not low else "Nothing shows it.")
        press(page, "Save and next")
    page.goto(f"{file}/submit")
    look_at(page, "submit scores")
    press(page, "Submit my scores")
    look_at(page, "scores submitted")


def moderate(officer: Page, case: str) -> None:
    """Let the agreed ones stand, settle the one that differs, go on to the report."""
    officer.goto(f"{case}/moderation")
    look_at(officer, "moderation, before")
    press(officer, "Begin moderation")
    look_at(officer, "moderation")
    follow(officer.get_by_role("button", name=re.compile("stand")))
    follow(officer.get_by_role("link", name=re.compile(re.escape(DIFFERS))).first)
    look_at(officer, "moderation of one")
    choose(officer, "judgement", "partly_met")
    fill(officer, reason="Learning is passed on, but nobody wrote down how.")
    press(officer, "Agree this judgement")
    officer.goto(f"{case}/moderation")
    press(officer, "Finish and go on to the report")


def write_report(officer: Page, case: str, tmp_path: Path) -> None:
    """Begin from the scores, read improvements from a Word file, and open the fact check."""
    plan = tmp_path / "Action plan.docx"
    plan.write_bytes(word_plan())
    officer.goto(f"{case}/report")
    look_at(officer, "report, before")
    follow(officer.locator("main form").first.get_by_role("button").first)
    look_at(officer, "report")
    fill(officer, summary="The council develops its members with purpose.")
    press(officer, "Save the report")
    follow(officer.get_by_role("link", name="What it said before"))
    look_at(officer, "report, versions")
    officer.goto(f"{case}/report/document")
    look_at(officer, "report, document")
    officer.locator('[name="document"]').set_input_files(plan)
    press(officer, "Read the document")
    look_at(officer, "report, document read")
    follow(officer.get_by_role("button", name=re.compile("Take")).first)
    look_at(officer, "report, improvements taken in")
    officer.goto(f"{case}/report/fact-check")
    look_at(officer, "open the fact check")
    follow(officer.locator("main form").last.get_by_role("button").first)


def check_facts(lead: Page, officer: Page, case: str) -> None:
    """The council comments on a paragraph and says that this is all; the region answers why it stays."""
    follow(lead.get_by_role("link", name=re.compile("Comment on Summary")).first)
    look_at(lead, "comment on a paragraph")
    lead.locator("textarea#words").fill("It has done so for ten years, not for one.")
    press(lead, "Send this comment")
    press(lead, "That is everything")
    look_at(lead, "fact check, before its end")
    press(lead, "That is everything")
    look_at(lead, "report, fact check ended")
    officer.goto(f"{case}/report")
    follow(officer.get_by_role("link", name="Answer the comment"))
    look_at(officer, "answer the comment")
    choose(officer, "changed_1", "kept")
    fill(officer, words_1="The report speaks of this cycle alone.")
    press(officer, "Send the answers")
    look_at(officer, "comment answered")


def decide(decider: Page, email: str, case: str) -> None:
    """Somebody who neither led nor scored decides as the rule proposes."""
    sign_in(decider, email)
    decider.goto(f"{case}/decision")
    look_at(decider, "decision")
    choose(decider, "outcome", "awarded")
    follow(decider.locator("main form").last.get_by_role("button").last)
    look_at(decider, "decision, taken")


def release(officer: Page, case: str) -> None:
    """The officer releases report and award together."""
    officer.goto(f"{case}/release")
    look_at(officer, "release")
    follow(officer.locator("main form").last.get_by_role("button").first)
    look_at(officer, "released")


def check_public(visitor: Page) -> None:
    """Anybody finds the award in the register and checks the certificate; a browser keeps the empty one a while."""
    visitor.goto("/register")
    look_at(visitor, "register")
    row = visitor.locator("tr", has_text="Alderbrook District Council")
    follow(row.locator('a[href*="/certificates/"]').first)
    expect(visitor.locator("main")).to_contain_text("Alderbrook District Council")
    look_at(visitor, "certificate")
    visitor.goto("/certificates/NOT-A-NUMBER")
    look_at(visitor, "certificate, unknown")


def reply(lead: Page, accreditation: str) -> None:
    """The council replies to an improvement with an honest no, and finds all of them in its plan."""
    lead.goto(f"{accreditation}improvements")
    look_at(lead, "improvements")
    follow(lead.locator('main a[href*="/improvements/"]').first)
    look_at(lead, "reply")
    choose(lead, "answer", "decided_against")
    follow(lead.get_by_role("button", name=re.compile("Send")).first)
    look_at(lead, "reply, refused")
    fill(lead, reason="The group weighed the cost.", body="Member Development Group", minute="12")
    fill_date(lead, "decided_on", clock.today())
    follow(lead.get_by_role("button", name=re.compile("Send")).first)
    lead.goto(f"{accreditation}improvements")
    expect(lead.locator("main")).to_contain_text("Decided against")
    lead.goto("/councils/alderbrook/plans")
    look_at(lead, "plans")
    follow(lead.get_by_role("link", name="Improvement plan").first)
    look_at(lead, "improvements in the plan")
    lead.goto("/councils/alderbrook/")
    look_at(lead, "council home, awarded")


def see_in_region(officer: Page) -> None:
    """The region sees it across its councils."""
    officer.goto("/regions/merrow/pipeline")
    look_at(officer, "pipeline")
    expect(officer.locator("main")).to_contain_text("Alderbrook District Council")
    officer.goto("/regions/merrow/improvements")
    look_at(officer, "improvements by criterion")


def verify_offline(service: Service, lead: Page, accreditation: str, tmp_path: Path) -> None:
    """The receipt's ZIP is verified without the service, and a changed byte is found."""
    lead.goto(accreditation)
    follow(lead.locator('a[href*="/submissions/"]').first)
    with lead.expect_download() as waiting:
        lead.locator('a[href$="/archive"]').first.click()
    archive = tmp_path / "submission.zip"
    waiting.value.save_as(archive)
    done = service.charterway("submission", "verify", str(archive))
    assert done.returncode == 0, done.stderr
    content = bytearray(archive.read_bytes())
    with zipfile.ZipFile(archive) as packed:
        at = content.find(b"in our own words", packed.getinfo("submission.json").header_offset)
    content[at] ^= 1
    archive.write_bytes(content)
    changed = service.charterway("submission", "verify", str(archive))
    assert (changed.returncode, "submission.json" in changed.stdout) == (1, True)

"""Every page a council works with, in a real browser with made data: at two widths, and with a wrong form."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from assessment.demo.papers import pdf
from assessment.queries.accreditations import get_accreditation
from assessment.queries.contributions import find_open
from assessment.queries.frameworks import get_framework
from assessment.queries.submissions import get_submission
from assessment.services import comments, contributions, readiness
from saas import clock, jobs
from saas.config import Config
from saas.embedded import Cluster
from saas.security import digest
from saas.tenancy import CONSOLE, Scope
from saas.transaction import within
from tests.browser.acts import fill, fill_date, press, sign_in
from tests.browser.looking import look_at
from tests.browser.serving import serving
from tests.factories.assessment import make_accreditation
from tests.factories.awards import make_award
from tests.factories.contributions import make_contribution, make_secret, send_contribution
from tests.factories.databases import app_on_own_database
from tests.factories.documents import excel_plan, word_plan
from tests.factories.evidence import make_file, make_link
from tests.factories.invitations import Postbox
from tests.factories.scores import make_declared
from tests.factories.signings import CHIEF, LEADER, commit_by_asking, links_in, make_holder, open_submission
from tests.factories.submissions import make_earlier, make_submission
from tests.factories.tenants import PASSWORD, MadeCouncil, MadeRegion, make_council, make_region, make_user
from tests.factories.visits import make_visit

SAM, KIT = "sam.okoro@example.org", "kit.moss@example.org"
CODE = "1.1.1"


@pytest.fixture(scope="module")
def app(cluster: Cluster, config: Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application on a database of its own, whose jobs run when they are told to."""
    with app_on_own_database(cluster, config, "pages", tmp_path_factory.mktemp("pages")) as made:
        yield made


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    """Where the application answers a browser."""
    with serving(app) as url:
        yield url


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """Somebody's browser."""
    context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 900})
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def region(app: Flask) -> MadeRegion:
    """A region."""
    return make_region(app)


@pytest.fixture
def council(app: Flask, region: MadeRegion) -> MadeCouncil:
    """A council whose two offices are held by people with an address."""
    made = make_council(app, region)
    make_holder(app, made, LEADER)
    make_holder(app, made, CHIEF)
    return made


@pytest.fixture
def lead(app: Flask, council: MadeCouncil, page: Page) -> Page:
    """The council's lead, signed in."""
    sign_in(page, make_user(app, council, "council_lead").email, PASSWORD)
    return page


def visit(page: Page, *pages: tuple[str, str]) -> None:
    """Look at each (address, name)."""
    for path, name in pages:
        page.goto(path)
        assert "/sign-in" not in page.url, path
        look_at(page, name)


def refuse(page: Page, path: str, button: str, name: str, **typed: str) -> None:
    """Press a form's button, with this typed at most; the page names what is wrong."""
    page.goto(path)
    fill(page, **typed)
    press(page, button)
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    look_at(page, name)


def test_pages_of_a_second_self_assessment(app: Flask, council: MadeCouncil, lead: Page) -> None:
    make_earlier(app, council)
    accreditation = make_accreditation(app, council)
    top = f"/councils/{council.slug}"
    home = f"{top}/accreditations/{accreditation}"
    visit(lead, (f"{home}/carry", "carry, before"))
    press(lead, "Carry")
    answer = f"{home}/requirements/{CODE}"
    visit(lead, (f"{home}/carry", "carry, after"), (answer, "requirement, carried"))
    fill(lead, narrative="We did it again this year, with more people.")
    press(lead, "Save and confirm")
    _help_and_comments(app, council, accreditation)
    visit(
        lead,
        (f"{top}/", "council home, second cycle"),
        (f"{home}/", "self-assessment, carried"),
        (f"{home}/plan", "plan by requirement"),
        (answer, "requirement, with help and comments"),
        (f"{answer}/history", "history of an answer"),
        (f"{answer}/history/1", "version of an answer"),
        (f"{answer}/comments", "comments"),
        (f"{answer}/measures", "measures to cite"),
        (f"{home}/elements/1.1/owner", "owner of an element"),
        (f"{home}/criteria/1/owner", "owner of a criterion"),
        (f"{home}/check/plan", "check, much is missing"),
        (f"{top}/measures", "measures"),
        (f"{top}/notices", "notices"),
        (f"{top}/calendar", "calendar"),
    )
    refuse(lead, f"{answer}/comments", "Add the comment", "comments, nothing said")
    refuse(lead, f"{answer}/measures", "Cite", "measures, none chosen")


def _help_and_comments(app: Flask, council: MadeCouncil, accreditation_id: UUID) -> None:
    """One text came, one person declined, one is asked; and a colleague said something to everybody."""
    sent = make_contribution(app, council, accreditation_id, code=CODE)
    send_contribution(app, make_secret(app, council, sent))
    make_contribution(app, council, accreditation_id, code=CODE, name="Bryn Ashworth", email="bryn@example.org")
    with app.app_context(), within(council.scope()):
        accreditation = get_accreditation(accreditation_id)
        requirement_id = get_framework(accreditation.framework_id).ids[CODE]
        comments.write(accreditation, requirement_id, "Is this the newest figure?", by=CONSOLE)
    with app.app_context():
        jobs.run_all()


def test_pages_of_evidence(app: Flask, council: MadeCouncil, lead: Page) -> None:
    accreditation = make_accreditation(app, council)
    top = f"/councils/{council.slug}"
    library = f"{top}/evidence"
    drawn = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(drawn, "PNG")
    made = {
        filename: make_file(app, council, content=content, filename=filename, title=f"The {filename} of learning")
        for filename, content in (
            ("strategy.pdf", pdf(["A strategy of learning."])),
            ("plan.docx", word_plan()),
            ("plan.xlsx", excel_plan()),
            ("picture.png", drawn.getvalue()),
        )
    }
    make_link(app, council)
    with app.app_context():
        jobs.run_all()
    one = f"{library}/{made['strategy.pdf']}"
    lists = f"{top}/accreditations/{accreditation}/evidence?show="
    visit(
        lead,
        *((f"{library}/{row}/preview", f"inside {filename}") for filename, row in made.items()),
        (one, "piece of evidence"),
        (f"{one}/edit", "correct evidence"),
        (f"{one}/replace", "new version of evidence"),
        (f"{one}/answers", "answers that cite evidence"),
        (f"{library}/link", "add a link"),
        (f"{library}/for-requirements", "evidence cited nowhere"),
        *((f"{lists}{name}", f"evidence, {name}") for name in ("without", "problems", "ending", "cited")),
        (f"{top}/search", "search, empty"),
        (f"{top}/search?words=learning", "search, found"),
        (f"{top}/search?words=zzzzz", "search, nothing found"),
        (f"{top}/search?words=z", "search, one letter"),
    )
    refuse(lead, f"{library}/link", "Add the link", "add a link, no address")
    refuse(lead, f"{one}/replace", "Add the new version", "new version, no file")
    refuse(lead, f"{library}/for-requirements", "Cite them", "evidence, no requirement chosen", pinpoint_0="page 1")


def test_pages_of_offices_and_of_a_commitment_that_is_signed(
    app: Flask, council: MadeCouncil, lead: Page, postbox: Postbox, browser: Browser, address: str
) -> None:
    with clock.at(clock.now() - timedelta(days=20)):
        made = commit_by_asking(app, council)
        links = links_in(postbox.empty())
    top = f"/councils/{council.slug}"
    signing = f"{top}/accreditations/{made}/signing/commitment"
    visit(
        lead,
        (f"{top}/offices", "office-holders, two"),
        (signing, "signatures, expired"),
        (f"{signing}/paper/1", "signature on paper, of a commitment"),
        (links[SAM], "sign, expired"),
        ("/sign/" + "x" * 43, "sign, unknown link"),
    )
    refuse(lead, f"{top}/offices/add", "Add", "add an office-holder, nothing entered")
    lead.goto(f"{top}/offices")
    lead.get_by_role("link", name="No longer in office").first.click()
    look_at(lead, "no longer in office")
    fill_date(lead, "until_on", clock.today() + timedelta(days=40))
    press(lead, "Record it")
    look_at(lead, "no longer in office, day to come")
    lead.goto(f"{signing}/paper/1")
    fill(lead, name="")
    press(lead, "Record the signature")
    look_at(lead, "signature on paper, nothing entered")

    lead.goto(signing)
    press(lead, "Send again")
    again = links_in(postbox.empty())[SAM]
    lead.goto(again)
    fill(lead, reason="Not before the budget.")
    press(lead, "Decline to sign")
    look_at(lead, "sign, declined")
    visit(lead, (links[SAM], "sign, older link"), (signing, "signatures, one declined"))


def test_pages_of_a_submission_that_is_signed(app: Flask, council: MadeCouncil, lead: Page, postbox: Postbox) -> None:
    accreditation = _approved(app, council)
    open_submission(app, council, accreditation)
    links = links_in(postbox.empty())
    home = f"/councils/{council.slug}/accreditations/{accreditation}"
    signing = f"{home}/signing/readiness"
    visit(
        lead,
        (signing, "signatures, both asked"),
        (f"{home}/check/readiness", "check, with those who sign"),
        (f"{home}/", "self-assessment, with those who sign"),
        (f"{home}/journey", "accreditation, with those who sign"),
        (f"{signing}/call-off", "call a signing off"),
        (links[KIT], "sign a submission"),
    )
    refuse(lead, f"{signing}/call-off", "Call the signing off", "call a signing off, no reason")
    fill(lead, reason="One answer is to be changed.")
    press(lead, "Call the signing off")
    visit(lead, (signing, "signatures, called off"), (links[KIT], "sign, called off"))


def _approved(app: Flask, council: MadeCouncil) -> UUID:
    """A self-assessment whose plan the region has approved, ready to be signed."""
    made = make_accreditation(app, council)
    plan = make_submission(app, council, made, "plan")
    with app.app_context(), within(council.region.scope()):
        accreditation = get_accreditation(made, lock=True)
        readiness.decide(accreditation, get_submission(plan), outcome="accepted", reason="Good.", by=CONSOLE)
    return made


def test_pages_behind_the_link_of_a_request(app: Flask, council: MadeCouncil, page: Page) -> None:
    accreditation = make_accreditation(app, council)
    secrets = {
        name: make_secret(
            app, council, make_contribution(app, council, accreditation, name=name, email=f"{name}@example.org")
        )
        for name in ("asked", "declined")
    }
    with clock.at(clock.now() - timedelta(days=20)):
        secrets["expired"] = make_secret(app, council, make_contribution(app, council, accreditation))
    with app.app_context(), within(Scope.bearer(key_hash=digest(secrets["declined"]))):
        asked = find_open(digest(secrets["declined"]))
        contributions.decline(asked, "I was not there.")
    secrets["unknown"] = "x" * 43
    visit(page, *((f"/contribute/{secret}", f"request for a text, {name}") for name, secret in secrets.items()))
    page.goto(f"/contribute/{secrets['asked']}")
    page.get_by_text("I cannot help with this").click()
    press(page, "Decline")
    look_at(page, "request for a text, declined without a reason")


def test_pages_from_the_visit_to_the_outcome(app: Flask, council: MadeCouncil, lead: Page) -> None:
    case = make_declared(app, council, council.region)
    make_visit(app, case)
    top = f"/councils/{council.slug}"
    visit(
        lead,
        (f"{top}/", "council home, before the visit"),
        (f"{top}/accreditations/{case.accreditation_id}/journey", "journey, before the visit"),
    )


def test_pages_after_the_release(app: Flask, council: MadeCouncil, lead: Page) -> None:
    case = make_award(app, council, improvements=1, conditions="Show the plan by May.")
    make_accreditation(app, council)
    top = f"/councils/{council.slug}"
    visit(
        lead,
        (f"{top}/", "council home, after the release"),
        (f"{top}/accreditations", "accreditations, committed again"),
        (f"{top}/accreditations/{case.accreditation_id}/journey", "journey, committed again"),
    )

"""The signer's page, behind a link and signed in: reading does nothing, signing is done once, walls hold."""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from markupsafe import escape
from sqlalchemy import select

from assessment.queries.accreditations import get_accreditation
from assessment.queries.frameworks import get_framework
from assessment.queries.signings import get_request
from assessment.rules.stages import Verb
from assessment.services import accreditations
from saas import clock, jobs
from saas.events import Event
from saas.tenancy import CONSOLE
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation
from tests.factories.invitations import Postbox
from tests.factories.signings import (
    CHIEF,
    LEADER,
    commit_by_asking,
    leave,
    links_in,
    make_holder,
    open_submission,
    requests_of,
    sign_by_link,
)
from tests.factories.submissions import make_submission
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user

SAM, KIT = "sam.okoro@example.org", "kit.moss@example.org"


@pytest.fixture
def signatory(app: Flask, council: MadeCouncil) -> MadeUser:
    """A Chief Executive who signs in."""
    user = make_user(app, council, "signatory", "Kit Moss")
    make_holder(app, council, CHIEF, user_id=user.id, email="")
    return user


@pytest.fixture
def asked(app: Flask, council: MadeCouncil, signatory: MadeUser, postbox: Postbox) -> UUID:
    """A commitment that the Leader signs by a link and the Chief Executive signed in; its id."""
    make_holder(app, council, LEADER)
    return commit_by_asking(app, council)


def test_reading_does_nothing_and_signing_is_done_once(
    app: Flask, client: CheckingClient, council: MadeCouncil, in_scope: InScope, asked: UUID, postbox: Postbox
) -> None:
    link = links_in(postbox.empty())[SAM]
    request_id = requests_of(app, council, asked)[LEADER]
    page = client.get(link)
    text = page.get_data(as_text=True)
    assert client.head(link).status_code == 200
    for words in (f"{council.name} commits itself to Charter,", "Type your name", "You sign as", "Decline to sign"):
        assert words in text
    assert (page.headers["Cache-Control"], page.headers["Referrer-Policy"], page.headers["X-Robots-Tag"]) == (
        "no-store",
        "strict-origin",
        "noindex",
    )
    with in_scope(council.scope()):
        assert get_request(request_id).signed_at is None
    wrong = client.post(link, data={"act": "sign", "name": "Somebody Else"})
    assert (wrong.status_code, wrong.get_data(as_text=True).count("Type your name as it stands above: Sam Okoro.")) == (
        422,
        2,
    )
    assert 'value="Somebody Else"' in wrong.get_data(as_text=True)
    signed = client.post(link, data={"act": "sign", "name": "Cllr Sam Okoro"})
    assert (signed.status_code, signed.location) == (303, link)
    assert "You have signed" in client.get(link).get_data(as_text=True)
    again = client.post(link, data={"act": "sign", "name": "Sam Okoro"})
    assert (again.status_code, "You have signed" in again.get_data(as_text=True)) == (409, True)
    with in_scope(council.scope()) as session:
        given = select(Event).where(Event.verb == "signature.given", Event.accreditation_id == asked)
        [event] = session.scalars(given)
        assert event.payload == {
            "by": "Sam Okoro",
            "name": "Sam Okoro",
            "office": "Leader",
            "title": "Commitment to Charter",
        }


def test_declining_asks_for_the_reason_and_keeps_it(
    client: CheckingClient, council: MadeCouncil, in_scope: InScope, asked: UUID, app: Flask, postbox: Postbox
) -> None:
    link = links_in(postbox.empty())[SAM]
    bare = client.post(link, data={"act": "decline", "reason": ""})
    assert (bare.status_code, "Say why you do not sign" in bare.get_data(as_text=True)) == (422, True)
    assert client.post(link, data={"act": "decline", "reason": "Not before the budget."}).status_code == 303
    text = client.get(link).get_data(as_text=True)
    assert ("You have declined to sign" in text, "Not before the budget." in text) == (True, True)
    with in_scope(council.scope()):
        assert get_request(requests_of(app, council, asked)[LEADER]).decline_reason == "Not before the budget."


def test_links_that_open_nothing_say_why(
    app: Flask, client: CheckingClient, council: MadeCouncil, asked: UUID, postbox: Postbox
) -> None:
    link = links_in(postbox.empty())[SAM]
    unknown = client.get("/sign/" + "x" * 43)
    assert (unknown.status_code, "This link does not work" in unknown.get_data(as_text=True)) == (410, True)
    with clock.at(clock.now() + timedelta(days=15)):
        for late in (client.get(link), client.post(link, data={"act": "sign", "name": "Sam Okoro"})):
            assert (late.status_code, "This link has expired" in late.get_data(as_text=True)) == (410, True)
    leave(app, council, LEADER)
    for ended in (client.get(link), client.post(link, data={"act": "sign", "name": "Sam Okoro"})):
        text = ended.get_data(as_text=True)
        assert (ended.status_code, "You are not asked to sign this any more" in text) == (410, True)
        assert "Sam Okoro no longer holds the office of Leader." in text


def test_one_key_opens_one_request(
    app: Flask, client: CheckingClient, council: MadeCouncil, asked: UUID, postbox: Postbox
) -> None:
    link = links_in(postbox.empty())[SAM]
    secret = link.rpartition("/")[2]
    for path in (f"/councils/{council.slug}/signatures", f"/councils/{council.slug}/", f"/sign/{secret[::-1]}"):
        assert client.get(path).status_code in (303, 410)
    request_id = requests_of(app, council, asked)[CHIEF]
    assert client.get(f"/sign/{request_id}").status_code == 410


def test_every_answer_that_is_signed_stands_on_the_page(
    app: Flask, client: CheckingClient, council: MadeCouncil, signatory: MadeUser, postbox: Postbox, in_scope: InScope
) -> None:
    make_holder(app, council, LEADER)
    made = make_accreditation(app, council)
    make_submission(app, council, made, kind="plan")
    with in_scope(council.region.scope()):
        accreditations.move(get_accreditation(made, lock=True), Verb.APPROVE_PLAN, by=CONSOLE)
    open_submission(app, council, made)
    text = client.get(links_in(postbox.empty())[SAM]).get_data(as_text=True)
    assert text.count("What we do about") == 28
    assert text.count("Policy on learning") == 28
    assert "The 28 answers below are the council’s own." in text
    with in_scope(council.scope()):
        framework = get_framework(get_accreditation(made).framework_id).tree
    for criterion in framework.criteria:
        assert f'<h3 class="govuk-heading-m">Criterion {criterion.code} {escape(criterion.title)}</h3>' in text
    assert text.count("pieces of evidence<span") == 28
    request_id = requests_of(app, council, made, "readiness")[CHIEF]
    page = client.sign_in(signatory).get(f"/councils/{council.slug}/signatures/{request_id}").get_data(as_text=True)
    assert page.count("What we do about") == 28


def test_a_signatory_signs_signed_in_and_the_last_one_opens_the_self_assessment(
    app: Flask,
    client: CheckingClient,
    council: MadeCouncil,
    in_scope: InScope,
    asked: UUID,
    signatory: MadeUser,
    postbox: Postbox,
) -> None:
    mails = postbox.empty()
    request_id = requests_of(app, council, asked)[CHIEF]
    address = f"/councils/{council.slug}/signatures/{request_id}"
    assert (f"To: {signatory.email}" in mails, f"http://localhost{address}" in mails) == (True, True)
    sign_by_link(app, links_in(mails)[SAM], "Sam Okoro")
    client.sign_in(signatory)
    home = client.get(f"/councils/{council.slug}/").get_data(as_text=True)
    assert ("Read and sign: Commitment to Charter" in home, address in home) == (True, True)
    assert address in client.get(f"/councils/{council.slug}/signatures").get_data(as_text=True)
    assert "Type your name" in client.get(address).get_data(as_text=True)
    assert client.post(address, data={"act": "sign", "name": "Kit Moss"}).status_code == 303
    with app.app_context():
        jobs.run_all()
    assert "You have signed" in client.get(address).get_data(as_text=True)
    with in_scope(council.scope()):
        assert get_accreditation(asked).stage == "self_assessing"


def test_others_do_not_sign_for_the_one_who_was_asked(
    app: Flask, client: CheckingClient, council: MadeCouncil, asked: UUID, lead: MadeUser
) -> None:
    found = requests_of(app, council, asked)
    elsewhere = make_user(app, make_council(app, council.region), "signatory")
    colleague = make_user(app, council, "signatory")
    for user, request_id, expected in (
        (elsewhere, found[CHIEF], 404),
        (colleague, found[CHIEF], 404),
        (colleague, found[LEADER], 404),
        (lead, found[CHIEF], 403),
    ):
        client.sign_in(user)
        address = f"/councils/{council.slug}/signatures/{request_id}"
        answers = [client.get(address), client.post(address, data={"act": "sign", "name": "Kit Moss"})]
        assert [answer.status_code for answer in answers] == [expected, expected]


def test_too_many_tries_from_one_address_wait(client: CheckingClient) -> None:
    statuses = {client.get("/sign/" + f"{number:043}").status_code for number in range(100)}
    assert statuses == {410}
    assert client.get("/sign/" + "x" * 43).status_code == 429


def test_no_log_and_no_event_holds_a_secret(
    app: Flask, client: CheckingClient, council: MadeCouncil, in_scope: InScope, asked: UUID, postbox: Postbox,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    link = links_in(postbox.empty())[SAM]
    with caplog.at_level(logging.INFO):
        app.logger.info("went wrong at %s", link)
        client.post(link, data={"act": "sign", "name": "Sam Okoro"})
    assert link.rpartition("/")[2] not in caplog.text
    with in_scope(council.scope()) as session:
        events = session.scalars(select(Event.payload).where(Event.accreditation_id == asked)).all()
    assert link.rpartition("/")[2] not in str(events)

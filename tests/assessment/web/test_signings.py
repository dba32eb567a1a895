"""The council's page of what is being signed: where each is, asking again, paper, calling off."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask

from assessment.queries.accreditations import get_accreditation
from assessment.queries.signings import find_current, get_request
from assessment.rules.stages import Verb
from assessment.services import accreditations, signings
from saas import clock, jobs
from saas.tenancy import CONSOLE, Actor
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation, make_framework
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
from tests.factories.submissions import answer_all, make_submission
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user

SAM, KIT = "sam.okoro@example.org", "kit.moss@example.org"


@pytest.fixture
def ready(app: Flask, council: MadeCouncil, in_scope: InScope) -> UUID:
    """An accreditation whose submission lacks nothing but signatures; Leader and Chief Executive are in office."""
    for office in (LEADER, CHIEF):
        make_holder(app, council, office)
    made = make_accreditation(app, council)
    make_submission(app, council, made, kind="plan")
    with in_scope(council.region.scope()):
        accreditations.move(get_accreditation(made, lock=True), Verb.APPROVE_PLAN, by=CONSOLE)
    return made


def page_of(council: MadeCouncil, made: UUID, tail: str) -> str:
    return f"/councils/{council.slug}/accreditations/{made}/{tail}"


def typed_day(name: str, days_ago: int = 0) -> dict[str, str]:
    """A day as its three inputs send it."""
    day = clock.today() - timedelta(days=days_ago)
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


def test_committing_asks_who_is_in_office_and_waits_for_them(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, postbox: Postbox
) -> None:
    framework_id = make_framework(app)
    make_holder(app, council, LEADER)
    client.sign_in(lead)
    new = f"/councils/{council.slug}/accreditations/new"
    form = client.get(new).get_data(as_text=True)
    assert ("Ask Sam Okoro" in form, "Chief Executive: nobody who can be asked is recorded" in form) == (True, True)
    data = {"choice": f"{framework_id}:charter", "office_1_how": "ask", "office_2_name": "Kit Moss"}
    undated = client.post(new, data=data)
    assert (undated.status_code, undated.get_data(as_text=True).count("Enter the day the Chief Executive signed")) == (
        422,
        2,
    )
    sent = client.post(new, data=data | typed_day("office_2_signed_on"))
    assert (sent.status_code, sent.location.rpartition("/accreditations/")[2][36:]) == (303, "/signing/commitment")
    text = client.get(sent.location).get_data(as_text=True)
    for words in ("The self-assessment opens when everybody has signed.", "Signed on paper", "is on its way"):
        assert words in text
    link = links_in(postbox.empty())[SAM]
    journey = client.get(sent.location.replace("signing/commitment", "journey")).get_data(as_text=True)
    assert "See who still has to sign the commitment" in journey
    sign_by_link(app, link, "Sam Okoro")
    journey = client.get(sent.location.replace("signing/commitment", "journey")).get_data(as_text=True)
    for words in ("The text that was signed", "commits itself to Charter,", "on paper", "Begin the self-assessment"):
        assert words in journey


def test_a_submission_is_put_before_those_who_sign_from_the_check_page_and_sent_when_they_have(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, ready: UUID, postbox: Postbox
) -> None:
    client.sign_in(lead)
    check = page_of(council, ready, "check/readiness")
    text = client.get(check).get_data(as_text=True)
    assert ("Put it before those who sign" in text, "Send to the region" in text) == (True, False)
    refused = client.post(check)
    assert (refused.status_code, "Not everybody has signed yet." in refused.get_data(as_text=True)) == (409, True)
    page = page_of(council, ready, "signing/readiness")
    assert client.post(f"{page}/open").location == page
    links = links_in(postbox.empty())
    assert "Asked, not signed yet" in client.get(page).get_data(as_text=True)
    assert "It can be sent when everybody has signed." in client.get(check).get_data(as_text=True)
    for place in ("", "requirements/1.1.1"):
        assert "Your answers are with those who sign." in client.get(page_of(council, ready, place)).get_data(
            as_text=True
        )
    for address, name in ((SAM, "Sam Okoro"), (KIT, "Kit Moss")):
        sign_by_link(app, links[address], name)
    assert "Send the submission" in client.get(page).get_data(as_text=True)
    text = client.get(check).get_data(as_text=True)
    assert ("Everybody has signed" in text, "Send to the region" in text) == (True, True)
    assert client.post(check).status_code == 303
    with app.app_context():
        jobs.run_all()
    assert "/submissions/" in client.get(check).location


def test_it_is_not_opened_while_something_is_missing(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, ready: UUID
) -> None:
    client.sign_in(lead)
    client.post(
        page_of(council, ready, "requirements/1.1.1"),
        data={"version": "1", "judgement": "", "narrative": "Open again."},
    )
    check = page_of(council, ready, "check/readiness")
    assert "Put it before those who sign" not in client.get(check).get_data(as_text=True)
    refused = client.post(page_of(council, ready, "signing/readiness/open"))
    assert refused.location == check
    assert "It was not put before those who sign." in client.get(check).get_data(as_text=True)


def test_asking_again_and_paper_for_each_state(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, in_scope: InScope, postbox: Postbox
) -> None:
    for office in (LEADER, CHIEF):
        make_holder(app, council, office)
    made = commit_by_asking(app, council)
    first = links_in(postbox.empty())
    page = page_of(council, made, "signing/commitment")
    found = requests_of(app, council, made)
    with in_scope(council.scope()):
        signings.decline(get_request(found[LEADER], lock=True), "Too soon.", by=Actor(None, "Sam Okoro"))
    client.sign_in(lead)
    text = client.get(page).get_data(as_text=True)
    assert ("Declined" in text, "Too soon." in text, "Ask again" in text, "Send again" in text) == (True,) * 4
    for office in (LEADER, CHIEF):
        assert client.post(f"{page}/requests/{found[office]}/ask").location == page
    second = links_in(postbox.empty())
    assert {address: second[address] != first[address] for address in (SAM, KIT)} == {SAM: True, KIT: True}
    assert "Sam Okoro was asked again." in client.get(page).get_data(as_text=True)
    leave(app, council, LEADER)
    text = client.get(page).get_data(as_text=True)
    assert ("Nobody is asked" in text, "Nobody is recorded in this office now." in text) == (True, True)
    paper = f"{page}/paper/1"
    assert "Signature of the Leader on paper" in client.get(paper).get_data(as_text=True)
    wrong = client.post(paper, data={"name": "Rob Vale"} | typed_day("signed_on", -3))
    assert (wrong.status_code, wrong.get_data(as_text=True).count("must be today or earlier")) == (422, 2)
    assert client.post(paper, data={"name": "Rob Vale"} | typed_day("signed_on")).location == page
    assert client.get(paper).status_code == 409
    assert [client.get(f"{page}/paper/{number}").status_code for number in (0, 3)] == [404, 404]


def test_calling_off_is_confirmed_with_what_it_undoes(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, ready: UUID, postbox: Postbox,
    in_scope: InScope,
) -> None:  # fmt: skip
    client.sign_in(lead)
    page = page_of(council, ready, "signing/readiness")
    client.post(f"{page}/open")
    sign_by_link(app, links_in(postbox.empty())[SAM], "Sam Okoro")
    assert "The signature of Sam Okoro is void." in client.get(f"{page}/call-off").get_data(as_text=True)
    assert client.post(f"{page}/call-off", data={"reason": " "}).status_code == 422
    done = client.post(f"{page}/call-off", data={"reason": "A figure is wrong."})
    assert (done.status_code, done.location) == (303, page_of(council, ready, ""))
    text = client.get(page).get_data(as_text=True)
    assert ("Called off on" in text, "A figure is wrong." in text) == (True, True)
    answer = {"version": "1", "judgement": "met", "narrative": "Put right."}
    assert client.post(page_of(council, ready, "requirements/1.1.1"), data=answer).status_code == 303
    with in_scope(council.scope()):
        assert find_current(get_accreditation(ready), "readiness") is None
    assert client.get(f"{page}/call-off").status_code == 404


def test_who_only_reads_sees_where_it_stands_and_no_button(
    app: Flask, client: CheckingClient, council: MadeCouncil, ready: UUID, lead: MadeUser
) -> None:
    client.sign_in(lead).post(page_of(council, ready, "signing/readiness/open"))
    reader = make_user(app, council, "council_viewer")
    page = page_of(council, ready, "signing/readiness")
    text = client.sign_in(reader).get(page).get_data(as_text=True)
    assert ("Asked, not signed yet" in text or "On its way" in text, "Send again" in text, "Call the" in text) == (
        True,
        False,
        False,
    )
    assert client.post(f"{page}/open").status_code == 403
    neighbour = make_user(app, make_council(app, council.region), "council_lead")
    assert client.sign_in(neighbour).get(page).status_code == 404


def test_the_page_takes_the_same_statements_for_any_number_of_requests(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, statements, postbox: Postbox
) -> None:
    for office in (LEADER, CHIEF):
        make_holder(app, council, office)
    made = commit_by_asking(app, council)
    client.sign_in(lead)
    page = page_of(council, made, "signing/commitment")
    counts = []
    for _ in range(2):
        with statements() as sql:
            client.get(page)
        counts.append(len(sql))
        for office in (LEADER, CHIEF):
            leave(app, council, office)
            make_holder(app, council, office, f"New {office.split()[0]}")
        postbox.empty()
    assert counts[0] == counts[1] <= 8


def test_an_answer_may_be_changed_again_after_the_submission_came_back(
    app: Flask, council: MadeCouncil, in_scope: InScope, ready: UUID
) -> None:
    make_submission(app, council, ready)
    with in_scope(council.region.scope()):
        accreditations.move(get_accreditation(ready, lock=True), Verb.RETURN_READINESS, by=CONSOLE)
    answer_all(app, council, ready)
    make_submission(app, council, ready)


def test_home_says_how_far_the_signing_is(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, ready: UUID, postbox: Postbox
) -> None:
    open_submission(app, council, ready)
    home = f"/councils/{council.slug}/"
    assert "Being signed: 0 of 2." in client.sign_in(lead).get(home).get_data(as_text=True)
    today = clock.today()
    day = {"signed_on-day": today.day, "signed_on-month": today.month, "signed_on-year": today.year}
    for number, words in ((1, "Being signed: 1 of 2."), (2, "Signed: send it.")):
        paper = page_of(council, ready, f"signing/readiness/paper/{number}")
        assert client.post(paper, data={"name": "Sam Okoro", **day}).status_code == 303
        with app.app_context():
            jobs.run_all()
        text = client.get(home).get_data(as_text=True)
        assert (words in text, "Work the plan" in text) == (True, False)

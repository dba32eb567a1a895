"""The page of one accreditation, and the list of them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

from flask import Flask

from assessment.queries.accreditations import get_accreditation
from saas import clock
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation, make_framework
from tests.factories.awards import make_award
from tests.factories.submissions import make_submission
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user


def test_the_page_says_where_it_stands_what_is_next_and_what_happened(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    made = make_accreditation(app, council)
    client.sign_in(lead)
    address = f"/councils/{council.slug}/accreditations/{made}"
    text = client.get(f"{address}/journey").get_data(as_text=True)
    assert f'<a href="{address}/" role="button"' in text
    assert "0 of 28 requirements judged" in text
    assert "Sam Okoro, 5 January 2026, on paper" in text
    assert "Committed to the Charter" in text
    sent = make_submission(app, council, made, kind="plan")
    text = client.get(f"{address}/journey").get_data(as_text=True)
    assert "It is the turn of the region: read the plan and approve or return it." in text
    assert f'href="{address}/submissions/{sent}"' in text
    assert "The region has not answered yet" in text


def test_after_release_the_award_and_its_ways_are_there(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    made = make_award(app, council, improvements=1).accreditation_id
    text = client.sign_in(lead).get(f"/councils/{council.slug}/accreditations/{made}/journey").get_data(as_text=True)
    assert "Reply to 1 improvement" in text
    assert "Read the report" in text
    assert "Certificate" in text
    assert "Award made: certificate" in text
    listed = client.get(f"/councils/{council.slug}/accreditations").get_data(as_text=True)
    assert "Current" in listed


def test_who_only_reads_sees_no_button(app: Flask, client: CheckingClient, council: MadeCouncil) -> None:
    made = make_accreditation(app, council)
    viewer = make_user(app, council, "council_viewer")
    text = client.sign_in(viewer).get(f"/councils/{council.slug}/accreditations/{made}/journey").get_data(as_text=True)
    assert "Your role does not do this; somebody else in your council does." in text
    assert "Withdraw" not in text
    assert client.get(f"/councils/{council.slug}/accreditations/new").status_code == 403


def test_withdrawing_is_confirmed_first(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    client.sign_in(lead)
    address = f"/councils/{council.slug}/accreditations/{made}/withdraw"
    assert "Your council can commit again later" in client.get(address).get_data(as_text=True)
    assert client.post(address).status_code == 303
    with in_scope(council.scope()):
        assert get_accreditation(made).stage == "withdrawn"
    assert [client.get(address).status_code, client.post(address).status_code] == [409, 409]


def test_another_councils_accreditation_does_not_exist(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    other = make_accreditation(app, make_council(app, council.region))
    client.sign_in(lead)
    assert client.get(f"/councils/{council.slug}/accreditations/{other}/journey").status_code == 404


def test_a_long_list_takes_no_more_statements(
    app: Flask,
    client: CheckingClient,
    council: MadeCouncil,
    lead: MadeUser,
    statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    counted = []
    client.sign_in(lead)
    for codes in (["charter-2008"], ["charter-2017", "fixture-45"]):
        for code in codes:
            make_accreditation(app, council, make_framework(app, code))
        client.get(f"/councils/{council.slug}/accreditations")
        with statements() as sent:
            client.get(f"/councils/{council.slug}/accreditations")
        counted.append(len(sent))
    assert counted[0] == counted[1]


def test_a_council_without_the_award_reads_how_it_goes_on(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    case = make_award(app, council, outcome="not_yet", reason="Two key indicators are not met.")
    address = f"/councils/{council.slug}/accreditations"
    text = client.sign_in(lead).get(f"{address}/{case.accreditation_id}/journey").get_data(as_text=True)
    assert f'Your council can <a class="govuk-link" href="{address}/new">commit again</a> when it is ready.' in text


def test_an_old_award_leads_to_the_accreditation_that_follows_it(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    held = make_award(app, council).accreditation_id
    again = make_accreditation(app, council)
    client.sign_in(lead)
    address = f"/councils/{council.slug}/accreditations"
    old = client.get(f"{address}/{held}/journey").text
    assert f'href="{address}/{again}/journey">See it<span class="govuk-visually-hidden"> committed again' in old
    assert ">Next date<" not in old
    assert ">Next date<" in client.get(f"{address}/{again}/journey").text
    assert f'<a class="govuk-link" href="{address}/{again}/journey">Committed again</a>' in client.get(address).text


def test_pages_of_an_accreditation_lead_back_to_its_journey(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    address = f"/councils/{council.slug}/accreditations/{make_award(app, council, improvements=1).accreditation_id}"
    client.sign_in(lead)
    for page in (
        "/",
        "/improvements",
        "/report",
        "/questions",
        "/appeal",
        "/visit",
        "/interim",
    ):
        text = client.get(f"{address}{page}").text
        assert f'<a class="govuk-breadcrumbs__link" href="{address}/journey">Journey</a>' in text, page


def test_an_award_that_is_over_says_so_first_and_asks_for_nothing(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    case = make_award(app, council)
    address = f"/councils/{council.slug}/accreditations/{case.accreditation_id}/journey"
    held = client.sign_in(lead).get(address).text
    assert ("no longer holds it" in held, "Reply to every improvement" in held) == (False, False)
    with clock.at(clock.now() + timedelta(days=365 * 5)):
        over = client.sign_in(lead).get(address).text
        make_accreditation(app, council)
        followed = client.sign_in(lead).get(address).text
    assert over.index("This award has expired: your council no longer holds it.") < over.index(">Dates<")
    assert "Reply to every improvement" not in over
    assert "Commit again before your award ends" not in over
    assert "Outcome then" in over
    link = ">Commit again</a>"
    assert (link in over, link in followed, "The dates of the new accreditation count" in followed) == (
        True,
        False,
        True,
    )

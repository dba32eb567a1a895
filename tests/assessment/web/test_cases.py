"""The region's page of one accreditation."""

from __future__ import annotations

import re
from datetime import timedelta

from flask import Flask

from saas import clock
from tests.checking_client import CheckingClient
from tests.factories.assessment import make_accreditation
from tests.factories.awards import comment, make_award, make_decided, make_fact_check
from tests.factories.scores import make_declared
from tests.factories.submissions import make_submission
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_region, make_user


def test_before_anything_is_sent_the_page_says_so(
    app: Flask, client: CheckingClient, council: MadeCouncil, officer: MadeUser
) -> None:
    made = make_accreditation(app, council)
    text = client.sign_in(officer).get(f"/regions/{council.region.slug}/cases/{made}").get_data(as_text=True)
    assert "Nothing has been sent yet. Until then the council&#39;s answers are its own." in text.replace("'", "&#39;")
    assert "It is the turn of the council" in text
    assert '<strong class="govuk-service-navigation__active-fallback">Pipeline</strong>' in text
    assert "Sam Okoro, 5 January 2026" in text


def test_a_plan_that_was_sent_is_the_next_step(
    app: Flask, client: CheckingClient, council: MadeCouncil, officer: MadeUser
) -> None:
    made = make_accreditation(app, council)
    sent = make_submission(app, council, made, kind="plan")
    address = f"/regions/{council.region.slug}/cases/{made}"
    text = client.sign_in(officer).get(address).get_data(as_text=True)
    assert f'<a href="{address}/submissions/{sent}" role="button"' in text
    assert "Approve the plan or return it" in text


def test_the_team_and_how_far_it_is_without_any_score(app: Flask, client: CheckingClient, council: MadeCouncil) -> None:
    case = make_declared(app, council, council.region)
    address = f"/regions/{council.region.slug}/cases/{case.accreditation_id}"
    text = client.sign_in(case.officer).get(address).get_data(as_text=True)
    for scorer in case.scorers:
        assert f"<li>{scorer.name}: 0 of 28 scored</li>" in text
    assert "0 of 2 assessors have sent their scores" in text
    assert text.count("No conflict declared") == 2


def test_a_decider_finds_the_decision_and_an_officer_the_release(
    app: Flask, client: CheckingClient, council: MadeCouncil
) -> None:
    case = make_fact_check(app, council)
    comment(app, case)
    address = f"/regions/{council.region.slug}/cases/{case.accreditation_id}"
    decider = make_user(app, council.region, "region_decider")
    text = client.sign_in(decider).get(address).get_data(as_text=True)
    assert f'<a href="{address}/decision" role="button"' in text
    other = make_decided(app, make_council(app, council.region))
    address = f"/regions/{council.region.slug}/cases/{other.accreditation_id}"
    text = client.sign_in(other.officer).get(address).get_data(as_text=True)
    assert f'<a href="{address}/release" role="button"' in text


def test_after_release_award_and_improvements_are_listed(
    app: Flask, client: CheckingClient, council: MadeCouncil
) -> None:
    case = make_award(app, council, improvements=2)
    address = f"/regions/{council.region.slug}/cases/{case.accreditation_id}"
    text = client.sign_in(case.officer).get(address).get_data(as_text=True)
    assert '<th scope="row">Do thing 2</th><td>By December 2026</td><td>Reply due</td>' in text
    assert "Issued report" in text
    assert f'href="{address}/improvements"' in text


def test_an_award_says_how_it_stands_today(app: Flask, client: CheckingClient, council: MadeCouncil) -> None:
    case = make_award(app, council)
    address = f"/regions/{council.region.slug}/cases/{case.accreditation_id}"
    assert award_facts(client.sign_in(case.officer).get(address).get_data(as_text=True)) == {
        "Now": "Current",
        "Outcome": "Awarded",
    }
    with clock.at(clock.now() + timedelta(days=5 * 365)):
        text = client.sign_in(case.officer).get(address).get_data(as_text=True)
    assert award_facts(text) == {"Now": "Expired", "Outcome then": "Awarded"}


def award_facts(text: str) -> dict[str, str]:
    """What the page says under Award of how it stands and stood."""
    of_award = text.split(">Award</h2>")[1].split("</dl>", maxsplit=1)[0]
    pairs = re.findall(r"<dt[^>]*>\s*(.*?)\s*</dt>\s*<dd[^>]*>\s*(.*?)\s*</dd>", of_award, re.DOTALL)
    return {key: words for key, words in pairs if key == "Now" or key.startswith("Outcome")}


def test_a_case_is_for_who_works_on_it(app: Flask, client: CheckingClient, council: MadeCouncil) -> None:
    made = make_accreditation(app, council)
    viewer = make_user(app, council.region, "region_viewer")
    assert client.sign_in(viewer).get(f"/regions/{council.region.slug}/cases/{made}").status_code == 403
    other = make_region(app)
    elsewhere = make_user(app, other, "region_officer")
    assert client.sign_in(elsewhere).get(f"/regions/{other.slug}/cases/{made}").status_code == 404

"""An appeal through its pages: the council writes it, the region answers it, both read what came of it."""

from __future__ import annotations

from flask import Flask

from assessment.queries.awards import find_award
from tests.assessment.services.test_appeals import make_refused
from tests.assessment.web.test_reports import case_url, council_url, texts
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.awards import TOLD, make_award, make_decided
from tests.factories.tenants import MadeCouncil, MadeUser, make_user


def test_the_lead_appeals_and_a_decider_without_a_part_upholds(
    app: Flask, council: MadeCouncil, lead: MadeUser, client: CheckingClient, in_scope: InScope
) -> None:
    case = make_refused(app, council)
    client.sign_in(lead)
    assert "Appeal against the decision until" in texts(client.get(council_url(case, "journey")))
    page = texts(client.get(council_url(case, "appeal")))
    assert ("Outcome: Not yet awarded" in page, TOLD in page, "Send the appeal" in page) == (True, True, True)
    assert client.post(council_url(case, "appeal"), data={"grounds": " "}).status_code == 422
    assert client.post(council_url(case, "appeal"), data={"grounds": "Look again."}).status_code == 303
    assert client.post(council_url(case, "appeal"), data={"grounds": "And again."}).status_code == 409
    client.sign_in(case.officer)
    assert "Read the appeal" in texts(client.get(case_url(case, "")[:-1]))
    page = texts(client.get(case_url(case, "appeal")))
    assert ("Look again." in page, "A decider of the region decides it." in page) == (True, True)
    assert client.post(case_url(case, "appeal"), data={"outcome": "upheld"}).status_code == 403
    client.sign_in(make_user(app, council.region, "region_decider"))
    wrong = client.post(case_url(case, "appeal"), data={"outcome": "dismissed", "reason": "", "conditions": "By May."})
    body = wrong.get_data(as_text=True)
    assert (wrong.status_code, 'id="reason-error"' in body, "By May." in body) == (422, True, True)
    assert client.post(case_url(case, "appeal"), data={"outcome": "upheld", "reason": "It is so."}).status_code == 303
    assert "Upheld by" in texts(client.get(case_url(case, "appeal")))
    assert client.post(case_url(case, "appeal"), data={"outcome": "upheld", "reason": "Twice."}).status_code == 409
    with in_scope(council.scope()):
        number = find_award(case.accreditation_id).certificate_number
    client.sign_in(lead)
    page = texts(client.get(council_url(case, "appeal")))
    assert ("It is so." in page, TOLD in page, f"certificate {number}" in page) == (True, True, True)
    assert number in texts(client.get("/register"))
    assert "Your appeal : upheld" in texts(client.get(council_url(case, "journey")))


def test_only_the_lead_lodges_and_only_what_was_refused(
    app: Flask, council: MadeCouncil, lead: MadeUser, client: CheckingClient
) -> None:
    refused = make_refused(app, council)
    client.sign_in(make_user(app, council, "council_editor"))
    assert "The lead of your council lodges an appeal." in texts(client.get(council_url(refused, "appeal")))
    assert client.post(council_url(refused, "appeal"), data={"grounds": "Mine."}).status_code == 403
    waiting = make_decided(app, council)
    client.sign_in(lead)
    assert "Nothing is decided yet" in texts(client.get(council_url(waiting, "appeal")))
    client.sign_in(waiting.officer)
    assert client.get(case_url(waiting, "appeal")).status_code == 404


def test_an_award_without_conditions_offers_no_appeal_and_one_with_them_does(
    app: Flask, council: MadeCouncil, lead: MadeUser, client: CheckingClient
) -> None:
    plain, under = make_award(app, council), make_award(app, council, conditions="By May.")
    client.sign_in(lead)
    assert "without conditions" in texts(client.get(council_url(plain, "appeal")))
    page = texts(client.get(council_url(under, "appeal")))
    assert ("Outcome: Awarded, with conditions" in page, "the conditions are lifted at once" in page) == (True, True)

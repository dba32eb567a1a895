"""From the decision to the register: who may, what is shown before, what stands there after."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from assessment.queries.awards import find_award
from assessment.web import register
from saas import clock
from saas.tenancy import CONSOLE, Scope
from saas.transaction import within
from tenants.services import councils
from tests.assessment.web.test_reports import case_url, council_url, texts
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.awards import comment, make_award, make_decided, make_draft, make_fact_check, partly
from tests.factories.tenants import MadeCouncil, make_council, make_region, make_user

LOW = partly(*(f"{criterion}.{element}.1" for criterion in (1, 2) for element in (1, 2, 3, 4)))


def test_the_decider_sees_the_rule_and_gives_a_reason_beside_the_field(
    app: Flask, council: MadeCouncil, client: CheckingClient
) -> None:
    case = make_fact_check(app, council, judge=LOW)
    decider = make_user(app, council.region, "region_decider")
    client.sign_in(case.officer)
    assert client.get(case_url(case, "decision")).status_code == 403
    client.sign_in(decider)
    body = client.get(case_url(case, "decision"))
    page = texts(body)
    assert "You can decide after that, or as soon as it says that this is everything." in page
    assert "The rule proposes: Not yet" in page
    assert "<form" not in body.text.split("<main")[1]
    early = client.post(case_url(case, "decision"), data={"outcome": "not_yet", "words": "Too little is shown."})
    assert (early.status_code, "The council may correct the facts until" in texts(early)) == (409, True)
    comment(app, case)
    body = client.get(case_url(case, "decision"))
    page = texts(body)
    assert "Reason for deciding otherwise Needed when you decide otherwise than the rule proposes." in page
    assert "Does not hold At least 80% of the requirements are judged “Met”: 20 of 28 (71.4%)" in page
    assert "The rule proposes: Not yet" in page
    assert client.post(case_url(case, "decision"), data={}).status_code == 422
    typed = {"outcome": "awarded_with_conditions", "reason": "", "conditions": "By May."}
    wrong = client.post(case_url(case, "decision"), data=typed)
    assert wrong.status_code == 422
    body = wrong.get_data(as_text=True)
    assert 'id="reason-error"' in body
    assert "By May." in body
    assert 'id="words-error"' in body
    told = {"reason": "Shown on the day.", "words": "You showed it in May."}
    typed = {"outcome": "awarded", **told, "conditions": "By May."}
    for outcome, conditions in (("awarded", "By May."), ("awarded_with_conditions", "")):
        mixed = client.post(case_url(case, "decision"), data={**typed, "outcome": outcome, "conditions": conditions})
        assert (mixed.status_code, 'id="conditions-error"' in mixed.get_data(as_text=True)) == (422, True)
    typed["outcome"] = "awarded_with_conditions"
    assert client.post(case_url(case, "decision"), data=typed).status_code == 303
    assert client.post(case_url(case, "decision"), data=typed).status_code == 409
    page = texts(client.get(case_url(case, "decision")))
    assert "What the council reads You showed it in May." in page
    assert ("Shown on the day." in page, "Decision Awarded, with conditions" in page) == (True, True)


def test_who_scored_is_told_why_somebody_else_decides(app: Flask, council: MadeCouncil, client: CheckingClient) -> None:
    case = make_fact_check(app, council)
    scorer = case.scorers[0]
    with app.app_context(), within(Scope.operator(None)):
        councils.add_user(
            email=scorer.email,
            name=scorer.name,
            scope_slug=council.region.slug,
            role="region_decider",
            hashed=None,
            by=CONSOLE,
        )
    client.sign_in(scorer)
    assert "You scored this assessment" in texts(client.get(case_url(case, "decision")))
    refused = client.post(case_url(case, "decision"), data={"outcome": "awarded"})
    assert refused.status_code == 403
    assert "You scored this assessment" in texts(refused)


def test_the_release_says_what_is_missing(app: Flask, council: MadeCouncil, client: CheckingClient) -> None:
    case = make_fact_check(app, council)
    client.sign_in(case.officer)
    page = texts(client.get(case_url(case, "release")))
    assert "The outcome is not decided yet." in page
    assert "has not said yet that it has no comments" in page
    assert client.post(case_url(case, "release"), data={"version": "2"}).status_code == 409
    comment(app, case, "One thing.")
    assert "comment on version 1 has no answer yet" in texts(client.get(case_url(case, "release")))


def test_the_release_shows_what_will_happen_and_happens_once(
    app: Flask, council: MadeCouncil, client: CheckingClient, in_scope: InScope
) -> None:
    case = make_decided(app, council, judge=partly("1.1.1"))
    other = make_user(app, council.region, "region_officer")
    lead = make_user(app, council, "council_lead")
    client.sign_in(lead)
    assert "Outcome" not in texts(client.get(council_url(case)))
    client.sign_in(case.officer)
    page = texts(client.get(case_url(case, "release")))
    assert "1 improvement enters the council’s plan" in page
    assert f"{council.name} holds Charter from" in page
    assert client.post(case_url(case, "release"), data={"version": "1"}).status_code == 409
    typed = {"version": "2"}
    assert client.post(case_url(case, "release"), data=typed).status_code == 303
    client.sign_in(other)
    assert client.post(case_url(case, "release"), data=typed).status_code == 303
    assert f"{case.officer.name} has released this already" in texts(client.get(case_url(case, "release")))
    with in_scope(council.scope()):
        number = find_award(case.accreditation_id).certificate_number
    client.sign_in(lead)
    page = texts(client.get(council_url(case)))
    assert number in page
    assert "Charter: Awarded." in page
    assert client.get(case_url(case, "release")).status_code == 404


def test_the_register_is_public_filtered_and_a_file(
    app: Flask, client: CheckingClient, in_scope: InScope, statements
) -> None:
    assert "No award has been made yet" in texts(client.get("/register"))
    north, south = make_region(app, name="North Employers"), make_region(app, name="South Employers")
    first = make_award(app, make_council(app, north, name="=Ashby"))
    with statements() as sql:
        page = client.get("/register")
    once = len(sql)
    make_award(app, make_council(app, south, name="Brackley"))
    with statements() as sql:
        page = texts(client.get("/register"))
    assert (len(sql), "=Ashby" in page, "Brackley" in page) == (once, True, True)
    assert page.index("North Employers") < page.index("South Employers")
    only = texts(client.get(f"/register?of={south.id}&state=held&words=brack"))
    assert ("Brackley" in only, "=Ashby" in only) == (True, False)
    assert "No award fits" in texts(client.get("/register?state=past"))
    assert "Brackley" in texts(client.get("/register?of=nonsense&_scheme=x&_external=1"))
    lines = client.get(f"/register.csv?of={north.id}").get_data(as_text=True).splitlines()
    assert len(lines) == 2
    assert "'=Ashby" in lines[1]
    with in_scope(first.council.scope()):
        number = find_award(first.accreditation_id).certificate_number
    assert number in lines[1]


def test_a_certificate_is_checked_however_it_is_typed_and_tells_its_life(
    app: Flask, council: MadeCouncil, client: CheckingClient, in_scope: InScope
) -> None:
    case = make_award(app, council)
    with in_scope(council.scope()):
        award = find_award(case.accreditation_id)
    number = award.certificate_number
    typed = client.get(f"/certificates/{number.lower().replace('-', '')}")
    assert typed.headers["Location"] == f"/certificates/{number}"
    assert "Valid This award is held. It is valid until" in texts(client.get(f"/certificates/{number}"))
    now = clock.now()
    states = {}
    for months in (37, 50):
        with clock.at(now + timedelta(days=30.44 * months)):
            states[months] = texts(client.get(f"/certificates/{number}"))
            if months == 50:
                assert council.name in texts(client.get("/register?state=past"))
    assert "is still held until" in states[37]
    assert "This award expired on" in states[50]
    unknown = client.get("/certificates/BCDF-GHJK-2345")
    assert unknown.status_code == 404
    assert "There is no certificate with the number “BCDF-GHJK-2345”" in texts(unknown)
    assert client.get("/certificates/hello").status_code == 404
    make_award(app, council)
    assert "Ended This award ended on" in texts(client.get(f"/certificates/{number}"))


def test_a_long_register_comes_in_pages_and_its_file_whole(
    app: Flask, council: MadeCouncil, client: CheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register, "PAGE_ROWS", 1)
    for _ in range(2):
        make_award(app, council)
    first, second = texts(client.get("/register")), texts(client.get("/register?page=2"))
    assert ("Showing 1 of 2 awards" in first, "Valid" in first, "Ended" in second) == (True, True, True)
    assert "Showing 1 of 2 awards" in texts(client.get("/register?page=99"))
    assert len(client.get("/register.csv?page=2").get_data(as_text=True).splitlines()) == 3


def test_there_is_nothing_to_release_before_the_report(
    app: Flask, council: MadeCouncil, client: CheckingClient
) -> None:
    case = make_draft(app, council)
    client.sign_in(case.officer)
    assert "Nothing can be released at the stage" in texts(client.get(case_url(case, "release")))
    client.sign_in(make_user(app, council.region, "region_decider"))
    assert "Nothing can be decided at the stage" in texts(client.get(case_url(case, "decision")))

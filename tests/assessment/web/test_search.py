"""The page of search: results by kind for who may read them, hits marked, and what is said of odd input."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask

from saas import jobs
from saas.policy import Role
from tests.assessment.queries.test_search import fill, make_answer, make_strategy
from tests.checking_client import CheckingClient
from tests.factories.assessment import make_accreditation
from tests.factories.evidence import make_file
from tests.factories.members import make_member
from tests.factories.plans import make_action, make_plan
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser, make_council, make_user

Statements = Callable[[], AbstractContextManager[list[str]]]
HEADINGS = re.compile(r'<h2 class="govuk-heading-m" id="found-\w+">([^<]+)</h2>')
RESULTS = re.compile(r'<h3 class="found__title"><a class="govuk-link" href="([^"]+)">(.*?)</a></h3>')


def look(client: CheckingClient, council: MadeCouncil, words: str, status: int = 200, **more: str | int) -> str:
    """The page for these words."""
    response = client.get(f"/councils/{council.slug}/search", query_string={"words": words, **more})
    assert response.status_code == status
    return response.get_data(as_text=True)


def test_every_result_leads_to_its_place(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    accreditation = make_accreditation(app, council)
    make_answer(app, council, accreditation, "1.1.1", narrative="An <b>induction</b> for each.")
    strategy = make_strategy(app, council)
    plan = make_plan(app, council, "Our plan")
    action = make_action(app, council, plan, action="Plan the induction.")
    make_member(app, council, given_name="Ann", family_name="Inductio")
    text = look(client.sign_in(lead), council, "inducti")
    base = f"/councils/{council.slug}"
    assert HEADINGS.findall(text) == ["Self-assessment (1)", "Evidence (1)", "Action plans (1)", "Members (1)"]
    found = RESULTS.findall(text)
    assert [href for href, _ in found] == [
        f"{base}/accreditations/{accreditation}/requirements/1.1.1",
        f"{base}/evidence/{strategy}/preview?page=2",
        f"{base}/plans/{plan}?at={action}#action-{action}",
        f"{base}/members?words=Ann+Inductio",
    ]
    assert found[2:] == [
        (f"{base}/plans/{plan}?at={action}#action-{action}", "Plan the <mark>induction</mark>."),
        (f"{base}/members?words=Ann+Inductio", "Cllr Ann <mark>Inductio</mark>"),
    ]
    assert "An &lt;b&gt;<mark>induction</mark>&lt;/b&gt; for each." in text
    assert f'On pages <a class="govuk-link" href="{base}/evidence/{strategy}/preview?page=2">2</a> ' in text
    assert "<title>“inducti”: search" in text
    for href, _ in found:
        page = client.get(href.replace("&amp;", "&"))
        assert page.status_code == 200
    assert f'id="action-{action}"' in client.get(f"{base}/plans/{plan}").get_data(as_text=True)


@pytest.mark.parametrize(
    ("role", "headings"),
    [
        (Role.COUNCIL_VIEWER, ["Self-assessment (1)", "Evidence (1)", "Action plans (1)", "Members (1)"]),
        (Role.SIGNATORY, ["Self-assessment (1)"]),
    ],
)
def test_only_what_the_reader_may_read_is_looked_through(
    app: Flask, client: CheckingClient, council: MadeCouncil, role: Role, headings: list[str]
) -> None:
    fill(app, council, "wombat")
    client.sign_in(make_user(app, council, role))
    assert HEADINGS.findall(look(client, council, "wombat")) == headings
    assert HEADINGS.findall(look(client, council, "wombat", kind="member")) == headings[3:]


def test_a_member_has_no_box_and_no_search(app: Flask, client: CheckingClient, council: MadeCouncil) -> None:
    client.sign_in(make_user(app, council, Role.MEMBER))
    assert "search-box" not in client.get(f"/councils/{council.slug}/").get_data(as_text=True)
    look(client, council, "wombat", 403)


def test_another_councils_words_are_not_found(
    app: Flask, client: CheckingClient, council: MadeCouncil, region: MadeRegion, lead: MadeUser
) -> None:
    other = make_council(app, region)
    fill(app, other, "walrus")
    text = look(client.sign_in(lead), council, "walrus")
    assert "0 results for <strong>walrus</strong>" in text
    assert "Nothing here holds this word" in text
    assert client.get(f"/councils/{other.slug}/search?words=walrus").status_code == 404


def test_the_box_stands_on_every_page_of_a_council_but_the_page_of_search(
    client: CheckingClient, council: MadeCouncil, region: MadeRegion, lead: MadeUser, officer: MadeUser
) -> None:
    address = f"/councils/{council.slug}/search"
    client.sign_in(lead)
    for path in ("", "plans", "evidence", "members"):
        text = client.get(f"/councils/{council.slug}/{path}").get_data(as_text=True)
        assert text.count(f'method="get" action="{address}" role="search"') == 1
        assert f'<a class="govuk-link search-link" href="{address}">Search</a>' in text
    text = client.get(address).get_data(as_text=True)
    assert ("search-box" in text, text.count("data-search>")) == (False, 1)
    assert "search-box" not in client.sign_in(officer).get(f"/regions/{region.slug}/").get_data(as_text=True)


def test_many_results_come_in_pages(app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser) -> None:
    plan = make_plan(app, council)
    for number in range(28):
        make_action(app, council, plan, action=f"Buy chair {number}.")
    client.sign_in(lead)
    text = look(client, council, "chair")
    assert len(RESULTS.findall(text)) == 5
    assert f'href="/councils/{council.slug}/search?words=chair&amp;kind=action">Show all 28 results' in text
    first = look(client, council, "chair", kind="action")
    assert "Showing 25 of 28 results" in first
    last = look(client, council, "chair", kind="action", page=2)
    assert ("Showing 3 of 28 results" in last, '<ol class="found__list" start="26">' in last) == (True, True)
    titles = {title for _, title in RESULTS.findall(first) + RESULTS.findall(last)}
    assert len(titles) == 28
    assert RESULTS.findall(look(client, council, "chair", kind="action", page=9)) == RESULTS.findall(first)


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("a", "Enter at least two letters or figures."),
        ("?!", "Enter at least two letters or figures."),
        ("x" * 10_000, "The words must be 200 characters or fewer."),
    ],
)
def test_what_cannot_be_looked_for_is_said_beside_the_box(
    client: CheckingClient, council: MadeCouncil, lead: MadeUser, words: str, problem: str
) -> None:
    text = look(client.sign_in(lead), council, words, 422)
    assert f"Error:</span> {problem}</p>" in text
    assert f'value="{words}"' in text
    assert "<title>Error: Search" in text


@pytest.mark.parametrize("more", [{"kind": "secret"}, {"page": "0"}, {"page": "99999999999999999999"}, {"other": "1"}])
def test_what_the_page_does_not_know_is_refused(
    client: CheckingClient, council: MadeCouncil, lead: MadeUser, more: dict[str, str]
) -> None:
    assert "There is a problem" in look(client.sign_in(lead), council, "chair", 422, **more)


@pytest.mark.parametrize("words", ["the", "of the", "-training", "to be or not to be"])
def test_words_that_are_everywhere_are_explained(
    client: CheckingClient, council: MadeCouncil, lead: MadeUser, words: str
) -> None:
    assert "Words like “the” and “of” are everywhere" in look(client.sign_in(lead), council, words)


def test_without_words_the_page_only_asks(client: CheckingClient, council: MadeCouncil, lead: MadeUser) -> None:
    text = look(client.sign_in(lead), council, "")
    assert ("results for" in text, "There is a problem" in text) == (False, False)


@pytest.mark.parametrize(
    "words", ["'); drop table answers; --", "</title><script>alert(1)</script>", '"> <b>bold', "%s %(x)s {{ 7 }}"]
)
def test_odd_words_are_shown_as_they_are(
    client: CheckingClient, council: MadeCouncil, lead: MadeUser, words: str
) -> None:
    text = look(client.sign_in(lead), council, words)
    assert "<script>alert" not in text
    assert "0 results for" in text


def test_the_page_takes_four_statements_however_much_is_found(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, statements: Statements
) -> None:
    client.sign_in(lead)
    plan = make_plan(app, council)
    counts = []
    for _ in range(3):
        make_file(app, council, title="About chairs")
        make_action(app, council, plan, action="Buy chairs.")
        with app.app_context():
            jobs.run_all()
        with statements() as sent:
            look(client, council, "chairs")
        counts.append(len(sent))
    assert counts == [4, 4, 4]

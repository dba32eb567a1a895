"""The region's cases by what they need, and the counts on its home."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from assessment.models.accreditations import Accreditation
from assessment.services import appeals, decisions, releases, reports
from saas import clock, jobs
from saas.tenancy import CONSOLE
from saas.transaction import within
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation
from tests.factories.awards import comment, draft_version, make_award, make_decided, make_fact_check, release
from tests.factories.scores import actor, make_accepted, make_scored, make_team
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_region, make_user

CROWD = (
    "insert into councils select (jsonb_populate_record(c, jsonb_build_object('id', gen_random_uuid(),"
    " 'slug', c.slug || n, 'name', c.name || ' ' || n))).* from councils c, generate_series(2, 300) as n",
    "insert into accreditations select (jsonb_populate_record(a, jsonb_build_object('id', gen_random_uuid(),"
    " 'council_id', c.id, 'council_name', c.name))).*"
    " from accreditations a join councils c on c.id <> a.council_id",
    "update accreditations set next_due_on = '2026-01-05'",
)
"""A council and its accreditation, and 299 like it; the next date of all is past."""
Statements = Callable[[], AbstractContextManager[list[str]]]


def test_home_counts_what_is_needed_and_each_count_opens_its_rows(
    app: Flask, client: CheckingClient, council: MadeCouncil, officer: MadeUser
) -> None:
    other = make_council(app, council.region)
    make_accepted(app, council, council.region)
    make_team(app, other, council.region)
    home = f"/regions/{council.region.slug}/"
    text = client.sign_in(officer).get(home).text
    assert (text.count("What needs you today</h2>"), "What waits for you" in text) == (1, False)
    assert (f"{council.name}: put the team together</a>" in text, "Team not complete" in text) == (True, False)
    assert f'href="{home}cases?needs=undeclared">Interests not declared: 1 case</a>' in text
    decider = client.sign_in(make_user(app, council.region, "region_decider")).get(home).text
    assert f'href="{home}cases?needs=unassigned">Team not complete: 1 case</a>' in decider
    client.sign_in(officer)
    for need, name, absent in (
        ("unassigned", council.name, other.name),
        ("undeclared", other.name, council.name),
    ):
        page = client.get(f"{home}cases?needs={need}").text
        rows = page[page.index("<tbody>") : page.index("</tbody>")]
        assert (f">{name}</a>" in rows, f">{absent}</a>" in rows) == (True, False)
    assert "No case needs this now." in client.get(f"{home}cases?needs=appeal").text
    assert client.get(f"{home}cases?needs=nonsense").text.count("<tr>") == 3
    lines = client.get(f"{home}cases.csv?needs=undeclared").text.splitlines()
    assert (len(lines), lines[1].split(",")[0], "Interests not declared" in lines[1]) == (2, other.name, True)


def test_cases_are_the_regions_officers_and_deciders(app: Flask, client: CheckingClient, council: MadeCouncil) -> None:
    make_accepted(app, council, council.region)
    viewer = make_user(app, council.region, "region_viewer")
    home = f"/regions/{council.region.slug}/"
    assert f"{home}cases" not in client.sign_in(viewer).get(home).text
    assert client.get(f"{home}cases").status_code == 403


def test_the_list_needs_the_same_few_statements_for_any_number_of_cases(
    app: Flask, client: CheckingClient, council: MadeCouncil, officer: MadeUser, statements: Statements
) -> None:
    make_accreditation(app, council)
    address = f"/regions/{council.region.slug}/cases"
    client.sign_in(officer).get(address)
    with statements() as one:
        client.get(address)
    for _ in range(2):
        make_accreditation(app, make_council(app, council.region))
    with statements() as three:
        assert "3 cases" in client.get(address).text
    assert (len(one) == len(three), len(three) <= 6) == (True, True)


def test_late_is_the_same_number_on_home_in_the_cases_and_in_the_pipeline(
    app: Flask, client: CheckingClient, council: MadeCouncil, officer: MadeUser, in_scope: InScope
) -> None:
    held = make_award(app, council, improvements=1).accreditation_id
    again = make_accreditation(app, council)
    other = make_accreditation(app, make_council(app, council.region))
    asked = make_scored(app, make_council(app, council.region), council.region)
    with in_scope(council.region.scope()) as session:
        days = {held: -9, again: 9, other: -2, asked.accreditation_id: 30}
        for case_id, days_on in days.items():
            due = clock.today() + timedelta(days_on)
            session.execute(sa.update(Accreditation).where(Accreditation.id == case_id).values(next_due_on=due))
    home = f"/regions/{council.region.slug}/"
    client.sign_in(officer)
    for number in (1, 2):
        assert f">Late: {number} case{'s' if number > 1 else ''}</a>" in client.get(home).text
        cases = client.get(f"{home}cases?needs=late").text
        assert (f"Late ({number})" in cases, cases.count("<tr><th")) == (True, number)
        assert f'late=true">{number} late</a>' in client.get(f"{home}pipeline").text
        assert len(client.get(f"{home}pipeline.csv?late=true").text.splitlines()) == 1 + number
        # The award is late alone once what was begun after it is over.
        with in_scope(council.region.scope()) as session:
            ended = sa.update(Accreditation).where(Accreditation.id == again)
            session.execute(ended.values(stage="withdrawn", committed_at=clock.now() - timedelta(900)))


def test_an_outcome_that_stayed_back_is_on_home_until_it_is_released(
    app: Flask, client: CheckingClient, council: MadeCouncil, officer: MadeUser, in_scope: InScope
) -> None:
    case = make_decided(app, council)
    version = draft_version(app, case)
    with app.app_context(), within(council.region.scope(officer.id)):
        later = clock.now() + timedelta(days=1)
        releases.set_time(council.region.id, {case.accreditation_id: version}, release_at=later, by=actor(officer))
    home = f"/regions/{council.region.slug}/"
    assert "stayed back" not in client.sign_in(officer).get(home).text
    with app.app_context(), within(council.region.scope(officer.id)):
        reports.save(case.accreditation_id, summary="Once more.", version=version, by=actor(officer))
    with app.app_context(), clock.at(clock.now() + timedelta(days=2)):
        jobs.run_all()
    text = client.sign_in(officer).get(home).text
    page = f"{home}cases/{case.accreditation_id}/release"
    assert f'href="{page}">{council.name}: an outcome stayed back</a>' in text
    assert "changed the report since" in text
    assert "stayed-back" not in text  # not said twice
    decider = make_user(app, council.region, "region_decider")
    assert "An outcome stayed back: 1 case</a>" in client.sign_in(decider).get(home).text
    release(app, case)
    assert "n outcome stayed back" not in client.sign_in(officer).get(home).text.split("News</h2>")[0]


def test_a_decider_is_offered_what_he_or_she_may_decide_and_when(
    app: Flask, client: CheckingClient, council: MadeCouncil
) -> None:
    case = make_fact_check(app, council)
    first, second = (make_user(app, council.region, "region_decider") for _ in range(2))
    home, step = f"/regions/{council.region.slug}/", f"{council.name}: decide the outcome</a>"
    text = client.sign_in(first).get(home).text
    assert (step in text, ">Fact check: 1 case</a>" in text) == (False, True)
    assert "Wait for the council to end its fact check" in client.get(f"{home}cases?needs=fact-check").text
    comment(app, case)
    text = client.get(home).text
    assert (step in text, ">Fact check: 1 case</a>" in text) == (True, False)
    with app.app_context(), within(council.region.scope(first.id)):
        told = {"reason": "Too little is shown.", "words": "Too little is shown."}
        decisions.decide(case.accreditation_id, outcome="not_yet", **told, by=actor(first))
    release(app, case)
    with app.app_context(), within(council.scope()):
        appeals.lodge(case.accreditation_id, grounds="It was shown.", by=CONSOLE)
    appeal = f"{council.name}: decide the appeal of the council</a>"
    assert [appeal in client.sign_in(who).get(home).text for who in (first, second)] == [False, True]


@pytest.fixture
def crowded(built_app: Flask, owner: sa.Engine) -> MadeUser:
    """The officer of a region with 300 councils on their way, committed."""
    region = make_region(built_app)
    make_accreditation(built_app, make_council(built_app, region))
    with owner.begin() as connection:
        for statement in CROWD:
            connection.execute(sa.text(statement))
    return make_user(built_app, region, "region_officer")


def test_three_hundred_cases_by_what_they_need_take_six_statements(
    crowded: MadeUser, client: CheckingClient, statements: Statements
) -> None:
    home = client.sign_in(crowded).get("/", follow_redirects=True).request.path
    client.get(f"{home}cases")
    with statements() as sent:
        text = client.get(f"{home}cases?needs=late&page=3").text
    assert "300 cases" in text
    assert len(sent) <= 6

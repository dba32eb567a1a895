"""Home pages: what waits, where we stand, what is new."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask

from assessment.rules.process_words import day_words
from saas.policy import COUNCIL_ROLES, Role
from tests.checking_client import CheckingClient
from tests.factories.assessment import make_accreditation, make_framework
from tests.factories.awards import comment, make_award, make_fact_check
from tests.factories.contributions import make_contribution, make_secret, send_contribution
from tests.factories.members import make_member
from tests.factories.plans import make_action, make_plan
from tests.factories.scores import make_declared
from tests.factories.submissions import make_submission
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser, make_council, make_user
from tests.factories.visits import a_day, make_visit, name_people

Statements = Callable[[], AbstractContextManager[list[str]]]


def test_a_council_that_has_not_begun_is_told_how(client: CheckingClient, council: MadeCouncil, lead: MadeUser) -> None:
    text = client.sign_in(lead).get(f"/councils/{council.slug}/").get_data(as_text=True)
    assert f'<a class="govuk-link" href="/councils/{council.slug}/accreditations/new">Commit to the Charter</a>' in text
    assert "Your council has not committed to a level of the Charter" in text


def test_a_council_at_work_sees_its_tasks_its_standing_and_news(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    made = make_accreditation(app, council)
    text = client.sign_in(lead).get(f"/councils/{council.slug}/").get_data(as_text=True)
    assert f'href="/councils/{council.slug}/accreditations/{made}/">Begin the self-assessment</a>' in text
    assert "Check and send the plan to the region" not in text  # not before everything is judged
    assert f"<title>{council.name} – Charterway</title>" in text
    assert '<progress id="progress-1" max="28" value="0">0 of 28 requirements judged</progress>' in text
    assert ("What counts</span></summary>" in text, "A requirement counts once it is judged" in text) == (True, True)
    assert "Committed to the Charter" in text


def test_the_news_of_a_council_leave_out_what_comes_by_the_dozen(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    make_accreditation(app, council)
    make_action(app, council, make_plan(app, council, "Plan of 2026"))
    text = client.sign_in(lead).get(f"/councils/{council.slug}/").get_data(as_text=True)
    assert "Plan added: Plan of 2026" in text
    assert "added to a plan" not in text


def test_a_council_that_waits_reads_whose_turn_it_is(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    make_submission(app, council, make_accreditation(app, council), kind="plan")
    text = client.sign_in(lead).get(f"/councils/{council.slug}/").get_data(as_text=True)
    assert "It is the turn of the region: read the plan and approve or return it." in text


def test_the_text_of_somebody_else_waits_until_it_is_dealt_with(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    made = make_accreditation(app, council)
    asked = make_contribution(app, council, made)
    home = f"/councils/{council.slug}/"
    client.sign_in(lead)
    assert "Look at the text of" not in client.get(home).text
    send_contribution(app, make_secret(app, council, asked))
    page = f"{home}accreditations/{made}/requirements/1.1.1#contributions"
    assert f'href="{page}">Look at the text of Gwen Group about 1.1.1</a>' in client.get(home).text
    client.post(f"{home}contributions/{asked}/set-aside")
    assert "Look at the text of" not in client.get(home).text


def test_the_chair_is_led_to_the_meetings_at_which_statuses_are_changed(
    app: Flask, client: CheckingClient, council: MadeCouncil
) -> None:
    plan = make_plan(app, council)
    make_action(app, council, plan)
    client.sign_in(make_user(app, council, Role.STEERING_CHAIR))
    home = client.get(f"/councils/{council.slug}/").text
    assert f'href="/councils/{council.slug}/plans/{plan}/meetings">Go through Our plan at a meeting</a>' in home
    assert "1 with a status to be confirmed. Statuses are changed at a meeting" in home
    assert "Nothing waits for you here" not in home
    client.sign_in(make_user(app, council, Role.COUNCIL_VIEWER))
    assert "Nothing waits for you here" in client.get(f"/councils/{council.slug}/").text


@pytest.mark.parametrize("role", [Role.MEMBER, Role.GROUP_LEADER])
def test_who_is_only_a_member_finds_the_library_in_the_menu(
    app: Flask, client: CheckingClient, council: MadeCouncil, role: Role
) -> None:
    menu = f'href="/councils/{council.slug}/library-of-practice"'
    assert menu in client.sign_in(make_user(app, council, role)).get(f"/councils/{council.slug}/").text
    assert "another role" in client.get(f"/councils/{council.slug}/").text
    assert menu not in client.sign_in(make_user(app, council, "council_lead")).get(f"/councils/{council.slug}/").text


@pytest.mark.parametrize("role", COUNCIL_ROLES)
def test_every_role_of_a_council_has_a_home_with_what_it_may_do(
    app: Flask, client: CheckingClient, council: MadeCouncil, role: Role
) -> None:
    make_accreditation(app, council)
    page = client.sign_in(make_user(app, council, role)).get(f"/councils/{council.slug}/")
    text = page.get_data(as_text=True)
    assert page.status_code == 200
    answers = role in (Role.COUNCIL_LEAD, Role.COUNCIL_EDITOR)
    assert ("Begin the self-assessment" in text) is answers
    assert ("Where we stand" in text) is (role not in (Role.GROUP_LEADER, Role.MEMBER))
    assert ("What you can read" in text) is (role in (Role.GROUP_LEADER, Role.MEMBER))
    assert ("where your council stands, and what is new" in text) is ("Where we stand" in text)


def test_a_region_sees_what_was_sent_and_how_many_stand_where(
    app: Flask, client: CheckingClient, council: MadeCouncil, officer: MadeUser
) -> None:
    make_council(app, council.region)
    made = make_accreditation(app, council)
    sent = make_submission(app, council, made, kind="plan")
    slug = council.region.slug
    text = client.sign_in(officer).get(f"/regions/{slug}/").get_data(as_text=True)
    assert (
        f'href="/regions/{slug}/cases/{made}/submissions/{sent}">{council.name}: approve the plan or return it</a>'
        in text
    )
    assert "0 of 2 councils hold an award" in text
    assert ">1 council on the way</a>" in text
    assert ">1 council without an accreditation</a>" in text
    assert f"{council.name}: The plan was sealed and sent" in text


def test_a_viewer_of_the_region_reads_but_has_nothing_to_do(
    app: Flask, client: CheckingClient, council: MadeCouncil
) -> None:
    make_submission(app, council, make_accreditation(app, council), kind="plan")
    viewer = make_user(app, council.region, "region_viewer")
    text = client.sign_in(viewer).get(f"/regions/{council.region.slug}/").get_data(as_text=True)
    assert ("Nothing waits for you here" in text, "What needs you today" in text) == (False, False)
    assert text.index("Where we stand</h2>") < text.index("No report has been made yet.") < text.index("News</h2>")
    assert (", the council</p>" in text, "Council Lead" in text) == (True, False)
    assert "approve the plan" not in text
    assert "0 of 1 council hold an award" in text


def test_a_new_region_is_told_what_to_do_first(client: CheckingClient, region: MadeRegion, officer: MadeUser) -> None:
    text = client.sign_in(officer).get(f"/regions/{region.slug}/").get_data(as_text=True)
    assert "No councils yet. Add the first one, then invite its lead." in text


def test_more_councils_take_no_more_statements(
    app: Flask, client: CheckingClient, region: MadeRegion, officer: MadeUser, statements: Statements
) -> None:
    counted = []
    client.sign_in(officer)
    for more in (1, 2):
        for _ in range(more):
            council = make_council(app, region)
            make_submission(app, council, make_accreditation(app, council), kind="plan")
        client.get(f"/regions/{region.slug}/")
        with statements() as sent:
            client.get(f"/regions/{region.slug}/")
        counted.append(len(sent))
    assert counted[0] == counted[1]


def test_more_accreditations_take_no_more_statements(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, statements: Statements
) -> None:
    counted = []
    client.sign_in(lead)
    for framework in (["charter-2008"], ["charter-2017", "fixture-45"]):
        for code in framework:
            make_accreditation(app, council, make_framework(app, code))
        client.get(f"/councils/{council.slug}/")
        with statements() as sent:
            client.get(f"/councils/{council.slug}/")
        counted.append(len(sent))
    assert counted[0] == counted[1]


def test_after_the_release_home_leads_to_the_report_and_the_appeal_with_their_days(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    case = make_award(app, council, outcome="not_yet", reason="Too little is met.")
    plan = make_plan(app, council, "Our own plan")
    make_action(app, council, plan)
    make_action(app, council, make_plan(app, council, "From the report", "improvements"))
    address = f"/councils/{council.slug}/accreditations/{case.accreditation_id}"
    text = client.sign_in(lead).get(f"/councils/{council.slug}/").text
    read, appeal = text.index(f'href="{address}/report">Read the report</a>'), text.index("Appeal until ")
    assert read < appeal < text.index("Look at the actions of Our own plan")
    assert "Look at the actions of From the report" not in text  # the improvement says how far it is
    assert "Work on the improvements, and commit again when you are ready." in text


def test_home_names_who_is_missing_at_the_visit(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    case = make_declared(app, council, council.region)
    make_visit(app, case)
    make_member(app, council, group="Wren Group")
    name_people(app, case, lead, ("Sam Hollis", ""))
    text = client.sign_in(lead).get(f"/councils/{council.slug}/").text
    assert f'/visit">Visit on {day_words(a_day())}, nobody named from Wren Group</a>' in text


def test_after_the_fact_check_it_is_the_turn_of_the_region(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    comment(app, make_fact_check(app, council))
    home = client.sign_in(lead).get(f"/councils/{council.slug}/").text
    assert "It is the turn of the region: decide the outcome and release it." in home
    assert "say what is factually wrong" not in home

"""The list of an assessor's files, and a conflict declared late: at once, on every page, and seen by the region."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date

from flask import Flask

from assessment.queries.accreditations import get_accreditation
from assessment.queries.assignments import get_own
from assessment.rules.process_words import day_words
from assessment.services import assignments, awards, interests, moderations
from saas.errors import Conflict
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.assessors import enter, make_assessor, serve
from tests.factories.awards import make_decided
from tests.factories.scores import MadeCase, actor, make_accepted, make_declared, make_scored, make_team, seated
from tests.factories.tenants import MadeCouncil, MadeRegion, make_council
from tests.factories.visits import a_day, make_visit


def test_every_page_of_an_open_file_leads_to_the_late_declaration(
    app: Flask, council: MadeCouncil, region: MadeRegion, client: CheckingClient
) -> None:
    case = make_declared(app, council, region)
    address = f"/files/{case.accreditation_id}/interests/changed"
    client.sign_in(case.scorers[0])
    for rest in ("requirements/1.1.1", "submit", "interests"):
        assert f'href="{address}"' in client.get(f"/files/{case.accreditation_id}/{rest}").text
    wrong = client.post(address, data={"words": " "})
    assert (wrong.status_code, "Say what has changed, in a sentence." in wrong.text) == (422, True)
    answer = client.post(address, data={"words": "My sister was elected there"})
    assert (answer.status_code, answer.location) == (303, "/files")
    for rest in ("requirements/1.1.1", "submit", "interests", "interests/changed", ""):
        assert client.get(f"/files/{case.accreditation_id}/{rest}").status_code == 404
    client.sign_in(case.officer)
    team = client.get(f"/regions/{region.slug}/cases/{case.accreditation_id}/team").text
    assert f"{case.scorers[0].name} declared a conflict of interest" in team
    assert "My sister was elected there" in team
    assert "Fill the empty places" in team
    assert "Conflict declared" in client.get(f"/regions/{region.slug}/cases/{case.accreditation_id}").text


def open_another(app: Flask, case: MadeCase, in_scope: InScope) -> None:
    """Ask the same two to score another council; both have declared that they have no interest."""
    other = replace(make_accepted(app, make_council(app, case.region), case.region), scorers=case.scorers)
    with in_scope(case.region.scope(other.officer.id)):
        accreditation = get_accreditation(other.accreditation_id, lock=True)
        assignments.assign(accreditation, seated(other), by=actor(other.officer))
    for number, scorer in enumerate(other.scorers):
        with in_scope(other.file(number)):
            own = get_own(other.accreditation_id, scorer.id, lock=True)
            interests.declare(own, interest="none", words="", by=actor(scorer))


def test_the_list_needs_the_same_statements_for_one_file_and_for_three(
    app: Flask,
    council: MadeCouncil,
    region: MadeRegion,
    client: CheckingClient,
    in_scope: InScope,
    statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    case = make_declared(app, council, region)
    client.sign_in(case.scorers[0]).get("/files")
    with statements() as one:
        client.get("/files")
    for _ in range(2):
        open_another(app, case, in_scope)
    with statements() as three:
        text = client.get("/files").text
    assert text.count('id="file-') == 3
    assert len(one) == len(three)


def test_before_the_first_declaration_there_is_nothing_to_change(
    app: Flask, council: MadeCouncil, region: MadeRegion, client: CheckingClient
) -> None:
    case = make_team(app, council, region)
    address = f"/files/{case.accreditation_id}/interests"
    enter(app, region, case.scorers[0])
    serve(app, region, case.scorers[0], "Far Shore")
    client.sign_in(case.scorers[0])
    assert client.get(f"{address}/changed").location == address
    assert "The region knows these councils of yours: Far Shore." in client.get(address).text
    assert client.post(f"{address}/changed", data={"words": "A cousin"}).status_code == 409


def test_nothing_is_agreed_or_released_while_a_place_is_empty(
    app: Flask, council: MadeCouncil, region: MadeRegion, client: CheckingClient, in_scope: InScope
) -> None:
    case = make_decided(app, council)
    client.sign_in(case.scorers[1])
    client.post(f"/files/{case.accreditation_id}/interests/changed", data={"words": "I was offered work there"})
    empty = "Somebody who scored has left the team. Fill the place first: the file is then scored again."
    with in_scope(region.scope(case.officer.id)):
        assert empty in awards.obstacles(get_accreditation(case.accreditation_id))
    third = make_assessor(app, region, "councillor", "Northfield")
    team = f"/regions/{region.slug}/cases/{case.accreditation_id}/team"
    page = client.sign_in(case.officer).get(team).text
    assert "Whoever comes new scores, and what was agreed before counts no more." in page
    assert client.post(team, data={"councillor_1_person": str(third.id)}).location == team
    with in_scope(region.scope(case.officer.id)):
        assert get_accreditation(case.accreditation_id).stage == "assessing"


def test_moderation_rests_while_a_place_is_empty(
    app: Flask, council: MadeCouncil, region: MadeRegion, client: CheckingClient, in_scope: InScope
) -> None:
    case = make_scored(app, council, region)
    with in_scope(region.scope(case.officer.id)):
        moderations.begin(get_accreditation(case.accreditation_id, lock=True), by=actor(case.officer))
    client.sign_in(case.scorers[1])
    client.post(f"/files/{case.accreditation_id}/interests/changed", data={"words": "I was offered work there"})
    refused = ""
    with in_scope(region.scope(case.officer.id)):
        try:
            moderations.agree_all(get_accreditation(case.accreditation_id, lock=True), by=actor(case.officer))
        except Conflict as conflict:
            refused = conflict.message
    assert refused == "Somebody who scored has left the team. Fill the place first: the file is then scored again."
    shown = client.sign_in(case.officer).get(f"/regions/{region.slug}/cases/{case.accreditation_id}/moderation")
    assert shown.status_code == 200


def test_before_the_declaration_the_menu_leads_to_nothing_that_is_closed(
    app: Flask, council: MadeCouncil, region: MadeRegion, client: CheckingClient
) -> None:
    case = make_team(app, council, region)
    here = f"/files/{case.accreditation_id}"
    client.sign_in(case.scorers[0])
    closed = [f'href="{here}/{page}"' for page in ("questions", "visit", "interests/changed")]
    text = client.get(f"{here}/interests").text
    assert ([link in text for link in closed], 'href="/files"' in text) == ([False] * 3, True)
    assert not any(link in client.post(f"{here}/interests", data={}).text for link in closed)
    client.post(f"{here}/interests", data={"interest": "none"})
    assert all(link in client.get(f"{here}/interests").text for link in closed)


def test_who_cannot_take_part_says_so_and_sees_nothing_of_the_file_afterwards(
    app: Flask, council: MadeCouncil, region: MadeRegion, client: CheckingClient
) -> None:
    case = make_team(app, council, region)
    here = f"/files/{case.accreditation_id}"
    client.sign_in(case.scorers[0])
    long = client.post(f"{here}/interests", data={"interest": "cannot", "reason": "x" * 1001})
    assert long.status_code == 422
    answer = client.post(f"{here}/interests", data={"interest": "cannot", "reason": "A long journey"})
    assert (answer.status_code, answer.location) == (303, "/files")
    text = client.get("/files").text
    assert "You have left this team, and the region has been told." in text
    assert council.name not in text
    for rest in ("interests", "interests/changed", "requirements/1.1.1", ""):
        assert client.get(f"{here}/{rest}").status_code == 404
    client.sign_in(case.officer)
    region_page = f"/regions/{region.slug}"
    team = client.get(f"{region_page}/cases/{case.accreditation_id}/team").text
    assert "Cannot take part: A long journey" in team
    assert "Fill the empty places" in team
    home = client.get(f"{region_page}/").text
    assert "fill 1 empty place of the team" in home
    assert f"{case.scorers[0].name} cannot take part and left the team" in home
    assert council.name in client.get(f"{region_page}/cases?needs=unassigned").text


def test_the_pages_of_a_file_say_what_is_to_come(
    app: Flask, council: MadeCouncil, region: MadeRegion, client: CheckingClient, in_scope: InScope
) -> None:
    case = make_declared(app, council, region)
    client.sign_in(case.scorers[0])
    pages = [f"/files/{case.accreditation_id}/{rest}" for rest in ("requirements", "requirements/1.1.1", "submit")]
    assert not any("Scores are due" in client.get(page).text for page in pages)
    make_visit(app, case)
    with in_scope(region.scope(case.officer.id)):
        get_accreditation(case.accreditation_id, lock=True).next_due_on = date(2026, 1, 5)
    said = [client.get(page).text for page in pages]
    assert all("Scores are due 5 January 2026" in text for text in said)
    visit = f"Scores are due 5 January 2026. Visit {day_words(a_day())}."
    assert [visit in text for text in said] == [True, False, True]

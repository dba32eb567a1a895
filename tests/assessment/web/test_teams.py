"""The team's pages."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from flask import Flask

from tests.checking_client import CheckingClient
from tests.factories.assessment import make_accreditation
from tests.factories.scores import MadeCase, make_accepted, make_team
from tests.factories.tenants import MadeCouncil, MadeRegion, make_user

Statements = Callable[[], AbstractContextManager[list[str]]]


def team_page(case: MadeCase) -> str:
    """The address of the team."""
    return f"/regions/{case.region.slug}/cases/{case.accreditation_id}/team"


def asked(case: MadeCase) -> dict[str, str]:
    """What an officer chooses for the usual team."""
    return {
        "officer_1_person": str(case.scorers[0].id),
        "officer_1_home": "Northfield Borough Council",
        "councillor_1_person": str(case.scorers[1].id),
        "councillor_1_home": "Eastmoor District Council",
        "regional_1_person": str(case.officer.id),
    }


def test_the_team_is_asked_from_the_regions_people(
    app: Flask, council: MadeCouncil, region: MadeRegion, client: CheckingClient
) -> None:
    case = make_accepted(app, council, region)
    make_user(app, council, "council_lead", name="Somebody Elsewhere")
    page = client.sign_in(case.officer).get(team_page(case)).text
    assert case.scorers[0].name in page
    assert "Somebody Elsewhere" not in page
    answer = client.post(team_page(case), data=asked(case) | {"officer_1_home": council.name})
    assert answer.status_code == 422
    assert 'id="officer_1_person-error"' in answer.text
    assert "Eastmoor District Council" in answer.text
    assert client.post(team_page(case), data=asked(case)).location == team_page(case)
    page = client.get(team_page(case)).text
    first, second = (scorer.name for scorer in case.scorers)
    assert f"Asked {first}, {second} and {case.officer.name}." in page
    assert page.count("0 of 28") == 2
    assert page.count("Not declared") == 2
    assert "Ask them" not in page


def test_before_acceptance_there_is_nobody_to_ask(
    app: Flask, council: MadeCouncil, region: MadeRegion, officer: object, client: CheckingClient
) -> None:
    accreditation_id = make_accreditation(app, council)
    page = f"/regions/{region.slug}/cases/{accreditation_id}/team"
    answer = client.sign_in(officer).get(page)  # type: ignore[arg-type]
    assert "once the submission has been accepted" in answer.text


def test_somebody_is_replaced_with_a_reason(
    app: Flask, council: MadeCouncil, region: MadeRegion, client: CheckingClient
) -> None:
    case = make_team(app, council, region)
    third = make_user(app, region, "assessor", name="Third Person")
    page = client.sign_in(case.officer).get(team_page(case)).text
    path = next(part for part in page.split('"') if part.startswith(team_page(case) + "/"))
    assert "no longer open the file" in client.get(path).text
    typed = {"replacement_person": str(third.id), "replacement_home": "Westholm Council"}
    answer = client.post(path, data=typed | {"reason": ""})
    assert (answer.status_code, "Westholm Council" in answer.text) == (422, True)
    assert client.post(path, data=typed | {"reason": "Is ill"}).location == team_page(case)
    page = client.get(team_page(case)).text
    assert "Third Person" in page
    assert "Is ill" in page
    assert client.get(path).status_code == 404
    client.sign_in(case.scorers[0])
    assert client.get(f"/files/{case.accreditation_id}/interests").status_code == 404


def test_the_team_needs_the_same_statements_however_many_sit_there(
    app: Flask, council: MadeCouncil, region: MadeRegion, client: CheckingClient, statements: Statements
) -> None:
    case = make_accepted(app, council, region)
    client.sign_in(case.officer)
    with statements() as empty:
        client.get(team_page(case))
    client.post(team_page(case), data=asked(case))
    with statements() as full:
        client.get(team_page(case))
    assert len(full) <= len(empty)

"""The chair's page, asking for it, and what the check, the journey and the region's page say of it."""

from __future__ import annotations

from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from assessment.models.chair_confirmations import ChairConfirmation
from saas import jobs
from tenants.models.notices import Notice
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation
from tests.factories.chair_confirmations import confirm_by_chair, make_confirmed_by_chair
from tests.factories.submissions import answer_all
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user

WAITING = "Waiting for the chair&#39;s confirmation"


@pytest.fixture
def made(app: Flask, council: MadeCouncil) -> UUID:
    """A self-assessment with every answer that the chair has to confirm."""
    return make_confirmed_by_chair(app, council)


@pytest.fixture
def chair(app: Flask, council: MadeCouncil) -> MadeUser:
    """The chair of the council's steering group."""
    return make_user(app, council, "steering_chair", "Cllr Amina Foss")


def page_of(council: MadeCouncil, made: UUID, tail: str) -> str:
    return f"/councils/{council.slug}/accreditations/{made}/{tail}"


def has(text: str, *words: str) -> list[bool]:
    """Which of these stand on the page."""
    return [each in text for each in words]


def written(in_scope: InScope, council: MadeCouncil) -> tuple[int, int]:
    """How many confirmations and notices the council has."""
    with in_scope(council.scope()) as session:
        confirmed, told = (len(session.scalars(sa.select(kind.id)).all()) for kind in (ChairConfirmation, Notice))
        return confirmed, told


def test_the_lead_asks_the_chair_confirms_and_the_lead_sends(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, chair: MadeUser, made: UUID
) -> None:
    check, confirm = page_of(council, made, "check/plan"), page_of(council, made, "confirm/plan")
    home, journey = f"/councils/{council.slug}/", page_of(council, made, "journey")
    client.sign_in(chair)
    assert has(client.get(home).text, "Read and confirm the plan") == [False]
    client.sign_in(lead)
    assert has(client.get(check).text, "Ask the chair to confirm", "Send to the region") == [True, False]
    refused = client.post(check, data={"monitor": "Alex Reed"})
    assert refused.status_code == 409
    assert has(refused.text, "The chair of the steering group has not confirmed it yet.") == [True]
    assert client.post(f"{confirm}/ask").location.endswith(check)
    assert has(client.get(check).text, "Waiting for the chair’s confirmation. Asked on", "Ask the chair again") == [
        True,
        True,
    ]
    assert client.get(home).text.count(WAITING) == 2
    client.post(f"{confirm}/ask")
    assert has(client.get(check).text, "was asked today already") == [True]

    client.sign_in(chair)
    assert has(client.get(home).text, "Read and confirm the plan", f'href="{confirm}"') == [True, True]
    assert has(client.get(journey).text, f'<a href="{confirm}" role="button"') == [True]
    notices = client.get(f"/councils/{council.slug}/notices").text
    assert has(notices, "asks you to confirm the plan, as chair of the steering group.") == [True]
    assert has(client.get(confirm).text, "What is to be sent", check, "You cannot undo this.") == [True, True, True]
    long = client.post(confirm, data={"words": "x" * 2_001})
    assert (long.status_code, has(long.text, "There is a problem")) == (422, [True])
    sent = client.post(confirm, data={"words": "We read it in June."})
    assert (sent.status_code, sent.location) == (303, confirm)
    assert has(
        client.get(confirm).text, "Confirmed by Cllr Amina Foss on", "We read it in June.", "Confirm</button>"
    ) == [
        True,
        True,
        False,
    ]
    assert has(client.get(home).text, "Read and confirm the plan", WAITING) == [False, False]
    assert client.post(confirm, data={"words": ""}).status_code == 409

    client.sign_in(lead)
    assert has(client.get(check).text, "Cllr Amina Foss, chair of the steering group,", "Send to the region") == [
        True,
        True,
    ]
    assert client.post(check, data={"monitor": "Alex Reed"}).status_code == 303
    with app.app_context():
        jobs.run_all()
    client.sign_in(chair)
    assert client.get(confirm).location.endswith(check)
    assert has(client.get(journey).text, "The chair of the steering group confirmed the plan") == [True]


def test_the_region_reads_who_confirmed_and_when(
    app: Flask, client: CheckingClient, council: MadeCouncil, officer: MadeUser, made: UUID
) -> None:
    case = f"/regions/{council.region.slug}/cases/{made}"
    client.sign_in(officer)
    assert has(client.get(case).text, "confirmed the plan") == [False]
    confirm_by_chair(app, council, made, words="We read it in June.")
    text = client.get(case).text
    assert text.count("The chair of the steering group confirmed the plan") == 2  # of what was sent, and what happened
    assert has(text, "We read it in June.") == [True]


@pytest.mark.parametrize("role", ["council_lead", "council_editor", "signatory", "council_viewer"])
def test_whoever_is_not_the_chair_confirms_nothing(
    app: Flask, client: CheckingClient, council: MadeCouncil, made: UUID, role: str, in_scope: InScope
) -> None:
    client.sign_in(make_user(app, council, role))
    confirm = page_of(council, made, "confirm/plan")
    assert [client.get(confirm).status_code, client.post(confirm, data={"words": ""}).status_code] == [403, 403]
    assert client.post(f"{confirm}/ask").status_code == (409 if role == "council_lead" else 403)
    assert written(in_scope, council) == (0, 0)


def test_another_council_finds_nothing(
    app: Flask, client: CheckingClient, council: MadeCouncil, chair: MadeUser, made: UUID, in_scope: InScope
) -> None:
    other = make_council(app, council.region)
    client.sign_in(make_user(app, other, "steering_chair"))
    for place in (council, other):
        confirm = page_of(place, made, "confirm/plan")
        assert [client.get(confirm).status_code, client.post(confirm, data={"words": ""}).status_code] == [404, 404]
    client.sign_in(make_user(app, other, "council_lead"))
    assert client.post(page_of(other, made, "confirm/plan/ask")).status_code == 404
    assert [written(in_scope, place) for place in (council, other)] == [(0, 0), (0, 0)]


def test_what_is_not_complete_is_not_confirmed(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, chair: MadeUser, made: UUID
) -> None:
    answer_all(app, council, made, "partly_met")
    confirm = page_of(council, made, "confirm/plan")
    client.sign_in(chair)
    assert has(client.get(confirm).text, "are still missing.", "Confirm</button>") == [True, False]
    refused = client.post(confirm, data={"words": ""})
    assert (refused.status_code, has(refused.text, "are still missing.")) == (409, [True])
    client.sign_in(lead)
    client.post(f"{confirm}/ask")
    assert has(client.get(page_of(council, made, "check/plan")).text, "The chair was not asked.") == [True]


def test_without_the_setting_nothing_changes(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, chair: MadeUser
) -> None:
    made = make_accreditation(app, council)
    answer_all(app, council, made)
    confirm = page_of(council, made, "confirm/plan")
    client.sign_in(chair)
    assert [client.get(confirm).status_code, client.post(confirm, data={"words": ""}).status_code] == [409, 409]
    client.sign_in(lead)
    check = page_of(council, made, "check/plan")
    assert has(client.get(check).text, "chair", "Send to the region") == [False, True]
    assert client.post(check, data={"monitor": "Alex Reed"}).status_code == 303

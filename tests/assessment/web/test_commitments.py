"""Committing to a level."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from assessment.models.accreditations import Accreditation
from assessment.queries.signings import list_signatures
from assessment.rules.process_words import day_words
from assessment.rules.processes import DEFAULT, Period
from assessment.services.processes import save_process
from saas import clock
from saas.tenancy import CONSOLE
from saas.transaction import within
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation, make_framework
from tests.factories.tenants import MadeCouncil, MadeUser


def typed_day(name: str, day: date) -> dict[str, str]:
    """A day as its three inputs send it."""
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


def typed(framework_id: UUID, level: str = "charter", **changed: str) -> dict[str, str]:
    """The commit form, filled in."""
    return {
        "choice": f"{framework_id}:{level}",
        "office_1_name": "Sam Okoro",
        **typed_day("office_1_signed_on", date(2026, 1, 5)),
        "office_2_name": "Kit Moss",
        **typed_day("office_2_signed_on", date(2026, 1, 6)),
        **changed,
    }


def set_process(app: Flask, council: MadeCouncil, **changed: Any) -> None:
    """Change the process of the council's region from the defaults."""
    with app.app_context(), within(council.region.scope()):
        save_process(council.region.id, replace(DEFAULT, **changed), version=0, by=CONSOLE)


def test_committing_asks_for_each_office_and_opens_the_self_assessment(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    framework_id = make_framework(app, "charter-2017")
    client.sign_in(lead)
    form = client.get(f"/councils/{council.slug}/accreditations/new").get_data(as_text=True)
    assert "A starter set in words of our own" in form
    assert "Name of the Chief Executive" in form
    target = clock.today() + timedelta(days=400)
    sent = client.post(
        f"/councils/{council.slug}/accreditations/new", data=typed(framework_id) | typed_day("target_on", target)
    )
    with in_scope(council.scope()) as session:
        made = session.scalars(select(Accreditation)).one()
        assert (sent.status_code, sent.location) == (
            303,
            f"/councils/{council.slug}/accreditations/{made.id}/journey",
        )
        assert (made.level, made.stage, made.target_on) == ("charter", "self_assessing", target)
        assert [(each.office, each.name, each.signed_on) for each in list_signatures(made.id, "commitment")] == [
            ("Leader", "Sam Okoro", date(2026, 1, 5)),
            ("Chief Executive", "Kit Moss", date(2026, 1, 6)),
        ]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"choice": ""}, "Select what your council commits to"),
        ({"choice": "0192f000-0000-7000-8000-000000000000:charter"}, "Select what your council commits to"),
        ({"office_2_name": " "}, "Enter the name of the Chief Executive"),
        ({"office_1_signed_on-year": "2199"}, "The day the Leader signed must not be in the future."),
        (typed_day("target_on", date(2020, 1, 1)), "The day you want to be assessed must be in the future."),
        (typed_day("target_on", date(2090, 1, 1)), "The day you want to be assessed must be within 36 months."),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, changed: dict[str, str], words: str
) -> None:
    framework_id = make_framework(app)
    client.sign_in(lead)
    page = client.post(f"/councils/{council.slug}/accreditations/new", data=typed(framework_id, **changed))
    assert page.status_code == 422
    assert page.get_data(as_text=True).count(words) == 2  # in the summary and beside the field


def test_an_upper_level_is_refused_in_words(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    framework_id = make_framework(app, "charter-2017")
    client.sign_in(lead)
    page = client.post(f"/councils/{council.slug}/accreditations/new", data=typed(framework_id, "charter_plus"))
    assert page.status_code == 422
    assert "Charter Plus needs Charter first: your council does not hold Charter now." in page.get_data(as_text=True)


def test_a_pre_election_period_is_said_before_and_after(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    framework_id = make_framework(app)
    set_process(app, council, pre_election_periods=(Period(clock.today(), clock.today() + timedelta(days=9)),))
    client.sign_in(lead)
    address = f"/councils/{council.slug}/accreditations/new"
    assert "A pre-election period runs from" in client.get(address).get_data(as_text=True)
    refused = client.post(address, data=typed(framework_id))
    assert refused.status_code == 409
    assert "No council commits in it" in refused.get_data(as_text=True)


def test_the_offices_are_those_the_region_asks_for(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    make_framework(app)
    set_process(app, council, signatories=("Mayor",))
    client.sign_in(lead)
    text = client.get(f"/councils/{council.slug}/accreditations/new").get_data(as_text=True)
    assert "Name of the Mayor" in text
    assert "Chief Executive" not in text


def test_one_commitment_at_a_time(app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser) -> None:
    framework_id = make_framework(app)
    make_accreditation(app, council, framework_id)
    client.sign_in(lead)
    again = client.post(f"/councils/{council.slug}/accreditations/new", data=typed(framework_id))
    assert again.status_code == 409
    assert "An accreditation for this level is under way already." in again.get_data(as_text=True)
    form = client.get(f"/councils/{council.slug}/accreditations/new").get_data(as_text=True)
    assert f'value="{framework_id}:charter" disabled' in form
    assert f"Under way since {day_words(clock.today())}." in form

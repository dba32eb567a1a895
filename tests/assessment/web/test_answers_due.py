"""What waits for one person, as home lists it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import Flask

from tests.checking_client import CheckingClient
from tests.factories.assessment import make_accreditation
from tests.factories.element_owners import name_owner
from tests.factories.tenants import MadeCouncil, MadeUser


def home_of(council: MadeCouncil) -> str:
    return f"/councils/{council.slug}/"


def list_of(council: MadeCouncil, made: UUID, show: str = "") -> str:
    return f"{home_of(council)}accreditations/{made}/{'?show=' if show else ''}{show}"


def test_home_names_a_few_elements_of_ones_own_and_leads_to_the_others(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    made = make_accreditation(app, council)
    name_owner(app, council, made, [f"1.{number}" for number in range(1, 6)], lead)
    client.sign_in(lead)
    assert "more elements of yours" not in client.get(home_of(council)).get_data(as_text=True)
    name_owner(app, council, made, ["2.1", "2.2"], lead, date(2091, 5, 4))
    text = client.get(home_of(council)).get_data(as_text=True)
    assert text.count("Yours: 1 of 1 requirement to answer") == 5
    grouped = f'href="{list_of(council, made, "mine")}">Criterion 2: 2 elements by 4 May 2091</a>'
    assert grouped in text
    assert text.index("Answer 1.1") < text.index("Criterion 2: 2")  # what can be done now comes before a day far off

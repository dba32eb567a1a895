"""The region's cases by what they need, and the counts on its home."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.checking_client import CheckingClient
from tests.factories.assessment import make_accreditation
from tests.factories.scores import make_accepted, make_team
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
    assert "What needs you today" in text
    for need, label, name, absent in (
        ("unassigned", "Team not complete", council.name, other.name),
        ("undeclared", "Interests not declared", other.name, council.name),
    ):
        assert f'href="{home}cases?needs={need}">{label}</a>' in text
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
    assert "What needs you today</h2>" not in client.sign_in(viewer).get(home).text
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

"""The region's pipeline: filters, sorting, files of exactly what is shown, and how many statements they take."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import cast

import pytest
import sqlalchemy as sa
from flask import Flask

from assessment.queries.accreditations import get_accreditation
from assessment.queries.awards import find_award
from saas import clock
from saas.tenancy import CONSOLE, Scope
from saas.transaction import within
from tenants.rules import workbooks
from tenants.services import councils as council_service
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation, make_framework
from tests.factories.awards import make_award
from tests.factories.scores import make_declared
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser, make_council, make_region, make_user

Statements = Callable[[], AbstractContextManager[list[str]]]


def read_csv(data: bytes) -> list[list[str]]:
    """The rows of a CSV file, headings first."""
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def add_council(app: Flask, region: MadeRegion, name: str, kind: str, county: str) -> MadeCouncil:
    """A council of a kind in a county."""
    slug = name.lower()
    with app.app_context(), within(Scope.operator(None)):
        made = council_service.add_council(region.id, slug=slug, name=name, kind=kind, county=county, by=CONSOLE)
    return MadeCouncil(made, slug, name, region)


@pytest.fixture
def three(app: Flask, region: MadeRegion) -> tuple[MadeCouncil, MadeCouncil, MadeCouncil]:
    """One council that has not begun, one at work, one whose file is assessed."""
    made = (
        add_council(app, region, "Alford", "district", "Northshire"),
        add_council(app, region, "Belton", "county", "Southshire"),
        add_council(app, region, "Corby-on-Sea", "district", "Southshire"),
    )
    make_accreditation(app, made[1])
    make_declared(app, made[2], region)
    return made


def names(client: CheckingClient, region: MadeRegion, query: str = "") -> list[str]:
    """The councils of the CSV under a query, in their order."""
    rows = read_csv(client.get(f"/regions/{region.slug}/pipeline.csv{query}").data)
    return [row[0] for row in rows[1:]]


def test_every_council_has_one_row(
    client: CheckingClient, region: MadeRegion, officer: MadeUser, three: tuple[MadeCouncil, ...]
) -> None:
    text = client.sign_in(officer).get(f"/regions/{region.slug}/pipeline").get_data(as_text=True)
    for words in ("Not committed", "2 councils on the way", "1 not committed", "Alford", "Belton", "Corby-on-Sea"):
        assert words in text
    file = read_csv(client.get(f"/regions/{region.slug}/pipeline.csv").data)
    framework = "Member Development Charter, five themes (2008)"
    assert [row[:6] for row in file] == [
        ["Council", "Type", "County", "Level", "Framework", "Stage"],
        ["Alford", "District or borough council", "Northshire", "", "", "Not committed"],
        ["Belton", "County council", "Southshire", "Charter", framework, "Assessing itself"],
        ["Corby-on-Sea", "District or borough council", "Southshire", "Charter", framework, "Being assessed"],
    ]
    assert file[3][9].startswith("Region Officer")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?stage=under_way", ["Belton", "Corby-on-Sea"]),
        ("?stage=none", ["Alford"]),
        ("?stage=assessing", ["Corby-on-Sea"]),
        ("?kind=district", ["Alford", "Corby-on-Sea"]),
        ("?county=Southshire&kind=county", ["Belton"]),
        ("?ends_within=90", []),
        ("?late=true", []),
        ("?lead=-", ["Alford", "Belton"]),
        ("?lead=Nobody", []),
        ("?sort=-days&stage=under_way", ["Belton", "Corby-on-Sea"]),
        ("?sort=-name", ["Corby-on-Sea", "Belton", "Alford"]),
        ("?sort=-stage&county=Southshire", ["Corby-on-Sea", "Belton"]),
        ("?sort=nonsense&stage=", ["Alford", "Belton", "Corby-on-Sea"]),
    ],
)
def test_filters_and_order_stand_in_the_address_and_the_file_follows_them(
    client: CheckingClient,
    region: MadeRegion,
    officer: MadeUser,
    three: tuple[MadeCouncil, ...],
    query: str,
    found: list[str],
) -> None:
    client.sign_in(officer)
    assert names(client, region, query) == found
    page = client.get(f"/regions/{region.slug}/pipeline{query}").get_data(as_text=True)
    assert [council.name for council in three if f">{council.name}<" in page] == sorted(found)


def test_days_in_stage_and_lateness_follow_the_clock(
    client: CheckingClient, region: MadeRegion, officer: MadeUser, three: tuple[MadeCouncil, ...]
) -> None:
    client.sign_in(officer)
    with clock.at(clock.now() + timedelta(days=1500)):
        rows = read_csv(client.get(f"/regions/{region.slug}/pipeline.csv?late=true").data)
        assert [(row[0], row[6]) for row in rows[1:]] == [("Belton", "1500")]
        assert "<strong>Late</strong>" in client.get(f"/regions/{region.slug}/pipeline").get_data(as_text=True)


def test_an_award_shows_its_state_its_end_and_its_open_improvements(
    app: Flask, client: CheckingClient, council: MadeCouncil, in_scope: InScope
) -> None:
    case = make_award(app, council, improvements=2)
    slug = council.region.slug
    client.sign_in(case.officer)
    with in_scope(council.region.scope()):
        award = find_award(case.accreditation_id)
        assert award is not None
        ends = award.valid_to_on
    [_, row] = read_csv(client.get(f"/regions/{slug}/pipeline.csv").data)
    assert (row[5], row[10], row[11], row[12]) == ("Current", "2", "0", ends.isoformat())
    text = client.get(f"/regions/{slug}/pipeline").get_data(as_text=True)
    assert f'href="/regions/{slug}/improvements?council={council.slug}&amp;state=open"' in text
    with clock.at(clock.now() + timedelta(days=(ends - clock.today()).days - 80)):
        [_, row] = read_csv(client.get(f"/regions/{slug}/pipeline.csv?ends_within=90").data)
        assert row[5] == "Reassessment due"
    with clock.at(clock.now() + timedelta(days=(ends - clock.today()).days + 300)):
        [_, row] = read_csv(client.get(f"/regions/{slug}/pipeline.csv").data)
        assert row[5] == "Expired"


def test_the_accreditation_under_way_comes_before_a_newer_closed_one(
    app: Flask, client: CheckingClient, council: MadeCouncil, officer: MadeUser, in_scope: InScope
) -> None:
    make_accreditation(app, council, make_framework(app, "charter-2008"))
    with clock.at(clock.now() + timedelta(days=1)):
        newer = make_accreditation(app, council, make_framework(app, "fixture-45"))
    with in_scope(council.scope()):
        get_accreditation(newer).stage = "withdrawn"
    [_, row] = read_csv(client.sign_in(officer).get(f"/regions/{council.region.slug}/pipeline.csv").data)
    assert row[5] == "Assessing itself"


def test_who_only_reads_reports_gets_no_way_into_a_case(
    app: Flask, client: CheckingClient, region: MadeRegion, three: tuple[MadeCouncil, ...]
) -> None:
    viewer = make_user(app, region, "region_viewer")
    text = client.sign_in(viewer).get(f"/regions/{region.slug}/pipeline").get_data(as_text=True)
    assert "Belton" in text
    assert "/cases/" not in text
    assert "Add a council" not in text


@pytest.mark.parametrize("page", ["pipeline", "pipeline?view=board", "pipeline.csv", "pipeline.xlsx"])
def test_reports_take_at_most_six_statements_however_many_councils(
    app: Flask, client: CheckingClient, region: MadeRegion, officer: MadeUser, page: str, statements: Statements
) -> None:
    counted = []
    client.sign_in(officer)
    for more in (1, 2, 37):
        for number in range(more):
            council = make_council(app, region)
            if number < 2:
                make_accreditation(app, council)
        if more == 2:
            make_award(app, make_council(app, region), improvements=1, officer=officer)
        client.get(f"/regions/{region.slug}/{page}")  # a framework is read once and kept
        with statements() as sent:
            assert client.get(f"/regions/{region.slug}/{page}").status_code == 200
        counted.append(len(sent))
    assert max(counted) <= 6, counted
    assert len(set(counted)) == 1


def test_a_long_pipeline_has_pages_and_the_file_has_all(
    app: Flask, client: CheckingClient, region: MadeRegion, officer: MadeUser
) -> None:
    for _ in range(103):
        make_council(app, region)
    client.sign_in(officer)
    page = client.get(f"/regions/{region.slug}/pipeline?page=3").get_data(as_text=True)
    assert "Showing 3 of 103 councils" in page
    assert len(names(client, region, "?page=2")) == 103


def test_the_board_has_a_column_for_each_stage_and_leads_to_what_it_leaves_out(
    app: Flask, client: CheckingClient, region: MadeRegion, officer: MadeUser, three: tuple[MadeCouncil, ...]
) -> None:
    for number in range(12):
        add_council(app, region, f"Zeal-{number}", "district", "Northshire")
    client.sign_in(officer)
    page = client.get(f"/regions/{region.slug}/pipeline?view=board&kind=district").get_data(as_text=True)
    titles = re.findall(r'<h2 class="board__title"[^>]*>([^<]*)', page)
    assert titles == ["Not committed (13)", "Being assessed (1)"]
    assert page.count('class="board__name"') == 13
    assert f'href="/regions/{region.slug}/pipeline?kind=district&amp;stage=none">All 13' in page
    assert "Lead: Region Officer" in page


def test_excel_holds_the_same_rows_as_the_csv_and_says_what_they_mean(
    client: CheckingClient, region: MadeRegion, officer: MadeUser, three: tuple[MadeCouncil, ...]
) -> None:
    client.sign_in(officer)
    query = "?county=Southshire&sort=-name"
    book = workbooks.read(client.get(f"/regions/{region.slug}/pipeline.xlsx{query}").data)
    sheet, about = book.tables
    rows = read_csv(client.get(f"/regions/{region.slug}/pipeline.csv{query}").data)
    assert [row.texts[:6] for row in sheet.rows] == [tuple(row[:6]) for row in rows]
    assert any("One row for each council" in text for row in about.rows for text in row.texts)


def test_four_hundred_councils_take_six_statements_and_at_most_120_kilobytes(
    app: Flask, client: CheckingClient, region: MadeRegion, officer: MadeUser, statements: Statements
) -> None:
    with app.app_context(), within(Scope.operator(None)):
        for number in range(400):
            council_service.add_council(region.id, slug=f"many-{number}", name=f"Council {number}", by=CONSOLE)
    client.sign_in(officer)
    with statements() as sent:
        answer = client.get(f"/regions/{region.slug}/pipeline")
    assert (len(sent) <= 6, len(answer.data) < 120_000) == (True, True), (len(sent), len(answer.data))
    assert "Showing 50 of 400 councils" in answer.get_data(as_text=True)


def test_days_and_next_date_follow_the_state_of_the_award(
    app: Flask, client: CheckingClient, council: MadeCouncil, in_scope: InScope
) -> None:
    case = make_award(app, council)
    with in_scope(council.region.scope()):
        award = find_award(case.accreditation_id)
        assert award is not None
        get_accreditation(case.accreditation_id).next_due_on = None
        ends, grace, opens = award.valid_to_on, award.grace_to_on, award.reassessment_opens_on
        award.interim_reviewed_on = award.interim_due_on
    client.sign_in(case.officer)
    home = f"/regions/{council.region.slug}"
    found = []
    for day in (opens - timedelta(days=1), opens + timedelta(days=3), ends, grace, grace + timedelta(days=5)):
        with clock.at(clock.now() + timedelta(days=(day - clock.today()).days)):
            [_, row] = read_csv(client.get(f"{home}/pipeline.csv").data)
            found.append((row[5], row[6], row[7]))
            if day == opens + timedelta(days=3):
                [_, listed] = read_csv(client.get(f"{home}/cases.csv").data)
                assert (listed[2], listed[3]) == ("Reassessment due", opens.isoformat())
    days = (opens - timedelta(days=1) - clock.today()).days
    assert found == [
        ("Current", str(days), opens.isoformat()),
        ("Reassessment due", "3", ends.isoformat()),
        ("Reassessment due", str((ends - opens).days), ends.isoformat()),
        ("Reassessment due", str((grace - opens).days), grace.isoformat()),
        ("Expired", "4", ""),
    ]


def test_the_number_of_open_improvements_is_that_of_the_rows_it_opens(built_app: Flask, owner: sa.Engine) -> None:
    council = make_council(built_app, make_region(built_app))
    case = make_award(built_app, council, improvements=2)
    ended = make_council(built_app, council.region)
    make_award(built_app, ended, improvements=3, officer=case.officer)
    with owner.begin() as connection:
        connection.execute(sa.text("update councils set active = false where id = :id"), {"id": ended.id})
    client = cast(CheckingClient, built_app.test_client()).sign_in(case.officer)
    home = f"/regions/{council.region.slug}"
    for page in ("/", "/pipeline"):
        text = client.get(home + page).text
        assert f'href="{home}/improvements?state=open">2 open improvements</a>' in text
    assert len(read_csv(client.get(f"{home}/improvements.csv?state=open").data)) == 3
    text = client.get(f"{home}/pipeline").text
    assert "0 of them" not in text
    assert f'href="{home}/pipeline?stage=held">1 holding an award</a>' in text
    assert names(client, council.region, "?stage=held") == [council.name]


def test_a_value_that_is_no_choice_is_named_and_opens_the_folded_filters(
    client: CheckingClient, region: MadeRegion, officer: MadeUser, three: tuple[MadeCouncil, ...]
) -> None:
    address = f"/regions/{region.slug}/pipeline"
    plain = client.sign_in(officer).get(address).text
    assert ('<details class="fold"><summary' in plain, "is not one of" in plain) == (True, False)
    text = client.get(f"{address}?stage=nonsense&sort=odd&kind=county").text
    assert '<p class="govuk-body">Stage: “nonsense” is not one of the choices.</p>' in text
    assert "Sort by: “odd” is not one of the choices, so the councils stand by name." in text
    assert ("Type: “county”" in text, '<details class="fold" open>' in text) == (False, True)
    assert "“odd” is not one of the choices" in client.get(f"/regions/{region.slug}/cases?needs=odd").text


def test_who_reads_no_cases_reads_no_names_of_assessors(
    app: Flask, client: CheckingClient, region: MadeRegion, officer: MadeUser, three: tuple[MadeCouncil, ...]
) -> None:
    pages = [f"/regions/{region.slug}/pipeline{more}" for more in ("", "?view=board", ".csv")]
    client.sign_in(officer)
    assert ["Region Officer" in client.get(page).text for page in pages] == [True] * 3
    client.sign_in(make_user(app, region, "region_viewer"))
    for page in pages:
        text = client.get(page).text
        assert ("Region Officer" in text, "Lead assessor" in text, "Belton" in text) == (False, False, True)

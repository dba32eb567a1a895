"""The region's matrix: newest judgements of both sides, how they are shown, what each number opens, and the files."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from flask import Flask

from saas import clock
from tests.checking_client import CheckingClient
from tests.factories.assessment import make_accreditation, make_framework
from tests.factories.awards import make_award, partly
from tests.factories.submissions import answer_all, make_submission
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser, make_council, make_region, make_user

Statements = Callable[[], AbstractContextManager[list[str]]]
JUDGED = ("1.1.1", "2.2.1")


def read_csv(client: CheckingClient, region: MadeRegion, address: str) -> list[list[str]]:
    """The rows of a CSV file, headings first."""
    answer = client.get(f"/regions/{region.slug}/{address}")
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


@pytest.fixture
def awarded(app: Flask, council: MadeCouncil) -> MadeCouncil:
    """A council that calls every requirement met, and whose report found two of them partly met."""
    make_award(app, council, judge=partly(*JUDGED), reason="The team advises it.")
    return council


def test_the_newest_of_each_side_stands_beside_the_council(
    app: Flask, client: CheckingClient, region: MadeRegion, officer: MadeUser, awarded: MadeCouncil
) -> None:
    silent = make_council(app, region)
    client.sign_in(officer)
    own, issued, differs = (
        read_csv(client, region, f"matrix.csv?show={show}") for show in ("own", "issued", "difference")
    )
    size = len(own[0]) - 5
    assert own[0][4].startswith("1.1.1 ")
    assert [row[0] for row in own[1:]] == sorted([awarded.name, silent.name])
    own, issued, differs = (
        [table[0], *sorted(table[1:], key=lambda row: row[0] == silent.name)] for table in (own, issued, differs)
    )
    assert [row[0] for row in own] == ["Council", awarded.name, silent.name]
    assert own[1][4:-1] == ["Met"] * size
    assert own[2][4:-1] == ["–"] * size
    at = [index for index, heading in enumerate(own[0]) if heading.split(" ")[0] in JUDGED]
    assert [index for index, word in enumerate(issued[1]) if word == "Partly"] == at
    assert [index for index, word in enumerate(differs[1]) if word == "Higher"] == at
    assert differs[1][4:-1].count("Same") == size - 2


def test_requirements_are_gathered_by_element_and_criterion(
    client: CheckingClient, region: MadeRegion, officer: MadeUser, awarded: MadeCouncil
) -> None:
    client.sign_in(officer)
    by_criterion = read_csv(client, region, "matrix.csv?show=issued&by=criterion")
    met = dict(zip(by_criterion[0][4:-1], by_criterion[1][4:-1], strict=True))
    short = [heading for heading, words in met.items() if words.split(" of ")[0] != words.split(" of ")[1]]
    assert [heading.split(" ")[0] for heading in short] == ["1", "2"]
    text = client.get(f"/regions/{region.slug}/matrix?show=issued&by=criterion").get_data(as_text=True)
    assert f'<a href="matrix/lines?council={awarded.slug}&amp;issued=judged&amp;at=1">{met[short[0]]}</a>' in text
    lines = read_csv(client, region, f"matrix/lines.csv?council={awarded.slug}&issued=judged&at=1")
    assert len(lines) - 1 == int(met[short[0]].split(" of ")[1])


def test_a_later_submission_counts_and_a_draft_does_not(
    app: Flask, client: CheckingClient, council: MadeCouncil, officer: MadeUser
) -> None:
    accreditation_id = make_accreditation(app, council)
    answer_all(app, council, accreditation_id, "not_met")
    client.sign_in(officer)
    assert {row[4] for row in read_csv(client, council.region, "matrix.csv")[1:]} == {"–"}
    with clock.at(clock.now() + timedelta(days=1)):
        make_submission(app, council, accreditation_id, "plan")
    [line, *_] = read_csv(client, council.region, "matrix/lines.csv?own=met")[1:]
    assert (line[0], line[5], line[7], line[9]) == (council.name, "Met", "", "")


def test_a_framework_is_chosen_and_otherwise_the_one_most_councils_use(
    app: Flask, client: CheckingClient, region: MadeRegion, officer: MadeUser
) -> None:
    rare, usual = make_framework(app, "fixture-45"), make_framework(app, "charter-2008")
    for framework_id in (usual, usual, rare):
        council = make_council(app, region)
        make_submission(app, council, make_accreditation(app, council, framework_id), "plan")
    client.sign_in(officer)
    text = client.get(f"/regions/{region.slug}/matrix").get_data(as_text=True)
    assert '<h2 class="govuk-heading-m">Member Development Charter, five themes (2008)</h2>' in text
    chosen = read_csv(client, region, f"matrix.csv?framework={rare}")
    assert len(chosen[0]) == 45 + 5
    assert [row[4] for row in chosen[1:]] == ["–", "–", "Met"]
    assert len(read_csv(client, region, "matrix.csv?framework=nonsense")[0]) == len(
        read_csv(client, region, "matrix.csv")[0]
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("at=1.1.1", 1),
        ("at=1.1.1&own=partly_met", 0),
        ("issued=partly_met", 2),
        ("difference=higher", 2),
        ("difference=lower", 0),
        ("at=nothing", 0),
        ("own=none", 28),
        ("county=Elsewhere", 0),
    ],
)
def test_lines_are_what_the_numbers_count(
    app: Flask,
    client: CheckingClient,
    region: MadeRegion,
    officer: MadeUser,
    awarded: MadeCouncil,
    query: str,
    found: int,
) -> None:
    make_council(app, region)
    client.sign_in(officer)
    assert len(read_csv(client, region, f"matrix/lines.csv?{query}")) == found + 1
    assert client.get(f"/regions/{region.slug}/matrix/lines?{query}").status_code == 200


def test_the_trend_says_how_much_was_met_in_each_cycle(
    client: CheckingClient, region: MadeRegion, officer: MadeUser, awarded: MadeCouncil
) -> None:
    rows = read_csv(client.sign_in(officer), region, "matrix/trend.csv")[1:]
    assert [row[:3] for row in rows[:2]] == [["The report", "1", "1"], ["The council", "1", "1"]]
    report, own = rows[0], rows[1]
    assert (int(own[4]), own[6]) == (int(own[5]), "100")
    assert int(report[4]) == int(report[5]) - 1
    page = client.get(f"/regions/{region.slug}/matrix/trend").get_data(as_text=True)
    assert "Cycle 1" in page
    assert '<td class="none">100% from 1 council <span' in page  # grey: it rests on too few
    assert '<td class="met">' not in page


@pytest.mark.parametrize("address", ["matrix.xlsx", "matrix.xlsx?by=criterion&show=difference", "matrix/lines.xlsx"])
def test_the_same_rows_come_as_an_excel_file(
    client: CheckingClient, region: MadeRegion, officer: MadeUser, awarded: MadeCouncil, address: str
) -> None:
    answer = client.sign_in(officer).get(f"/regions/{region.slug}/{address}")
    assert answer.data[:2] == b"PK"
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_on_paper_each_county_has_its_own_part(
    app: Flask, client: CheckingClient, region: MadeRegion, officer: MadeUser, awarded: MadeCouncil
) -> None:
    text = client.sign_in(officer).get(f"/regions/{region.slug}/matrix/print").get_data(as_text=True)
    sheet = text.partition('<section class="heat__county">')[2].partition("</section>")[0]
    for words in ("What the cells mean", "What councils say of themselves", "<strong>1.1.1</strong>"):
        assert words in sheet
    assert text.count('<section class="heat__county">') == 1
    assert "No county" in text


@pytest.mark.parametrize(
    ("page", "own"),
    [("matrix", 2), ("matrix/lines", 1), ("matrix/print", 1), ("matrix?by=element&show=difference", 2)],
)
def test_the_matrix_takes_one_statement_and_one_for_saved_filters_beside_the_guard_s(
    app: Flask,
    client: CheckingClient,
    region: MadeRegion,
    officer: MadeUser,
    page: str,
    own: int,
    statements: Statements,
) -> None:
    counted = []
    client.sign_in(officer)
    for more in (1, 2):
        for _ in range(more):
            council = make_council(app, region)
            make_submission(app, council, make_accreditation(app, council), "plan")
        client.get(f"/regions/{region.slug}/{page}")
        with statements() as sent:
            client.get(f"/regions/{region.slug}/{page}")
        counted.append(len(sent))
    guard = 3  # two of them outside the tests, where nobody's scope need not be told
    assert counted == [guard + own] * 2


def test_who_reads_reports_reads_it_and_another_region_shows_nothing_of_it(
    app: Flask, client: CheckingClient, region: MadeRegion, awarded: MadeCouncil
) -> None:
    viewer = make_user(app, region, "region_viewer")
    text = client.sign_in(viewer).get(f"/regions/{region.slug}/matrix").get_data(as_text=True)
    assert awarded.name in text
    assert "/cases/" not in text
    elsewhere = make_region(app)
    stranger = make_user(app, elsewhere, "region_officer")
    client.sign_in(stranger)
    assert client.get(f"/regions/{region.slug}/matrix").status_code == 404
    empty = client.get(f"/regions/{elsewhere.slug}/matrix").get_data(as_text=True)
    assert "Nothing to show yet." in empty
    assert awarded.name not in empty

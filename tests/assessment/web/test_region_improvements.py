"""Improvements across the region: counted from every side, every number opening its rows, and the files of both."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from flask import Flask

from assessment.services import improvements
from saas import clock
from saas.tenancy import CONSOLE
from saas.transaction import within
from tests.checking_client import CheckingClient
from tests.factories.awards import make_award
from tests.factories.scores import MadeCase
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser, make_council

Statements = Callable[[], AbstractContextManager[list[str]]]
COUNTED = ["Issued", "Open", "Councils", "Replied to", "Decided against", "Verified"]


def read_csv(client: CheckingClient, region: MadeRegion, query: str = "") -> list[list[str]]:
    """The rows of the CSV under a query, headings first."""
    answer = client.get(f"/regions/{region.slug}/improvements.csv{query}")
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


def decide_against(app: Flask, case: MadeCase, number: int) -> None:
    """The council replies that a body decided against it."""
    with app.app_context(), within(case.council.scope()):
        improvements.reply(
            case.accreditation_id,
            number,
            answer="decided_against",
            body="Cabinet",
            decided_on=date(2026, 5, 4),
            minute="12",
            reason="It costs too much.",
            by=CONSOLE,
        )


@pytest.fixture
def case(app: Flask, council: MadeCouncil) -> MadeCase:
    """Two improvements of one council: the first under a criterion and mandatory, the second decided against."""
    made = make_award(
        app,
        council,
        improvements=2,
        words={1: {"criterion_code": "1", "mandatory": True}, 2: {"remark": "Under no heading"}},  # type: ignore[dict-item]
    )
    decide_against(app, made, 2)
    return made


@pytest.mark.parametrize(
    ("by", "rows"),
    [
        ("criterion", [("No criterion", "1", "1", "1", "1", "1", "0"), ("1 ", "1", "1", "1", "0", "0", "0")]),
        ("age", [("Up to 90 days", "2", "2", "1", "1", "1", "0")]),
        ("reply", [("No reply yet", "1", "1", "1", "0", "0", "0"), ("Decided against", "1", "1", "1", "1", "1", "0")]),
        ("weight", [("Must be done", "1", "1", "1", "0", "0", "0"), ("Recommended", "1", "1", "1", "1", "1", "0")]),
        ("theme", [("No theme", "2", "2", "1", "1", "1", "0")]),
    ],
)
def test_each_side_counts_what_was_issued(
    client: CheckingClient, region: MadeRegion, case: MadeCase, by: str, rows: list[tuple[str, ...]]
) -> None:
    headings, *lines = read_csv(client.sign_in(case.officer), region, f"?by={by}")
    first = headings.index("Issued")
    assert headings[first:-1] == COUNTED
    assert [tuple(line[first:-1]) for line in lines] == [row[1:] for row in rows]
    assert all(line[0].startswith(row[0]) for line, row in zip(lines, rows, strict=True))
    assert client.get(f"/regions/{region.slug}/improvements?by={by}").status_code == 200


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("?criterion=charter-2008:1", ["1"]),
        ("?criterion=charter-2008:-", ["2"]),
        ("?criterion=fixture-45:1", []),
        ("?age=90", ["1", "2"]),
        ("?age=180", []),
        ("?age=older", []),
        ("?reply=-", ["1"]),
        ("?reply=decided_against", ["2"]),
        ("?weight=mandatory", ["1"]),
        ("?weight=recommended&state=open", ["2"]),
        ("?state=verified", []),
        ("?theme=-", ["1", "2"]),
        ("?words=NO%20heading", ["2"]),
        ("?words=100%25", []),
        ("?council=elsewhere", []),
    ],
)
def test_filters_stand_in_the_address_and_page_and_file_follow_them(
    client: CheckingClient, region: MadeRegion, case: MadeCase, query: str, numbers: list[str]
) -> None:
    rows = read_csv(client.sign_in(case.officer), region, query)[1:]
    assert [row[1] for row in rows] == numbers
    text = client.get(f"/regions/{region.slug}/improvements{query}").get_data(as_text=True)
    assert [number for number in ("1", "2") if f"Do thing {number}" in text] == numbers
    assert ("No improvement is like this." in text) is (not numbers)


def test_a_number_opens_its_rows(client: CheckingClient, region: MadeRegion, case: MadeCase) -> None:
    text = client.sign_in(case.officer).get(f"/regions/{region.slug}/improvements?by=weight").get_data(as_text=True)
    assert f'href="/regions/{region.slug}/improvements?weight=mandatory&amp;state=open"' in text


def test_what_is_decided_against_names_who_decided_and_why(
    client: CheckingClient, region: MadeRegion, case: MadeCase
) -> None:
    [headings, row] = read_csv(client.sign_in(case.officer), region, "?state=decided_against")
    said = dict(zip(headings, row, strict=True))
    assert [said[name] for name in ("Reply", "Decided by", "Decided on", "Minute", "Reason of the reply")] == [
        "Decided against", "Cabinet", "2026-05-04", "12", "It costs too much.",
    ]  # fmt: skip
    text = client.get(f"/regions/{region.slug}/improvements?state=decided_against").get_data(as_text=True)
    assert "Decided against (Cabinet, 4 May 2026, minute 12): It costs too much." in text


@pytest.mark.parametrize(
    ("days", "band"),
    [(0, "90"), (90, "90"), (91, "180"), (180, "180"), (181, "365"), (365, "365"), (366, "730"), (731, "older")],
)
def test_age_counts_whole_days_since_the_day_of_issue(
    client: CheckingClient, region: MadeRegion, case: MadeCase, days: int, band: str
) -> None:
    client.sign_in(case.officer)
    with clock.at(clock.now() + timedelta(days=days)):
        assert len(read_csv(client, region, f"?age={band}")) == 3


@pytest.mark.parametrize("query", ["?by=theme", "?state=open"])
def test_both_tables_come_as_excel_files(
    client: CheckingClient, region: MadeRegion, case: MadeCase, query: str
) -> None:
    answer = client.sign_in(case.officer).get(f"/regions/{region.slug}/improvements.xlsx{query}")
    assert answer.data[:2] == b"PK"


@pytest.mark.parametrize("page", ["improvements?by=theme", "improvements?by=age", "improvements?state=open"])
def test_the_statements_do_not_grow_with_the_rows(
    app: Flask, client: CheckingClient, region: MadeRegion, officer: MadeUser, page: str, statements: Statements
) -> None:
    counted = []
    client.sign_in(officer)
    for more in (1, 2):
        for _ in range(more):
            make_award(app, make_council(app, region), improvements=1, officer=officer)
        with statements() as sent:
            assert client.get(f"/regions/{region.slug}/{page}").status_code == 200
        counted.append(len(sent))
    assert max(counted) <= 7, counted  # six outside the tests, where nobody's scope need not be told
    assert len(set(counted)) == 1


def test_no_improvements_yet(client: CheckingClient, region: MadeRegion, officer: MadeUser) -> None:
    text = client.sign_in(officer).get(f"/regions/{region.slug}/improvements").get_data(as_text=True)
    assert "No improvements yet." in text

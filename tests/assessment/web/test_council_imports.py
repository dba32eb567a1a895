"""Councils and their awards from one file: preview, all or nothing, never twice, and pages that cope with them."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from dateutil.relativedelta import relativedelta
from flask import Flask

from assessment.models.accreditations import Accreditation
from assessment.models.awards import Award, RegisterEntry
from assessment.rules.process_words import day_words
from saas import clock
from saas.papers.blocks import Paper, Row, Table
from saas.papers.excel import write_excel
from tenants.models.access import Invitation
from tenants.models.councils import Council
from tenants.rules import workbooks
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.assessment import make_framework
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser, make_user

COUNCILS = ("Council", "Type", "County", "Seats", "Contact", "Contact e-mail")
AWARDS = ("Council", "Level", "Framework", "Awarded on", "Valid to", "Certificate words")
NEW = ("Alford Borough Council", "District or borough council", "Northshire", 48, "Ann Lee", "ann@alford.example")
FRAMEWORK = "charter-2008"
Statements = Callable[[], AbstractContextManager[list[str]]]

pytestmark = pytest.mark.usefixtures("framework")


@pytest.fixture
def framework(app: Flask) -> object:
    """A framework that the region offers."""
    return make_framework(app, FRAMEWORK)


def workbook(councils: list[tuple[object, ...]], awards: list[tuple[object, ...]]) -> bytes:
    """The file with its two sheets."""
    blocks = (
        Table("Councils", COUNCILS, tuple(Row(each) for each in councils)),  # type: ignore[arg-type]
        Table("Awards", AWARDS, tuple(Row(each) for each in awards)),  # type: ignore[arg-type]
    )
    return write_excel(Paper("Councils", "", "Region", clock.now(), blocks))


def send(client: CheckingClient, region: MadeRegion, data: bytes, name: str = "councils.xlsx") -> str:
    """Send the file; the address of its preview."""
    answer = client.post(f"/regions/{region.slug}/councils/import", data={"file": (io.BytesIO(data), name)})
    assert answer.status_code == 303, re.findall(r"Error:.*", answer.get_data(as_text=True))
    return str(answer.headers["Location"])


def award(begun: date, years: int = 3, words: str = "", council: str = NEW[0]) -> tuple[object, ...]:
    """A row of the second sheet."""
    return (council, "Charter", FRAMEWORK, begun, begun + relativedelta(years=years), words)


def test_councils_and_their_history_are_shown_then_taken_in_and_stand_in_pipeline_and_register(
    client: CheckingClient, region: MadeRegion, officer: MadeUser, in_scope: InScope
) -> None:
    today = clock.today()
    old, held = date(2019, 3, 4), today - timedelta(days=400)
    client.sign_in(officer)
    address = send(client, region, workbook([NEW], [award(held), award(old, words="Charter with praise")]))
    page = client.get(address).get_data(as_text=True)
    for words in ("1 council added, 2 awards recorded", "Charter with praise", "4 March 2019 to 4 March 2022"):
        assert words in page
    answer = client.post(address)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/regions/{region.slug}/pipeline")
    with in_scope(region.scope()) as session:
        council = session.scalars(sa.select(Council)).one()
        assert (council.slug, council.kind, council.county, council.seats) == (
            "alford-borough-council", "district", "Northshire", 48,
        )  # fmt: skip
        found = session.execute(
            sa.select(
                Accreditation.cycle, Accreditation.stage, Accreditation.recorded_from, Award.level_title,
                Award.awarded_on, Award.ending,
            )
            .join(Award, Award.accreditation_id == Accreditation.id)
            .order_by(Accreditation.cycle)
        ).all()  # fmt: skip
        assert [tuple(row) for row in found] == [
            (1, "awarded", "councils.xlsx", "Charter with praise", old, "expired"),
            (2, "awarded", "councils.xlsx", "Charter", held, None),
        ]
        entries = session.scalars(sa.select(RegisterEntry).order_by(RegisterEntry.awarded_on)).all()
        assert [(each.council_name, each.level_title, each.ending) for each in entries] == [
            (NEW[0], "Charter with praise", "expired"),
            (NEW[0], "Charter", None),
        ]
        assert session.scalars(sa.select(Invitation)).all() == []
        present = session.scalars(sa.select(Accreditation.id).where(Accreditation.cycle == 2)).one()
    page = client.get(f"/regions/{region.slug}/pipeline").get_data(as_text=True)
    assert (NEW[0] in page, "Current" in page) == (True, True)
    case = client.get(f"/regions/{region.slug}/cases/{present}").get_data(as_text=True)
    assert "Recorded from councils.xlsx" in case
    assert f"Award of {day_words(held)} recorded from councils.xlsx" in case
    assert "Award made" not in case
    assert "taken in on" in client.get(address).get_data(as_text=True).lower()


def test_the_same_file_twice_adds_nothing_and_another_with_the_same_rows_neither(
    client: CheckingClient, region: MadeRegion, officer: MadeUser, in_scope: InScope
) -> None:
    client.sign_in(officer)
    data = workbook([NEW], [award(date(2024, 3, 4))])
    address, twin = send(client, region, data), send(client, region, data)
    assert client.post(address).status_code == 303
    assert client.post(address).status_code == 409
    assert client.post(twin).status_code == 409
    again = client.post(f"/regions/{region.slug}/councils/import", data={"file": (io.BytesIO(data), "again.xlsx")})
    assert (again.status_code, "This file was taken in on" in again.get_data(as_text=True)) == (422, True)
    longer = send(
        client, region, workbook([(*NEW[:1], "Unitary council", "", 50, "Ann Lee", "")], [award(date(2024, 3, 4), 4)])
    )
    page = client.get(longer).get_data(as_text=True)
    for words in (
        "Everything in this file is here already",
        "Not invited and not kept: the council is here already.",
        "Type: District or borough council here, Unitary council in the file",
        "Seats: 48 here, 50 in the file",
        "Valid to: 4 March 2027 here, 4 March 2028 in the file",
    ):
        assert words in page
    with in_scope(region.scope()) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Award)) == 1


def test_awards_take_as_many_statements_for_twelve_councils_as_for_two(
    client: CheckingClient, region: MadeRegion, officer: MadeUser, in_scope: InScope, statements: Statements
) -> None:
    client.sign_in(officer)
    counts = []
    for number in (2, 12):
        names = [f"{letter}-{number}" for letter in "ABCDEFGHIJKL"[:number]]
        rows: list[tuple[object, ...]] = [(name, *NEW[1:]) for name in names]
        begun = (date(2015, 3, 4), date(2018, 3, 4), date(2025, 3, 4))
        past = [award(day, council=name) for name in names for day in begun]
        address = send(client, region, workbook(rows, past))
        with statements() as sent:
            assert client.post(address).status_code == 303
        counts.append(len(sent) - number)  # each new council is added by a statement of its own
    assert counts[0] == counts[1]
    with in_scope(region.scope()) as session:
        cycles = session.execute(sa.select(Accreditation.cycle, sa.func.count()).group_by(Accreditation.cycle)).all()
        ended = session.execute(sa.select(Award.awarded_on, Award.ending, Award.ended_on).distinct()).all()
    assert sorted(tuple(row) for row in cycles) == [(1, 14), (2, 14), (3, 14)]
    assert {row.awarded_on.year: row.ending for row in ended} == {2015: "ended", 2018: "expired", 2025: None}


def test_one_wrong_row_keeps_everything_out(
    client: CheckingClient, region: MadeRegion, officer: MadeUser, in_scope: InScope
) -> None:
    client.sign_in(officer)
    data = workbook([NEW, ("Belton", "Parish", "", "many", "", "nobody")], [award(date(2024, 3, 4), council="Corby")])
    address = send(client, region, data)
    page = client.get(address).get_data(as_text=True)
    for words in (
        "4 places to mend", "“Parish” is no type", "“many” is no number of seats", "“nobody” is not an email address",
        "Corby is new: say which type of authority it is.",
    ):  # fmt: skip
        assert words in page
    assert client.post(address).status_code == 422
    with in_scope(region.scope()) as session:
        assert session.scalars(sa.select(Council)).all() == []


def test_contacts_are_invited_only_when_ticked(
    client: CheckingClient, region: MadeRegion, officer: MadeUser, in_scope: InScope
) -> None:
    client.sign_in(officer)
    address = send(client, region, workbook([NEW], []))
    assert "Invite the contacts of 1 new council" in client.get(address).get_data(as_text=True)
    assert client.post(address, data={"invite": "true"}).status_code == 303
    with in_scope(region.scope()) as session:
        invited = session.scalars(sa.select(Invitation)).all()
    assert [(each.email, each.name, each.role) for each in invited] == [
        ("ann@alford.example", "Ann Lee", "council_lead")
    ]


def test_a_council_reads_what_was_recorded_without_report_or_submission(
    app: Flask, client: CheckingClient, council: MadeCouncil, officer: MadeUser, in_scope: InScope
) -> None:
    client.sign_in(officer)
    row = (council.name, "", "", 30, "", "")
    address = send(client, council.region, workbook([row], [award(date(2024, 3, 4), council=council.name)]))
    assert client.post(address).status_code == 303
    with in_scope(council.scope()) as session:
        recorded = session.scalars(sa.select(Accreditation.id)).one()
        assert session.scalars(sa.select(Council.seats)).one() == 30
    client.sign_in(make_user(app, council, "council_lead"))
    start = f"/councils/{council.slug}"
    journey = client.get(f"{start}/accreditations/{recorded}/journey").get_data(as_text=True)
    for words in ("Recorded from councils.xlsx", "No self-assessment, submission or report", "Award"):
        assert words in journey
    for words in ("Open the self-assessment", "Read the report", "Last day to be assessed"):
        assert words not in journey
    others = ("", "plan", "improvements", "interim", "report")
    answers = {page: client.get(f"{start}/accreditations/{recorded}/{page}").status_code for page in others}
    assert answers == dict.fromkeys(others, 200)
    assert client.get(f"{start}/").status_code == client.get(f"{start}/accreditations").status_code == 200


def test_the_empty_file_has_an_example_on_both_sheets_and_reads_back_as_nothing(
    client: CheckingClient, region: MadeRegion, officer: MadeUser
) -> None:
    client.sign_in(officer)
    assert "Download an empty file" in client.get(f"/regions/{region.slug}/councils/import").get_data(as_text=True)
    data = client.get(f"/regions/{region.slug}/councils/import/template.xlsx").data
    sheets = list(workbooks.read(data).tables)
    assert [(sheet.name, sheet.rows[0].texts) for sheet in sheets[:2]] == [("Councils", COUNCILS), ("Awards", AWARDS)]
    page = client.get(send(client, region, data)).get_data(as_text=True)
    assert "No row below headings was found." in page
    assert "The example rows of the empty file stay out." in page


def test_what_is_no_table_and_who_may_not_add_are_refused(
    app: Flask, client: CheckingClient, region: MadeRegion, officer: MadeUser
) -> None:
    client.sign_in(officer)
    home = f"/regions/{region.slug}/councils/import"
    answer = client.post(home, data={"file": (io.BytesIO(b"PK broken"), "broken.xlsx")})
    assert (answer.status_code, "broken.xlsx" in answer.get_data(as_text=True)) == (422, True)
    assert "Select" in client.post(home, data={}).get_data(as_text=True)
    client.sign_in(make_user(app, region, "region_viewer"))
    assert client.get(home).status_code == 403

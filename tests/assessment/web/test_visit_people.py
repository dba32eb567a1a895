"""The council reads day, place and timetable, and names the people to meet; notes it never sees."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, time
from uuid import UUID

import pytest
from flask import Flask

from assessment.queries.dates import find_team, list_dates
from assessment.queries.visits import find_people
from assessment.rules.process_words import day_words
from saas import clock
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.members import make_member
from tests.factories.scores import MadeCase, make_declared, make_scored
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser, make_council, make_user
from tests.factories.visits import a_day, make_visit, name_people

Statements = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture
def case(app: Flask, council: MadeCouncil, region: MadeRegion) -> MadeCase:
    """A team that has declared, and its visit."""
    made = make_declared(app, council, region)
    make_visit(app, made, invited=True)
    return made


def page_of(case: MadeCase, rest: str = "") -> str:
    return f"/councils/{case.council.slug}/accreditations/{case.accreditation_id}/visit{rest}"


def people_of(in_scope: InScope, case: MadeCase) -> list[tuple[str, str, str, str]]:
    with in_scope(case.council.scope()):
        found = find_people(case.accreditation_id)
    return [(each["name"], each["role"], each["group"], each["slot"]) for each in found.people] if found else []


def in_group(app: Flask, council: MadeCouncil, group: str, family_name: str) -> UUID:
    return make_member(app, council, group=group, family_name=family_name)


def test_the_council_names_a_member_with_the_group_and_somebody_else(
    app: Flask, client: CheckingClient, case: MadeCase, lead: MadeUser, in_scope: InScope
) -> None:
    green = in_group(app, case.council, "Green", "Moss")
    in_group(app, case.council, "Labour", "Reed")
    page = client.sign_in(lead).get(page_of(case)).text
    for words in (day_words(a_day()), "Town hall", "Group leaders", "Nobody is named yet from: Green, Labour."):
        assert words in page
    assert f'href="{page_of(case)}"' in client.get(page_of(case).removesuffix("visit") + "journey").text
    member = {"version": "0", "member": str(green), "name": "", "role": "Group leader", "slot": "s3"}
    assert client.post(page_of(case), data=member).status_code == 303
    officer = {"version": "1", "member": "", "name": "Olu Officer", "role": "Head of service", "slot": ""}
    assert client.post(page_of(case), data=officer).status_code == 303
    assert people_of(in_scope, case) == [
        ("Cllr Ann Moss", "Group leader", "Green", "s3"),
        ("Olu Officer", "Head of service", "", ""),
    ]
    assert "Nobody is named yet from: Labour." in client.get(page_of(case)).text
    region_page = f"/regions/{case.region.slug}/cases/{case.accreditation_id}/visit"
    shown = client.sign_in(case.officer).get(region_page).text
    for words in ("Nobody is named yet from: Labour.", "Cllr Ann Moss, Group leader", "Olu Officer"):
        assert words in shown
    asked = client.sign_in(lead).get(page_of(case, "/people/p1/remove")).text
    assert ("Remove Cllr Ann Moss?" in asked, "You cannot undo this" in asked) == (True, False)
    assert client.post(page_of(case, "/people/p1/remove"), data={"version": "2"}).status_code == 303
    assert [name for name, *_ in people_of(in_scope, case)] == ["Olu Officer"]


def test_what_is_wrong_stands_beside_its_field_and_stays(
    app: Flask, client: CheckingClient, case: MadeCase, lead: MadeUser, in_scope: InScope
) -> None:
    member = str(in_group(app, case.council, "Green", "Moss"))
    elsewhere = str(make_member(app, make_council(app, case.region)))
    usual = {"version": "0", "member": "", "name": "", "role": "Officer", "slot": ""}
    client.sign_in(lead)
    for wrong, words in (
        ({}, "Choose a member, or enter a name."),
        ({"member": elsewhere}, "Choose a member of the council who is in office."),
        ({"member": member, "name": "Ann"}, "Choose a councillor or enter a name, not both."),
        ({"name": "Ann", "role": ""}, "Enter what this person does"),
    ):
        refused = client.post(page_of(case), data=usual | wrong)
        assert (refused.status_code, words in refused.text) == (422, True), words
    assert people_of(in_scope, case) == []


def test_two_people_naming_at_once_lose_nothing(
    app: Flask, client: CheckingClient, case: MadeCase, lead: MadeUser, in_scope: InScope
) -> None:
    name_people(app, case, lead, ("Bea", "Green"))
    stale = client.sign_in(lead).post(page_of(case), data={"version": "0", "name": "Dan", "role": "Officer"})
    assert (stale.status_code, 'value="Dan"' in stale.text, "Bea" in stale.text) == (409, True, True)
    again = {"version": "1", "name": "Bea", "role": "x", "slot": "s1"}
    assert client.post(page_of(case), data=again).status_code == 422
    assert client.post(page_of(case), data={"version": "1", "name": "Dan", "role": "Officer"}).status_code == 303
    assert [name for name, *_ in people_of(in_scope, case)] == ["Bea", "Dan"]


def test_somebody_is_named_for_several_parts_and_moved_between_them(
    app: Flask, client: CheckingClient, case: MadeCase, lead: MadeUser, in_scope: InScope
) -> None:
    empty = "Nobody is named for this yet"
    client.sign_in(lead)
    assert client.get(page_of(case)).text.count(empty) == 5  # the arrival, the break and the papers need nobody
    chief = {"member": "", "name": "Cy Chief", "role": "Chief Executive"}
    for version, slot in enumerate(("s2", "s8")):
        assert client.post(page_of(case), data=chief | {"version": str(version), "slot": slot}).status_code == 303
    again = client.post(page_of(case), data=chief | {"version": "2", "slot": "s8"})
    assert (again.status_code, "Cy Chief is named for this part of the timetable already." in again.text) == (422, True)
    assert client.get(page_of(case)).text.count(empty) == 3
    one = page_of(case, "/people/p2")
    assert '<option value="s8" selected>' in client.get(one).text
    there = client.post(one, data={"version": "2", "slot": "s2"})
    assert (there.status_code, "is named for this part" in there.text) == (422, True)
    stale = client.post(one, data={"version": "1", "slot": "s3"})
    assert (stale.status_code, 'name="version" value="2"' in stale.text) == (409, True)
    assert client.post(one, data={"version": "2", "slot": "s3"}).status_code == 303
    assert [slot for *_, slot in people_of(in_scope, case)] == ["s2", "s3"]
    assert client.get(page_of(case, "/people/p9")).status_code == 404
    assert client.sign_in(make_user(app, case.council, "council_viewer")).get(one).status_code == 403


def test_readers_read_and_do_not_name(app: Flask, client: CheckingClient, case: MadeCase) -> None:
    page = client.sign_in(make_user(app, case.council, "council_viewer")).get(page_of(case))
    assert (page.status_code, "Name this person" in page.text) == (200, False)
    assert client.post(page_of(case), data={"version": "0", "name": "Dan", "role": "x"}).status_code == 403
    assert client.get(page_of(case, ".ics")).headers["Content-Type"] == "text/calendar; charset=utf-8"
    other = make_user(app, make_council(app, case.region), "council_lead")
    assert client.sign_in(other).get(page_of(case)).status_code == 404


def test_nobody_is_named_after_the_visit_was_held(
    app: Flask, client: CheckingClient, council: MadeCouncil, region: MadeRegion, lead: MadeUser
) -> None:
    case = make_scored(app, council, region)
    make_visit(app, case)
    client.sign_in(case.officer)
    held = f"/regions/{region.slug}/cases/{case.accreditation_id}/visit/held"
    with clock.at(datetime.combine(a_day(), time(17), clock.LONDON)):
        assert client.post(held, data={"version": "1"}).status_code == 303
    refused = client.sign_in(lead).post(page_of(case), data={"version": "0", "name": "Dan", "role": "Officer"})
    assert (refused.status_code, "The visit was held." in refused.text) == (409, True)


def test_the_visit_is_among_the_councils_dates(case: MadeCase, in_scope: InScope) -> None:
    with in_scope(case.council.scope()):
        dates = list_dates(case.council.id, find_team(case.council.id))
    assert [(dated.on, dated.title, dated.path) for dated in dates if dated.kind == "visit"] == [
        (a_day(), "Visit of the assessors, Town hall", page_of(case))
    ]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_number_of_statements_does_not_grow(
    app: Flask, client: CheckingClient, case: MadeCase, lead: MadeUser, statements: Statements, rows: int
) -> None:
    name_people(app, case, lead, *[(f"Cllr {number}", "Green") for number in range(rows)])
    for number in range(rows):
        in_group(app, case.council, f"Group {number}", "Moss")
    client.sign_in(lead).get(page_of(case))
    with statements() as sql:
        client.get(page_of(case))
    assert len(sql) == 8

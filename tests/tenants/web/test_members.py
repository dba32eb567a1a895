"""Pages of members: the list, a member's form, the end of a term."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from saas import clock
from tenants.models.members import Member, PoliticalGroup, Term
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.members import make_member
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user

Statements = Callable[[], AbstractContextManager[list[str]]]
ANN = {"title": "Cllr", "given_name": "Ann", "family_name": "Lee", "kind": "elected"}
STARTED = {"started_on-day": "4", "started_on-month": "5", "started_on-year": "2023"}


@pytest.fixture
def base(council: MadeCouncil) -> str:
    """Where the council's members are."""
    return f"/councils/{council.slug}/members"


@pytest.fixture
def editor(client: CheckingClient, lead: MadeUser) -> CheckingClient:
    """The council's lead, signed in."""
    return client.sign_in(lead)


def everybody(in_scope: InScope, council: MadeCouncil) -> list[tuple[Any, ...]]:
    """(family name, group, version, started, due to end, ended, why) of every member and term."""
    wanted = (
        sa.select(
            Member.family_name,
            PoliticalGroup.name,
            Member.version,
            Term.started_on,
            Term.due_to_end_on,
            Term.ended_on,
            Term.end_reason,
        )
        .outerjoin(PoliticalGroup, PoliticalGroup.id == Member.group_id)
        .outerjoin(Term, Term.member_id == Member.id)
    )
    with in_scope(council.scope()) as session:
        return [tuple(row) for row in session.execute(wanted.order_by(Member.family_name, Term.started_on))]


def names(page: str) -> list[str]:
    """The names in the table."""
    return [part.split("<")[0] for part in page.split('<th scope="row">')[1:]]


def test_a_member_is_added_with_a_new_group_and_a_term(
    editor: CheckingClient, base: str, council: MadeCouncil, in_scope: InScope
) -> None:
    assert editor.post(f"{base}/add", data={**ANN, **STARTED, "new_group": "Greens"}).status_code == 303
    assert editor.post(f"{base}/add", data={**ANN, "family_name": "Moss", "new_group": "greens"}).status_code == 303
    assert everybody(in_scope, council) == [
        ("Lee", "Greens", 1, date(2023, 5, 4), None, None, None),
        ("Moss", "Greens", 1, None, None, None, None),
    ]


def test_what_is_missing_stands_beside_its_field(editor: CheckingClient, base: str) -> None:
    wrong = {"given_name": "Ann", "email": "ann at home", "started_on-day": "31", "started_on-month": "2"}
    answer = editor.post(f"{base}/add", data=wrong)
    assert answer.status_code == 422
    for field, words in (
        ("family_name", "Enter the family name"),
        ("email", "Enter an email address in the correct format"),
        ("started_on", "The day the term started must include a year"),
        ("kind", "Select the kind"),
    ):
        assert words in answer.text.split(f'id="{field}-error"')[1].split("</p>")[0]
    assert 'value="ann at home"' in answer.text


def test_one_reference_is_one_member(app: Flask, editor: CheckingClient, base: str, council: MadeCouncil) -> None:
    make_member(app, council, reference="7")
    answer = editor.post(f"{base}/add", data={**ANN, "reference": "7"})
    assert (answer.status_code, "Another member has this reference" in answer.text) == (422, True)


def test_two_people_on_one_member_see_both_texts(
    app: Flask, editor: CheckingClient, base: str, council: MadeCouncil, in_scope: InScope
) -> None:
    path = f"{base}/{make_member(app, council, given_name='Ann', family_name='Lee')}/edit"
    assert editor.post(path, data={**ANN, **STARTED, "started_on-year": "2024", "version": "1"}).status_code == 303
    stale = editor.post(path, data={**ANN, **STARTED, "family_name": "Leigh", "version": "1"})
    cells = stale.text.split("<tbody>")[1].split("</tbody>")[0]
    assert (stale.status_code, "Leigh" in cells, "4 5 2023" in cells, "4 5 2024" in cells) == (409, True, True, True)
    assert everybody(in_scope, council) == [("Lee", None, 2, date(2024, 5, 4), None, None, None)]


def test_a_term_ends_with_its_reason_and_another_can_begin(
    app: Flask, editor: CheckingClient, base: str, council: MadeCouncil, in_scope: InScope
) -> None:
    path = f"{base}/{make_member(app, council, given_name='Ann', family_name='Lee')}"
    ending = {"ended_on-day": "1", "ended_on-month": "6", "ended_on-year": "2026", "reason": "resigned"}
    with clock.at(datetime(2026, 6, 2, 12, tzinfo=UTC)):
        early = editor.post(f"{path}/end-term", data={**ending, "ended_on-year": "2022"})
        late = editor.post(f"{path}/end-term", data={**ending, "ended_on-year": "2027"})
        assert editor.post(f"{path}/end-term", data=ending).status_code == 303
        twice = editor.post(f"{path}/end-term", data=ending)
    assert (early.status_code, "The term cannot end before it began" in early.text) == (422, True)
    assert (late.status_code, "must be today or earlier" in late.text) == (422, True)
    assert (twice.status_code, "term has ended already." in twice.text) == (409, True)
    assert everybody(in_scope, council) == [("Lee", None, 2, date(2023, 5, 4), None, date(2026, 6, 1), "resigned")]
    again = {**ANN, **STARTED, "started_on-year": "2027", "version": "2"}
    assert editor.post(f"{path}/edit", data=again).status_code == 303
    assert [row[3:6] for row in everybody(in_scope, council)] == [
        (date(2023, 5, 4), None, date(2026, 6, 1)),
        (date(2027, 5, 4), None, None),
    ]


def test_the_list_is_searched_filtered_sorted_and_downloaded_as_shown(
    app: Flask, editor: CheckingClient, base: str, council: MadeCouncil
) -> None:
    make_member(app, council, given_name="Ann", family_name="Lee", ward="Alder", group="Greens")
    make_member(app, council, given_name="Bo", family_name="Ash", ward="Birch", group="Reds")
    left = make_member(app, council, given_name="Cy", family_name="Moss", ward="Cedar", group="Greens")
    gone = {"ended_on-day": "1", "ended_on-month": "1", "ended_on-year": "2024", "reason": "moved"}
    editor.post(f"{base}/{left}/end-term", data=gone)
    whole = editor.get(base).text
    greens = whole.split(">Greens</option>")[0].split('value="')[-1].split('"')[0]
    assert names(whole) == ["Cllr Bo Ash", "Cllr Ann Lee"]
    assert names(editor.get(f"{base}?sort=-ward&show=all").text) == ["Cllr Cy Moss", "Cllr Bo Ash", "Cllr Ann Lee"]
    assert names(editor.get(f"{base}?words=lee+ann").text) == ["Cllr Ann Lee"]
    assert names(editor.get(f"{base}?group={greens}&show=all").text) == ["Cllr Ann Lee", "Cllr Cy Moss"]
    csv = editor.get(f"{base}.csv?group={greens}&show=all").data.decode("utf-8-sig").splitlines()
    assert csv == [
        "Title,Given name,Family name,E-mail,Kind,Ward,Group,Reference,Elected on,Term ends,Ended on,Reason",
        "Cllr,Ann,Lee,,Elected,Alder,Greens,,2023-05-04,,,",
        "Cllr,Cy,Moss,,Elected,Cedar,Greens,,2023-05-04,,2024-01-01,Moved to another ward or council",
    ]


def test_who_may_read_and_write(
    app: Flask, client: CheckingClient, base: str, council: MadeCouncil, officer: MadeUser
) -> None:
    member = make_member(app, council)
    client.sign_in(make_user(app, council, "council_viewer"))
    assert client.get(base).status_code == 200
    assert client.get(f"{base}/{member}/edit").status_code == 403
    assert client.sign_in(make_user(app, council, "development_officer")).get(f"{base}/add").status_code == 200
    other = make_council(app, council.region)
    client.sign_in(make_user(app, other, "council_lead"))
    assert client.get(f"/councils/{other.slug}/members/{member}/edit").status_code == 404
    assert client.get(f"{base}/{member}/edit").status_code == 404
    assert client.sign_in(officer).get(base).status_code == 404


def test_the_list_takes_the_same_statements_for_one_and_for_three(
    app: Flask, editor: CheckingClient, base: str, council: MadeCouncil, statements: Statements
) -> None:
    counts = []
    for more in (1, 2):
        for _ in range(more):
            make_member(app, council, group="Greens")
        with statements() as sql:
            assert editor.get(base).status_code == 200
        counts.append(len(sql))
    assert counts[0] == counts[1] <= 5

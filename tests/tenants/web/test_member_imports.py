"""A list of members brought in through the browser: preview, all or nothing."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from tenants.models.members import Member
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.members import make_member
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user


@pytest.fixture
def base(council: MadeCouncil) -> str:
    """Where the council's pages are."""
    return f"/councils/{council.slug}"


@pytest.fixture
def editor(client: CheckingClient, lead: MadeUser) -> CheckingClient:
    """The council's lead, signed in."""
    return client.sign_in(lead)


def send(client: CheckingClient, path: str, content: bytes, filename: str, **fields: str) -> TestResponse:
    """Send a document as the form does."""
    return client.post(path, data={"file": (io.BytesIO(content), filename), **fields})


def everything(in_scope: InScope, council: MadeCouncil, *columns: Any) -> list[tuple[Any, ...]]:
    """These columns of every row of the council."""
    with in_scope(council.scope()) as session:
        return [tuple(row) for row in session.execute(sa.select(*columns).order_by(columns[0]))]


MEMBERS = (
    "Councillor,Party,Division,Email,Elected on,Term ends\r\n"
    "Cllr Ann Lee,Green,North,ann@example.org,4 May 2023,3/5/2027\r\n"
    '"Patel, Raj",None,South,,4 May 2023,\r\n'
)


def test_members_are_previewed_then_taken_in_and_the_same_table_changes_nothing(
    editor: CheckingClient, base: str, council: MadeCouncil, in_scope: InScope
) -> None:
    shown = send(editor, f"{base}/members/import", MEMBERS.encode(), "members.csv")
    assert "2 added, 0 updated, 0 re-elected, 0 unchanged." in editor.get(shown.location).text
    assert everything(in_scope, council, Member.id) == []
    taken = editor.post(f"{shown.location}/take-in")
    assert "2 added, 0 updated" in editor.get(taken.location).text
    names = (Member.family_name, Member.given_name, Member.title, Member.ward, Member.kind, Member.version)
    assert everything(in_scope, council, *names) == [
        ("Lee", "Ann", "Cllr", "North", "elected", 1),
        ("Patel", "Raj", "", "South", "elected", 1),
    ]
    again = send(editor, f"{base}/members/import", MEMBERS.encode(), "members.csv")
    assert "0 added, 0 updated, 0 re-elected, 2 unchanged." in editor.get(again.location).text
    editor.post(f"{again.location}/take-in")
    assert [row[-1] for row in everything(in_scope, council, *names)] == [1, 1]


def test_one_wrong_row_imports_none(
    app: Flask, editor: CheckingClient, base: str, council: MadeCouncil, in_scope: InScope
) -> None:
    make_member(app, council, given_name="Ann", family_name="Lee")
    table = MEMBERS.replace("3/5/2027", "31/2/2027").replace("ann@example.org", "ann at home")
    shown = send(editor, f"{base}/members/import", table.encode(), "members.csv")
    page = editor.get(shown.location).text
    assert "2 places to mend" in page
    cells = re.sub(r' data-label="[^"]*"', "", page.split("<tbody>")[1].split("</tbody>")[0])
    assert ('<th scope="row">2</th><td>Term ends</td><td>“31/2/2027” is not a date, like 4 May 2023.</td>') in cells
    assert "take-in" not in page
    assert editor.post(f"{shown.location}/take-in").status_code == 422
    assert everything(in_scope, council, Member.family_name, Member.version) == [("Lee", 1)]


def test_the_template_has_headings_that_are_recognised(
    editor: CheckingClient, base: str, council: MadeCouncil, in_scope: InScope
) -> None:
    template = editor.get(f"{base}/members/import/template.csv").data
    filled = template + b"7,Cllr,Ann,Lee,ann@example.org,co-opted,North,Green,2023-05-04,2027-05-03\r\n"
    shown = send(editor, f"{base}/members/import", filled, "members.csv")
    editor.post(f"{shown.location}/take-in")
    assert everything(in_scope, council, Member.reference, Member.kind, Member.email) == [
        ("7", "co_opted", "ann@example.org")
    ]


def test_another_council_sees_no_list(
    app: Flask, client: CheckingClient, editor: CheckingClient, base: str, council: MadeCouncil
) -> None:
    path = send(editor, f"{base}/members/import", MEMBERS.encode(), "members.csv").location
    other = make_council(app, council.region)
    client.sign_in(make_user(app, other, "council_lead"))
    moved = path.replace(council.slug, other.slug)
    assert [client.get(each).status_code for each in (path, moved)] == [404, 404]
    assert client.post(f"{moved}/take-in").status_code == 404

"""Documents brought in through the browser: preview, all or nothing, once, undone."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from tenants.models.imports import Import
from tenants.models.members import Member
from tenants.models.plans import Action, Plan
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.documents import FOOTNOTE, PREAMBLE, word_document, word_plan
from tests.factories.members import make_member
from tests.factories.plans import make_plan
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


def test_a_document_is_shown_first_and_taken_in_whole(
    editor: CheckingClient, base: str, council: MadeCouncil, in_scope: InScope
) -> None:
    shown = send(editor, f"{base}/plans/import", word_plan(), "Action_plan 2017.docx")
    page = editor.get(shown.location).text
    assert "8 actions read" in page
    assert "into a plan called “Action plan 2017”" in page
    for words in (PREAMBLE, FOOTNOTE):
        assert words in page.split("These words were not part of a table")[1]
    assert everything(in_scope, council, Action.id) == []
    taken = editor.post(f"{shown.location}/take-in")
    plan = editor.get(taken.location).text
    assert "8 actions were added from Action_plan 2017.docx." in plan
    assert f'<a class="govuk-link" href="{shown.location}">what was read from Action_plan 2017.docx</a>' in plan
    assert everything(in_scope, council, Plan.title, Plan.kind) == [("Action plan 2017", "own")]
    rows = everything(in_scope, council, Action.position, Action.ref, Action.timescale, Action.latest_on, Action.status)
    assert rows[:2] == [
        (1, "1", "May 2017", date(2017, 5, 31), None),
        (2, "2", "December 2018", date(2018, 12, 31), None),
    ]
    assert len(rows) == 8


@pytest.mark.parametrize(("kind", "accepted"), [("plans", "docx, xlsx, csv"), ("members", "csv")])
def test_a_file_nobody_reads_is_refused_with_the_types_of_this_form(
    editor: CheckingClient, base: str, kind: str, accepted: str
) -> None:
    refused = send(editor, f"{base}/{kind}/import", b"MZ", "tool.exe")
    assert refused.status_code == 422
    assert f"“tool.exe” cannot be read here. Accepted types: {accepted}." in refused.text


def test_the_same_document_twice_adds_nothing(
    editor: CheckingClient, base: str, council: MadeCouncil, in_scope: InScope
) -> None:
    for _ in range(2):
        shown = send(editor, f"{base}/plans/import", word_plan(), "plan.docx")
        taken = editor.post(f"{shown.location}/take-in")
    assert "This document was taken in before, into “plan”. Nothing was added." in editor.get(taken.location).text
    assert "This very document was taken in on" in editor.get(shown.location).text
    assert len(everything(in_scope, council, Action.id)) == 8


def test_it_can_go_into_a_plan_there_is_and_be_undone_until_an_action_is_changed(
    app: Flask, editor: CheckingClient, base: str, council: MadeCouncil, in_scope: InScope
) -> None:
    plan = make_plan(app, council, "Improvements", "improvements")
    shown = send(editor, f"{base}/plans/import", word_plan(), "plan.docx", plan_id=str(plan))
    editor.post(f"{shown.location}/take-in")
    assert {row[1] for row in everything(in_scope, council, Action.id, Action.plan_id)} == {plan}
    undone = editor.post(f"{shown.location}/undo")
    assert "8 actions were taken out again." in editor.get(undone.location).text
    assert everything(in_scope, council, Action.id) == []
    editor.post(f"{shown.location}/take-in")
    first = everything(in_scope, council, Action.position, Action.id)[0][1]
    editor.post(f"{base}/actions/{first}/status", data={"version": "1", "status": "completed"})
    refused = editor.get(editor.post(f"{shown.location}/undo").location).text
    assert "1 of its actions was changed since the document was taken in, so it cannot be undone." in refused
    assert len(everything(in_scope, council, Action.id)) == 8


@pytest.mark.parametrize(
    ("content", "filename", "words"),
    [
        (
            word_document("Only words."),
            "letter.docx",
            "No table was found, only 1 line of text. Looked for a table with",
        ),
        (b"%PDF-1.4\n", "plan.pdf", "This is a PDF."),
        (b"", "plan.docx", "“plan.docx” is empty."),
    ],
)
def test_a_document_without_a_plan_says_what_was_looked_for_and_keeps_nothing(
    editor: CheckingClient,
    base: str,
    council: MadeCouncil,
    in_scope: InScope,
    content: bytes,
    filename: str,
    words: str,
) -> None:
    answer = send(editor, f"{base}/plans/import", content, filename)
    assert answer.status_code == 422
    assert words in answer.text.split('id="file-error"')[1].split("</p>")[0]
    assert everything(in_scope, council, Import.id) == []


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
    cells = page.split("<tbody>")[1].split("</tbody>")[0]
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


def test_another_council_sees_no_import(
    app: Flask, client: CheckingClient, editor: CheckingClient, base: str, council: MadeCouncil
) -> None:
    plan = send(editor, f"{base}/plans/import", word_plan(), "plan.docx").location
    members = send(editor, f"{base}/members/import", MEMBERS.encode(), "members.csv").location
    other = make_council(app, council.region)
    client.sign_in(make_user(app, other, "council_lead"))
    moved = [path.replace(council.slug, other.slug) for path in (plan, members)]
    assert [client.get(path).status_code for path in (plan, members, *moved)] == [404] * 4
    assert [client.post(f"{path}/take-in").status_code for path in moved] == [404, 404]

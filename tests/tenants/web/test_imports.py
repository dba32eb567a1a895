"""Documents brought in through the browser: preview, all or nothing, once, undone."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import html5lib
import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from tenants.models.imports import Import, RememberedColumn
from tenants.models.plans import Action, Plan
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.documents import FOOTNOTE, PREAMBLE, word_document, word_plan
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
    assert "into a new plan called “Action plan 2017”" in page
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


@pytest.mark.parametrize(("kind", "accepted"), [("plans", "docx, xlsx, pdf, csv, txt"), ("members", "csv")])
def test_a_file_nobody_reads_is_refused_with_the_types_of_this_form(
    editor: CheckingClient, base: str, kind: str, accepted: str
) -> None:
    refused = send(editor, f"{base}/{kind}/import", b"MZ", "tool.exe")
    assert refused.status_code == 422
    assert f"“tool.exe” cannot be read here. Accepted types: {accepted}." in refused.text


def test_the_same_document_twice_adds_nothing(
    editor: CheckingClient, base: str, council: MadeCouncil, in_scope: InScope
) -> None:
    content = word_plan()
    for _ in range(2):
        shown = send(editor, f"{base}/plans/import", content, "plan.docx")
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
    assert "Undo: take the actions out again" in editor.get(shown.location).text
    editor.post(f"{base}/actions/{first}/status", data={"version": "1", "status": "completed"})
    late = editor.get(shown.location).text
    assert "It cannot be undone any more: 1 of its actions was worked on since." in late
    assert "Undo: take the actions out again" not in late
    assert "It cannot be undone any more" in editor.get(f"{base}/plans/{plan}").text
    refused = editor.get(editor.post(f"{shown.location}/undo").location).text
    assert "1 of its actions was worked on since the document was taken in, so it cannot be undone." in refused
    assert len(everything(in_scope, council, Action.id)) == 8


@pytest.mark.parametrize(
    ("content", "filename", "words"),
    [
        (
            word_document("Only words."),
            "letter.docx",
            "No table was found, only 1 line of text. Looked for a table with",
        ),
        (b"%PDF-1.4\n", "plan.pdf", "The PDF is damaged or protected by a password."),
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


def meanings(page: str) -> dict[str, str]:
    """What the page says the columns mean, by the input's name."""
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    return {
        select.attrib["name"]: next(
            (each.attrib["value"] for each in select.iter("option") if "selected" in each.attrib), ""
        )
        for select in tree.iter("select")
        if select.attrib["name"].startswith("meaning-")
    }


ODD = [
    ["What", "Whom it falls to", "Due"],
    ["Write a policy for new councillors.", "Clerk", "May 2027"],
    ["Ask each group for a champion.", "Leader", "31 June 2027"],
]


def test_a_column_is_corrected_read_again_and_remembered(
    editor: CheckingClient, base: str, council: MadeCouncil, in_scope: InScope
) -> None:
    shown = send(editor, f"{base}/plans/import", word_document("Dated 3 April 2026", ODD), "odd.docx").location
    page = editor.get(shown).text
    assert "0 actions read" in page
    assert "No table of actions was found." in page
    assert list(meanings(page).values()) == ["", "", ""]
    assert editor.post(f"{shown}/take-in").status_code == 409
    said = {"meaning-1-0": "action", "meaning-1-1": "responsibility", "meaning-1-2": "timescale", "plan_title": "Ours"}
    again = editor.post(shown, data=said)
    page = editor.get(again.location).text
    assert "2 actions read" in page
    assert "Take in all 2 actions" in page
    assert "1 row to look at" in page
    assert "31 June 2027" in editor.get(f"{shown}?show=flagged").text
    assert (
        "Write a policy" not in editor.get(f"{shown}?show=flagged").text.split("Actions read")[1].split("</table>")[0]
    )
    assert everything(in_scope, council, Action.id) == []
    taken = editor.post(f"{shown}/take-in", data=said)
    assert "What you said of its columns is remembered for the next document." in editor.get(taken.location).text
    assert everything(in_scope, council, Action.action, Action.responsibility, Action.latest_on) == [
        ("Ask each group for a champion.", "Leader", None),
        ("Write a policy for new councillors.", "Clerk", date(2027, 5, 31)),
    ]
    assert everything(in_scope, council, RememberedColumn.heading, RememberedColumn.meaning) == [
        ("due", "timescale"), ("what", "action"), ("whom it falls to", "responsibility"),
    ]  # fmt: skip
    table = "\n".join("\t".join(row) for row in [ODD[0], ["Name a mentor.", "Clerk", "June 2027"]])
    pasted = editor.post(f"{base}/plans/import", data={"pasted": table, "plan_title": "Pasted"})
    assert "1 action read" in editor.get(pasted.location).text


def test_what_is_remembered_can_be_seen_and_forgotten(
    editor: CheckingClient, base: str, council: MadeCouncil, in_scope: InScope
) -> None:
    assert "Nothing is remembered yet." in editor.get(f"{base}/plans/import/headings").text
    shown = send(editor, f"{base}/plans/import", word_plan(), "plan.docx").location
    fields = meanings(editor.get(shown).text)
    name = next(name for name, meaning in fields.items() if meaning == "status")
    assert editor.post(f"{shown}/take-in", data=fields | {name: "remark", "plan_title": ""}).location == shown
    assert "You had changed how the document is read." in editor.get(shown).text
    editor.post(f"{shown}/take-in", data=fields | {name: "remark", "plan_title": ""})
    page = editor.get(f"{base}/plans/import/headings").text
    assert '<th scope="row">Completed by</th><td>Remark</td>' in page
    [(row,)] = everything(in_scope, council, RememberedColumn.id)
    forgotten = editor.post(f"{base}/plans/import/headings/{row}/forget")
    assert "“Completed by” is forgotten." in editor.get(forgotten.location).text
    assert everything(in_scope, council, RememberedColumn.id) == []


def test_the_date_of_the_document_is_proposed_and_only_used_once_somebody_says_so(
    editor: CheckingClient, base: str, council: MadeCouncil, in_scope: InScope
) -> None:
    rows = [["Action", "By when"], ["Choose a mentor.", "2nd December"]]
    shown = send(editor, f"{base}/plans/import", word_document("Updated 12 May 2025", rows), "plan.docx").location
    page = editor.get(shown).text
    assert "The document seems to be of 12 May 2025: “Updated 12 May 2025”." in page
    assert everything(in_scope, council, Import.document_on, Import.outside) == [(None, 1)]
    assert "1 line was not part of a table: shown below." in page
    said = meanings(page) | {"plan_title": ""}
    editor.post(shown, data=said | {"proposed": "true"})
    assert everything(in_scope, council, Import.document_on) == [(date(2025, 5, 12),)]
    dated = {"document_on-day": "12", "document_on-month": "5", "document_on-year": "2025"}
    editor.post(f"{shown}/take-in", data=said | dated)
    assert everything(in_scope, council, Action.timescale, Action.latest_on, Action.timescale_confidence) == [
        ("2nd December", date(2025, 12, 2), "low")
    ]


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({"meaning-1-1": "nonsense"}, "meaning-1-1", "Choose one of the meanings in the list."),
        ({"plan_id": "0190f5fe-7b3c-7a44-9c2a-000000000000"}, "plan_id", "Select the plan from the list."),
        ({"document_on-day": "31", "document_on-month": "2", "document_on-year": "2025"}, "document_on",
         "The date of the document must be a real date."),
    ],
)  # fmt: skip
def test_a_wrong_correction_stands_beside_its_field_and_changes_nothing(
    editor: CheckingClient,
    base: str,
    council: MadeCouncil,
    in_scope: InScope,
    said: dict[str, str],
    field: str,
    words: str,
) -> None:
    shown = send(editor, f"{base}/plans/import", word_plan(), "plan.docx").location
    fields = meanings(editor.get(shown).text) | {"plan_title": "Kept as typed"}
    for path in (shown, f"{shown}/take-in"):
        refused = editor.post(path, data=fields | said)
        assert refused.status_code == 422
        assert words in refused.text.split(f'id="{field}-error"')[1].split("</p>")[0]
        assert 'value="Kept as typed"' in refused.text
    assert everything(in_scope, council, Import.plan_title, Import.taken_in_at) == [("", None)]


def test_nothing_or_both_is_refused_and_what_was_pasted_stays(editor: CheckingClient, base: str) -> None:
    nothing = editor.post(f"{base}/plans/import", data={"plan_title": "Ours"})
    assert nothing.status_code == 422
    assert "Choose a document, or paste a table." in nothing.text
    both = send(editor, f"{base}/plans/import", word_plan(), "plan.docx", pasted="Action\tWhen\nWrite.\tMay 2027")
    assert both.status_code == 422
    assert "Send a document or a pasted table, not both at once." in both.text
    assert "Write.\tMay 2027</textarea>" in both.text


def test_the_same_pasted_words_twice_add_nothing(
    editor: CheckingClient, base: str, council: MadeCouncil, in_scope: InScope
) -> None:
    for table in ("Action\tWhen\nWrite.\tMay 2027", "Action\tWhen\r\nWrite.\tMay 2027\r\n\r\n"):
        shown = editor.post(f"{base}/plans/import", data={"pasted": table, "plan_title": "Ours"}).location
        taken = editor.post(f"{shown}/take-in")
    assert "This document was taken in before, into “Ours”. Nothing was added." in editor.get(taken.location).text
    assert len(everything(in_scope, council, Action.id)) == 1


def test_undoing_takes_the_plan_out_that_the_document_made_and_no_other(
    app: Flask, editor: CheckingClient, base: str, council: MadeCouncil, in_scope: InScope
) -> None:
    make_plan(app, council, "Kept", "own")
    shown = send(editor, f"{base}/plans/import", word_plan(), "Made.docx").location
    editor.post(f"{shown}/take-in")
    undone = editor.get(editor.post(f"{shown}/undo").location).text
    assert "The plan “Made”, which nothing else was in, is gone too." in undone
    assert everything(in_scope, council, Plan.title) == [("Kept",)]
    named = meanings(undone) | {"plan_title": "Kept"}
    editor.post(f"{shown}/take-in", data=named)
    page = editor.get(shown).text
    assert "There is a plan “Kept” already: they go into a new plan called “Kept (2)”." in page
    editor.post(f"{shown}/take-in", data=named)
    assert everything(in_scope, council, Plan.title) == [("Kept",), ("Kept (2)",)]
    editor.post(f"{shown}/undo")
    assert everything(in_scope, council, Plan.title) == [("Kept",)]


TWO = [["Action", "By when"], ["Write a policy.", "May 2027"], ["Name a mentor.", "June 2027"]]


def test_a_new_plan_is_new_and_says_which_plan_has_the_same_lines(
    editor: CheckingClient, base: str, council: MadeCouncil, in_scope: InScope
) -> None:
    first = send(editor, f"{base}/plans/import", word_document(TWO), "Ours.docx").location
    editor.post(f"{first}/take-in")
    again = send(editor, f"{base}/plans/import", word_document("Another file", TWO), "Ours.docx").location
    page = editor.get(again).text
    assert "There is a plan “Ours” already: they go into a new plan called “Ours (2)”." in page
    assert "All 2 lines stand word for word in your plan “Ours”." in page
    editor.post(f"{again}/take-in")
    assert everything(in_scope, council, Plan.title) == [("Ours",), ("Ours (2)",)]
    counts = {row[0]: row[1] for row in everything(in_scope, council, Action.id, Action.plan_id)}
    assert sorted(map([*counts.values()].count, set(counts.values()))) == [2, 2]


def test_lines_that_the_plan_has_already_are_left_out_unless_they_are_ticked(
    editor: CheckingClient, base: str, council: MadeCouncil, in_scope: InScope
) -> None:
    first = send(editor, f"{base}/plans/import", word_document(TWO), "Ours.docx").location
    editor.post(f"{first}/take-in")
    [(plan,)] = everything(in_scope, council, Plan.id)
    more = word_document([*TWO, ["Tell everybody.", "July 2027"]])
    shown = send(editor, f"{base}/plans/import", more, "More.docx", plan_id=str(plan)).location
    page = editor.get(shown).text
    assert "2 lines are already in the plan, word for word" in page
    assert page.count("<strong>Already in the plan</strong>") == 2
    said = meanings(page) | {"plan_id": str(plan), "plan_title": ""}
    taken = editor.post(f"{shown}/take-in", data={**said, "again": "1"})
    assert "2 actions were added from More.docx. 1 action was there already and left out." in (
        editor.get(taken.location).text
    )
    actions = [row[0] for row in everything(in_scope, council, Action.action)]
    assert actions == ["Name a mentor.", "Name a mentor.", "Tell everybody.", "Write a policy."]
    whole = send(editor, f"{base}/plans/import", word_document("Only", TWO), "Same.docx", plan_id=str(plan)).location
    refused = editor.post(f"{whole}/take-in")
    assert (refused.status_code, "The plan has every line of this document already" in refused.text) == (409, True)


def test_a_date_that_was_typed_is_known_when_the_same_file_is_read_again(
    editor: CheckingClient, base: str, council: MadeCouncil, in_scope: InScope
) -> None:
    rows = [["Action", "By when"], ["Choose a mentor.", "2nd December"]]
    content = word_document(rows)
    shown = send(editor, f"{base}/plans/import", content, "plan.docx").location
    said = meanings(editor.get(shown).text) | {"plan_title": ""}
    dated = {"document_on-day": "12", "document_on-month": "5", "document_on-year": "2025"}
    editor.post(shown, data=said | dated)
    editor.post(f"{shown}/take-in", data=said | dated)
    editor.post(f"{shown}/undo")
    again = send(editor, f"{base}/plans/import", content, "plan.docx").location
    assert [row[0] for row in everything(in_scope, council, Import.document_on)] == [date(2025, 5, 12)] * 2
    assert "2 December 2025" in editor.get(again).text


def test_a_date_on_a_loose_line_of_a_csv_file_is_proposed(editor: CheckingClient, base: str) -> None:
    content = b"No,Action,By when\n1,Choose a mentor.,2nd December\n,This plan was updated 12 May 2016.,\n"
    page = editor.get(send(editor, f"{base}/plans/import", content, "plan.csv").location).text
    assert "1 action read" in page
    assert "The document seems to be of 12 May 2016: “This plan was updated 12 May 2016.”." in page


def test_a_preview_has_no_empty_columns_and_what_to_look_at_beside_the_action(
    editor: CheckingClient, base: str
) -> None:
    rows = [["Action", "By when"], ["Choose a mentor.", "31 June 2027"]]
    page = editor.get(send(editor, f"{base}/plans/import", word_document(rows), "plan.docx").location).text
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    assert ["".join(each.itertext()).strip() for each in tree.iter("th") if each.get("scope") == "col"] == [
        "Action", "To look at", "Timescale",
    ]  # fmt: skip
    assert "table-region--wide" not in page


def test_a_preview_asks_the_database_the_same_number_of_times_for_one_row_and_for_three(
    editor: CheckingClient, base: str, statements: Any
) -> None:
    asked = []
    for count in (1, 3):
        rows = [["Action", "By when"], *([f"Act {number}", "May 2027"] for number in range(count))]
        shown = send(editor, f"{base}/plans/import", word_document(rows), f"{count}.docx").location
        with statements() as seen:
            editor.get(shown)
        asked.append(len(seen))
    assert asked[0] == asked[1]


def test_another_council_sees_no_import(
    app: Flask, client: CheckingClient, editor: CheckingClient, base: str, council: MadeCouncil
) -> None:
    plan = send(editor, f"{base}/plans/import", word_plan(), "plan.docx").location
    other = make_council(app, council.region)
    client.sign_in(make_user(app, other, "council_lead"))
    moved = [path.replace(council.slug, other.slug) for path in (plan,)]
    assert [client.get(path).status_code for path in (plan, *moved)] == [404] * 2
    assert [client.post(f"{path}/take-in").status_code for path in moved] == [404]

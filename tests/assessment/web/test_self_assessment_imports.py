"""A self-assessment brought in from a document: shown beside ours, taken in as drafts, undone."""

from __future__ import annotations

import io
from datetime import date
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from assessment.models.answers import Answer, AnswerAction
from assessment.queries.accreditations import get_accreditation
from assessment.queries.frameworks import get_framework
from assessment.services import answers
from saas.documents import apart
from saas.tenancy import CONSOLE
from tenants.models.imports import Import
from tenants.models.plans import Action, Plan
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation, make_framework
from tests.factories.documents import word_document
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user

HEADINGS = ["Elements", "Requirements for Charter", "Evidence", "Action", "By when", "By whom"]
ROWS = [
    ["1.1 Leadership", "1.1.1 Leaders", "The Leader signed in May.", "Renew the declaration.", "May 2027", "Leader"],
    ["", "A cross-party group steers", "It met four times.", "None", "", ""],
    ["", "Words of our own", "We also do this.", "", "", ""],
]


@pytest.fixture
def made(app: Flask, council: MadeCouncil) -> UUID:
    """An accreditation with the framework of 2017."""
    return make_accreditation(app, council, make_framework(app, "charter-2017"))


@pytest.fixture
def home(council: MadeCouncil, made: UUID) -> str:
    """Where the self-assessment is."""
    return f"/councils/{council.slug}/accreditations/{made}"


@pytest.fixture
def editor(client: CheckingClient, lead: MadeUser) -> CheckingClient:
    """The council's lead, signed in."""
    return client.sign_in(lead)


def send(client: CheckingClient, home: str, rows: list[list[str]] = ROWS, name: str = "template.docx") -> TestResponse:
    """Send a document with these rows."""
    content = word_document("Self-assessment of Oakford", [HEADINGS, *rows])
    return client.post(f"{home}/import", data={"file": (io.BytesIO(content), name)})


def answer(in_scope: InScope, council: MadeCouncil, made: UUID, code: str, narrative: str) -> None:
    """Answer one requirement."""
    with in_scope(council.scope()):
        accreditation = get_accreditation(made)
        answers.save(
            accreditation,
            get_framework(accreditation.framework_id).ids[code],
            judgement="met",
            narrative=narrative,
            not_applicable_reason="",
            version=0,
            by=CONSOLE,
        )


def everything(in_scope: InScope, council: MadeCouncil, *columns: Any) -> list[tuple[Any, ...]]:
    """These columns of every row of the council."""
    with in_scope(council.scope()) as session:
        return [tuple(row) for row in session.execute(sa.select(*columns).order_by(columns[0]))]


def test_rows_become_drafts_to_confirm_and_actions_of_the_gap_plan(
    editor: CheckingClient, home: str, council: MadeCouncil, in_scope: InScope
) -> None:
    shown = send(editor, home).location
    page = editor.get(shown).text
    assert "3 rows read, 2 requirements found" in page
    assert "1 row has no requirement yet" in page
    assert "Self-assessment of Oakford" in page.split("These words belong to no row")[1]
    assert everything(in_scope, council, Answer.id) == []
    changed = editor.post(f"{shown}/take-in", data={"row-0": "1.1.1", "row-1": "1.1.2", "row-2": "1.1.3"})
    assert changed.location == shown
    assert "You had given rows another requirement." in editor.get(shown).text
    taken = editor.post(f"{shown}/take-in", data={"row-0": "1.1.1", "row-1": "1.1.2", "row-2": "1.1.3"})
    tasks = editor.get(taken.location).text
    assert "3 answers and 1 action taken in from template.docx." in tasks
    assert tasks.count("To be confirmed") >= 3
    rows = everything(in_scope, council, Answer.narrative, Answer.judgement, Answer.confirmed_at, Answer.imported)
    assert [row[:3] for row in rows] == [
        ("It met four times.", None, None),
        ("The Leader signed in May.", None, None),
        ("We also do this.", None, None),
    ]
    assert rows[1][3]["place"] == "table 1, row 2"
    assert everything(in_scope, council, Action.action, Action.latest_on, Action.responsibility, Action.reason) == [
        ("Renew the declaration.", date(2027, 5, 31), "Leader", "1.1.1 Leaders are committed")
    ]
    assert len(everything(in_scope, council, AnswerAction.id)) == 1
    one = editor.get(f"{home}/requirements/1.1.1").text
    assert "From a document: does it hold?" in one
    said = {"version": "1", "narrative": "The Leader signed in May.", "judgement": "met", "do": "confirm"}
    editor.post(f"{home}/requirements/1.1.1", data=said)
    assert "From a document, and confirmed" in editor.get(f"{home}/requirements/1.1.1").text
    refused = editor.post(f"{shown}/undo")
    assert (refused.status_code, "Changed or confirmed since, so it cannot be undone: 1.1.1." in refused.text) == (
        409, True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ("ours", "Our own words."),
        ("document", "The Leader signed in May."),
        ("both", "Our own words.\n\nThe Leader signed in May."),
    ],
)
def test_an_answer_with_words_changes_only_as_somebody_chooses(
    editor: CheckingClient,
    home: str,
    council: MadeCouncil,
    made: UUID,
    in_scope: InScope,
    choice: str,
    expected: str,
) -> None:
    answer(in_scope, council, made, "1.1.1", "Our own words.")
    shown = send(editor, home).location
    page = editor.get(shown).text
    both = page.split("Both have words: choose.")[1].split("</fieldset>")[0]
    assert ("Our own words." in both, "The Leader signed in May." in both) == (True, True)
    editor.post(f"{shown}/take-in", data={"choice-1": choice, "row-2": "left_out"})
    texts = {row[0] for row in everything(in_scope, council, Answer.narrative)}
    assert texts == {expected, "It met four times."}
    undone = editor.post(f"{shown}/undo")
    assert "taken out again." in editor.get(undone.location).text
    assert everything(in_scope, council, Answer.narrative, Answer.judgement, Answer.imported) == [
        ("", None, None),
        ("Our own words.", "met", None),
    ]
    assert everything(in_scope, council, Action.id) == everything(in_scope, council, Plan.id) == []


def test_the_same_document_twice_adds_nothing(
    editor: CheckingClient, home: str, council: MadeCouncil, in_scope: InScope
) -> None:
    content = word_document([HEADINGS, *ROWS])
    for _ in range(2):
        shown = editor.post(f"{home}/import", data={"file": (io.BytesIO(content), "plan.docx")}).location
        taken = editor.post(f"{shown}/take-in", data={"row-2": "left_out"})
    assert "This document was taken in before. Nothing was added." in editor.get(taken.location).text
    assert "This very document was taken in on" in editor.get(shown).text
    assert (len(everything(in_scope, council, Answer.id)), len(everything(in_scope, council, Action.id))) == (2, 1)


def test_what_cannot_be_read_or_chosen_is_refused_beside_its_field(
    editor: CheckingClient, home: str, council: MadeCouncil, in_scope: InScope
) -> None:
    content = word_document("Only words.")
    refused = editor.post(f"{home}/import", data={"file": (io.BytesIO(content), "letter.docx")})
    assert refused.status_code == 422
    assert "Looked for a table with a heading “Requirements”" in refused.text.split('id="file-error"')[1]
    shown = send(editor, home).location
    for path in (shown, f"{shown}/take-in"):
        refused = editor.post(path, data={"row-2": "9.9.9"})
        assert refused.status_code == 422
        assert "Choose one of the requirements in the list." in refused.text.split('id="row-2-error"')[1]
    long = send(editor, home, [["1.1", "1.1.1 Leaders", "word " * 4100, "", "", ""]]).location
    refused = editor.post(f"{long}/take-in")
    assert refused.status_code == 422
    assert "an answer holds at most 20,000." in refused.text
    assert everything(in_scope, council, Answer.id) == []


def test_a_template_is_opened_apart(editor: CheckingClient, home: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "LARGEST_FILE", 4)
    content = word_document(ROWS)
    refused = editor.post(f"{home}/import", data={"file": (io.BytesIO(content), "template.docx")})
    assert refused.status_code == 422
    assert "template.docx is larger than 0 MB, so it is not opened." in refused.text.split('id="file-error"')[1]


def test_another_council_sees_no_document(
    app: Flask, client: CheckingClient, editor: CheckingClient, home: str, council: MadeCouncil
) -> None:
    shown = send(editor, home).location
    other = make_council(app, council.region)
    client.sign_in(make_user(app, other, "council_lead"))
    moved = shown.replace(council.slug, other.slug)
    assert [client.get(path).status_code for path in (shown, moved)] == [404, 404]
    assert client.post(f"{moved}/take-in").status_code == 404


def test_a_preview_asks_the_database_the_same_number_of_times_for_one_row_and_for_three(
    editor: CheckingClient, home: str, council: MadeCouncil, in_scope: InScope, statements: Any
) -> None:
    asked = []
    for rows in (ROWS[:1], ROWS):
        shown = send(editor, home, rows).location
        with statements() as seen:
            editor.get(shown)
        asked.append(len(seen))
    assert asked[0] == asked[1]
    assert [row[0] for row in everything(in_scope, council, Import.kind)] == ["self_assessment"] * 2


def test_rows_without_a_requirement_are_asked_about_before_anything_is_taken_in(
    editor: CheckingClient, home: str, council: MadeCouncil, in_scope: InScope
) -> None:
    shown = send(editor, home).location
    refused = editor.post(f"{shown}/take-in")
    assert refused.status_code == 422
    beside = refused.text.split('id="row-2-error"')[1].split("</p>")[0]
    assert "Choose the requirement this row speaks of, or say that it is left out." in beside
    assert everything(in_scope, council, Answer.id) == []
    taken = editor.post(f"{shown}/take-in", data={"row-2": "left_out"})
    assert "2 answers and 1 action taken in from template.docx." in editor.get(taken.location).text
    assert "No requirement, table 1, row 4: Words of our own" in editor.get(shown).text


def test_a_document_of_another_framework_finds_no_requirement_by_its_codes(
    editor: CheckingClient, home: str, council: MadeCouncil, in_scope: InScope
) -> None:
    rows = [["1.1", "1.1.1 Commitment from the top", "It is renewed.", "Renew it again.", "May 2027", "Leader"]]
    shown = send(editor, home, rows).location
    assert "1 row has no requirement yet" in editor.get(shown).text
    assert editor.post(f"{shown}/take-in").status_code == 422
    assert everything(in_scope, council, Action.id) == []


@pytest.mark.parametrize("stage", ["committed", "awarded", "lapsed"])
def test_while_answers_rest_no_document_is_asked_for_and_none_is_read(
    editor: CheckingClient, home: str, council: MadeCouncil, made: UUID, in_scope: InScope, stage: str
) -> None:
    with in_scope(council.scope()):
        get_accreditation(made).stage = stage
    asked = editor.get(f"{home}/import").text
    assert "So no document can be brought in now." in asked
    assert 'type="file"' not in asked
    refused = send(editor, home)
    assert (refused.status_code, "Answers cannot be changed at the stage" in refused.text) == (409, True)
    assert everything(in_scope, council, Import.id) == []


ELSEWHERE = [
    ["Area", "What we must do", "Requirements", "Our story", "Gap"],
    ["1.1", "1.1.1 Leaders", "Old words", "The Leader signed.", "Renew it."],
    ["", "A cross-party group steers", "", "It met.", ""],
    ["", "Not of the framework", "", "We also do this.", ""],
]


def test_columns_are_corrected_in_the_preview_and_what_was_said_of_rows_stays(
    editor: CheckingClient, home: str, council: MadeCouncil, in_scope: InScope
) -> None:
    content = word_document("Self-assessment", ELSEWHERE)
    shown = editor.post(f"{home}/import", data={"file": (io.BytesIO(content), "own.docx")}).location
    page = editor.get(shown).text
    assert "Table 1: 5 columns, not read as requirements" in page or "Table 1: 5 columns, read as requirements" in page
    means = {"meaning-1-0": "element", "meaning-1-1": "requirement", "meaning-1-2": "", "meaning-1-3": "evidence"}
    corrected = editor.post(shown, data=means | {"meaning-1-4": "action"})
    page = editor.get(corrected.location).text
    assert "3 rows read, 2 requirements found" in page
    assert "Table 1: 5 columns, read as requirements" in page
    assert "Old words" in page.split("Words in columns with no meaning here")[1]
    editor.post(shown, data={"row-2": "1.1.3"})
    changed = editor.post(f"{shown}/take-in", data=means | {"meaning-1-4": ""})
    assert changed.location == shown
    page = editor.get(shown).text
    assert "You had changed what columns mean." in page
    assert "1.1.3" in page.split("What would be taken in")[1]
    taken = editor.post(f"{shown}/take-in", data=means | {"meaning-1-4": ""})
    assert "3 answers and 0 actions taken in from own.docx." in editor.get(taken.location).text
    assert [row[0] for row in everything(in_scope, council, Answer.narrative)] == [
        "It met.",
        "The Leader signed.",
        "We also do this.",
    ]
    editor.post(f"{shown}/undo")
    editor.post(shown, data=means | {"meaning-1-4": "action"})
    taken = editor.post(f"{shown}/take-in", data=means | {"meaning-1-4": "action"})
    assert "3 answers and 1 action taken in from own.docx." in editor.get(taken.location).text


def test_a_document_whose_columns_say_nothing_is_kept_to_be_corrected(
    editor: CheckingClient, home: str, council: MadeCouncil, in_scope: InScope
) -> None:
    content = word_document([["Was", "Wie"], ["1.1.1 Leaders", "The Leader signed."]])
    shown = editor.post(f"{home}/import", data={"file": (io.BytesIO(content), "own.docx")}).location
    page = editor.get(shown).text
    assert "0 rows read, 0 requirements found" in page
    places = page.split("Places to look at")[1]
    assert "Looked for a table with a heading “Requirements”" in places
    assert "<li>Table 1 has no headings of a self-assessment; its words are kept apart.</li>" in places
    refused = editor.post(shown, data={"meaning-1-0": "colour"})
    assert refused.status_code == 422
    assert "Choose one of the meanings in the list." in refused.text.split('id="meaning-1-0-error"')[1]
    editor.post(shown, data={"meaning-1-0": "requirement", "meaning-1-1": "evidence"})
    assert "1 row read, 1 requirement found" in editor.get(shown).text
    assert [row[0] for row in everything(in_scope, council, Import.taken_in_at)] == [None]


def test_an_answer_that_two_documents_wrote_is_undone_in_their_order(
    editor: CheckingClient, home: str, council: MadeCouncil, in_scope: InScope
) -> None:
    first, second = (send(editor, home, [[*ROWS[0][:2], words, "", "", ""]]).location for words in ("First.", "Then."))
    editor.post(f"{first}/take-in")
    editor.post(f"{second}/take-in", data={"choice-1": "document"})
    refused = editor.post(f"{first}/undo")
    assert (refused.status_code, "so it cannot be undone: 1.1.1." in refused.text) == (409, True)
    said = []
    for shown in (second, first):
        editor.post(f"{shown}/undo")
        said += [row[0] for row in everything(in_scope, council, Answer.narrative)]
    assert said == ["First.", ""]

"""Rows of a self-assessment template and the requirements that they speak of."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from assessment.rules.template_rows import NoRows, is_action, matched, names_framework, read, united
from tenants.rules import documents
from tests.factories.assessment import tree_of
from tests.factories.documents import word_document

HEADINGS = ["Elements", "Requirements for Charter", "Evidence", "Action", "By when", "By whom"]
REQUIREMENTS = tree_of("charter-2017").requirements


def opened(*blocks: str | Sequence[Sequence[str]]) -> documents.Document:
    return documents.open_document(word_document(*blocks), "template.docx")


def test_rows_are_matched_by_code_then_by_exact_words_and_else_left_to_a_person() -> None:
    reading = read(
        opened(
            "Self-assessment of Oakford",
            [
                HEADINGS,
                ["1.1 Leadership", "1.1.1 Leaders", "The Leader signed.", "None", "", ""],
                ["", "A cross-party group steers", "It met four times.", "Ask a sixth member.", "May 2027", "Clerk"],
                ["", "Something of our own", "We also do this.", "", "", ""],
            ],
        )
    )
    assert [(row.element, row.code, row.how) for row in matched(reading.rows, REQUIREMENTS)] == [
        ("1.1 Leadership", "1.1.1", "code"),
        ("1.1 Leadership", "1.1.2", "words"),
        ("1.1 Leadership", "", ""),
    ]
    second = reading.rows[1]
    assert (second.evidence, second.action, second.timescale, second.responsibility) == (
        "It met four times.", "Ask a sixth member.", "May 2027", "Clerk",
    )  # fmt: skip
    assert reading.leftovers == ("Self-assessment of Oakford",)


def test_the_code_of_another_framework_is_no_match_unless_the_words_agree() -> None:
    rows = [
        ["1", "1.1.1 Commitment from the top", "The Leader signed.", "Renew it.", "", ""],
        ["", "1.1.2", "", "Do it.", "", ""],
    ]
    table = [HEADINGS, *rows, ["", "1.1.1 Leaders are committed", "They met.", "", "", ""]]
    older = read(opened("Member Development Charter, five themes (2008)", table))
    title, version = "Charter and Charter Plus for Elected Member Development", "2017"
    assert names_framework(older.leftovers, title, version) is False
    assert [row.code for row in matched(older.rows, REQUIREMENTS)] == ["", "", "1.1.1"]
    ours = read(opened("Charter and Charter Plus for Elected Member Development (2017)", table))
    assert names_framework(ours.leftovers, title, version) is True
    assert [row.code for row in matched(ours.rows, REQUIREMENTS, same_framework=True)] == ["1.1.1", "1.1.2", "1.1.1"]
    assert names_framework(["Charter and Charter Plus for Elected Member Development (2008)"], title, version) is False


def test_a_row_goes_on_below_and_a_second_action_is_a_row_of_its_own() -> None:
    reading = read(
        opened(
            [
                HEADINGS,
                ["1.1", "1.1.1 Leaders", "The Leader signed.", "Renew it.", "May 2027", "Leader"],
                ["", "", "And so did the groups.", "", "", ""],
                ["", "", "", "Tell all councillors.", "June 2027", "Clerk"],
            ]
        )
    )
    rows = matched(reading.rows, REQUIREMENTS)
    assert [(row.code, row.evidence, row.action) for row in rows] == [
        ("1.1.1", "The Leader signed.\nAnd so did the groups.", "Renew it."),
        ("1.1.1", "", "Tell all councillors."),
    ]
    assert united(rows) == "The Leader signed.\nAnd so did the groups."


def test_what_our_own_papers_cite_is_no_part_of_the_answer() -> None:
    table = [HEADINGS, ["1.1", "1.1.1 Leaders", "The Leader signed.\nEvidence cited: The declaration", "", "", ""]]
    [row] = read(opened(table)).rows
    assert (row.evidence, row.extra) == ("The Leader signed.", ("Evidence cited: The declaration",))


def test_other_headings_for_the_same_are_known_and_other_tables_are_kept_apart() -> None:
    reading = read(
        opened(
            [["Level 1 criteria", "Current position", "Gaps", "Recommendations"],
             ["1.1.1", "In place.", "No champion", "Name one."]],
            [["Version", "Date"], ["2", "May 2027"]],
        )
    )  # fmt: skip
    [row] = reading.rows
    assert (row.evidence, row.action, row.extra) == ("In place.", "Name one.", ("No champion",))
    assert reading.leftovers == ("Version | Date", "2 | May 2027")
    assert reading.warnings == ("table 2 has no headings of a self-assessment; its words are kept apart.",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("None", False),
        ("n/a", False),
        ("–", False),
        ("", False),
        ("No further action required.", False),
        ("None yet: write one", True),
    ],
)
def test_no_action_is_read_where_the_words_say_so(text: str, expected: bool) -> None:
    assert is_action(text) is expected


def test_a_document_without_requirements_says_what_was_looked_for() -> None:
    with pytest.raises(NoRows, match="Looked for a table with a heading “Requirements”"):
        read(opened("Only words.", [["Version", "Date"], ["2", "May 2027"]]))

"""Layouts that councils use beside the usual one, each with what is meant by it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from tenants.rules.action_plans import (
    ActionRow,
    Column,
    NoActions,
    Reading,
    outside_words,
    read_document,
    read_grid,
    read_pasted,
)
from tests.factories import documents as made

TEXTS = ("ref", "section", "action", "reason", "timescale", "responsibility", "status", "status_proposed", "cost")


def told(row: ActionRow) -> dict[str, Any]:
    """What a row says, without what it leaves open."""
    said = {name: text for name in TEXTS if (text := getattr(row, name))} | dict(row.extra)
    window = f"{row.kind} {row.earliest or ''}..{row.latest or ''}"
    return said if row.kind == "none" else said | {"window": window}


def rows_of(reading: Reading) -> list[dict[str, Any]]:
    return [told(row) for row in reading.rows]


def in_word(*blocks: str | Sequence[Sequence[str]]) -> Reading:
    return read_document(made.word_document(*blocks), "plan.docx", date(2018, 5, 1))


def test_people_stand_under_action_and_actions_under_item() -> None:
    assert rows_of(in_word(made.SERIAL)) == [
        {
            "ref": "1",
            "section": "TRAINING",
            "action": "Write the handbook that every new councillor of Oakford was promised",
            "timescale": "16/17",
            "responsibility": "Clerk",
            "status": "100",
            "status_proposed": "completed",
            "Priority (H/M/L)": "H",
            "window": "financial_year 2016-04-01..2017-03-31",
        },
        {
            "ref": "3",
            "section": "PEOPLE",
            "action": "Plan a mentoring scheme together with the two neighbouring councils",
            "timescale": "17/18",
            "responsibility": "Clerk + Cllr Ash",
            "status": "25",
            "status_proposed": "in_progress",
            "Priority (H/M/L)": "L",
            "window": "financial_year 2017-04-01..2018-03-31",
        },
    ]


def test_headings_that_are_missing_are_said_by_a_person() -> None:
    data = made.word_document(made.MEASURES)
    with pytest.raises(NoActions, match=r"plan\.docx: No table of actions was found") as refused:
        read_document(data, "plan.docx")
    reading = refused.value.reading
    assert reading.rows == ()
    assert reading.tables == (
        Column(1, "table 1", 0, "", ""),
        Column(1, "table 1", 1, "Lead responsibility", ""),
        Column(1, "table 1", 2, "", ""),
    )
    again = read_grid(reading.grid, columns={(1, 0): "action", (1, 1): "responsibility", (1, 2): "timescale"})
    assert rows_of(again) == [
        {
            "action": "Write the scheme\nAsk the panel for its views",
            "timescale": "April 2023 – June 2023\nSeptember 2023",
            "responsibility": "Policy Officer\nPolicy Officer / Chief Executive",
            "status_proposed": "unknown",
            "window": "range 2023-04-01..2023-09-30",
        },
        {
            "action": "Report every year",
            "timescale": "31 August (annually)",
            "responsibility": "Policy Officer",
            "status_proposed": "unknown",
            "window": "recurring ..",
        },
    ]
    assert again.rows[0].notes == ("2 timescales stand in this row; it may hold as many actions.",)


def test_a_budget_with_reasons_is_read_with_its_costs() -> None:
    reading = read_document(made.workbook({"Budget": made.BUDGET}), "budget.xlsx")
    assert rows_of(reading) == [
        {
            "action": "Chairing skills",
            "reason": "Three committees have a new chair",
            "cost": "250",
            "status_proposed": "unknown",
            "No of Members": "6",
            "Total": "1500",
        },
        {
            "action": "Speaking in public",
            "reason": "Asked for in the survey",
            "cost": "90",
            "status_proposed": "unknown",
            "No of Members": "4",
            "Total": "360",
        },
    ]


def test_courses_without_headings_are_read_once_two_columns_are_named() -> None:
    data = made.workbook({"Courses": made.COURSES})
    with pytest.raises(NoActions):
        read_document(data, "courses.xlsx")
    assert rows_of(read_document(data, "courses.xlsx", columns={(1, 0): "action", (1, 3): "cost"})) == [
        {
            "action": "Planning law",
            "cost": "£400",
            "status_proposed": "unknown",
            "": "Planning Committee",
            "Further details": "Two evenings",
        },
        {
            "action": "Licensing",
            "cost": "£150",
            "status_proposed": "unknown",
            "": "Licensing Committee",
            "Further details": "One morning",
        },
    ]


def test_stacked_blocks_are_read_by_their_labels() -> None:
    reading = in_word(*made.COMMITMENTS)
    assert rows_of(reading) == [
        {
            "ref": "1",
            "action": "A named officer for every new councillor",
            "responsibility": "Head of Democratic Services",
            "status": "Four officers have been named.\nThey met in June.",
            "status_proposed": "completed",
            "timescale": "by summer 2025",
            "Next steps": "Ask the new councillors.",
            "window": "season ..2025-08-31",
        },
        {
            "ref": "2",
            "action": "Papers a week before each meeting",
            "responsibility": "Committee Manager",
            "status": "Not started",
            "status_proposed": "not_started",
            "timescale": "in October 2025",
            "Next steps": "Agree the day",
            "window": "month 2025-10-01..2025-10-31",
        },
    ]
    assert reading.leftovers == ("Our commitments to councillors",)
    assert reading.warnings == ("No table of actions was found; labelled lines were read as one.",)
    assert read_grid(reading.grid).rows == reading.rows


def test_comments_and_the_answers_to_them() -> None:
    assert rows_of(in_word(made.COMMENTS)) == [
        {
            "action": "Sessions should be recorded for those who work.",
            "status": "Agreed – this will be provided.",
            "status_proposed": "not_started",
        },
        {
            "action": "Hold a briefing in each ward.",
            "status": "Enquiry not to be pursued.",
            "status_proposed": "decided_against",
        },
    ]


def test_the_table_that_a_row_stands_in_is_its_status() -> None:
    reading = in_word(*made.STATES)
    assert [(row.ref, row.status, row.status_proposed, row.place) for row in reading.rows] == [
        ("A1", "", "in_progress", "table 1, row 2"),
        ("B1", "", "completed", "table 2, row 2"),
        ("C1", "", "outstanding", "table 3, row 2"),
    ]
    assert reading.leftovers == ("Table A: Live recommendations", "Table B – Completed actions", "Table C: Outstanding")
    assert outside_words(reading.outside) == "3 lines were not part of a table: shown below."


def test_progress_and_what_remains_share_a_column() -> None:
    reading = in_word(made.PROGRESS)
    assert rows_of(reading) == [
        {
            "action": "Map the skills of the cabinet",
            "status": "In progress: two of nine done",
            "status_proposed": "in_progress",
            "timescale": "Before Cabinet Meeting on 2 nd December",
            "window": "deadline ..2018-12-01",
        },
        {
            "action": "Share the programme",
            "status": "To be incorporated in Q2.",
            "status_proposed": "not_started",
            "timescale": "31 June 2018",
            "window": "impossible ..",
        },
    ]
    assert reading.rows[1].notes == ("“31 June 2018”: No such date: June 2018 has 30 days, not 31.",)


def test_notes_of_a_network() -> None:
    assert rows_of(in_word(made.NOTES)) == [
        {
            "action": "The chair welcomed three new members.",
            "status_proposed": "unknown",
            "Agenda Item": "1 Welcome",
        },
        {
            "action": "Send the list of coaches to every council",
            "responsibility": "Secretary",
            "status_proposed": "unknown",
            "Agenda Item": "2 Coaching",
        },
    ]


def test_a_log_with_two_dates_is_due_on_the_second() -> None:
    data = made.workbook({"Log": made.LOG}, hidden_columns=["C:C"])
    reading = read_document(data, "log.xlsx")
    assert rows_of(reading) == [
        {
            "action": "Quiet room for reading",
            "responsibility": "Estates",
            "status": "On target",
            "status_proposed": "in_progress",
            "timescale": "1 September 2022",
            "Date added": "3 May 2022",
            "Who added": "Ms Elm",
            "Measurable outcome": "A room by autumn",
            "window": "deadline ..2022-09-01",
        },
        {
            "action": "Signs in Welsh and English",
            "responsibility": "Comms",
            "status": "Pending",
            "status_proposed": "not_started",
            "timescale": "TBC",
            "Date added": "7 June 2022",
            "Who added": "Mr Oak",
            "Measurable outcome": "All signs",
            "window": "tbc ..",
        },
    ]
    assert reading.warnings == (
        "Sheet “Log”: column C is hidden, and read as the others.",
        "sheet “Log”, row 2: “1 September 2022” may stand for the whole month.",
    )


def test_a_gap_analysis_recommends_what_to_do() -> None:
    assert rows_of(in_word(made.GAPS)) == [
        {
            "action": "Name a cabinet member",
            "reason": "Nobody is named in the constitution",
            "status": "There is a working group",
            "status_proposed": "unknown",
            "Level 1 criteria": "A named lead",
        },
    ]


def test_minutes_have_an_action_in_each_such_line() -> None:
    reading = in_word(*made.MINUTES)
    assert rows_of(reading) == [
        {"action": "Officers to write to those who did not reply", "status_proposed": "unknown"},
        {"action": "Chair to ask the Leader for a date", "status_proposed": "unknown"},
    ]
    assert reading.leftovers == (made.MINUTES[0], made.MINUTES[1], made.MINUTES[3])


def test_a_pdf_of_several_pages_is_the_plan_that_word_holds() -> None:
    pdf, word = read_document(made.pdf_plan(), "plan.pdf"), read_document(made.word_plan(), "plan.docx")
    unlike = {6}  # its second half is left out of the PDF
    fields = ("ref", "action", "reason", "remark", "timescale", "responsibility", "status", "status_proposed", "latest")
    for number, (one, other) in enumerate(zip(pdf.rows, word.rows, strict=True), 1):
        if number not in unlike:
            assert [getattr(one, field) for field in fields] == [getattr(other, field) for field in fields]
    assert pdf.columns == tuple(
        (heading.replace("<b>", "").replace("</b>", ""), meaning) for heading, meaning in word.columns
    )
    assert pdf.leftovers == word.leftovers


def test_a_table_pasted_from_a_page_or_a_sheet_is_read_alike() -> None:
    rows = [("Action", "When", "Who"), ("Train", "May 2017", "AB")]
    page = (
        "<table>" + "".join("<tr>" + "".join(f"<td>{text}</td>" for text in row) + "</tr>" for row in rows) + "</table>"
    )
    sheet = "\n".join("\t".join(row) for row in rows)
    assert rows_of(read_pasted(page)) == rows_of(read_pasted(sheet)) == rows_of(in_word(rows))


PLAN = (
    ("Point", "Task", "Detail", "When"),
    ("1", "Train", "Everybody", "May 2017"),
    ("2", "Mentor", "New", "June 2017"),
)


def test_a_corrected_column_takes_the_meaning_from_the_one_that_had_it() -> None:
    data = made.word_document(PLAN)
    assert rows_of(read_document(data, "plan.docx", columns={(1, 2): "action", (1, 0): "ref"}))[0] == {
        "ref": "1",
        "Task": "Train",
        "action": "Everybody",
        "status_proposed": "unknown",
        "timescale": "May 2017",
        "window": "month 2017-05-01..2017-05-31",
    }


def test_two_columns_may_be_said_to_mean_the_same() -> None:
    reading = read_document(made.word_document(PLAN), "plan.docx", columns={(1, 1): "action", (1, 2): "action"})
    assert [row.action for row in reading.rows] == ["Train\nEverybody", "Mentor\nNew"]


def test_a_table_may_be_said_to_hold_no_actions() -> None:
    data = made.word_document(PLAN, [("Action", "Who"), ("Advise", "CD")])
    reading = read_document(data, "plan.docx", columns={(1, 1): ""})
    assert [row.action for row in reading.rows] == ["Advise"]
    assert reading.warnings == ("table 1 has no column with actions; its words are kept apart.",)
    assert reading.leftovers == tuple(" | ".join(row) for row in PLAN)


def test_remembered_headings_outweigh_what_is_known() -> None:
    remembered = {"detail": "action", "task": "reason", "point": "ref"}
    reading = read_document(made.word_document(PLAN), "plan.docx", remembered=remembered)
    assert [(row.ref, row.action, row.reason) for row in reading.rows] == [
        ("1", "Everybody", "Train"),
        ("2", "New", "Mentor"),
    ]
    corrected = read_document(made.word_document(PLAN), "plan.docx", None, remembered, {(1, 1): "remark"})
    assert [row.remark for row in corrected.rows] == ["Train", "Mentor"]


def test_a_remembered_heading_makes_a_table_known() -> None:
    rows = (("Vorhaben", "Bis"), ("Train", "May 2017"))
    remembered = {"vorhaben": "action", "bis": "timescale"}
    reading = read_document(made.word_document(rows), "plan.docx", remembered=remembered)
    assert [(row.action, row.timescale) for row in reading.rows] == [("Train", "May 2017")]


def test_the_grid_is_read_as_the_file_was() -> None:
    for data, name in (
        (made.word_plan(), "plan.docx"),
        (made.excel_plan(), "plan.xlsx"),
        (made.pdf_plan(), "plan.pdf"),
    ):
        reading = read_document(data, name)
        assert read_grid(reading.grid) == reading


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, ""),
        (1, "1 line was not part of a table: shown below."),
        (3, "3 lines were not part of a table: shown below."),
    ],
)
def test_lines_outside_the_tables_are_counted(count: int, words: str) -> None:
    assert outside_words(count) == words

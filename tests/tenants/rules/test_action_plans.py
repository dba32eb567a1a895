"""Councils' plans in their own layouts, and the actions read from them with no word lost."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date

import docx
import pytest

from tenants.rules.action_plans import Reading, UnreadableDocument, read_document, rows_as_json
from tenants.rules.documents import open_document
from tests.factories import documents as made


def read_table(*rows: Sequence[str], document_on: date | None = None) -> Reading:
    return read_document(made.word_document(rows), "plan.docx", document_on=document_on)


def some(reading: Reading, *fields: str) -> list[tuple[object, ...]]:
    """The named fields of each row."""
    return [tuple(getattr(row, field) for field in fields) for row in reading.rows]


def bare(words: Sequence[str]) -> Counter[str]:
    """Words without the brackets and points that reading may move."""
    return Counter(word for raw in words if (word := raw.strip("[]().:,")))


def words_read(reading: Reading) -> Counter[str]:
    texts = [text for column in reading.columns for text in column[:1]] + list(reading.leftovers)
    for row in reading.rows:
        texts += [row.ref, row.action, row.reason, row.remark, row.responsibility, row.status, row.timescale]
        texts += [row.officer_days, row.cost, *(text for pair in row.extra for text in pair)]
    return bare(" ".join(texts).replace("|", " ").split())


def lost_words(data: bytes, filename: str, reading: Reading) -> set[str]:
    """Words that stand more often in the document than in what was read, headings repeated inside apart."""
    headings = set(bare(" ".join(heading for heading, _ in reading.columns).split()))
    return set(bare(open_document(data, filename).words()) - words_read(reading)) - headings


PLAN = [
    ("1", "May 2017", "month", "completed"),
    ("2", "December 2018", "month", "in_progress"),
    ("3", "2018-19", "financial_year", "unknown"),
    ("4", "March 2017", "month", "completed"),
    ("5", "December 2017", "month", "in_progress"),
    ("6", "2017-18", "financial_year", "decided_against"),
    ("7", "2017-18", "financial_year", "outstanding"),
    ("8", "2019", "calendar_year", "outstanding"),
]


@pytest.mark.parametrize(("data", "name"), [(made.word_plan(), "plan.docx"), (made.excel_plan(), "plan.xlsx")])
def test_a_plan_on_several_pages_is_one_list(data: bytes, name: str) -> None:
    reading = read_document(data, name)
    assert some(reading, "ref", "timescale", "kind", "status_proposed") == PLAN
    assert reading.columns == (
        ("", "ref"), ("Action", "action"), ("Timescale", "timescale"), ("Source/Reason", "reason"),
        ("Responsibility", "responsibility"), ("Completed By", "status"),
    )  # fmt: skip


def test_a_row_over_a_page_break_is_joined_and_the_assessors_words_stand_apart() -> None:
    rows = rows_as_json(read_document(made.word_plan(), "plan.docx"))
    assert rows[5] == {
        "ref": "6",
        "action": "Count who watches the recordings.",
        "reason": "Recordings should be worth their price.",
        "remark": "The supplier sells a counter that needs an upgrade of our present system at about £900 a year.",
        "responsibility": "Member Learning Panel",
        "status": "The panel decided against the yearly cost of the counter.",
        "status_proposed": "decided_against",
        "timescale": "2017-18",
        "earliest": "2017-04-01",
        "latest": "2018-03-31",
        "kind": "financial_year",
        "confidence": "high",
    }


def test_tags_spaces_and_hyphens_that_converters_leave_are_gone() -> None:
    reading = read_document(made.word_plan(), "plan.docx")
    assert reading.rows[0].reason == "So that each ward has a voice."
    assert reading.rows[1].action == "Rewrite the role descriptions."
    assert reading.rows[2].action == "List outside leadership courses in the programme."


def test_what_stands_round_the_table_is_left_over_in_order() -> None:
    assert read_document(made.word_plan(), "plan.docx").leftovers == (
        "ACTION PLAN",
        made.PREAMBLE,
        made.FOOTNOTE,
    )
    sheet = read_document(made.excel_plan(), "plan.xlsx")
    assert sheet.leftovers == ("Action plan of Oakford", f"MLP | {made.OWNER}")
    assert sheet.warnings == ("Initials has no headings of an action plan; its words are kept apart.",)


def test_the_same_plan_as_csv() -> None:
    lines = [made.HEADINGS, *made.ROWS]
    text = "\n".join(",".join(f'"{cell}"' for cell in line) for line in lines)
    reading = read_document(text.encode(), "plan.csv")
    assert some(reading, "ref", "timescale", "kind", "status_proposed") == PLAN
    assert reading.rows[7].place == "row 10"


STACKED = (("Action", "When", "Who"), ("Train", "May 2017", "AB"), ("Mentor", "June 2017", "AB/CD"))
LAYOUTS = {
    "learning needs": (
        ("Elements", "Requirements for Charter", "Evidence", "Action", "By when", "By whom"),
        ("1.1 Lead", "A named lead", "None seen", "Name a lead", "By end of May 2018", "Leader"),
    ),
    "outcome beside completed": (
        ("Action", "By when", "Responsible officer", "Completed", "Outcome"),
        ("Review the scheme", "By 2018", "AG/ZW", "", "Scheme in place TBC"),
    ),
    "implementation": (
        (
            "Action",
            "Implementation",
            "Who is responsible for action?",
            "Timescale & Review Date",
            "Achieved?",
        ),
        (
            "Keep the plan fresh",
            "Clerk to ask in spring",
            "Clerk & Councillors",
            "Annual review in May",
            "Yearly",
        ),
    ),
    "resources": (
        (
            "No.",
            "Action",
            "Officer days",
            "Cost",
            "Target date",
            "Owner",
            "Progress at 31 March 2018",
            "Notes",
        ),
        ("2.1.", "Print guides", "1.5", "£300", "31/03/2018", "Clerk", "90%", "See minute 12"),
    ),
    "recommendations": (
        ("Recommendation", "Action", "Lead", "Timetable"),
        ("Widen the panel [3.4]", "Invite two members", "Leader/Whips", "TBC"),
    ),
    "stacked": STACKED,
}


def test_layouts_are_known_by_their_headings() -> None:
    fields = (
        "ref",
        "action",
        "reason",
        "responsibility",
        "status_proposed",
        "kind",
        "officer_days",
        "cost",
        "extra",
    )
    read = {name: some(read_table(*rows), *fields) for name, rows in LAYOUTS.items()}
    assert read == {
        "learning needs": [
            ("", "Name a lead", "None seen", "Leader", "unknown", "deadline", "", "",
             (("Elements", "1.1 Lead"), ("Requirements for Charter", "A named lead"))),
        ],
        "outcome beside completed": [
            ("", "Review the scheme", "", "AG/ZW", "unknown", "deadline", "", "",
             (("Outcome", "Scheme in place TBC"),)),
        ],
        "implementation": [
            ("", "Keep the plan fresh", "", "Clerk & Councillors", "recurring", "recurring", "", "",
             (("Implementation", "Clerk to ask in spring"),)),
        ],
        "resources": [
            ("2.1", "Print guides", "", "Clerk", "in_progress", "deadline", "1.5", "£300", ()),
        ],
        "recommendations": [
            ("", "Invite two members", "Widen the panel [3.4]", "Leader/Whips", "unknown", "tbc", "", "", ()),
        ],
        "stacked": [
            ("", "Train", "", "AB", "unknown", "month", "", "", ()),
            ("", "Mentor", "", "AB/CD", "unknown", "month", "", "", ()),
        ],
    }  # fmt: skip


def test_a_column_headed_action_may_name_the_people() -> None:
    reading = read_table(
        ("Serial No.", "Priority", "Item", "Relevant FY", "Action", "Progress %"),
        ("ADMIN", "", "", "", "", ""),
        ("1", "H", "Write the handbook that new members were promised", "16/17", "Clerk", "100"),
        ("2", "", "", "", "", ""),
        ("3", "L", "Plan a mentoring scheme with the neighbouring councils", "17/18", "Clerk + Cllr A", "25"),
    )
    assert some(reading, "ref", "action", "responsibility", "status_proposed", "section") == [
        ("1", "Write the handbook that new members were promised", "Clerk", "completed", "ADMIN"),
        (
            "3",
            "Plan a mentoring scheme with the neighbouring councils",
            "Clerk + Cllr A",
            "in_progress",
            "ADMIN",
        ),
    ]
    assert reading.leftovers == ("2",)
    assert [(row.status, row.per_cent) for row in reading.rows] == [("100", True), ("25", True)]
    assert reading.warnings == ("table 1, row 1: the column “Action” names people; “Item” was read as the action.",)


def test_a_title_over_the_actions_is_a_section_and_said_to_be() -> None:
    reading = read_table(
        ("Measure", "Lead responsibility", "Timetable"),
        ("Report on progress", "Policy Officer", "31 August (annually)"),
        ("Second part", "", ""),
        ("Publish the plan", "Policy Officer", "April 2023 – June 2023"),
        ("A measure of many words that nobody has been asked to see to.", "", ""),
    )
    assert some(reading, "action", "section", "kind") == [
        ("Report on progress", "", "recurring"),
        ("Publish the plan", "Second part", "range"),
        ("A measure of many words that nobody has been asked to see to.", "Second part", "none"),
    ]
    assert reading.warnings == ("table 1, row 3: “Second part” was read as the title of a section.",)


def test_merged_cells_give_each_action_its_owner_and_each_owner_its_action() -> None:
    document = docx.Document()
    rows = [
        ("Action", "When", "Who"),
        ("Section A", "", ""),
        ("Train", "May 2017", "AB"),
        ("Mentor", "June 2017", ""),
        ("Advise", "July 2017", "CD"),
        ("", "July 2018", "EF"),
    ]
    table = made.add_table(document, rows)
    table.cell(1, 0).merge(table.cell(1, 2))
    table.cell(2, 2).merge(table.cell(3, 2))
    table.cell(4, 0).merge(table.cell(5, 0))
    reading = read_document(made.saved(document), "plan.docx")
    assert some(reading, "action", "timescale", "responsibility", "section") == [
        ("Train", "May 2017", "AB", "Section A"),
        ("Mentor", "June 2017", "AB", "Section A"),
        ("Advise", "July 2017\nJuly 2018", "CD\nEF", "Section A"),
    ]


def test_two_columns_under_one_merged_heading_are_one() -> None:
    document = docx.Document()
    table = made.add_table(document, [("Action", "Who", "", "When"), ("Train", "AB", "CD", "2019")])
    table.cell(0, 1).merge(table.cell(0, 2))
    reading = read_document(made.saved(document), "plan.docx")
    assert some(reading, "action", "responsibility", "timescale") == [("Train", "AB\nCD", "2019")]


def test_a_page_without_headings_goes_on_with_those_before() -> None:
    data = made.word_document(
        [("No", "Action", "When"), ("1", "Train", "May 2017")],
        [("2", "Mentor", "June 2017")],
        [("Ward", "Seats", "Votes")],
    )
    reading = read_document(data, "plan.docx")
    assert some(reading, "ref", "action", "timescale") == [
        ("1", "Train", "May 2017"),
        ("2", "Mentor", "June 2017"),
    ]
    assert reading.leftovers == ("Ward | Seats | Votes",)
    assert reading.warnings == (
        "table 2 has no headings; it was read with those of the table before it.",
        "table 3 has no headings of an action plan; its words are kept apart.",
    )


def test_two_tables_with_different_columns() -> None:
    data = made.word_document(STACKED, [("Task", "Deadline", "Update"), ("Advise", "TBC", "Done")])
    assert some(read_document(data, "plan.docx"), "action", "timescale", "status") == [
        ("Train", "May 2017", ""), ("Mentor", "June 2017", ""), ("Advise", "TBC", "Done")
    ]  # fmt: skip


def test_figures_are_not_actions() -> None:
    data = made.word_document(STACKED, [("Measure", "Outcome"), ("Members trained", "31"), ("Share", "78%")])
    reading = read_document(data, "plan.docx")
    assert len(reading.rows) == 2
    assert reading.leftovers == ("Measure | Outcome", "Members trained | 31", "Share | 78%")
    assert reading.warnings == ("table 2 holds figures and not actions; its words are kept apart.",)


def test_a_real_date_on_the_first_may_mean_the_month() -> None:
    rows = [("Action", "When", "Who"), ("Train", date(2017, 5, 4), "AB"), ("Mentor", date(2017, 6, 1), "CD")]
    reading = read_document(made.workbook({"Plan": rows}), "plan.xlsx")
    assert some(reading, "timescale", "kind", "latest", "confidence") == [
        ("4 May 2017", "deadline", date(2017, 5, 4), "high"),
        ("1 June 2017", "deadline", date(2017, 6, 1), "medium"),
    ]
    assert reading.warnings == ("sheet “Plan”, row 3: “1 June 2017” may stand for the whole month.",)


def test_warnings_name_the_row() -> None:
    reading = read_table(
        ("No", "Action", "When", "Status"),
        ("1", "Train", "31 June 2017", ""),
        ("2", "Mentor", "May 2016", "Ongoing"),
        ("3", "", "May 2018", ""),
        document_on=date(2017, 5, 1),
    )
    assert reading.warnings == (
        "table 1, row 2: “31 June 2017”: No such date: June 2017 has 30 days, not 31.",
        "table 1, row 3: “May 2016” lies before the document's date and the action is still open.",
        "table 1, row 4: no action is written.",
    )


def test_a_row_with_nothing_to_join_it_to_is_kept() -> None:
    reading = read_table(("Action", "When", "Who"), ("", "", "left from the page before"), ("Train", "2019", "AB"))
    assert reading.leftovers == ("left from the page before",)
    assert some(reading, "action") == [("Train",)]


@pytest.mark.parametrize(
    ("reason", "rest", "remark"),
    [
        ("Why. [They saw too little of it in practice].", "Why.", "They saw too little of it in practice."),
        ("Why [2.7] so.", "Why [2.7] so.", ""),
        ("Why. [They saw too little of it, and", "Why.", "They saw too little of it, and"),
        ("[Too little of it was seen.] Why.", "Why.", "Too little of it was seen."),
    ],
)
def test_a_passage_in_brackets_is_the_assessors_remark(reason: str, rest: str, remark: str) -> None:
    reading = read_table(("Action", "When", "Reason"), ("Train", "2019", reason))
    assert some(reading, "reason", "remark") == [(rest, remark)]


@pytest.mark.parametrize(
    ("blocks", "message"),
    [
        (["Only words."], r"plan\.docx: No table was found, only 1 line of text\. .*“Action”.*“When”"),
        ([[("Party", "Seats"), ("A", "3")]],
         r"plan\.docx: No table of actions was found\. .* Found: table 1 begins with “Party”, “Seats”\."),
        ([[("Action", "When")]], r"plan\.docx: The table has headings but no row with an action\."),
    ],
)  # fmt: skip
def test_no_plan_to_be_found_says_what_was_looked_for(blocks: list[str], message: str) -> None:
    with pytest.raises(UnreadableDocument, match=message):
        read_document(made.word_document(*blocks), "plan.docx")


def name_of(value: object) -> str:
    return value if isinstance(value, str) else ""


def every_document() -> list[tuple[str, bytes]]:
    layouts = [(f"{name}.docx", made.word_document("Before.", rows, "After.")) for name, rows in LAYOUTS.items()]
    sheets = [(f"{name}.xlsx", made.workbook({"Plan": rows})) for name, rows in LAYOUTS.items()]
    return [("plan.docx", made.word_plan()), ("plan.xlsx", made.excel_plan()), *layouts, *sheets]


@pytest.mark.parametrize(("name", "data"), every_document(), ids=name_of)
def test_no_word_is_lost(name: str, data: bytes) -> None:
    assert lost_words(data, name, read_document(data, name)) == set()


def test_a_lost_word_would_be_seen() -> None:
    data = made.word_plan()
    reading = read_document(data, "plan.docx")
    short = Reading(reading.rows[:-1], reading.columns, reading.leftovers, reading.warnings)
    assert {"Weigh", "application", "higher"} <= lost_words(data, "plan.docx", short)
    assert not re.search(r"[<>]", " ".join(words_read(reading)))

"""Papers that really open, and are the same bytes every time."""

from __future__ import annotations

import io
from datetime import date

import docx
from python_calamine import CalamineWorkbook

from assessment.demo import papers
from saas.files import receive
from tenants.rules import action_plans

DAY = date(2026, 5, 1)


def test_every_paper_is_what_its_name_says() -> None:
    kinds = []
    for paper in papers.papers_of("Ashby Council", "ashby", DAY):
        with receive(io.BytesIO(paper.content), paper.filename, limit_bytes=100_000) as received:
            kinds.append((paper.filename, received.content_type.split(".")[-1]))
    assert kinds == [
        ("ashby-policy.pdf", "application/pdf"),
        ("ashby-minutes.docx", "document"),
        ("ashby-programme.xlsx", "sheet"),
        ("ashby-budget.csv", "text/csv"),
        ("ashby-new-members.txt", "text/plain"),
    ]


def test_the_same_day_gives_the_same_bytes() -> None:
    assert papers.papers_of("Ashby Council", "ashby", DAY) == papers.papers_of("Ashby Council", "ashby", DAY)


def test_a_pdf_says_where_each_of_its_objects_begins() -> None:
    content = papers.pdf(["Policy (draft)", "£40 a year"])
    assert b"(Policy \\(draft\\)) Tj" in content
    assert b"(\xa340 a year) Tj" in content
    table = content[int(content.split(b"startxref\n")[1].split()[0]) :]
    places = [int(line[:10]) for line in table.splitlines()[3:8]]
    assert [content[place:].split(b"\n")[0] for place in places] == [b"%d 0 obj" % number for number in range(1, 6)]


def test_word_and_excel_hold_the_words_and_dates() -> None:
    document = docx.Document(io.BytesIO(papers.word(["Minutes", "All agreed."])))
    assert [paragraph.text for paragraph in document.paragraphs] == ["Minutes", "All agreed."]
    book = CalamineWorkbook.from_filelike(io.BytesIO(papers.workbook([["Session", "Date"], ["Chairing", DAY]])))
    assert book.get_sheet_by_name("Sessions").to_python() == [["Session", "Date"], ["Chairing", DAY]]


def test_the_older_plan_can_be_read_as_a_plan() -> None:
    reading = action_plans.read_document(papers.older_plan(DAY), "plan.xlsx", document_on=None)
    assert [(row.action, row.timescale) for row in reading.rows[:2]] == [
        ("Agree a role description for every councillor", "31.3.2026"),
        ("Bring evening sessions into the programme", "Spring"),
    ]

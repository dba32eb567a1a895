"""A board report on paper: each page beside a picture that somebody has looked at, and the same words everywhere."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import docx
import pypdfium2
from docx.oxml.ns import qn

from assessment.models.board_reports import BoardReport
from assessment.rules.board_facts import BoardFacts
from assessment.rules.board_report import document_of, read_sections
from assessment.services.board_papers import board_paper
from saas.papers import Facts, Prose, write
from tenants.queries.logos import NamedPlace
from tenants.rules import workbooks
from tests.factories.board_facts import NOTHING, QUARTER, a_region
from tests.factories.drawn_pages import unlike

PAGES = Path(__file__).with_name("pages")


def report(facts: BoardFacts) -> BoardReport:
    """A report on these facts, as it is kept."""
    return BoardReport(
        region_id=UUID(int=1), id=UUID(int=2), number=3, period_from=QUARTER[0], period_to=QUARTER[1],
        document=document_of(facts), hash="5f" * 32, made_at=datetime(2026, 11, 22, 14, 30, tzinfo=UTC),
        made_by_name="Charter Officer",
    )  # fmt: skip


def paper(facts: BoardFacts, kind: str) -> bytes:
    return write(board_paper(report(facts), NamedPlace("Mid Employers", None)), kind)


def flat(words: str) -> str:
    """Words without the breaks of lines."""
    return "".join(words.split())


def test_pages_look_as_they_did() -> None:
    assert unlike(paper(a_region(), "pdf"), PAGES, "board") == []
    assert unlike(paper(NOTHING, "pdf"), PAGES, "empty-board") == []


def test_pdf_is_tagged_and_says_every_sentence_and_each_chart_has_one() -> None:
    data = paper(a_region(), "pdf")
    document = pypdfium2.PdfDocument(data)
    words = flat(" ".join(page.get_textpage().get_text_bounded() for page in document))
    document.close()
    sections = read_sections(document_of(a_region()))
    assert [each.code for each in sections if flat(each.sentence) not in words] == []
    assert [each.code for each in sections if flat(each.definition) not in words] == []
    assert (b"/StructTreeRoot" in data, b"/Lang" in data) == (True, True)


def test_the_top_says_what_is_of_which_day_and_the_foot_has_the_hash_in_small_type() -> None:
    facts, days, *_, foot = board_paper(report(a_region()), NamedPlace("Mid Employers", None)).blocks
    assert isinstance(facts, Facts)
    assert [name for name, _ in facts.pairs] == ["Period", "As of", "Made"]
    assert isinstance(days, Prose)
    assert "as of 30 September 2026, the last day of the period." in days.text
    assert "as they stood on 22 November 2026, when the report was made." in days.text
    assert foot == Prose(f"SHA-256 of this report: {'5f' * 32}", small=True)
    document = pypdfium2.PdfDocument(paper(a_region(), "pdf"))
    page = document[len(document) - 1]
    edge, text = page.get_width() - 22 / 25.4 * 72, page.get_textpage()
    start = text.get_text_bounded().index("5f5f5f")
    assert max(text.get_charbox(at)[2] for at in range(start, start + 64)) <= edge
    document.close()
    runs = docx.Document(io.BytesIO(paper(a_region(), "docx"))).paragraphs[-1].runs
    assert [(run.text, run.font.size.pt if run.font.size else None) for run in runs] == [(foot.text, 8.0)]


def test_how_a_section_is_counted_stands_on_the_page_of_its_heading() -> None:
    document = pypdfium2.PdfDocument(paper(a_region(), "pdf"))
    pages = [flat(page.get_textpage().get_text_bounded()) for page in document]
    document.close()
    for section in read_sections(document_of(a_region())):
        assert any(flat(section.title) in page and flat(section.definition) in page for page in pages), section.title


def test_word_says_the_same_and_its_charts_are_described() -> None:
    document = docx.Document(io.BytesIO(paper(a_region(), "docx")))
    paragraphs = [paragraph.text for paragraph in document.paragraphs]
    sections = read_sections(document_of(a_region()))
    assert [each.code for each in sections if each.sentence not in paragraphs] == []
    described = [drawn.get("descr") for drawn in document.element.body.iter(qn("wp:docPr"))]
    assert described == [each.sentence for each in sections if each.chart]
    assert len(document.tables) == 1 + sum(len(each.tables) for each in sections)


def test_excel_has_a_sheet_for_each_table() -> None:
    sheets = workbooks.read(paper(a_region(), "xlsx")).tables
    tables = [table for section in read_sections(document_of(a_region())) for table in section.tables]
    told = [(sheet.name, [row.texts for row in sheet.rows]) for sheet in sheets]
    wanted = [(table.caption, [table.headings, *(tuple(map(str, row)) for row in table.rows)]) for table in tables]
    assert told[:-1] == wanted
    assert told[-1][0] == "About this file"

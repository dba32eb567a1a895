"""Papers as lists of blocks: Word, PDF and Excel say the same, and nothing that was typed becomes a formula."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import docx
import pypdfium2
import pytest
from docx.enum.section import WD_ORIENT
from PIL import Image
from python_calamine import CalamineWorkbook

from saas.papers import Facts, Heading, Link, Logo, NewPage, Numbered, Paper, Picture, Prose, Row, Table, write

CREATED = datetime(2026, 11, 22, 14, 30, tzinfo=UTC)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 30"><rect width="60" height="20" fill="teal"/></svg>'
HOSTILE = ("=1+1", "+44 20", "-5", "@SUM(A1)", "=HYPERLINK(1)", "http://example.org", "0012")


def png() -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (30, 10), "teal").save(drawn, "PNG")
    return drawn.getvalue()


def paper(*blocks: object, **changed: object) -> Paper:
    given = {"title": "Action plan", "council": "Oakford & Co", "region": "Mid Employers", "created": CREATED}
    return Paper(**{**given, "blocks": blocks, **changed})  # type: ignore[arg-type]


def pages_of(data: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(data)
    found = [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]
    document.close()
    return found


def sheets_in(data: bytes) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_every_block_stands_in_a_pdf() -> None:
    whole = paper(
        Prose("First **words**."),
        Numbered(("Agree it", "Note it\nand so on")),
        Facts((("Owner", "Ann"),)),
        Picture(SVG, png(), "Six of ten are closed.", 0.5),
        Table("Lines", ("No.", "Cost", "On", "Where"), (Row(("1", Decimal("1250.50"), date(2026, 5, 4), None)),)),
        marking="Public version",
    )
    assert pages_of(write(whole, "pdf")) == [
        "Oakford & Co Mid Employers Public version Action plan First words. 1. Agree it 2. Note it and so on "
        "Owner Ann No. Cost On Where 1 1,250.50 4 May 2026 Action plan Page 1 of 1"
    ]


def test_pages_stand_and_lie_as_they_are_told() -> None:
    whole = paper(Prose("Cover."), NewPage(landscape=True), Heading(1, "Plan"), NewPage(), Prose("End."))
    document = pypdfium2.PdfDocument(write(whole, "pdf"))
    assert [page.get_width() > page.get_height() for page in document] == [False, True, False]
    document.close()
    sections = docx.Document(io.BytesIO(write(whole, "docx"))).sections
    assert [section.orientation for section in sections] == [
        WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE, WD_ORIENT.PORTRAIT,
    ]  # fmt: skip


def test_every_page_says_which_version_it_is() -> None:
    rows = tuple(Row((str(number), "Words " * 60)) for number in range(40))
    whole = paper(
        NewPage(landscape=True), Table("Lines", ("No.", "Action"), rows, (1, 9)), marking="Restricted version"
    )
    pages = pages_of(write(whole, "pdf"))
    assert len(pages) > 3
    assert [page.count("Restricted version") for page in pages] == [1] * len(pages)
    assert [page.count("No. Action") for page in pages] == [1] * len(pages)
    document = docx.Document(io.BytesIO(write(whole, "docx")))
    assert [paragraph.text for paragraph in document.sections[0].header.paragraphs][1] == "Restricted version"


def test_a_region_paper_names_the_region_once() -> None:
    alone = paper(Prose("Words."), council="")
    assert pages_of(write(alone, "pdf"))[0].startswith("Mid Employers Action plan Words.")


def test_pictures_and_logos_say_what_they_are_in_word() -> None:
    whole = paper(Picture(SVG, png(), "Six of ten are closed."), logos=(Logo(png(), "Oakford"), Logo(png(), "Mid")))
    document = docx.Document(io.BytesIO(write(whole, "docx")))
    told = [drawn.get("descr") for drawn in document.element.body.xpath(".//wp:docPr")]
    assert told == ["Logo of Oakford", "Logo of Mid", "Six of ten are closed."]


def test_a_link_in_a_cell_leads_there_and_another_scheme_does_not() -> None:
    rows = (Row(("1", Link("Policy", "https://example.org/a?b=1&c"))), Row(("2", Link("Bad", "javascript:alert(1)"))))
    whole = paper(Table("Index", ("No.", "Where"), rows))
    document = docx.Document(io.BytesIO(write(whole, "docx")))
    assert [
        (link.text, link.address)
        for row in document.tables[0].rows
        for cell in row.cells
        for paragraph in cell.paragraphs
        for link in paragraph.hyperlinks
    ] == [("Policy", "https://example.org/a?b=1&c")]
    assert b"https://example.org/a?b=1&c" in write(whole, "pdf")
    assert sheets_in(write(whole, "xlsx"))["Index"][1:] == [["1", "Policy"], ["2", "Bad"]]


def test_nothing_that_was_typed_is_a_formula_a_link_or_a_number_in_a_sheet() -> None:
    whole = paper(Table("Lines", ("No.", "Action"), tuple(Row((text, text)) for text in HOSTILE)))
    data = write(whole, "xlsx")
    assert sheets_in(data)["Lines"] == [["No.", "Action"], *([text, text] for text in HOSTILE)]


def test_a_sheet_has_numbers_and_days_its_words_on_the_last_and_long_texts_in_two_cells() -> None:
    rows = (Row(("1", 12, Decimal("2.5"), date(2026, 5, 4))), Row(("x" * 40_000, None, None, None)))
    whole = paper(
        Heading(1, "Where it stands"), Prose("- One\n- Two"), Facts((("Owner", "Ann"),)),
        Table("Lines: all of [them] and many more words", ("No.", "Days", "Cost", "On"), rows), marking="Public",
    )  # fmt: skip
    assert sheets_in(write(whole, "xlsx")) == {
        "Lines  all of  them  and many m": [
            ["No.", "Days", "Cost", "On"],
            ["1", 12.0, 2.5, date(2026, 5, 4)],
            ["x" * 32_767, "", "", ""],
            ["x" * (40_000 - 32_767), "", "", ""],
        ],
        "About this file": [
            ["Action plan", ""], ["Oakford & Co", ""], ["Mid Employers", ""], ["Public", ""],
            ["Where it stands", ""], ["", "• One"], ["", "• Two"], ["Owner", "Ann"],
        ],
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["pdf", "xlsx"])
def test_the_same_paper_is_the_same_file(kind: str) -> None:
    whole = paper(Table("Lines", ("No.", "Action"), (Row(("1", "Write")),)))
    assert write(whole, kind) == write(whole, kind)

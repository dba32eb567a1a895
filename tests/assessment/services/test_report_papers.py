"""The report on paper: Word and PDF say the same, word for word, and both can be read aloud."""

from __future__ import annotations

import ctypes
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import docx
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.table import Table as WordTable

from assessment.models.reports import Report
from assessment.rules import reports
from assessment.rules.reports import Around, Judged
from assessment.services.report_papers import paper_of
from saas.papers import Paper, write
from tests.factories.assessment import tree_of

TREE = tree_of("charter-2008")
HOSTILE = '#eval("1") $x^2$ [a] ]{ `raw` <label> @ref \\ // = "q" 😀'
HEAD = "Oakford Borough Council\tMid Employers"
LONG = "The plans exist, but not for everybody. " * 6


def report(kind: str = "fact_check", **changed: Any) -> Report:
    """A version with everything in it: lists, bold words, a remark that looks like markup, long tables."""
    judged = {
        each.code: Judged("met" if number % 3 else "partly_met", reason=LONG.strip() if number % 3 == 0 else "")
        for number, each in enumerate(TREE.requirements)
    }
    items = [
        reports.improvement(
            action="Write **plans**.\n\n- Ask early\n- Read *again*", reason="Half are missing.", remark=HOSTILE,
            timescale="by May 2027", requirement_code="2.1.1", mandatory=True,
        ),
        reports.improvement(action="Name a champion.", criterion_code="3", extra=[("Cost", "£500\na year")]),
        reports.improvement(action="Say thank you."),
    ]  # fmt: skip
    document = reports.document(
        TREE, "charter", judged, council="Oakford Borough Council", region="Mid Employers", cycle=2,
        summary="It learns with purpose.\nIt shows it.\n\n1. A group that meets\n2. A budget that is spent",
        strengths=[{"criterion_code": each.code, "text": f"A clear lead.\n\n{LONG}"} for each in TREE.criteria],
        improvements=[{**item, "key": str(item["number"])} for item in reports.numbered(items)],
        good_practice=[{**reports.practice(text="A buddy for everybody.", requirement_code="1.1.1"), "key": "a"}],
        around=Around(
            [{"name": "Ann Example", "capacity": "Officer", "home_council": "Northfield Council",
              "interest": "No interest, declared on 4 May 2026."}],
            {"asked": 3, "answered": 2},
        ),
    )  # fmt: skip
    return Report(
        council_id=UUID(int=1), id=UUID(int=2), region_id=UUID(int=3), accreditation_id=UUID(int=4),
        kind=kind, number=1, document=document | changed, hash="0123456789abcdef" * 4,
        opened_at=datetime(2026, 11, 22, 14, 30, tzinfo=UTC), closes_on=date(2026, 12, 4), opened_by_name="Rae Officer",
    )  # fmt: skip


def in_word(data: bytes) -> str:
    """The text of a Word file, body alone, each stretch of white space as one space."""

    def texts() -> Iterator[str]:
        for item in docx.Document(io.BytesIO(data)).iter_inner_content():
            if isinstance(item, WordTable):
                for row in item.rows:
                    yield from (paragraph.text for cell in row.cells for paragraph in cell.paragraphs)
            else:
                yield item.text

    return " ".join(" ".join(texts()).split())


def in_pdf(data: bytes) -> tuple[str, list[str]]:
    """The text that the tags of a PDF lead to, in their order, without bullets; and the kinds of the tags."""
    document = pypdfium2.PdfDocument(data)
    words, kinds = [], []
    for page in document:
        reading, texts = page.get_textpage(), {}
        for each in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=8):
            marked = pdfium.FPDFPageObj_GetMarkedContentID(each.raw)
            texts[marked] = texts.get(marked, "") + _read(pdfium.FPDFTextObj_GetText, each.raw, reading.raw)
        tree = pdfium.FPDF_StructTree_GetForPage(page.raw)
        for number in range(pdfium.FPDF_StructTree_CountChildren(tree)):
            for kind, marked in _tagged(pdfium.FPDF_StructTree_GetChildAtIndex(tree, number)):
                kinds.append(kind)
                if marked >= 0 and (kind, texts[marked].strip()) != ("Lbl", "•"):
                    words.append(texts[marked])
        pdfium.FPDF_StructTree_Close(tree)
    document.close()
    return " ".join(" ".join(words).split()), kinds


def _tagged(element: Any) -> Iterator[tuple[str, int]]:
    kind = _read(pdfium.FPDF_StructElement_GetType, element)
    yield kind, -1
    for number in range(pdfium.FPDF_StructElement_CountChildren(element)):
        child = pdfium.FPDF_StructElement_GetChildAtIndex(element, number)
        if child:
            yield from _tagged(child)
        else:
            yield kind, pdfium.FPDF_StructElement_GetChildMarkedContentID(element, number)


def _read(function: Any, *given: Any) -> str:
    """A text from PDFium: asked for its length first. Some functions count bytes, one counts characters."""
    counts = function is pdfium.FPDFTextObj_GetText
    length = function(*given, None, 0)
    held = ctypes.create_string_buffer(length * 2)
    place = ctypes.cast(held, ctypes.POINTER(ctypes.c_ushort)) if counts else held
    function(*given, place, length)
    return held.raw[: length - 2 if not counts else length].decode("utf-16-le").rstrip("\0")


def bare(text: str) -> str:
    """Without white space, for lines break elsewhere, and without what no font of ours has."""
    return "".join(text.split()).replace("😀", "[U+1F600]")


@pytest.mark.parametrize("kind", ["fact_check", "issued"])
def test_word_and_pdf_say_the_same(kind: str) -> None:
    paper = paper_of(report(kind))
    word, (pdf, _) = in_word(write(paper, "docx")), in_pdf(write(paper, "pdf"))
    assert bare(pdf) == bare(word)
    assert word.startswith("Report on Oakford Borough Council: Charter ")
    assert HOSTILE in word
    assert "Write plans. Ask early Read again About Criterion 2" in word


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_control_characters_that_were_kept_once_are_left_out(kind: str) -> None:
    bad = "a\x0cb\x0bc\x01d\x85e\ufffff"
    document = report().document
    for line in document["criteria"][0]["judgements"]:
        line |= {"reason": bad, "words": bad}
    document["improvements"][0] |= {"action": f"- {bad}", "criterion_title": bad}
    data = write(paper_of(report(**document | {"summary": bad})), kind)
    text = bare(in_word(data) if kind == "docx" else in_pdf(data)[0])
    assert "abcdef" in text
    assert not set("\x01\x0b\x0c\x85\uffff") & set(text)


def test_a_pdf_is_tagged_through_and_through() -> None:
    data = write(paper_of(report()), "pdf")
    _, kinds = in_pdf(data)
    assert {"Document", "P", "H1", "H2", "L", "LI", "LBody", "Table", "TR", "TH", "TD"} <= set(kinds)
    assert [mark for mark in (b"/Lang(en-GB)", b"<pdfuaid:part>1<", b"/Marked true") if mark not in data] == []
    document = pypdfium2.PdfDocument(data)
    assert (document.is_tagged(), document.get_metadata_dict()["Title"]) == (
        True,
        "Report on Oakford Borough Council: Charter",
    )
    document.close()


def test_a_word_file_has_title_language_headings_and_heads_of_tables() -> None:
    document = docx.Document(io.BytesIO(write(paper_of(report()), "docx")))
    core = document.core_properties
    assert (core.title, core.language, core.created) == (
        "Report on Oakford Borough Council: Charter",
        "en-GB",
        datetime(2026, 11, 22, 14, 30, tzinfo=UTC),
    )
    styles = [paragraph.style.name for paragraph in document.paragraphs]
    assert (styles[0], styles.count("Title"), "Heading 1" in styles, "Heading 2" in styles) == ("Title", 1, True, True)
    marked = [table for table in document.tables if table.rows[0]._tr.xpath("./w:trPr/w:tblHeader")]
    assert len(marked) == len(TREE.criteria) + 1


def test_a_draft_says_so_on_every_page() -> None:
    opened = paper_of(report())
    paper = Paper("Draft report", opened.council, opened.region, opened.created, opened.blocks, "Draft", "Draft")
    document = docx.Document(io.BytesIO(write(paper, "docx")))
    assert [paragraph.text for paragraph in document.sections[0].header.paragraphs] == [HEAD, "Draft"]
    pages = pypdfium2.PdfDocument(write(paper, "pdf"))
    assert all("Draft" in page.get_textpage().get_text_bounded() for page in pages)
    pages.close()
    plain = docx.Document(io.BytesIO(write(opened, "docx")))
    assert [paragraph.text for paragraph in plain.sections[0].header.paragraphs] == [HEAD]


def test_an_issued_report_carries_its_hash_in_fours() -> None:
    word = in_word(write(paper_of(report("issued")), "docx"))
    assert "Issued on 22 November 2026 at 2:30pm by Rae Officer. It does not change any more." in word
    assert word.endswith("SHA-256 " + " ".join(["0123 4567 89ab cdef"] * 4))


def test_head_and_foot_of_a_word_file_stand_at_both_edges_in_grey() -> None:
    document = docx.Document(io.BytesIO(write(paper_of(report()), "docx")))
    edges = [document.styles[name] for name in ("Header", "Footer")]
    assert [
        ([stop.alignment for stop in edge.paragraph_format.tab_stops], str(edge.font.color.rgb)) for edge in edges
    ] == [
        ([WD_TAB_ALIGNMENT.RIGHT], "505A5F"),
        ([WD_TAB_ALIGNMENT.RIGHT], "505A5F"),
    ]
    foot = document.sections[0].footer.paragraphs[0]
    assert foot.text == "Report on Oakford Borough Council: Charter\tPage 1 of 1"
    assert {run.font.color.rgb for run in foot.runs} == {None}


@pytest.mark.parametrize("lines", range(0, 40, 3))
def test_what_belongs_together_is_on_one_page_of_a_pdf(lines: int) -> None:
    summary = "\n\n".join(["It learns."] * lines) or "It learns."
    pages = pages_of(write(paper_of(report("issued", summary=summary)), "pdf"))
    assert not [page for page in pages if page.endswith(("Requirement Judgement Reason", "Interest"))]
    improvement = next(page for page in pages if "Improvement 1 (mandatory)" in page)
    assert "Half are missing." in improvement
    assert "Questions to the council" in pages[-1]
    assert "SHA-256 0123" in pages[-1]


def pages_of(data: bytes) -> list[str]:
    """The text of each page between its head and its foot."""
    document = pypdfium2.PdfDocument(data)
    found = []
    for page in document:
        words = " ".join(page.get_textpage().get_text_bounded().split())
        _, _, body = words.partition("Mid Employers ")
        found.append(body.partition(" Report on Oakford Borough Council: Charter Page")[0])
    document.close()
    return found

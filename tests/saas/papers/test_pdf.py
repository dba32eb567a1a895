"""Papers: a receipt as a tagged PDF that says everything, whatever people have typed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pypdfium2
import pytest

from saas.papers import render_pdf

HASH = "0123456789abcdef" * 4
HOSTILE = '#import "base.typ": data #eval("1") *bold* _it_ $x^2$ [a] ]{ `raw` <label> @ref \\ \\u{41} // = -- "q" \'q\''


def receipt(**changed: Any) -> dict[str, Any]:
    return {
        "title": "Receipt of self-assessment 2",
        "council": "Example Borough Council",
        "region": "Example Employers",
        "created": datetime(2017, 5, 4, 13, 30, tzinfo=UTC),
        "framework": "Member Development Charter 2017",
        "level": "Charter Plus",
        "kind": "Self-assessment",
        "number": 2,
        "sent_by": "Ann Example",
        "sent_at": "4 May 2017 at 2:30pm",
        "hash": HASH,
        "document_hash": HASH[::-1],
        "files": [{"number": 1, "title": "Training plan", "name": "plan.docx", "size": 1_234_567, "sha256": HASH}],
        "signatures": [
            {
                "office": "Leader",
                "name": "Bo Example",
                "at": "3 May 2017 at 9am",
                "text": "I have read it.\nIt is fair.",
            }
        ],
        "confirmed": [{"code": "1.2.3", "by": "Cy Example", "at": "2 May 2017 at 11:05am"}],
    } | changed


def words(pdf: bytes) -> str:
    """All text of the paper, each stretch of white space as one space."""
    document = pypdfium2.PdfDocument(pdf)
    pages = [page.get_textpage().get_text_bounded() for page in document]
    document.close()
    return " ".join(" ".join(pages).split())


def test_a_receipt_says_everything_in_order() -> None:
    grouped = " ".join(["0123 4567 89ab cdef"] * 4)

    assert words(render_pdf("receipt", receipt())) == (
        "Example Borough Council Example Employers Receipt of self-assessment 2 "
        "This paper says what was sent. The submission it stands for never changes; what is written here can be "
        "checked without the service that made it. "
        "Council Example Borough Council Region Example Employers Framework Member Development Charter 2017 "
        "Level Charter Plus Submission Self-assessment 2 Sent by Ann Example Sent and sealed 4 May 2017 at 2:30pm "
        f"Hash of the seal {grouped} The submission itself, submission.json, has the hash {grouped[::-1]}. "
        "Files No. Title and file name Size in bytes SHA-256 "
        f"1 Training plan plan.docx 1,234,567 {grouped} "
        "Signatures Office Leader Signed by Bo Example Signed at 3 May 2017 at 9am "
        "Text signed I have read it. It is fair. "
        "Answers carried over These answers came from an earlier submission. Somebody confirmed each of them for "
        "this one. Requirement Confirmed by When 1.2.3 Cy Example 2 May 2017 at 11:05am "
        "Receipt of self-assessment 2 Page 1 of 2 Example Borough Council Example Employers "
        "How to check it 1. Download the submission as a ZIP file from its page, and keep it beside this paper. "
        "2. Open manifest.json in the ZIP file. Its SHA-256 must be the hash of the seal above. Any program that "
        "prints a SHA-256 will do, and no connection is needed. "
        "3. manifest.json states the SHA-256 of the submission and of every file. Each must be the one printed here. "
        "4. Or let the program do all of it, offline: charterway submission verify FILE.zip --hash HASH, with the "
        "hash written without spaces. Receipt of self-assessment 2 Page 2 of 2"
    )


def test_a_paper_is_tagged_titled_and_dated() -> None:
    pdf = render_pdf("receipt", receipt(language="cy"))
    document = pypdfium2.PdfDocument(pdf)
    properties = document.get_metadata_dict()
    tagged = document.is_tagged()
    document.close()

    assert (tagged, properties["Title"], properties["Author"], properties["CreationDate"]) == (
        True,
        "Receipt of self-assessment 2",
        "Example Borough Council",
        "D:20170504133000Z",
    )
    marks = (
        b"/StructTreeRoot",
        b"/MarkInfo",
        b"/Marked true",
        b"/Lang(cy-GB)",
        b"<pdfuaid:part>1<",
        b"/S/H1",
        b"/S/TH",
    )
    assert [mark for mark in marks if mark not in pdf] == []


def test_only_our_own_fonts_are_in_it() -> None:
    document = pypdfium2.PdfDocument(render_pdf("receipt", receipt()))
    fonts = {
        one.get_font().get_base_name().partition("+")[2]
        for page in document
        for one in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT])
    }
    document.close()

    assert fonts == {"AtkinsonHyperlegibleNext-Regular", "AtkinsonHyperlegibleNext-Bold", "DejaVuSansMono"}


def test_the_same_data_give_the_same_bytes_wherever_the_clock_stands() -> None:
    there = receipt(created=datetime(2017, 5, 4, 14, 30, tzinfo=timezone(timedelta(hours=1))))

    assert render_pdf("receipt", receipt()) == render_pdf("receipt", there)


@pytest.mark.parametrize("name", ["title", "council", "region", "framework", "level", "kind", "sent_by", "sent_at"])
def test_what_people_typed_stands_as_they_typed_it(name: str) -> None:
    found = words(render_pdf("receipt", receipt(**{name: HOSTILE})))

    assert HOSTILE.replace(" ", "") in found.replace(" ", "")


def test_what_people_typed_in_lists_stands_as_they_typed_it() -> None:
    pdf = render_pdf(
        "receipt",
        receipt(
            files=[{"number": 1, "title": HOSTILE, "name": "#eval(data)_$.docx", "size": 0, "sha256": HASH}],
            signatures=[{"office": "Leader", "name": HOSTILE, "at": "now", "text": HOSTILE}],
            confirmed=[{"code": "#1", "by": HOSTILE, "at": "now"}],
        ),
    )

    found = words(pdf).replace(" ", "")
    assert (found.count(HOSTILE.replace(" ", "")), "#eval(data)_$.docx" in found) == (4, True)


def test_a_long_receipt_has_its_headings_on_every_page() -> None:
    files = [
        {"number": n, "title": f"Plan {n}", "name": f"{'long_name_' * 9}{n}.pdf", "size": n, "sha256": HASH}
        for n in range(1, 61)
    ]
    found = words(render_pdf("receipt", receipt(files=files)))

    assert found.count("No. Title and file name Size in bytes SHA-256") == 6
    assert [f"Page {page} of 7" in found for page in range(1, 8)] == [True] * 7
    assert f"{'long_name_' * 9}60.pdf" in found.replace(" ", "")


def test_a_receipt_without_files_signatures_and_carried_answers_says_so() -> None:
    found = words(render_pdf("receipt", receipt(files=[], signatures=[], confirmed=[])))

    assert [part in found for part in ("No file was cited.", "It was sent without signatures.", "carried over")] == [
        True,
        True,
        False,
    ]


def test_welsh_names_are_written_and_what_no_font_has_is_named_instead() -> None:
    few = words(render_pdf("receipt", receipt(sent_by="Siân Ŵyn Tŷ 😀 张\x00\x07", council="A\tB")))
    many = words(render_pdf("receipt", receipt(sent_by="".join(map(chr, range(0x4E00, 0x4E40))) + " and Bo")))

    assert "Sent by Siân Ŵyn Tŷ [U+1F600] [U+5F20] Sent" in few
    assert "[U+4E00][U+4E01]" in many.replace(" ", "")
    assert "[U+4E3F] and Bo" in many


@pytest.mark.parametrize(
    ("template", "changed", "message"),
    [
        ("missing", {}, "there is no paper named 'missing'"),
        ("../base", {}, r"there is no paper named '\.\./base'"),
        ("receipt", {"title": "", "region": None}, "the paper 'receipt' needs title, region"),
        ("receipt", {"created": "2017-05-04"}, "created is '2017-05-04': expected a datetime with its zone"),
    ],
)
def test_what_cannot_be_written_is_named(template: str, changed: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        render_pdf(template, receipt(**changed))

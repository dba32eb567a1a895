"""Previews: what each kind of document shows, and that nothing a document carries gets out of it."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import docx
import pytest
import typst
import xlsxwriter
from docx.document import Document
from PIL import Image
from xlsxwriter.worksheet import Worksheet

from saas.errors import NotFound
from saas.files import OpenFile, Preview, PreviewRefused, pdf_page_png, preview_of
from tests.checking_client import check_page

PDF = "application/pdf"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Kept = Callable[[bytes], Path]


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    def keep(content: bytes) -> Path:
        path = tmp_path / "document"
        path.write_bytes(content)
        return path

    return keep


def word(fill: Callable[[Document], object]) -> bytes:
    document = docx.Document()
    fill(document)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def excel(**sheets: Callable[[Worksheet], object]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        for name, fill in sheets.items():
            fill(book.add_worksheet(name.replace("_", " ")))
    return buffer.getvalue()


def picture(mode: str, size: tuple[int, int], form: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, size, 255 if mode == "L" else None).save(buffer, form, **options)
    return buffer.getvalue()


def encrypted_pdf() -> bytes:
    """A PDF whose password nobody has."""
    secret = b"<" + b"ab" * 32 + b">"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>",
        b"<</Filter/Standard/V 1/R 2/P -4/O " + secret + b"/U " + secret + b">>",
    ]
    written, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj%s endobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer<</Size 5/Root 1 0 R/Encrypt 4 0 R/ID[<aa><aa>]>>\nstartxref\n%d\n%%%%EOF" % len(written)
    return written + b"xref\n0 5\n0000000000 65535 f \n" + table + trailer


def on_a_page(preview: Preview | None) -> str:
    """The preview's HTML, after the check that every page passes."""
    assert preview is not None
    check_page(
        "<!DOCTYPE html><html lang=en><head><title>Plan</title></head><body><main><h1>Plan</h1>"
        f"{preview.html}</main></body></html>"
    )
    return str(preview.html)


def refused(path: Path, content_type: str) -> str:
    with pytest.raises(PreviewRefused) as refusal:
        preview_of(path, content_type)
    return refusal.value.message


def test_a_pdf_shows_its_pages_one_by_one(kept: Kept) -> None:
    path = kept(typst.compile(b"#set page(width: 200pt, height: 100pt)\nFirst #pagebreak() Second"))

    assert preview_of(path, PDF) == Preview("pages", pages=2)
    sizes = [Image.open(io.BytesIO(pdf_page_png(path, page, 300))).size for page in (1, 2)]
    assert sizes == [(300, 150), (300, 150)]
    with pytest.raises(NotFound, match="This file has 2 pages and no page 3"):
        pdf_page_png(path, 3, 300)


def test_a_page_of_an_absurd_shape_or_width_stays_a_small_picture(kept: Kept) -> None:
    path = kept(typst.compile(b"#set page(width: 10pt, height: 5000pt)\n."))

    width, height = Image.open(io.BytesIO(pdf_page_png(path, 1, 1_000_000))).size

    assert width * height <= 12_100_000


def test_what_comes_from_the_storage_is_read_like_a_path() -> None:
    content = typst.compile(b"Only")

    assert preview_of(OpenFile(len(content), iter([content[:99], content[99:]]), lambda: None), PDF) == Preview(
        "pages", pages=1
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"%PDF-1.7\nnothing", "This file is damaged and cannot be read."),
        (encrypted_pdf(), "This file is protected by a password, so it cannot be opened here."),
    ],
    ids=["damaged", "encrypted"],
)
def test_a_pdf_that_cannot_be_opened_says_why(kept: Kept, content: bytes, message: str) -> None:
    path = kept(content)

    assert refused(path, PDF) == message
    with pytest.raises(PreviewRefused) as refusal:
        pdf_page_png(path, 1, 100)
    assert refusal.value.message == message


def test_a_picture_is_drawn_anew_small_upright_and_without_its_notes(kept: Kept) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x010E] = "the garden of Councillor Example"
    preview = preview_of(kept(picture("RGB", (4000, 2000), "JPEG", exif=exif.tobytes())), "image/jpeg")

    assert preview is not None
    assert (preview.kind, preview.picture_type, preview.width, preview.height) == ("picture", "image/jpeg", 800, 1600)
    drawn = Image.open(io.BytesIO(preview.picture))
    assert (drawn.format, drawn.size, dict(drawn.getexif())) == ("JPEG", (800, 1600), {})
    assert b"Councillor" not in preview.picture


def test_a_see_through_picture_stays_so(kept: Kept) -> None:
    preview = preview_of(kept(picture("RGBA", (20, 10), "WEBP")), "image/webp")

    assert preview is not None
    assert (preview.picture_type, Image.open(io.BytesIO(preview.picture)).mode) == ("image/png", "RGBA")


def png_bomb() -> bytes:
    """A small PNG that says it is 30,000 by 30,000 pixels."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\x00" * 100_000))
        + chunk(b"IEND", b"")
    )


def test_a_picture_that_explodes_or_is_none_is_refused(kept: Kept) -> None:
    assert refused(kept(png_bomb()), "image/png") == "This file has more than 50 million pixels, so it is not shown."
    assert refused(kept(b"\x89PNG\r\n\x1a\nbroken"), "image/png") == "This file is damaged and cannot be read."
    # What is named an image is opened as one of the four kinds only.
    assert refused(kept(b"%!PS-Adobe-3.0 EPSF-3.0"), "image/png") == "This file is damaged and cannot be read."


def test_a_word_document_keeps_its_structure_and_nothing_else(kept: Kept) -> None:
    def fill(document: Document) -> None:
        document.add_heading("Training plan", 1)
        document.add_heading("Induction", 2)
        document.add_paragraph("Every <script>alert(1)</script> new councillor & ").add_run("mentor").bold = True
        document.add_paragraph("Chairing", style="List Bullet")
        document.add_picture(io.BytesIO(picture("RGB", (5, 5), "PNG")))
        table = document.add_table(1, 2)
        table.cell(0, 0).text, table.cell(0, 1).text = "Course", "Date"

    preview = preview_of(kept(word(fill)), WORD)

    assert on_a_page(preview) == (
        '<h2 class="govuk-heading-m">Training plan</h2>'
        '<h3 class="govuk-heading-s">Induction</h3>'
        '<p class="govuk-body">Every &lt;script&gt;alert(1)&lt;/script&gt; new councillor &amp; '
        "<strong>mentor</strong></p>"
        '<ul class="govuk-list govuk-list--bullet"><li>Chairing</li></ul>'
        '<table class="govuk-table"><tbody class="govuk-table__body"><tr class="govuk-table__row">'
        '<td class="govuk-table__cell"><p class="govuk-body">Course</p></td>'
        '<td class="govuk-table__cell"><p class="govuk-body">Date</p></td></tr></tbody></table>'
    )
    assert preview is not None
    assert preview.notes == ("Pictures in the document are left out.",)


def test_links_of_a_word_document_lead_only_to_the_web(kept: Kept) -> None:
    def fill(document: Document) -> None:
        for address in ("https://council.example/a?b=1&c=2", "javascript:alert(1)", "file:///etc/passwd", "../sign-in"):
            paragraph = document.add_paragraph()
            relation = document.part.relate_to(
                address,
                "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink",
                is_external=True,
            )
            link = docx.oxml.OxmlElement("w:hyperlink")
            link.set(docx.oxml.ns.qn("r:id"), relation)
            link.append(paragraph.add_run("here")._r)
            paragraph._p.append(link)

    html = on_a_page(preview_of(kept(word(fill)), WORD))

    rel = 'rel="noopener noreferrer nofollow"'
    assert html == (
        f'<p class="govuk-body"><a href="https://council.example/a?b=1&amp;c=2" class="govuk-link" {rel}>here</a></p>'
        + f'<p class="govuk-body"><a class="govuk-link" {rel}>here</a></p>' * 3
    )


def test_a_documents_own_style_map_is_not_obeyed(kept: Kept, with_part: Callable[[bytes, str, bytes], bytes]) -> None:
    plain = word(lambda document: document.add_paragraph("Plan"))
    path = kept(with_part(plain, "mammoth/style-map", b"p => form#sign-in > h1:fresh"))

    assert on_a_page(preview_of(path, WORD)) == '<p class="govuk-body">Plan</p>'


def test_a_document_that_turned_bad_after_it_was_kept_is_refused(
    kept: Kept, with_part: Callable[[bytes, str, bytes], bytes]
) -> None:
    good = word(lambda document: document.add_paragraph("Plan"))

    assert refused(kept(with_part(good, "word/vbaProject.bin", b"x")), WORD) == (
        "This file contains macros. Save it without macros and send it again."
    )
    assert refused(kept(with_part(good, "word/entities.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>")), WORD) == (
        "This file contains entity declarations, which can make it explode, so it is not opened."
    )
    assert refused(kept(with_part(good, "word/zeros.bin", bytes(40_000_000))), WORD) == (
        "This file unpacks to far more than its size, or to over 256 MB, so it is not opened."
    )
    assert refused(kept(good[:-30]), WORD) == "This file is damaged and cannot be read."
    assert refused(kept(good), EXCEL) == "This file is damaged and cannot be read."


def test_a_workbook_shows_its_sheets_as_tables(kept: Kept) -> None:
    def courses(sheet: Worksheet) -> None:
        sheet.write_row(0, 0, ["Course", "", "<b>Cost</b>"])
        sheet.write_row(1, 0, ["Chairing", 12, 99.5])
        sheet.write_row(2, 0, [True])

    path = kept(excel(Courses_2017=courses, Empty=Worksheet.activate, Secret=lambda sheet: sheet.very_hidden()))
    preview = preview_of(path, EXCEL)

    cell = '<td class="govuk-table__cell">'
    assert on_a_page(preview) == (
        '<div class="table-region" role="region" aria-label="Courses 2017" tabindex="0"><table class="govuk-table">'
        '<caption class="govuk-table__caption govuk-table__caption--m">Courses 2017</caption>'
        '<thead class="govuk-table__head"><tr class="govuk-table__row">'
        '<th class="govuk-table__header" scope="col">Course</th><td class="govuk-table__header"></td>'
        '<th class="govuk-table__header" scope="col">&lt;b&gt;Cost&lt;/b&gt;</th></tr></thead>'
        '<tbody class="govuk-table__body">'
        f'<tr class="govuk-table__row">{cell}Chairing</td>{cell}12</td>{cell}99.5</td></tr>'
        f'<tr class="govuk-table__row">{cell}TRUE</td>{cell}</td>{cell}</td></tr>'
        "</tbody></table></div>"
        '<h2 class="govuk-heading-s">Empty</h2><p class="govuk-body">This table is empty.</p>'
    )
    assert preview is not None
    assert preview.notes == ("Hidden sheets are not shown: 1.",)


def test_a_large_workbook_is_cut_and_says_so(kept: Kept) -> None:
    def large(sheet: Worksheet) -> None:
        for row in range(205):
            sheet.write_row(row, 0, [f"r{row}c{column}" for column in range(52)])

    sheets = {
        f"Sheet{number}": large if number == 0 else (lambda sheet: sheet.write(0, 0, "x")) for number in range(12)
    }
    preview = preview_of(kept(excel(**sheets)), EXCEL)

    html = on_a_page(preview)
    assert preview is not None
    assert preview.notes == (
        "Shown are the first 10 of 12 sheets.",
        "“Sheet0”: the first 200 of 205 rows are shown.",
        "“Sheet0”: the first 50 of 52 columns are shown.",
    )
    assert [mark in html for mark in ("r199c49<", "r200c0<", "r0c50<", "Sheet9", "Sheet10")] == [
        True,
        False,
        False,
        True,
        False,
    ]


def test_days_in_a_workbook_are_written_as_they_are_spoken(kept: Kept) -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "remove_timezone": True}) as book:
        sheet = book.add_worksheet("Days")
        sheet.write(0, 0, "When")
        sheet.write_datetime(1, 0, date(2017, 5, 4), book.add_format({"num_format": "dd/mm/yyyy"}))
        sheet.write_datetime(
            2, 0, datetime(2017, 5, 4, 14, 30, tzinfo=UTC), book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        )

    html = on_a_page(preview_of(kept(buffer.getvalue()), EXCEL))

    assert [words in html for words in (">4 May 2017<", ">4 May 2017 14:30<")] == [True, True]


def test_a_sheet_that_claims_to_be_endless_ends_at_the_limit_of_memory(kept: Kept) -> None:
    def corners(sheet: Worksheet) -> None:
        sheet.write(0, 0, "here")
        sheet.write(1_048_575, 16_383, "and there")

    assert refused(kept(excel(Far=corners)), EXCEL) in (
        "This file takes more time or memory to open than there is, so it is not opened.",
        "This file is damaged and cannot be read.",
    )


def test_a_csv_file_is_a_table_and_a_text_stands_as_it_is(kept: Kept) -> None:
    csv = preview_of(
        kept("Course;Place\nChairing, advanced;“Hall”\n\n".encode("cp1252")), "text/csv", name="Courses <1>"
    )
    text = preview_of(kept(b"\n\nDear all,\r\n  </pre><script>alert(1)</script>\x00 & more"), "text/plain")

    assert [
        words in on_a_page(csv) for words in ("Courses &lt;1&gt;</caption>", ">Chairing, advanced<", ">“Hall”<")
    ] == [True] * 3
    assert on_a_page(text) == (
        '<pre class="preview-text">\nDear all,\n  &lt;/pre&gt;&lt;script&gt;alert(1)&lt;/script&gt; &amp; more</pre>'
    )


def test_long_texts_are_cut_and_say_so(kept: Kept) -> None:
    text = preview_of(kept(b"x" * 200_001), "text/plain")
    table = preview_of(kept(b"a,b\n" * 201), "text/csv", name="Long")

    assert text is not None
    assert table is not None
    assert text.notes == ("The first 200,000 of 200,001 characters are shown.",)
    assert table.notes == ("“Long”: the first 200 of 201 rows are shown.",)


@pytest.mark.parametrize("content_type", ["application/msword", "message/rfc822", "text/calendar", "text/html", ""])
def test_other_kinds_have_no_preview(kept: Kept, content_type: str) -> None:
    assert preview_of(kept(b"anything"), content_type) is None


def test_nothing_is_left_behind(arrivals: Path) -> None:
    preview_of([b"some ", b"text"], "text/plain")
    with pytest.raises(PreviewRefused):
        preview_of([b"no pdf"], PDF)

    assert list(arrivals.iterdir()) == []

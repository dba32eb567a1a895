"""Texts: the words of each kind of document, in pages that can be quoted by number."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
import typst
import xlsxwriter

from saas.files import NoText, text_pages

PDF = "application/pdf"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def test_a_pdf_has_a_text_for_each_page_even_an_empty_one() -> None:
    content = typst.compile("First words, “quoted” \\ and a line #pagebreak() #pagebreak() Third".encode())

    assert text_pages([content], PDF) == ("First words, “quoted”\nand a line", "", "Third")


def test_a_word_document_is_parted_at_ends_of_paragraphs() -> None:
    document = docx.Document()
    document.add_heading("Training plan", 1)
    for letter in "abc":
        document.add_paragraph(letter * 1_400)
    document.add_table(1, 1).cell(0, 0).text = "In a cell"
    buffer = io.BytesIO()
    document.save(buffer)

    assert text_pages([buffer.getvalue()], WORD) == (
        f"Training plan\n\n{'a' * 1_400}\n\n{'b' * 1_400}",
        f"{'c' * 1_400}\n\nIn a cell",
    )


def test_a_workbook_has_a_text_for_each_visible_sheet() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        courses = book.add_worksheet("Courses")
        courses.write_row(0, 0, ["Course", "Hours"])
        courses.write_row(1, 0, ["Chairing\nwell", 12])
        book.add_worksheet("Empty")
        secret = book.add_worksheet("Secret")
        secret.write(0, 0, "salaries")
        secret.hide()

    assert text_pages([buffer.getvalue()], EXCEL) == ("Courses\nCourse\tHours\nChairing well\t12", "Empty")


@pytest.mark.parametrize("content_type", ["text/csv", "text/plain"])
def test_plain_texts_are_clean_and_parted_at_ends_of_lines(content_type: str) -> None:
    lines = ["Caf\xe9 \x1b[1m\x00 \x85first"] + ["x" * 999] * 3

    assert text_pages(["\r\n".join(lines).encode()], content_type) == (
        "\n".join(["Café [1m first", "x" * 999, "x" * 999]),
        "x" * 999,
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_texts_of_every_encoding_read_the_same(encoding: str) -> None:
    assert text_pages(["Café – “minutes”".encode(encoding)], "text/plain") == ("Café – “minutes”",)


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("Content-Type: text/plain; charset=utf-8", "Dear all,\n\nsee you in the café."),
        (
            "Content-Type: text/html; charset=utf-8",
            "<p>Dear all,</p><br>see <b>you</b> in the caf&eacute;.<script>x</script>",
        ),
    ],
)
def test_an_e_mail_tells_who_and_when_and_then_its_words(head: str, body: str) -> None:
    message = (
        "From: Ann Example <ann@council.example>\nTo: lead@council.example\nDate: Thu, 4 May 2017 14:30:00 +0100\n"
        f"Subject: =?utf-8?q?Caf=C3=A9?= training\nX-Secret: no\nMIME-Version: 1.0\n{head}\n\n{body}"
    )

    assert text_pages([message.encode()], "message/rfc822") == (
        "From: Ann Example <ann@council.example>\nTo: lead@council.example\nDate: Thu, 04 May 2017 14:30:00 +0100\n"
        "Subject: Café training\n\nDear all,\n\nsee you in the café.",
    )


def test_texts_stay_within_their_limits() -> None:
    endless = text_pages([b"x" * 100_001], "text/plain")
    many = text_pages([(b"y" * 3_000 + b"\n") * 2_100], "text/plain")

    assert [len(page) for page in endless] == [100_000]
    assert (len(many), sum(map(len, many))) == (1_667, 5_000_000)


@pytest.mark.parametrize(
    ("content", "content_type"),
    [(b"%PDF-1.7 broken", PDF), (b"PK\x03\x04 broken", WORD), (b"PK\x03\x04 broken", EXCEL)],
)
def test_a_document_that_cannot_be_read_says_so(content: bytes, content_type: str) -> None:
    with pytest.raises(NoText) as refusal:
        text_pages([content], content_type)
    assert refusal.value.message == "This file is damaged and cannot be read."


def test_a_document_with_macros_is_not_opened(
    word: bytes, with_part: Callable[[bytes, str, bytes], bytes], tmp_path: Path
) -> None:
    path = tmp_path / "plan"
    path.write_bytes(with_part(word, "word/vbaProject.bin", b"x"))

    with pytest.raises(NoText, match="This file contains macros"):
        text_pages(path, WORD)


@pytest.mark.parametrize("content_type", ["image/png", "text/calendar", "application/msword"])
def test_other_kinds_have_no_text(content_type: str) -> None:
    assert text_pages([b"anything"], content_type) == ()

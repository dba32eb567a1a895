"""PDFs as lines and tables, and those that are refused."""

import zlib
from datetime import UTC, datetime

import pytest

from saas.papers import Paper, Row, Table, write
from tenants.rules import pdf_documents, pdf_limits
from tenants.rules.documents import open_document
from tenants.rules.grids import Document, Line, UnreadableDocument
from tenants.rules.plan_papers import LAYOUTS
from tests.factories import documents as made


def texts(document: Document) -> list[str | list[tuple[str, ...]]]:
    """Lines as they are, tables as lists of rows."""
    return [block.text if isinstance(block, Line) else [row.texts for row in block.rows] for block in document.blocks]


def test_a_pdf_is_read_from_top_to_bottom_and_broken_lines_joined() -> None:
    wide = "A reason of so many words that the narrow cell of a table in a PDF breaks it over several lines of its own."
    data = made.pdf_document("Before", [("Action", "When", "Why"), ("Train", "May 2017", wide)], "After")
    opened = open_document(data, "plan.pdf")
    assert texts(opened) == ["Before", [("Action", "When", "Why"), ("Train", "May 2017", wide)], "After"]
    table = next(opened.tables)
    assert [row.place for row in table.rows] == ["page 1, table 1, row 1", "page 1, table 1, row 2"]


def test_a_pdf_that_would_unpack_to_too_much_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = b"%PDF-1.7\n1 0 obj <</Filter /FlateDecode>> stream\n" + zlib.compress(bytes(5_000_000)) + b"\nendstream"
    monkeypatch.setattr(pdf_limits, "MAXIMUM_UNPACKED", 2 * 1024 * 1024)
    for data, message in (
        (bomb, "Unpacked, the PDF takes more than 2 MB; it is refused as unsafe."),
        (
            bomb.replace(b"/FlateDecode", b"[/FlateDecode /FlateDecode]"),
            "The PDF packs its pages twice; it is refused as unsafe.",
        ),
    ):
        with pytest.raises(UnreadableDocument) as refused:
            open_document(data, "plan.pdf")
        assert str(refused.value) == f"plan.pdf: {message}"


def test_a_pdf_of_too_many_pages_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_documents, "MAXIMUM_PAGES", 1)
    with pytest.raises(UnreadableDocument) as refused:
        open_document(made.pdf_plan(), "plan.pdf")
    assert str(refused.value) == "plan.pdf: The PDF has 2 pages; at most 1 are read."


def test_columns_without_lines_between_them_begin_where_their_headings_do() -> None:
    rows = [("", "Action", "By when", "Responsible officer"), ("1.", "Train the panel", "May 2017", "Head of HR"),
            ("2.", "Mentor", "by summer 2018", "")]  # fmt: skip
    opened = open_document(made.pdf_document("Before", rows, "After", upright=False), "plan.pdf")
    assert texts(opened) == ["Before", rows, "After"]


def test_a_table_whose_columns_do_not_begin_where_its_headings_do_is_refused() -> None:
    rows = [("No", "Action", "By when"), ("1", "Train", "May 2017"), ("2", "Mentor", "2018")]
    below = [("Remarks of the panel", "Notes"), ("Everybodywastrained", "None"), ("Nobodywasleftout", "None")]
    with pytest.raises(UnreadableDocument) as refused:
        open_document(made.pdf_document(rows, below, upright=False), "plan.pdf")
    assert str(refused.value) == f"plan.pdf: {pdf_documents.NOT_TOLD_APART}"


@pytest.mark.parametrize("layout", ["timescales", "elements"])
def test_a_paper_of_our_own_as_pdf_is_refused_and_never_read_as_scrambled_text(layout: str) -> None:
    head = tuple(LAYOUTS[layout])
    table = Table("Action plan", head, tuple(Row(("Write.",) * len(head)) for _ in range(3)), (1,) * len(head))
    paper = Paper(
        title="Our plan", council="Oakford", region="Mid", created=datetime(2026, 11, 22, tzinfo=UTC), blocks=(table,)
    )
    with pytest.raises(UnreadableDocument) as refused:
        open_document(write(paper, "pdf"), "plan.pdf")
    assert str(refused.value) == "plan.pdf: This PDF’s tables could not be told apart; use the Word or Excel file."

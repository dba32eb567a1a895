"""Opening files: what is read from Word, Excel and CSV, and what is refused with which words."""

import io
import json
import struct
import zipfile
from datetime import date, datetime

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from tenants.rules import archives, word_documents, workbooks
from tenants.rules.documents import open_document
from tenants.rules.grids import Cell, Document, Line, Row, Table, UnreadableDocument, as_json, from_json, tidy
from tests.factories import documents as made


def texts(document: Document) -> list[str | list[tuple[str, ...]]]:
    """Lines as they are, tables as lists of rows."""
    return [block.text if isinstance(block, Line) else [row.texts for row in block.rows] for block in document.blocks]


def test_word_is_read_in_order() -> None:
    data = made.word_document("Before", [("A", "B"), ("c", "d")], "After")
    assert texts(open_document(data, "plan.docx")) == ["Before", [("A", "B"), ("c", "d")], "After"]


def test_the_content_decides_and_not_the_name() -> None:
    assert texts(open_document(made.word_document("Words"), "plan.xlsx")) == ["Words"]


def test_merged_cells_are_read_once() -> None:
    document = docx.Document()
    table = made.add_table(document, [("Wide", "", "C"), ("Tall", "b", "c"), ("", "e", "f")])
    table.cell(0, 0).merge(table.cell(0, 1))
    table.cell(1, 0).merge(table.cell(2, 0))
    opened = open_document(made.saved(document), "plan.docx")
    assert opened.blocks[0] == Table(
        "table 1",
        (
            Row((Cell("Wide"), Cell(left=True), Cell("C")), "table 1, row 1"),
            Row((Cell("Tall"), Cell("b"), Cell("c")), "table 1, row 2"),
            Row((Cell(above=True), Cell("e"), Cell("f")), "table 1, row 3"),
        ),
    )


def test_word_keeps_what_stands_beside_the_body() -> None:
    document = docx.Document()
    document.add_paragraph("Body")
    document.sections[0].header.paragraphs[0].text = "Heading of each page"
    document.sections[0].footer.paragraphs[0].text = "Foot of each page"
    document.add_comment(document.paragraphs[0].runs, "A comment", author="A", initials="A")
    assert texts(open_document(made.saved(document), "plan.docx")) == [
        "Body", "Heading of each page", "A comment", "Foot of each page"
    ]  # fmt: skip


def test_tracked_changes_are_read_as_accepted_and_deletions_kept_apart() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Members ")._p
    ns = nsdecls("w")
    paragraph.append(parse_xml(f'<w:ins {ns} w:id="1"><w:r><w:t>may</w:t></w:r></w:ins>'))
    paragraph.append(parse_xml(f'<w:del {ns} w:id="2"><w:r><w:delText>must</w:delText></w:r></w:del>'))
    assert open_document(made.saved(document), "plan.docx") == Document(
        (Line("Members may"), Line("Deleted in tracked changes: must")),
        ("The document has tracked changes; it was read as if all were accepted.",),
    )


def test_moved_words_are_read_where_they_went() -> None:
    document = docx.Document()
    ns = nsdecls("w")
    for tag, words in (("moveFrom", "Members may"), ("moveTo", "Members may")):
        paragraph = document.add_paragraph("At ")._p
        paragraph.append(parse_xml(f'<w:{tag} {ns} w:id="1"><w:r><w:t>{words}</w:t></w:r></w:{tag}>'))
    opened = open_document(made.saved(document), "plan.docx")
    assert texts(opened) == ["At", "At Members may", "Deleted in tracked changes: Members may"]


def test_excel_values_become_the_words_a_person_would_write() -> None:
    rows = [[date(2017, 5, 4), datetime.fromisoformat("2017-05-04T09:30"), 100, 0.5, True, "a\u00a0b"]]
    sheet = open_document(made.workbook({"Plan": rows}), "plan.xlsx").blocks[0]
    assert isinstance(sheet, Table)
    assert sheet.rows[0].texts == ("4 May 2017", "4 May 2017 09:30", "100", "0.5", "Yes", "a b")
    assert [cell.is_date for cell in sheet.rows[0].cells] == [True, True, False, False, False, False]


def test_control_characters_that_excel_spells_out_are_left_out() -> None:
    sheets = {"Actions": [["No.", "Action"], ["1", "PLACE"]]}
    spelt = made.with_part(made.workbook(sheets), "xl/sharedStrings.xml", (b"PLACE", b"Do_x0000_ it_x0001_"))
    assert open_document(spelt, "plan.xlsx").words()[-2:] == ["Do", "it"]


def test_excel_names_the_row_as_excel_does_and_reads_merged_cells_once() -> None:
    data = made.workbook({"Plan": [[], ["Title"], ["Tall", "b"], ["", "d"]]}, merged=["A2:B2", "A3:A4"])
    assert open_document(data, "plan.xlsx").blocks == (
        Table(
            "Plan",
            (
                Row((Cell("Title"), Cell(left=True)), "sheet “Plan”, row 2"),
                Row((Cell("Tall"), Cell("b")), "sheet “Plan”, row 3"),
                Row((Cell(above=True), Cell("d")), "sheet “Plan”, row 4"),
            ),
        ),
    )


def test_a_hidden_sheet_is_kept_as_lines() -> None:
    data = made.workbook({"Plan": [["Seen"]], "Old": [["Hidden", "words"]]}, hidden="Old")
    opened = open_document(data, "plan.xlsx")
    assert texts(opened) == [[("Seen",)], "Hidden | words"]
    assert opened.warnings == ("The hidden sheet “Old” was not read as actions; its words are kept apart.",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<b>Action</b>", "Action"),
        ("<p>One.</p><P class='x'>Two.<br/>Three.", "One.\nTwo.\nThree."),
        ("fewer than <5 members> & 3 > 2", "fewer than <5 members> & 3 > 2"),
        ("pro\u00adgramme\u200b of\u00a0work", "programme of work"),
        ("co\u2011operate", "co-operate"),
        ("“Curly” – and ’tis", "“Curly” – and ’tis"),
        ("R&amp;D&nbsp;", "R&D"),
        ("  two  spaces \r\n\n\tstay ", "two  spaces\nstay"),
    ],
)
def test_tidying_keeps_every_word(text: str, expected: str) -> None:
    assert tidy(text) == expected


PARTS = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}


@pytest.mark.parametrize(
    ("data", "name", "message"),
    [
        (b"", "a.docx", "a.docx: The file is empty."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "a.doc",
         ("a.doc: This is an older Office document or one protected by a password. "
         "Save it without a password as .docx or .xlsx.")),
        (b"%PDF-1.7", "a.pdf", "a.pdf: The PDF is damaged or protected by a password."),
        (made.pdf_document(""), "a.pdf",
         ("a.pdf: The PDF holds no text, only pictures of pages. Send the document that it was made from.")),
        (made.archive(PARTS | {"word/vbaProject.bin": b"macros"}), "a.docm",
         "a.docm: The file has macros, which are never run here. Save it as .docx or .xlsx."),
        (made.archive({"xl/workbook.xml": b"<", "xl/vbaProject.bin": b"macros"}), "a.xlsm",
         "a.xlsm: The file has macros, which are never run here. Save it as .docx or .xlsx."),
        (b"Action,When\n" + bytes(20 * 1024 * 1024), "a.csv", "a.csv: The file has 21 MB; at most 20 MB are read."),
        (b"hello", "a.docx",
         ("a.docx: This is not a kind of file that can be read here, or it is damaged. "
         "A Word document (.docx), an Excel workbook (.xlsx), a PDF, a CSV or a text file can be read.")),
        (b"a\x00b", "a.csv", "a.csv: This is not a text file, though its name says so."),
        (made.archive({"a.txt": b"a"}), "a.zip",
         ("a.zip: This is an archive, but not a Word document or Excel workbook. "
         "A Word document (.docx), an Excel workbook (.xlsx), a PDF, a CSV or a text file can be read.")),
        (made.archive(PARTS), "a.docx",
         "a.docx: The Word document is damaged, or is a template. Save it as .docx."),
        (made.archive({"xl/workbook.xml": b"<"}), "a.xlsx",
         "a.xlsx: The Excel workbook is damaged or protected by a password."),
        (made.word_document("Words")[:-400], "a.docx",
         "a.docx: The file is damaged or incomplete: it could not be unpacked."),
        (made.archive(PARTS | {"word/media/a.bin": bytes(10_000_000)}), "a.docx",
         "a.docx: Unpacked, the file grows more than 200 times; it is refused as unsafe."),
        (made.archive(PARTS | {f"word/{number}": b"" for number in range(5_000)}), "a.docx",
         "a.docx: The file holds 5,002 parts; at most 5,000 are read."),
        (b"Action,When\n" + b"a,b\n" * 50_000, "a.csv", "a.csv: The file has more than 50,000 rows."),
        (made.workbook({"Plan": [["a"]] * 50_001}), "a.xlsx",
         "a.xlsx: A sheet has more than 50,000 rows, or values far below its table."),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 10 else "",
)  # fmt: skip
def test_refusals_say_why(data: bytes, name: str, message: str) -> None:
    with pytest.raises(UnreadableDocument) as refused:
        open_document(data, name)
    assert str(refused.value) == message


def test_a_file_that_would_unpack_to_too_much_is_not_unpacked() -> None:
    data = bytearray(made.archive(PARTS))
    directory = data.index(b"PK\x01\x02")
    data[directory + 20 : directory + 28] = struct.pack("<II", 2**21, 2**28)
    with pytest.raises(UnreadableDocument) as refused:
        open_document(bytes(data), "a.docx")
    assert str(refused.value) == "a.docx: Unpacked, the file takes 256 MB; at most 200 MB are read."


def test_a_single_part_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAXIMUM_PART_BYTES", 1024)
    with pytest.raises(UnreadableDocument, match=r"a\.docx: The part .*\.xml takes "):
        open_document(made.word_document("Words"), "a.docx")


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        (b'r="A1048576"', "A sheet has more than 50,000 rows, or values far below its table."),
        (b'r="XFD1"', "A sheet has values beyond column 200."),
        (b'r="A"', "The file is damaged: a sheet in it could not be read."),
    ],
)
def test_a_cell_far_out_does_not_blow_up_the_sheet(cell: bytes, message: str) -> None:
    data = made.with_part(made.workbook({"Plan": [["a"]]}), "xl/worksheets/sheet1.xml", (b'r="A1"', cell))
    with pytest.raises(UnreadableDocument) as refused:
        open_document(data, "a.xlsx")
    assert str(refused.value) == f"a.xlsx: {message}"


def test_a_text_named_by_many_cells_counts_in_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAXIMUM_TEXT", 10_000)
    assert len(texts(open_document(made.workbook({"Plan": [["a" * 90]] * 100}), "a.xlsx"))[0]) == 100
    with pytest.raises(UnreadableDocument) as refused:
        open_document(made.workbook({"Plan": [["a" * 101]] * 100}), "a.xlsx")
    assert str(refused.value) == "a.xlsx: The workbook has more than 10,000 characters of text."


def test_a_text_longer_than_a_cell_can_hold_is_refused() -> None:
    data = made.with_part(made.workbook({"Plan": [["a"]]}), "xl/sharedStrings.xml", (b"<t>a", b"<t>" + b"ab " * 10_923))
    with pytest.raises(UnreadableDocument) as refused:
        open_document(data, "a.xlsx")
    assert str(refused.value) == "a.xlsx: A cell has more than 32,767 characters."


def test_cells_that_merged_ones_cover_count_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_documents, "MAXIMUM_CELLS", 390)
    document = docx.Document()
    for _ in range(2):
        table = made.add_table(document, [("A", "B")])
        table.cell(0, 0)._tc.get_or_add_tcPr().append(parse_xml(f'<w:gridSpan {nsdecls("w")} w:val="400"/>'))
    with pytest.raises(UnreadableDocument) as refused:
        open_document(made.saved(document), "a.docx")
    assert str(refused.value) == "a.docx: The document has more than 390 table cells."


def test_a_merged_cell_of_a_million_columns_is_cut() -> None:
    document = docx.Document()
    table = made.add_table(document, [("A", "B")])
    table.cell(0, 0)._tc.get_or_add_tcPr().append(parse_xml(f'<w:gridSpan {nsdecls("w")} w:val="1000000"/>'))
    block = open_document(made.saved(document), "a.docx").blocks[0]
    assert isinstance(block, Table)
    assert len(block.rows[0].cells) == 201


def test_a_table_too_wide_is_refused() -> None:
    with pytest.raises(UnreadableDocument) as refused:
        open_document(made.word_document([["a"] * 201]), "a.docx")
    assert str(refused.value) == "a.docx: Table 1 has more than 200 columns."


def test_merged_ranges_laid_one_over_another_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MAXIMUM_COVERED", 10)
    ranges = b"<mergeCells>" + b'<mergeCell ref="A1:B2"/>' * 3 + b"</mergeCells>"
    change = (b"</sheetData>", b"</sheetData>" + ranges)
    data = made.with_part(made.workbook({"Plan": [["a", "b"], ["c", "d"]]}), "xl/worksheets/sheet1.xml", change)
    with pytest.raises(UnreadableDocument) as refused:
        open_document(data, "a.xlsx")
    assert str(refused.value) == "a.xlsx: A sheet has more merged cells than a table can use."


def test_every_torn_copy_is_refused_or_read_and_never_crashes() -> None:
    whole = made.word_plan()
    for end in range(0, len(whole), len(whole) // 40):
        with pytest.raises(UnreadableDocument):
            open_document(whole[:end], "a.docx")


def test_a_damaged_part_is_refused() -> None:
    for document, part, change in (
        (made.word_document("Words"), "word/document.xml", (b"</w:body>", b"")),
        (made.workbook({"Plan": [["a"]]}), "xl/worksheets/sheet1.xml", (b"</sheetData>", b"")),
    ):
        with pytest.raises(UnreadableDocument, match="damaged"):
            open_document(made.with_part(document, part, change), "a")


def test_the_made_archives_are_whole() -> None:
    for data in (made.word_plan(), made.excel_plan()):
        with zipfile.ZipFile(io.BytesIO(data)) as opened:
            assert opened.testzip() is None


def test_hidden_rows_and_columns_are_read_and_named() -> None:
    rows = [["Action", "When", "Who"], ["Train", "May 2017", "AB"], ["Mentor", "June 2017", "CD"]]
    opened = open_document(made.workbook({"Plan": rows}, hidden_columns=["B:C"], hidden_rows=[3]), "plan.xlsx")
    assert texts(opened) == [[tuple(row) for row in rows]]
    assert opened.warnings == (
        "Sheet “Plan”: columns B, C are hidden, and read as the others.",
        "Sheet “Plan”: row 3 is hidden, and read as the others.",
    )


def test_a_formula_is_the_value_that_was_kept_and_is_never_run() -> None:
    data = made.workbook({"Plan": [["Action", "When"], ["=1+1", "=NOW()"]]})
    kept = made.with_part(data, "xl/worksheets/sheet1.xml", (b"<f>1+1</f><v>0</v>", b"<f>1+1</f><v>7</v>"))
    emptied = made.with_part(kept, "xl/worksheets/sheet1.xml", (b"<f>NOW()</f><v>0</v>", b"<f>NOW()</f>"))
    opened = open_document(emptied, "plan.xlsx")
    assert texts(opened) == [[("Action", "When"), ("7", "")]]
    assert opened.warnings == ("Sheet “Plan”: no value is kept for 1 formula. Open it in Excel and save it again.",)


def test_a_table_that_frames_another_is_not_in_the_way() -> None:
    document = docx.Document()
    frame = document.add_table(rows=1, cols=1)
    frame.cell(0, 0).text = "Above"
    inner = frame.cell(0, 0).add_table(rows=1, cols=2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "a", "b"
    assert texts(open_document(made.saved(document), "plan.docx")) == ["Above", [("a", "b")]]


def test_a_table_within_a_cell_keeps_its_words() -> None:
    document = docx.Document()
    table = made.add_table(document, [("A", "B")])
    inner = table.cell(0, 1).add_table(rows=1, cols=2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "c", "d"
    assert texts(open_document(made.saved(document), "plan.docx")) == [[("A", "B\nc\nd")]]


def test_a_document_is_the_same_after_being_kept() -> None:
    for data, name in ((made.word_plan(), "a.docx"), (made.excel_plan(), "a.xlsx"), (made.pdf_plan(), "a.pdf")):
        opened = open_document(data, name)
        assert from_json(json.loads(json.dumps(as_json(opened)))) == opened
    merged = open_document(made.workbook({"Plan": [[date(2017, 5, 4)], ["b", "c"]]}, merged=["A2:A3"]), "a.xlsx")
    assert from_json(json.loads(json.dumps(as_json(merged)))) == merged

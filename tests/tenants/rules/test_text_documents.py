"""Text files, CSV and what is pasted, as lines and tables."""

import contextlib
import time
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenants.rules.action_plans import NoActions, read_document
from tenants.rules.documents import open_document, open_pasted
from tenants.rules.grids import Cell, Document, Line, UnreadableDocument, tidy


def texts(document: Document) -> list[str | list[tuple[str, ...]]]:
    """Lines as they are, tables as lists of rows."""
    return [block.text if isinstance(block, Line) else [row.texts for row in block.rows] for block in document.blocks]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("Action,When\r\nTalk,“soon”\r\n".encode(), ("Talk", "“soon”")),
        ("\ufeffAction;When\nTalk;“soon”\n".encode(), ("Talk", "“soon”")),
        ("Action\tWhen\nTalk\t“soon”\n".encode("utf-16"), ("Talk", "“soon”")),
        ("Action,When\nTalk,“soon”\n".encode("cp1252"), ("Talk", "“soon”")),
    ],
)
def test_csv_in_the_encodings_excel_writes(data: bytes, expected: tuple[str, ...]) -> None:
    assert texts(open_document(data, "plan.csv")) == [[("Action", "When"), expected]]


def test_a_text_file_is_lines_or_a_table_with_tabs() -> None:
    assert texts(open_document(b"One line.\n\nAnother.", "a.txt")) == ["One line.", "Another."]
    assert texts(open_document(b"Title\nA\tB\nSection\nc\td\nNote", "a.txt")) == [
        "Title",
        [("A", "B"), ("Section",), ("c", "d")],
        "Note",
    ]


def test_what_a_sheet_puts_on_the_clipboard_keeps_lines_within_cells() -> None:
    assert texts(open_pasted('A\tB\n"one\ntwo"\tthree\n')) == [[("A", "B"), ("one\ntwo", "three")]]
    assert texts(open_pasted('A\tB\n"one\ttwo\nthree\tfour\n')) == [[("A", "B"), ('"one', "two"), ("three", "four")]]


def test_a_pasted_page_is_its_lines_and_tables() -> None:
    page = (
        "<html><head><title>No</title><style>p {}</style></head><body><p>Be\nfore</p>"
        "<table><tr><th>A</th><th colspan=2>B</th></tr><tr><td rowspan=2>a<br>b</td><td>c</td><td>d</td></tr>"
        "<tr><td>e</td><td>f</td></tr></table>After<script>x</script></body></html>"
    )
    opened = open_pasted(page)
    assert texts(opened) == ["Be fore", [("A", "B", ""), ("a\nb", "c", "d"), ("", "e", "f")], "After"]
    table = next(opened.tables)
    assert table.rows[0].cells[2] == Cell(left=True)
    assert table.rows[2].cells[0] == Cell(above=True)
    assert texts(open_document(page.encode(), "page.html")) == texts(opened)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Nothing was pasted."),
        (" \n ", "Nothing was pasted."),
        ("<html", "The page is damaged: its tables could not be found."),
    ],
)
def test_nothing_pasted_is_said(text: str, message: str) -> None:
    with pytest.raises(UnreadableDocument) as refused:
        open_pasted(text)
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<table>", []),
        ("<table><tr><td colspan=x>a</table>", ["a"]),
        ("<html>\x01</html>", []),
        ("<?xml version='1.0' encoding='utf-16'?><html>b</html>", ["b"]),
        ("fewer than <5 members", ["fewer", "than", "<5", "members"]),
    ],
)
def test_odd_things_that_are_pasted_are_read(text: str, words: list[str]) -> None:
    assert open_pasted(text).words() == words


def test_a_page_made_to_keep_us_busy_is_read_in_no_time() -> None:
    begun = time.process_time()
    for piece in ("<a ", "<table>", "<td>", "<table><tr><td>", "<!--", "<div>"):
        with contextlib.suppress(UnreadableDocument):
            open_pasted("<html>" + piece * 20_000)
    assert time.process_time() - begun < 20


@settings(max_examples=300, deadline=None, database=None, derandomize=True)
@given(st.text(alphabet=st.sampled_from(list("ab<>/\"'=,;\t\n|: td&table#123\u00a0\u0301é")), max_size=120))
def test_any_text_is_read_or_refused_and_loses_no_word(text: str) -> None:
    try:
        opened = open_document(text.encode() or b" ", "a.txt")
    except UnreadableDocument as refused:
        assert str(refused).startswith("a.txt: ")  # noqa: PT017 - both ends are right
        return
    if "<" not in text and "&" not in text and '"' not in text:
        assert "".join(opened.words()) == "".join(tidy(text).split())


CELLS = st.sampled_from(["", "1", "Action", "When", "Who", "Train them", "May 2017", "x"])


@settings(max_examples=150, deadline=None, database=None, derandomize=True)
@given(
    st.lists(
        st.lists(
            st.sampled_from(["", "1", "Action", "When", "Who", "Train them", "May 2017", "x"]), min_size=3, max_size=3
        )
    )
)
def test_every_word_of_any_table_is_kept(rows: list[list[str]]) -> None:
    data = "\n".join(",".join(row) for row in rows).encode() + b"\n"
    try:
        reading = read_document(data or b" ", "a.csv")
    except NoActions as nothing:
        reading = nothing.reading
    except UnreadableDocument:
        assert not "".join(map("".join, rows))
        return
    texts_read = [*reading.leftovers, *(column.heading for column in reading.tables)]
    for row in reading.rows:
        texts_read += [row.ref, row.action, row.reason, row.remark, row.responsibility, row.status, row.timescale]
        texts_read.append(row.section)
        texts_read += [text for pair in row.extra for text in pair]
    wanted = Counter(" ".join(map(" ".join, rows)).split())
    headings = {"Action", "When", "Who", "x", "1", "Train", "them", "May", "2017"} & {
        word for column in reading.tables for word in column.heading.split()
    }
    assert set(wanted - Counter(" ".join(texts_read).replace("|", " ").split())) <= headings

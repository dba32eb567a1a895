"""CSV goes out safe to open and comes in within limits, with the place of every row known."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import Flask

from saas.tables import Row, Table, UnreadableTable, csv_response, read_csv

NOT_TEXT = "This is not a text file. Save the sheet as CSV (UTF-8) and send it again."


def text_of(rows: list[tuple[object, ...]], headings: tuple[str, ...] = ("Course",)) -> str:
    return csv_response("courses.csv", headings, rows).get_data().decode("utf-8")  # type: ignore[arg-type]


def test_a_download_is_recognised_by_spreadsheets() -> None:
    answer = csv_response("Zoë’s courses.csv", ["Course", "Held on"], [["Chairing, part 1", date(2017, 5, 4)]])
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=\"Zoes courses.csv\"; filename*=UTF-8''Zo%C3%AB%E2%80%99s%20courses.csv"
    )
    assert answer.get_data() == b'\xef\xbb\xbfCourse,Held on\r\n"Chairing, part 1",2017-05-04\r\n'


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+44 20 7946 0000", "'+44 20 7946 0000"),
        ("-cmd", "'-cmd"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("＝1", "'＝1"),
        ("-5", "-5"),
        ("+12.50", "+12.50"),
        (-5, "-5"),
        (Decimal("-5.50"), "-5.50"),
        (True, "Yes"),
        (datetime(2017, 5, 4, 13, 30, tzinfo=UTC), "2017-05-04 13:30+00:00"),
        ("a=b", "a=b"),
    ],
)
def test_text_never_runs_as_a_formula_and_numbers_stay_numbers(value: object, cell: str) -> None:
    assert text_of([(value,)]) == f"\ufeffCourse\r\n{cell}\r\n"


def test_a_line_break_in_front_cannot_hide_a_formula() -> None:
    assert text_of([("\r=1",)], ("=Course",)) == "\ufeff'=Course\r\n\"'\r=1\"\r\n"


def test_many_rows_leave_in_pieces() -> None:
    rows = [[f"Course {number}", "words " * 20] for number in range(5_000)]
    pieces = list(csv_response("a.csv", ["Course", "About"], rows).response)
    assert len(pieces) > 5
    assert read_csv(b"".join(pieces)).rows[-1] == Row(5_001, ("Course 4999", ("words " * 20).strip()))  # type: ignore[arg-type]


def test_what_we_export_we_read_back() -> None:
    answer = csv_response("a.csv", ["Course", "Cost"], [["=1+1", Decimal("-5.5")], ["'tis", None]])
    assert read_csv(answer.get_data()) == Table(("Course", "Cost"), (Row(2, ("=1+1", "-5.5")), Row(3, ("'tis", ""))))


PLAIN = Table(("Name", "Course, place"), (Row(2, ("Zoë", "Chairing")), Row(4, ("Ann", "Speaking"))))
SEMICOLONS = "Name;Course, place\r\nZoë;Chairing\r\n;\r\nAnn;Speaking\r\n"


@pytest.mark.parametrize(
    "data",
    [
        SEMICOLONS.encode(),
        SEMICOLONS.encode("utf-8-sig"),
        SEMICOLONS.encode("utf-16"),
        SEMICOLONS.encode("utf-16-le"),
        SEMICOLONS.encode("utf-16-be"),
        SEMICOLONS.encode("cp1252"),
        SEMICOLONS.replace("\r\n", "\n").encode(),
        SEMICOLONS.replace(";", "\t").encode(),
        'Name,"Course, place"\nZoë,Chairing\n,\nAnn,Speaking'.encode(),
        'Name , "Course, place"\nZoë,Chairing\n,\nAnn,Speaking,,\n'.replace(' , "', ',"').encode(),
    ],
)
def test_tables_as_spreadsheets_write_them(data: bytes) -> None:
    assert read_csv(data) == PLAIN


def test_a_line_that_names_the_separator_is_obeyed_and_counted() -> None:
    assert read_csv(b"sep=;\r\nName;Course\r\nAnn;Chairing\r\n") == Table(
        ("Name", "Course"), (Row(3, ("Ann", "Chairing")),)
    )


def test_a_cell_over_several_lines_keeps_the_count_right() -> None:
    assert read_csv(b'Name,About\nAnn,"one\ntwo"\nBob,three\n').rows == (
        Row(2, ("Ann", "one\ntwo")),
        Row(4, ("Bob", "three")),
    )


def test_headings_alone_are_a_table_without_rows() -> None:
    assert read_csv(b"Name,Course\n") == Table(("Name", "Course"), ())


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "The table is empty."),
        (b"\xef\xbb\xbf \r\n", "The table is empty."),
        (b",,\n,,\n", "The table is empty."),
        (b"Name,Course\nAnn\x00,Chairing\n", NOT_TEXT),
        (
            b"PK\x03\x04\x00\x00\x81\xff",
            NOT_TEXT,
        ),
        (b"Name,,Course\n", "Column 2 has no heading."),
        (b"Name,Course,name\n", "The heading “name” stands there twice."),
        (b'Name,Course\nAnn,"Chairing\n', "Line 2 cannot be read: check its quotation marks."),
        (
            b"Name,Course\nAnn\nBob,A,B\nZoe,C\n",
            "Every row must have 2 cells, but line 2 has 1, line 3 has 3.",
        ),
        (
            b"Name,Course\n" + b"Ann\n" * 7,
            "Every row must have 2 cells, but "
            + ", ".join(f"line {line} has 1" for line in range(2, 7))
            + " and 2 more.",
        ),
        (b"Name\n" + b"Ann\n" * 10_001, "The table has more than 10,000 rows, the limit."),
        (b"Name\n" + b"a" * 2 * 1024 * 1024, "The table is larger than 2 MB, the limit."),
        (b"a," * 200 + b"a", "The table has 201 columns; at most 200 are accepted."),
    ],
)
def test_what_is_not_one_table_is_refused_in_words(data: bytes, message: str) -> None:
    with pytest.raises(UnreadableTable) as refusal:
        read_csv(data)
    assert refusal.value.message == message


def test_ten_thousand_rows_are_taken() -> None:
    assert len(read_csv(b"Name\n" + b"Ann\n" * 10_000).rows) == 10_000


def test_a_download_streams_through_a_view(bare_app: Callable[..., Flask]) -> None:
    app = bare_app()
    app.add_url_rule("/courses.csv", "courses", lambda: csv_response("courses.csv", ["Course"], [["Chairing"]]))
    assert app.test_client().get("/courses.csv").text == "\ufeffCourse\r\nChairing\r\n"

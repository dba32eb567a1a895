"""Tables of councils and awards, wherever their columns stand."""

from __future__ import annotations

from assessment.rules.council_tables import EXAMPLE, Found, read
from tenants.rules.grids import Cell, Document, Line, Row, Table


def row(place: str, *texts: str) -> Row:
    return Row(tuple(Cell(text) for text in texts), place)


def test_headings_are_found_below_a_title_and_every_other_line_is_kept() -> None:
    sheet = Table(
        "Members",
        (
            row("row 1", "Our councils in 2026", ""),
            row("row 2", "Authority", "Date of award", "Remark", "Expiry date"),
            row("row 3", "Alford", "4 May 2023", "by post", ""),
            Row((Cell("", above=True), Cell("4 May 2020"), Cell(), Cell("4 May 2023")), "row 4"),
            row("row 5", "", "", "", ""),
        ),
    )
    about = Table("About this file", (row("row 1", "Council", "Level"),))
    assert read(Document((Line("A letter."), sheet, about), ("Row 9 is hidden.",))) == Found(
        (
            ("row 3", {"name": "Alford", "awarded_on": "4 May 2023"}),
            ("row 4", {"name": "Alford", "awarded_on": "4 May 2020", "valid_to_on": "4 May 2023"}),
        ),
        ("A letter.", "Our councils in 2026"),
        ("Row 9 is hidden.", "Columns that mean nothing here and stay out: Remark."),
    )


def test_a_table_without_a_column_of_councils_is_left_over() -> None:
    table = Table("Costs", (row("row 1", "Item", "Price"), row("row 2", "Room", "40")))
    assert read(Document((table,))) == Found((), ("Item | Price", "Room | 40"), ())


def test_the_example_rows_of_an_empty_file_stay_out() -> None:
    table = Table("Councils", (row("row 1", "Council", "Type"), row("row 2", EXAMPLE, "Fire"), row("row 3", "Alford")))
    assert read(Document((table,))) == Found(
        (("row 3", {"name": "Alford"}),), (), ("The example rows of the empty file stay out.",)
    )

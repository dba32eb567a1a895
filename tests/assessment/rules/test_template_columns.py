"""What the columns of a self-assessment mean: by their headings, by what a person says, or not at all."""

from __future__ import annotations

from assessment.rules.template_columns import columns_of, heads
from tenants.rules.action_columns import Column
from tenants.rules.grids import Cell, Row, Table


def table(*rows: tuple[str, ...]) -> Table:
    """A table of these rows."""
    return Table(
        "table 1", tuple(Row(tuple(map(Cell, row)), f"table 1, row {at}") for at, row in enumerate(rows, start=1))
    )


def test_headings_say_what_columns_mean() -> None:
    known = table(("Element", "Requirements", "Our evidence", "Colour"), ("1.1", "Leaders", "Signed.", "Red"))
    assert heads(known, {}) == {0: {0: "element", 1: "requirement", 2: "evidence"}}
    assert columns_of(known, 3, heads(known, {})) == [
        Column(3, "table 1", 0, "Element", "element"),
        Column(3, "table 1", 1, "Requirements", "requirement"),
        Column(3, "table 1", 2, "Our evidence", "evidence"),
        Column(3, "table 1", 3, "Colour", ""),
    ]


def test_a_person_says_otherwise_and_no_two_columns_mean_the_same() -> None:
    known = table(("Requirements", "Our evidence", "Colour"), ("Leaders", "Signed.", "Red"))
    assert heads(known, {2: "evidence"}) == {0: {0: "requirement", 2: "evidence"}}
    assert heads(known, {1: ""}) == {0: {0: "requirement"}}


def test_without_headings_the_first_row_with_two_words_is_offered() -> None:
    unknown = table(("Our council", ""), ("Was", "Wie"), ("Leaders", "Signed."))
    assert heads(unknown, {}) == {1: {}}
    assert heads(unknown, {0: "requirement", 1: "evidence"}) == {1: {0: "requirement", 1: "evidence"}}
    assert columns_of(unknown, 1, heads(unknown, {})) == [
        Column(1, "table 1", 0, "Was", ""),
        Column(1, "table 1", 1, "Wie", ""),
    ]
    assert heads(table(("A title",)), {}) == {}

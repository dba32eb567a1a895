"""Tables that say more of actions listed before."""

from __future__ import annotations

import pytest

from tenants.rules.detail_tables import details_in
from tenants.rules.grids import Cell, Row, Table


def table(*rows: tuple[str, ...]) -> Table:
    """A table of these texts."""
    return Table("table 2", tuple(Row(tuple(map(Cell, row)), f"row {at}") for at, row in enumerate(rows, 1)))


def test_a_row_says_what_belongs_to_a_number() -> None:
    made = table(("No.", "Source", "Remark", "Progress notes"), ("2", "Report 3", "", "Begun."), ("", "", "", ""))
    (found,) = details_in(made, ["1", "2"])
    assert (found.ref, found.texts) == ("2", (("section", "Source", "Report 3"), ("", "Progress notes", "Begun.")))


@pytest.mark.parametrize(
    "rows",
    [
        (("No.", "Evidence", "Kind"), ("1", "Policy", "Document")),
        (("Ward", "Cost"), ("1", "£40")),
        (("No.", "Cost"), ("9", "£40")),
        (("No.", "Remark"),),
    ],
)
def test_other_tables_are_not_details(rows: tuple[tuple[str, ...], ...]) -> None:
    assert details_in(table(*rows), ["1"]) == ()

"""Columns as a person corrects them: alike tables together, what stands is no correction."""

from __future__ import annotations

from tenants.rules.action_plans import Column
from tenants.rules.import_columns import corrected, corrections_of, groups, kept, to_remember

COLUMNS = [
    Column(1, "table 1", 0, "No.", "ref"),
    Column(1, "table 1", 1, "Item", "action"),
    Column(2, "table 2", 0, "No.", "ref"),
    Column(2, "table 2", 1, "Item", "action"),
    Column(3, "table 3", 0, "Item", ""),
]


def test_tables_with_the_same_headings_and_meanings_are_one_group() -> None:
    found = groups(kept([*COLUMNS[2:4], *COLUMNS[4:], Column(4, "table 4", 0, "No", "ref"),
                         Column(4, "table 4", 1, "ITEM:", "action")], {}))  # fmt: skip
    assert [(group.number, group.tables, group.read) for group in found] == [(1, (2, 4), True), (2, (3,), False)]
    assert found[0].field(1) == "meaning-1-1"


def test_a_correction_holds_for_every_table_of_its_group_and_stays() -> None:
    there = kept([*COLUMNS[2:4], Column(4, "table 4", 0, "No", "ref"), Column(4, "table 4", 1, "Item", "action")], {})
    said = corrected(there, {"meaning-1-0": "ref", "meaning-1-1": "reason"})
    assert said == {(2, 1): "reason", (4, 1): "reason"}
    read_again = kept([Column(2, "table 2", 1, "Item", "reason")], said)
    assert corrections_of(read_again) == {(2, 1): "reason"}
    assert corrected(read_again, {"meaning-1-1": "reason"}) == {(2, 1): "reason"}


def test_only_corrected_headings_are_remembered_and_none_that_means_two_things() -> None:
    said = {(1, 1): "reason", (3, 0): "remark", (1, 0): ""}
    assert to_remember(kept(COLUMNS[:2], said)) == {"no": "ref", "item": "action"}
    assert to_remember(kept([*COLUMNS[:2], COLUMNS[4]], {(1, 1): "action", (3, 0): ""})) == {}
    assert to_remember(kept([Column(1, "table 1", 0, " – ", "action")], {(1, 0): "action"})) == {}

"""Lines that a plan has already, and titles that no plan has."""

from __future__ import annotations

from uuid import UUID

import pytest

from tenants.rules import import_rows
from tenants.rules.action_plans import read_pasted
from tenants.rules.import_repeats import free_title, repeated

ONE, OTHER = UUID(int=1), UUID(int=2)


def test_lines_are_the_same_word_for_word_however_they_are_broken() -> None:
    table = "Action\tBy when\tWho\nWrite a policy.\tMay 2027\tClerk\nName a mentor.\tJune 2027\tLeader"
    rows = [import_rows.kept(row) for row in read_pasted(table).rows]
    lines = [
        (ONE, "Write a\npolicy.", "May 2027", "Clerk", "", ""),
        (OTHER, "Write a policy.", "May 2028", "Clerk", "", ""),
        (OTHER, "Name a mentor.", "June 2027", "Leader", "", ""),
    ]
    assert repeated(rows, lines) == {ONE: [0], OTHER: [1]}


@pytest.mark.parametrize(
    ("title", "taken", "expected"),
    [
        ("Plan", [], "Plan"),
        ("Plan", ["plan"], "Plan (2)"),
        ("Plan", ["Plan", "Plan (2)"], "Plan (3)"),
        ("A long title", ["A long title"], "A long t (2)"),
    ],
)
def test_a_title_that_a_plan_has_gets_a_number(title: str, taken: list[str], expected: str) -> None:
    assert free_title(title, taken, 12) == expected

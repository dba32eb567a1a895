"""The pipeline's rows: narrowing, orders and columns, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from assessment.rules.pipeline import (
    Narrowed,
    PipelineRow,
    Standing,
    arrange,
    columns_of,
    next_day,
    standing_of,
    without_leads,
)

TODAY = date(2026, 5, 4)
ROW = PipelineRow(
    UUID(int=1), "alford", "Alford", "district", "Northshire", None, "", "", "none", None, None, False, (), 0, 0, None,
    None,
)  # fmt: skip
AT_WORK = replace(
    ROW, name="belton", kind="county", county="Southshire", state="improving", days=40, next_due_on=date(2026, 5, 1),
    late=True, leads=("Ann Lee", "Bo Rae"), open_improvements=3, mandatory=1,
)  # fmt: skip
HOLDING = replace(
    ROW, name="Corby", state="current", days=900, leads=("Bo Rae",), open_improvements=3, mandatory=2,
    valid_to_on=date(2026, 8, 1), grace_to_on=date(2027, 2, 1),
)  # fmt: skip
ROWS = [HOLDING, ROW, AT_WORK]
ORDER = {"none": 0, "improving": 1, "current": 2}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (Narrowed(), ["Corby", "Alford", "belton"]),
        (Narrowed(stage="under_way"), ["belton"]),
        (Narrowed(stage="current"), ["Corby"]),
        (Narrowed(stage="held"), ["Corby"]),
        (Narrowed(kind="district", county="Northshire"), ["Corby", "Alford"]),
        (Narrowed(lead="Bo Rae"), ["Corby", "belton"]),
        (Narrowed(lead="-"), ["Alford"]),
        (Narrowed(ends_within="90"), ["Corby"]),
        (Narrowed(ends_within="nonsense"), ["Corby", "Alford", "belton"]),
        (Narrowed(late=True), ["belton"]),
    ],
)
def test_rows_are_those_asked_for(asked: Narrowed, found: list[str]) -> None:
    assert [row.name for row in ROWS if asked.holds(row, TODAY)] == found


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("", ["Alford", "belton", "Corby"]),
        ("-name", ["Corby", "belton", "Alford"]),
        ("-days", ["Corby", "belton", "Alford"]),
        ("days", ["belton", "Corby", "Alford"]),
        ("next", ["belton", "Alford", "Corby"]),
        ("-stage", ["Corby", "belton", "Alford"]),
        ("lead", ["belton", "Corby", "Alford"]),
        ("-improvements", ["belton", "Corby", "Alford"]),
        ("-mandatory", ["Corby", "belton", "Alford"]),
        ("-ends", ["Corby", "Alford", "belton"]),
        ("nonsense", ["Alford", "belton", "Corby"]),
    ],
)
def test_rows_without_a_value_stand_last_whichever_way(wanted: str, found: list[str]) -> None:
    assert [row.name for row in arrange(ROWS, wanted, ORDER)] == found


def test_columns_follow_the_journey_and_counts_follow_the_filters() -> None:
    assert [(state, [row.name for row in rows]) for state, rows in columns_of(ROWS, ORDER)] == [
        ("none", ["Alford"]),
        ("improving", ["belton"]),
        ("current", ["Corby"]),
    ]
    assert standing_of(ROWS, TODAY) == Standing(
        councils=3, holding=1, under_way=1, nowhere=1, ending=1, late=1, open_improvements=6, mandatory=3
    )


@pytest.mark.parametrize(
    ("due_on", "of_award", "late", "found"),
    [
        (None, (), False, None),
        (date(2026, 6, 1), (None, date(2026, 5, 20)), False, date(2026, 5, 20)),
        (date(2026, 5, 1), (date(2027, 5, 20),), False, date(2027, 5, 20)),
        (date(2026, 5, 1), (date(2027, 5, 20),), True, date(2026, 5, 1)),
        (TODAY, (), True, TODAY),
        (None, (date(2026, 5, 3),), False, None),
    ],
)
def test_the_next_day_is_the_first_to_come_or_the_one_that_is_late(
    due_on: date | None, of_award: tuple[date | None, ...], late: bool, found: date | None
) -> None:
    assert next_day(due_on, of_award, TODAY, late=late) == found


def test_leads_are_taken_out_and_nothing_else() -> None:
    assert without_leads([AT_WORK, ROW]) == [replace(AT_WORK, leads=()), ROW]

"""The date a document gives itself: only what is written in it, and never a deadline of its rows."""

from __future__ import annotations

from datetime import date

import pytest

from tenants.rules.document_dates import Proposed, propose


@pytest.mark.parametrize(
    ("filename", "lines", "expected"),
    [
        ("plan.docx", ["Action plan", "Updated 12 May 2025"], Proposed(date(2025, 5, 12), "Updated 12 May 2025")),
        ("plan.docx", ["3 April 2026"], Proposed(date(2026, 4, 3), "3 April 2026")),
        ("plan.docx", ["Cabinet, 2 December 2025", "Updated 1 May 2026"],
         Proposed(date(2025, 12, 2), "Cabinet, 2 December 2025")),
        ("plan_2018-03-12.docx", ["Action plan"], Proposed(date(2018, 3, 12), "plan_2018-03-12.docx")),
        ("Plan 4 May 2017.docx", [], Proposed(date(2017, 5, 4), "Plan 4 May 2017.docx")),
    ],
)  # fmt: skip
def test_a_day_that_is_written_is_proposed(filename: str, lines: list[str], expected: Proposed) -> None:
    assert propose(filename, lines) == expected


@pytest.mark.parametrize(
    ("filename", "lines"),
    [
        ("plan.docx", []),
        ("plan 2017.docx", ["Action plan for 2017-18", "Updated in May 2025"]),
        ("plan.docx", ["Everything is done by the clerk and her team, who reach the end on 4 May 2025"]),
        ("plan_2018-13-40.docx", ["Committee of 31 June 2025"]),
    ],
)
def test_where_no_day_of_the_document_is_written_none_is_proposed(filename: str, lines: list[str]) -> None:
    assert propose(filename, lines) is None

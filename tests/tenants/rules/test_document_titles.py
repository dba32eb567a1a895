"""The title that a document gives itself."""

from __future__ import annotations

import pytest

from tenants.rules.document_titles import propose


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (["Oakford Council", "Learning  Action Plan 2017/18", "Preamble."], "Learning Action Plan 2017/18"),
        (["Charter improvement programme"], "Charter improvement programme"),
        (["This plan was agreed in May", "These actions follow the plan."], ""),
        (["Action | Timescale | Plan", "the plan", "Plan:"], ""),
        (["Notes"] * 8 + ["Learning plan"], ""),
        (["A plan of " + "very " * 15 + "many words"], ""),
        (["Action plan"], ""),
        ([], ""),
    ],
)
def test_the_first_line_that_reads_like_a_plans_title(lines: list[str], title: str) -> None:
    assert propose(lines) == title

"""The trend as charts: drawn from two cycles on."""

from __future__ import annotations

from assessment.queries.matrix import TrendLine
from assessment.rules.matrix import Share
from assessment.services.trend_charts import trend_chart
from saas.papers import line_chart

LINES = [
    TrendLine("own", 1, "1", Share(3, 4), 6),
    TrendLine("own", 1, "2", Share(0, 0), 0),
    TrendLine("own", 2, "1", Share(4, 4), 4),
    TrendLine("own", 2, "2", Share(1, 4), 5),
    TrendLine("issued", 1, "1", Share(1, 2), 5),
]


def test_a_line_for_each_criterion_with_few_councils_hollow_and_nothing_judged_left_open() -> None:
    words = "Own: requirements met by criterion, from cycle 1 to cycle 2. The table has the figures."
    assert trend_chart(LINES, "own", "Own", ("2", "1", "3")) == line_chart(
        ("Cycle 1", "Cycle 2"),
        (("Criterion 2", (None, (25, True))), ("Criterion 1", ((75, True), (100, False)))),
        words,
    )


def test_one_cycle_is_no_trend() -> None:
    assert trend_chart(LINES, "issued", "Reports", ("1",)) is None
    assert trend_chart([], "own", "Own", ("1",)) is None

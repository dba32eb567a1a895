"""The trend of the region's matrix as charts: a line for each criterion over the cycles."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from assessment.queries.matrix import TrendLine
from saas.papers import Picture, Point, line_chart

FEW = 5
"""A percentage from fewer councils says little of the region: its point is hollow, and its cell grey."""
Line = tuple[str, tuple[Point | None, ...]]


def trend_chart(found: Sequence[TrendLine], show: str, title: str, criteria: Sequence[str]) -> Picture | None:
    """What councils (`show` "own") or reports ("issued") said, by criterion so ordered; None before a second cycle."""
    shown = [line for line in found if line.show == show]
    cycles = sorted({line.cycle for line in shown})
    if len(cycles) < 2:
        return None
    points = {
        (line.criterion_code, line.cycle): (line.share.percent, line.councils >= FEW)
        for line in shown
        if line.share.percent is not None
    }
    lines = tuple(
        (f"Criterion {code}", tuple(points.get((code, cycle)) for cycle in cycles))
        for code in criteria
        if any(line.criterion_code == code for line in shown)
    )
    span = f"from cycle {cycles[0]} to cycle {cycles[-1]}"
    words = f"{title}: requirements met by criterion, {span}. The table has the figures."
    return _drawn(tuple(f"Cycle {cycle}" for cycle in cycles), lines, words)


@lru_cache(maxsize=64)
def _drawn(labels: tuple[str, ...], lines: tuple[Line, ...], words: str) -> Picture:
    return line_chart(labels, lines, words)

"""Comparisons on paper and as rows: the groups that may be shown, and the council's own figure where it is its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache

from assessment.models.sharing import ReleasedMeasure
from assessment.queries.benchmarks import Figures
from assessment.rules.measures import MEASURES, Share
from saas.papers import Block, Heading, Paper, Picture, Prose, Row, Table, bar_chart

HEADINGS = ("Group", "Councils", "Lower quartile", "Middle", "Upper quartile")
WITHHELD = (
    "A group is shown only when five councils or more share the figure. It is left out, too, when groups added or"
    " subtracted would tell of fewer than five."
)
ROUNDED = (
    "All figures of groups are rounded to the nearest 5%. Quartiles are shown from nine councils on: with fewer they"
    " would tell what single councils shared."
)
NO_QUARTILE = "Not shown"
FROZEN = (
    "The figures of a group change only when the change tells of five councils or more. When a council takes its figure"
    " back, every group it counted in is hidden at once. That council does not count again in the same year."
)
NOTHING = "No group may be shown yet."


def rows_of(code: str, figures: Mapping[str, Sequence[Figures]], own: Mapping[str, ReleasedMeasure]) -> list[list[str]]:
    """The rows of one measure under HEADINGS; first the council's own, where it shares it."""
    rows = []
    if code in own:
        mine = own[code]
        rows.append(["Your council", "", "", Share("", mine.numerator, mine.denominator).words, ""])
    rows += [
        [each.group.title, str(each.councils), quartile(each.lower), f"{each.median}%", quartile(each.upper)]
        for each in figures.get(code, ())
    ]
    return rows


def quartile(percent: int | None) -> str:
    """A quartile in words; none is shown of few councils."""
    return NO_QUARTILE if percent is None else f"{percent}%"


def paper_of(
    figures: Mapping[str, Sequence[Figures]],
    own: Mapping[str, ReleasedMeasure],
    *,
    period: str,
    council: str,
    region: str,
    as_of: datetime,
) -> Paper:
    """The comparisons of a year, measure by measure. council: "" for the region's own."""
    blocks: list[Block] = [Prose(f"Financial year {period}. {WITHHELD} {ROUNDED} {FROZEN}")]
    for code, measure in MEASURES.items():
        rows = rows_of(code, figures, own)
        blocks += [Heading(1, measure.title), Prose(f"Counted: {measure.counts} Out of: {measure.out_of}")]
        if figures.get(code):
            blocks.append(_chart(figures[code], own.get(code)))
        if rows:
            lines = tuple(Row(tuple(row)) for row in rows)
            blocks.append(Table(f"{measure.title}, {period}", HEADINGS, lines, widths=(5, 2, 2, 3, 2)))
        if not figures.get(code):
            blocks.append(Prose(NOTHING))
    return Paper(f"Comparisons {period}", council, region, as_of, tuple(blocks))


def _chart(figures: Sequence[Figures], mine: ReleasedMeasure | None) -> Picture:
    """A bar for the middle of each group; above them the council's own, where it is given."""
    bars = [("Your council", Share("", mine.numerator, mine.denominator).percent)] if mine is not None else []
    return _drawn((*bars, *((each.group.title, each.median) for each in figures)))


@lru_cache(maxsize=64)
def _drawn(bars: tuple[tuple[str, int], ...]) -> Picture:
    words = "; ".join(f"{label} {percent}%" for label, percent in bars)
    labels, values = [label for label, _ in bars], [percent for _, percent in bars]
    return bar_chart(labels, (("Middle", values),), f"The middle of each group: {words}.", lying=True, percent=True)

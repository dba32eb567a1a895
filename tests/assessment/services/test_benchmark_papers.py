"""Comparisons on paper: the bars say what the table under them says."""

from __future__ import annotations

from datetime import UTC, datetime

from assessment.models.sharing import ReleasedMeasure
from assessment.queries.benchmarks import Figures
from assessment.rules.benchmarks import Group
from assessment.rules.measures import MEASURES
from assessment.services.benchmark_papers import paper_of
from saas.papers import Paper, Picture, write

AS_OF = datetime(2026, 11, 22, 12, tzinfo=UTC)
CODE = next(iter(MEASURES))
FIGURES = {
    CODE: [
        Figures(Group(), 12, 40, 55, 70, AS_OF),
        Figures(Group("district", "small"), 6, None, 60, None, AS_OF),
    ]
}


def paper(own: dict[str, ReleasedMeasure]) -> Paper:
    return paper_of(FIGURES, own, period="2026-27", council="Alford" if own else "", region="Region", as_of=AS_OF)


def pictures(own: dict[str, ReleasedMeasure]) -> list[str]:
    return [block.words for block in paper(own).blocks if isinstance(block, Picture)]


def test_a_measure_with_groups_has_a_bar_for_each_and_for_the_council_that_reads() -> None:
    groups = "All that share it 55%; District councils, up to 39 councillors 60%."
    assert pictures({}) == [f"The middle of each group: {groups}"]
    mine = ReleasedMeasure(measure=CODE, numerator=9, denominator=10)
    assert pictures({CODE: mine}) == [f"The middle of each group: Your council 90%; {groups}"]


def test_word_and_pdf_carry_the_bars() -> None:
    assert b"word/media/image1.png" in write(paper({}), "docx")
    assert write(paper({}), "pdf").startswith(b"%PDF")

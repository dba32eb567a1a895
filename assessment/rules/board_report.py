"""A board report: computed from plain rows into the document that is kept, each section with its sentence.

No sentence is typed: what a page, a document and the words of a chart say is made here once, and kept in the report.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from assessment.rules import board_awards as awards
from assessment.rules import board_work as work
from assessment.rules.board_facts import BoardFacts
from assessment.rules.board_sections import Chart, Section, Tabled

FORMAT = 1
SECTIONS: tuple[Callable[[BoardFacts], Section], ...] = (
    awards.holders,
    awards.changes,
    work.pipeline,
    awards.expiries,
    awards.interim,
    work.themes,
    work.load,
)


def sections_of(facts: BoardFacts) -> tuple[Section, ...]:
    """Every section, in order. A table without rows and a chart without a bar are left out."""
    return tuple(_without_nothing(make(facts)) for make in SECTIONS)


def document_of(facts: BoardFacts) -> dict[str, Any]:
    """The report as it is kept: JSON values, days as ISO texts."""
    return {
        "format": FORMAT,
        "region": facts.region,
        "period_from": facts.period_from.isoformat(),
        "period_to": facts.period_to.isoformat(),
        "as_of": facts.as_of.isoformat(),
        "sections": [_plain(asdict(section)) for section in sections_of(facts)],
    }


def read_sections(document: dict[str, Any]) -> tuple[Section, ...]:
    """The sections of a report that was kept."""
    return tuple(
        Section(
            code=kept["code"],
            title=kept["title"],
            sentence=kept["sentence"],
            definition=kept["definition"],
            tables=tuple(
                Tabled(each["caption"], tuple(each["headings"]), tuple(tuple(row) for row in each["rows"]))
                for each in kept["tables"]
            ),
            chart=kept["chart"]
            and Chart(
                tuple(kept["chart"]["labels"]),
                tuple((name, tuple(values)) for name, values in kept["chart"]["series"]),
                kept["chart"]["lying"],
            ),
        )
        for kept in document["sections"]
    )


def _without_nothing(section: Section) -> Section:
    chart = section.chart
    seen = chart is not None and any(any(values) for _, values in chart.series)
    return Section(
        section.code,
        section.title,
        section.sentence,
        section.definition,
        tuple(table for table in section.tables if table.rows),
        chart if seen else None,
    )


def _plain(value: Any) -> Any:
    """JSON's own values: a tuple is a list."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, tuple | list) else value

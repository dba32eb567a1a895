"""A board report on paper and on its page: one list of blocks from what was kept, word for word."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from assessment.models.board_reports import BoardReport
from assessment.rules.board_report import read_sections
from assessment.rules.board_sections import Chart, Section
from saas.errors import NotFound
from saas.papers import Block, Facts, Heading, Logo, Paper, Picture, Prose, Row, Table, bar_chart
from saas.templating import day, moment
from tenants.queries.logos import NamedPlace

CAPTION_WIDTHS = {2: (3.0, 1.0), 5: (2.4, 0.8, 1.0, 0.8, 3.0)}
"""Columns → their widths, where the last one is a number or the first and the last are texts."""


def title_of(report: BoardReport) -> str:
    """The report's name."""
    return f"Board report {report.number}: {period_of(report)}"


def period_of(report: BoardReport) -> str:
    """The days the report covers."""
    return f"{day(report.period_from)} to {day(report.period_to)}"


def board_blocks(report: BoardReport, *, drawn: bool) -> tuple[Block, ...]:
    """The report under its headings. drawn: with its charts; a page has them from their own addresses."""
    return (
        _facts(report),
        Prose(_days_of(report)),
        *(block for section in read_sections(report.document) for block in _section(section, drawn)),
        Prose(f"SHA-256 of this report: {report.hash}", small=True),
    )


def board_paper(report: BoardReport, region: NamedPlace) -> Paper:
    """The report as a document, with the region's logo."""
    return Paper(
        title=title_of(report),
        council="",
        region=report.document["region"],
        created=report.made_at,
        blocks=board_blocks(report, drawn=True),
        logos=(Logo(region.logo, region.name),) if region.logo else (),
    )


def chart_png(report: BoardReport, code: str) -> bytes:
    """The chart of one section; raises NotFound."""
    found = next((each for each in read_sections(report.document) if each.code == code and each.chart), None)
    if found is None or found.chart is None:
        raise NotFound
    return _drawn(found.chart, found.sentence, code).png


def _facts(report: BoardReport) -> Facts:
    return Facts(
        (
            ("Period", period_of(report)),
            ("As of", day(date.fromisoformat(report.document["as_of"]))),
            ("Made", f"{moment(report.made_at)}, {report.made_by_name}"),
        )
    )


def _days_of(report: BoardReport) -> str:
    """Which figures are of which day, in plain words."""
    last, made = report.period_to, date.fromisoformat(report.document["as_of"])
    if last == made:
        return f"Everything here is as it stood on {day(made)}, the last day of the period and the day of the report."
    return (
        f"Who holds an award is told as of {day(last)}, the last day of the period. Stages, improvements, reviews that"
        f" are late and what runs out are as they stood on {day(made)}, when the report was made."
    )


def _section(section: Section, drawn: bool) -> Iterator[Block]:
    yield Heading(1, section.title)
    yield Prose(section.sentence)
    yield Prose(f"*How it is counted: {section.definition}*")
    if section.chart is not None:
        if drawn:
            yield _drawn(section.chart, section.sentence, section.code)
        else:
            yield Picture("", b"", section.sentence, key=section.code)
    for table in section.tables:
        rows = tuple(Row(cells) for cells in table.rows)
        yield Table(table.caption, table.headings, rows, CAPTION_WIDTHS.get(len(table.headings), ()))


@lru_cache(maxsize=64)
def _drawn(chart: Chart, sentence: str, code: str) -> Picture:
    return bar_chart(chart.labels, chart.series, sentence, key=code, lying=chart.lying)

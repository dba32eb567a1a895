"""A region's tables as files have them: headings and lines of the pipeline, of judgements and of improvements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from assessment.queries.matrix import MatrixRow
from assessment.queries.region_improvements import Count
from assessment.rules.improvements import LABELS as IMPROVEMENT_LABELS
from assessment.rules.improvements import REPLY_LABELS, state_of
from assessment.rules.matrix_lines import Line
from assessment.rules.pipeline import PipelineRow
from assessment.rules.states import LABELS
from saas import clock
from saas.papers.blocks import Cell, Paper, Prose, Row
from saas.papers.blocks import Table as Block
from saas.replica import figures
from saas.templating import moment
from tenants.rules.council_kinds import KIND_LABELS

Table = tuple[tuple[str, ...], list[tuple[Any, ...]]]
"""Headings, and lines as wide as they are."""
NO_CRITERION = "No criterion"
LEAD = "Lead assessor"
PIPELINE = (
    "Council", "Type", "County", "Level", "Framework", "Stage", "Days in stage", "Next date", "Late", LEAD,
    "Open improvements", "Of them must be done", "Award ends", "As of",
)  # fmt: skip
JUDGEMENTS = (
    "Council", "Type", "County", "Requirement", "Title", "Own judgement", "Sent on", "Report", "Issued on",
    "Own judgement is", "As of",
)  # fmt: skip
IMPROVEMENTS = (
    "Council", "Number", "Criterion", "Themes", "Improvement", "Reason", "Must be done", "By when", "State", "Issued",
    "Reply due", "Reply", "Decided by", "Decided on", "Minute", "Reason of the reply", "As of",
)  # fmt: skip
COUNTED = ("Issued", "Open", "Councils", "Replied to", "Decided against", "Verified")
ABOUT_PIPELINE = (
    "One row for each council: its accreditation under way, or else its newest. Days in stage are whole days since the"
    " stage or the state of the award began. Next date: the first day to come of what is due of it, the interim review,"
    " the opening of reassessment, the award's last day and the end of its days of grace; what is late has its own day."
    " Late: the next date is past, or a question was not answered by its day. Improvements are issued"
    " and not yet ended by the region, from any cycle. An award ends on its last day; awards ended early are left out."
)
ABOUT_JUDGEMENTS = (
    "The newest sealed judgement of each council and the newest issued report's, requirement by requirement."
)
ABOUT_IMPROVEMENTS = (
    "Improvements issued to councils with a report. Drafts do not count;"
    " open: the region has not ended it, and its council has not ended."
)


def table_of_pipeline(rows: Iterable[PipelineRow], *, names_leads: bool) -> Table:
    """One line for each council. names_leads: whether the reader may know who leads; else that column is left out."""
    as_of, at = moment(figures().at), PIPELINE.index(LEAD)
    lines = [
        (
            row.name, KIND_LABELS[row.kind], row.county, row.level, row.framework, LABELS.get(row.state, "Awarded"),
            row.days, row.next_due_on, "Yes" if row.late else "No", row.lead, row.open_improvements, row.mandatory,
            row.valid_to_on, as_of,
        )
        for row in rows
    ]  # fmt: skip
    if names_leads:
        return PIPELINE, lines
    return PIPELINE[:at] + PIPELINE[at + 1 :], [line[:at] + line[at + 1 :] for line in lines]


def table_of_judgements(lines: Iterable[Line[MatrixRow]]) -> Table:
    """One line for each council and requirement, with the days of both judgements."""
    as_of = moment(figures().at)
    return JUDGEMENTS, [
        (
            line.row.name, KIND_LABELS[line.row.kind], line.row.county, line.code, line.title, line.own, own_on(line),
            line.issued, issued_on(line), line.difference, as_of,
        )
        for line in lines
    ]  # fmt: skip


def own_on(line: Line[MatrixRow]) -> date | None:
    """The day on which the council sent its own judgement."""
    return _day(line.row.own_at) if line.own else None


def issued_on(line: Line[MatrixRow]) -> date | None:
    """The day on which the report was issued that says so."""
    return _day(line.row.issued_at) if line.issued else None


def table_of_improvements(rows: Iterable[Any]) -> Table:
    """One line for each issued improvement. rows: of `queries.region_improvements.list_improvement_rows`."""
    as_of = moment(figures().at)
    return IMPROVEMENTS, [
        (
            row.council_name, row.number, criterion_words(row), "; ".join(row.themes or ()), row.action, row.reason,
            "Yes" if row.mandatory else "No", row.timescale, state_words(row), _day(row.issued_at), row.reply_due_on,
            REPLY_LABELS[row.answer] if row.answer else "", row.body or "", row.decided_on, row.minute or "",
            row.reply_reason or "", as_of,
        )
        for row in rows
    ]  # fmt: skip


def table_of_counts(counts: Iterable[tuple[str, Count]], side: str, about: str) -> Table:
    """One line for each group of improvements. counts: with its words each. about: a heading; "" leaves it out."""
    as_of = moment(figures().at)
    lines = [
        (
            words, *([each.about] if about else []), each.issued, each.open, each.councils, each.replied,
            each.decided_against, each.verified, as_of,
        )
        for words, each in counts
    ]  # fmt: skip
    return (side.capitalize(), *([about] if about else []), *COUNTED, "As of"), lines


def state_words(row: Any) -> str:
    """How far an improvement is, in words."""
    return IMPROVEMENT_LABELS[state_of(row.answer, row.progress, row.ending)]


def criterion_words(row: Any) -> str:
    """Code and title of an improvement's criterion."""
    return f"{row.criterion_code} {row.criterion_title}" if row.criterion_code else NO_CRITERION


def paper_of(title: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]], about: str, *, region: str) -> Paper:
    """One table under its headings. title: names the sheet too; about: what its figures mean."""
    table = Block(title, tuple(headings), tuple(Row(tuple(row)) for row in rows))
    return Paper(
        title=title, council="", region=region, created=clock.now(), blocks=(table, Prose(about)), landscape=True
    )


def _day(at: datetime | None) -> date | None:
    return at.astimezone(clock.LONDON).date() if at else None

"""A report on paper: what stands above and below its blocks, as a draft, for the fact check, or issued."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from assessment.models.accreditations import Accreditation
from assessment.models.reports import Report, ReportDraft
from assessment.services.fact_checks import preview_of
from assessment.services.report_blocks import blocks_of
from assessment.services.report_timescales import reading_of
from saas.papers import Block, Facts, Heading, Paper, Prose
from saas.templating import day, fours, moment


def paper_of_draft(accreditation: Accreditation, draft: ReportDraft) -> Paper:
    """The report as it would leave now, marked as a draft; in region scope. Raises Conflict in moderation."""
    said = f"Draft, as saved on {moment(draft.updated_at)} by {draft.updated_by_name}. Only the region sees it."
    return _paper(preview_of(accreditation, draft), said, draft.updated_at, is_draft=True)


def paper_of(report: Report) -> Paper:
    """A version that left the region, word for word."""
    if report.kind == "issued":
        said = f"Issued on {moment(report.opened_at)} by {report.opened_by_name}. It does not change any more."
    else:
        said = (
            f"Version {report.number}, opened to the council for its fact check on {moment(report.opened_at)}."
            f" The council may comment until {day(report.closes_on)}. Nothing is decided yet."
        )
    return _paper(report.document, said, report.opened_at, hash_digits=report.hash)


def name_of(accreditation: Accreditation, report: Report) -> str:
    """The name of its file, without an ending."""
    words = "report" if report.kind == "issued" else f"report, fact check {report.number}"
    return f"{accreditation.council_name} {words}"


def _paper(
    document: Mapping[str, Any], said: str, created: datetime, *, is_draft: bool = False, hash_digits: str = ""
) -> Paper:
    name = "Draft report" if is_draft else "Report"
    ending = (Heading(1, "How to check it"), *_seal(hash_digits)) if hash_digits else ()
    return Paper(
        title=f"{name} on {document['council']}: {document['level']}",
        council=document["council"],
        region=document["region"] or "Region",
        created=created,
        blocks=(Prose(said), *blocks_of(document, reading_of), *ending),
        marking="Draft" if is_draft else "",
        watermark="Draft" if is_draft else "",
    )


def _seal(digits: str) -> tuple[Block, ...]:
    words = "The service keeps this report under its hash. The same hash stands on the report’s page."
    return Prose(words), Facts((("SHA-256", fours(digits)),))

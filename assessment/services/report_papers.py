"""A report on paper: one list of blocks, written as a Word file and as a tagged PDF that say the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from assessment.models.accreditations import Accreditation
from assessment.models.reports import Report, ReportDraft
from assessment.rules.report_blocks import Block, Facts, Heading, Prose, Table, blocks_of
from assessment.services.fact_checks import preview_of
from assessment.services.report_timescales import reading_of
from assessment.services.report_word import write_word
from saas.papers import render_pdf
from saas.prose import parts_of
from saas.templating import day, fours, moment

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
KINDS = {"docx": WORD, "pdf": "application/pdf"}


@dataclass(frozen=True, slots=True)
class Paper:
    """What is written, whatever the kind of file: `blocks` begin with the sentence that says what the paper is."""

    title: str
    council: str
    region: str
    created: datetime
    is_draft: bool
    blocks: tuple[Block, ...]


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


def write(paper: Paper, kind: str) -> bytes:
    """The file. kind: one of KINDS."""
    if kind == "docx":
        return write_word(
            paper.blocks,
            title=paper.title,
            council=paper.council,
            region=paper.region,
            created=paper.created,
            is_draft=paper.is_draft,
        )
    return render_pdf(
        "report",
        {
            "title": paper.title,
            "council": paper.council,
            "region": paper.region,
            "created": paper.created,
            "draft": paper.is_draft,
            "blocks": [_printed(block) for block in paper.blocks],
        },
    )


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
        is_draft=is_draft,
        blocks=(Prose(said), *blocks_of(document, reading_of), *ending),
    )


def _seal(digits: str) -> tuple[Block, ...]:
    words = "The service keeps this report under its hash. The same hash stands on the report’s page."
    return Prose(words), Facts((("SHA-256", fours(digits)),))


def _printed(block: Block) -> dict[str, Any]:
    """A block as the template reads it: prose in parts, cells with their marks."""
    match block:
        case Prose(text):
            return {"kind": "prose", "parts": [asdict(part) for part in parts_of(text)]}
        case Facts(pairs):
            return {
                "kind": "facts",
                "pairs": [[name, [asdict(part) for part in parts_of(value)]] for name, value in pairs],
            }
        case Table(caption, headings, rows):
            marked = [list(row.marked) for row in rows]
            return {"kind": "table", "caption": caption, "headings": list(headings), "rows": marked}
        case Heading(level, text):
            return {"kind": "heading", "level": level, "text": text}

"""What the pages that show a report share: its blocks, and what was said and became of its paragraphs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from assessment.models.accreditations import Accreditation
from assessment.queries.reports import Said, Version, find_draft
from assessment.rules.differences import Piece, compare
from assessment.rules.report_paragraphs import paragraphs_of
from assessment.services.fact_checks import preview_of
from assessment.services.report_blocks import blocks_of
from assessment.services.report_timescales import reading_of

__all__ = ["Standing", "reading_of", "shown", "standing"]


@dataclass(frozen=True, slots=True)
class Standing:
    """What became of a paragraph since it was commented on. words: None once it was taken out."""

    words: str | None
    is_changed: bool
    pieces: tuple[Piece, ...]


def shown(version: Version) -> dict[str, Any]:
    """For templates: `blocks` of the report, `places` (key → where a paragraph stands), `states` (key → what a comment
    may be about), `said` (key → comments)."""
    said: dict[str, list[Said]] = {}
    for each in version.comments:
        said.setdefault(each.comment.paragraph, []).append(each)
    document = version.report.document
    named = paragraphs_of(document)
    return {
        "blocks": blocks_of(document, reading_of),
        "places": {key: paragraph.place for key, paragraph in named.items()},
        "states": {key: paragraph.states for key, paragraph in named.items()},
        "said": said,
    }


def standing(accreditation: Accreditation, version: Version) -> dict[int, Standing]:
    """How the draft says now what the council commented on, by the comment's number; in region scope."""
    draft = find_draft(accreditation.id)
    if draft is None:
        return {}
    now = paragraphs_of(preview_of(accreditation, draft))
    found = {}
    for each in version.unresolved:
        quoted = each.comment.quoted
        if quoted:
            words = now[each.comment.paragraph].words if each.comment.paragraph in now else None
            pieces = compare(quoted, words) if words is not None else ()
            found[each.comment.number] = Standing(words, words != quoted, pieces)
    return found

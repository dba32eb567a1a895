"""The document of a sealed interim return: the award it is about, and every improvement with what is said of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assessment.models.accreditations import Accreditation
from assessment.models.awards import Award
from assessment.models.improvements import ImprovementProgress
from assessment.models.interim import InterimDraft
from assessment.models.submissions import SealRequest
from assessment.queries.frameworks import PublishedFramework
from assessment.queries.improvements import ImprovementLine
from assessment.rules.improvements import ENDING_LABELS, REPLY_LABELS
from assessment.rules.interim import LABELS, WHOLE
from assessment.rules.lateness import days_late
from assessment.rules.sealing import ManifestEntry
from assessment.services.sealed_documents import document_of
from assessment.services.sealed_files import file_id_of
from saas import clock
from saas.db import db, new_id
from saas.templating import standalone
from tenants.models.evidence import Evidence


def lines_of(
    request: SealRequest,
    improvements: Sequence[ImprovementLine],
    drafts: Mapping[int, InterimDraft],
    cited: Mapping[int, Sequence[Evidence]],
) -> list[dict[str, Any]]:
    """The improvements as they stand in the sealed document, by number; of those closed only how they ended."""
    return [_line(request, each, drafts.get(each.improvement.number), cited) for each in improvements]


def interim_document_of(
    request: SealRequest,
    accreditation: Accreditation,
    framework: PublishedFramework,
    number: int,
    award: Award,
    lines: list[dict[str, Any]],
    words: str,
) -> dict[str, Any]:
    """The sealed document; every time in it comes from the request. A return after its day has `late_days`."""
    document = document_of(request, accreditation, framework, number, lines)
    late = days_late(request.asked_at.astimezone(clock.LONDON).date(), award.interim_due_on)
    return {
        **document,
        "signatures": [],
        "plan": None,
        "words": words,
        "award": {
            "certificate_number": award.certificate_number,
            "awarded_on": award.awarded_on.isoformat(),
            "interim_due_on": award.interim_due_on.isoformat() if award.interim_due_on else None,
            "valid_to_on": award.valid_to_on.isoformat(),
        },
        **({"late_days": late} if late else {}),
    }


def interim_page_of(document: dict[str, Any], entries: Sequence[ManifestEntry]) -> str:
    """`index.html` of the archive: every improvement, with links to the files beside it."""
    return standalone(
        "assessment/interim/archive.html",
        document=document,
        files={entry.file_id: entry for entry in entries},
        entries=entries,
    )


def keep_progress(
    request: SealRequest, improvements: Sequence[ImprovementLine], drafts: Mapping[int, InterimDraft]
) -> None:
    """What the return says of an improvement is its newest progress, which the region can verify."""
    for line in improvements:
        each, draft = line.improvement, drafts.get(line.improvement.number)
        if line.is_closed or draft is None or each.number == WHOLE or draft.state in ("", "not_begun"):
            continue
        db.session.add(
            ImprovementProgress(
                council_id=each.council_id,
                id=new_id(),
                region_id=each.region_id,
                accreditation_id=each.accreditation_id,
                improvement_id=each.id,
                state=draft.state,
                words=draft.words,
                reported_at=clock.now(),
                reported_by=request.asked_by,
                reported_by_name=request.asked_by_name,
            )
        )
    db.session.flush()


def _line(
    request: SealRequest, line: ImprovementLine, draft: InterimDraft | None, cited: Mapping[int, Sequence[Evidence]]
) -> dict[str, Any]:
    each = line.improvement
    said = None if line.is_closed else draft
    return {
        "number": each.number,
        "action": each.action,
        "criterion_code": each.criterion_code,
        "timescale": each.timescale,
        "mandatory": each.mandatory,
        "reply": REPLY_LABELS[line.reply.answer] if line.reply else "",
        "ending": ENDING_LABELS[each.ending] if each.ending else "",
        "state": said.state if said else "",
        "state_label": LABELS.get(said.state, "") if said else "",
        "words": said.words if said else "",
        "carried": None,
        "evidence": [_citation(request, item) for item in cited.get(each.number, ())] if said else [],
    }


def _citation(request: SealRequest, evidence: Evidence) -> dict[str, Any]:
    return {
        "title": evidence.title,
        "file_id": str(file_id_of(request, evidence)) if evidence.kind == "file" else None,
        "filename": evidence.filename,
        "sha256": evidence.sha256,
        "url": evidence.url,
        "speaks_for_on": evidence.speaks_for_on.isoformat() if evidence.speaks_for_on else None,
    }

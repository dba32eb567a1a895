"""The cycle before: what the same council answered last time, what the report said, and what is still open."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from assessment.models.accreditations import Accreditation
from assessment.models.frameworks import Requirement
from assessment.models.improvements import Improvement, Reply
from assessment.models.reports import Report
from assessment.models.submissions import Submission, SubmissionAnswer
from assessment.queries.frameworks import PublishedFramework, get_framework
from assessment.rules.carrying import forebears
from saas.db import db


@dataclass(frozen=True, slots=True)
class Earlier:
    """The last submission a council sealed in an earlier accreditation."""

    submission_id: UUID
    number: int
    sealed_at: datetime
    accreditation: Accreditation


def find_earlier(council_id: UUID, *, before: datetime | None = None) -> Earlier | None:
    """The last sealed submission of a council, of accreditations that began before a moment (None: of any)."""
    wanted = (
        select(Submission.id, Submission.number, Submission.sealed_at, Accreditation)
        .join(
            Accreditation,
            (Accreditation.council_id == Submission.council_id) & (Accreditation.id == Submission.accreditation_id),
        )
        .where(Submission.council_id == council_id, Submission.kind == "readiness")
    )
    if before is not None:
        wanted = wanted.where(Accreditation.committed_at < before)
    found = db.session.execute(
        wanted.order_by(Accreditation.committed_at.desc(), Submission.number.desc()).limit(1)
    ).one_or_none()
    return Earlier(*found) if found else None


def previous_answers(accreditation: Accreditation) -> dict[UUID, dict[str, Any]]:
    """By requirement id of this accreditation: what the last sealed cycle of the council holds of it.

    Each is {"framework", "level", "sealed_on", "answers", "improvements"}: `answers` are {"code", "title", "judgement",
    "judgement_label", "narrative", "report"} (several where the framework's crosswalk joins requirements; `report` is
    the issued report's sentence or ""), `improvements` those still open, {"number", "action", "reply"}.
    Empty when this is the council's first cycle.
    """
    sealed = find_earlier(accreditation.council_id, before=accreditation.committed_at)
    if sealed is None:
        return {}
    earlier = sealed.accreditation
    theirs, ours = get_framework(earlier.framework_id), get_framework(accreditation.framework_id)
    said = _report_words(earlier)
    answers = {
        row.requirement_id: row
        for row in db.session.scalars(
            select(SubmissionAnswer).where(SubmissionAnswer.submission_id == sealed.submission_id)
        )
    }
    improvements = _open_improvements(earlier)
    found = {}
    for requirement in ours.tree.requirements_of(accreditation.level):
        before = [theirs.ids[code] for code in forebears(requirement.code, ours.tree, theirs.tree)]
        lines = [_answer(theirs, answers[each], said) for each in before if each in answers]
        if lines:
            found[ours.ids[requirement.code]] = {
                "framework": theirs.tree.title,
                "level": theirs.tree.level(earlier.level).title,
                "sealed_on": sealed.sealed_at.date().isoformat(),
                "answers": lines,
                "improvements": [line for each in before for line in improvements[each]],
            }
    return found


def _answer(theirs: PublishedFramework, row: SubmissionAnswer, said: dict[str, str]) -> dict[str, Any]:
    requirement = theirs.requirement(row.requirement_id)
    return {
        "code": requirement.code,
        "title": requirement.title,
        "judgement": row.judgement,
        "judgement_label": theirs.tree.step(row.judgement).label,
        "narrative": row.narrative,
        "report": said.get(requirement.code, ""),
    }


def _report_words(earlier: Accreditation) -> dict[str, str]:
    """The issued report's words by requirement code."""
    document = db.session.scalar(
        select(Report.document)
        .where(Report.council_id == earlier.council_id, Report.accreditation_id == earlier.id, Report.kind == "issued")
        .order_by(Report.number.desc())
        .limit(1)
    )
    return words_of_report(document or {})


def words_of_report(document: dict[str, Any]) -> dict[str, str]:
    """By requirement code: the agreed judgement and the reason, where the report has them."""
    return {
        line["code"]: ". ".join(part for part in (line["words"], line["reason"]) if part)
        for criterion in document.get("criteria", [])
        for line in criterion["judgements"]
    }


def _open_improvements(earlier: Accreditation) -> dict[UUID, list[dict[str, Any]]]:
    """Improvements the region has not ended, by requirement id; one about a criterion stands under each of it."""
    newest = (
        select(Reply.answer)
        .where(Reply.council_id == Improvement.council_id, Reply.improvement_id == Improvement.id)
        .order_by(Reply.replied_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Improvement.number, Improvement.action, newest.label("reply"), Requirement.id)
        .join(
            Requirement,
            (Requirement.framework_id == earlier.framework_id)
            & (
                (Requirement.id == Improvement.requirement_id)
                | (Improvement.requirement_id.is_(None) & (Requirement.criterion_code == Improvement.criterion_code))
            ),
        )
        .where(
            Improvement.council_id == earlier.council_id,
            Improvement.accreditation_id == earlier.id,
            Improvement.ending.is_(None),
        )
        .order_by(Improvement.number)
    )
    found: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row.id].append({"number": row.number, "action": row.action, "reply": row.reply})
    return found

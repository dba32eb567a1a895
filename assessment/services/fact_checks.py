"""The fact check: versions opened to the council, what it says of their facts, and the region's answers."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from assessment.models.accreditations import Accreditation
from assessment.models.reports import Report, ReportComment, ReportCommentAnswer, ReportDraft
from assessment.queries.accreditations import get_accreditation, process_of
from assessment.queries.frameworks import get_framework
from assessment.queries.reports import find_draft, find_newest, list_versions
from assessment.rules import reports, sealing
from assessment.rules.stages import LABELS, Stage, Verb, may_comment_on_report, may_open_fact_check
from assessment.rules.working_days import working_days_after
from assessment.services.accreditations import move
from assessment.services.reports import judged_by_code
from saas import clock, events
from saas.db import db, new_id, turning
from saas.errors import Conflict, Invalid, NotFound
from saas.tenancy import Actor
from tenants.models.councils import Region


def closing_day(accreditation: Accreditation) -> date:
    """The last day on which the council may comment on a version opened today."""
    process = process_of(accreditation)
    return working_days_after(clock.today(), process.fact_check_days, process.nation)


def open_fact_check(accreditation_id: UUID, *, by: Actor, version: int) -> Report:
    """Copy the draft as it was seen (`version`) for the council to check its facts, or again as a new version.

    Raises Conflict out of turn, when the draft was changed since, or when nothing differs from the version that is
    open; Invalid (FORM) with what the draft still lacks.
    """
    accreditation = get_accreditation(accreditation_id, lock=True)
    stage = Stage(accreditation.stage)
    again = may_comment_on_report(stage)
    if not again and not may_open_fact_check(stage):
        raise Conflict(f"The fact check cannot be opened at the stage “{LABELS[stage]}”.")
    draft = find_draft(accreditation_id, lock=True)
    if draft is None:
        raise NotFound
    if draft.version != version:
        raise Conflict(f"{draft.updated_by_name} changed the report after you opened this page.", theirs=draft)
    document = document_of(accreditation, draft)
    earlier = find_newest(accreditation_id, "fact_check")
    if earlier is not None and reports.same_words(earlier.document, document):
        raise Conflict(f"The report says the same as version {earlier.number}, which the council has.")
    closes_on = closing_day(accreditation)
    report = add_report(
        accreditation,
        document,
        kind="fact_check",
        number=earlier.number + 1 if earlier else 1,
        closes_on=closes_on,
        by=by,
    )
    payload: dict[str, Any] = {"number": report.number, "closes_on": closes_on.isoformat()}
    events.record("report.fact_check_opened", report, by=by, audience="shared", payload=payload)
    if again:
        accreditation.next_due_on = closes_on
    else:
        move(accreditation, Verb.OPEN_FACT_CHECK, by=by, next_due_on=closes_on)
    return report


def document_of(
    accreditation: Accreditation, draft: ReportDraft, result: dict[str, Any] | None = None
) -> dict[str, Any]:
    """The report as it would leave now. Raises Invalid (FORM) with what the draft lacks."""
    lacking = reports.problems(draft.summary, draft.improvements)
    if lacking:
        raise Invalid({"_form": lacking})
    framework = get_framework(accreditation.framework_id)
    judged = judged_by_code(accreditation, framework)
    region = db.session.scalar(select(Region.name).where(Region.id == accreditation.region_id))
    return reports.document(
        framework.tree,
        accreditation.level,
        judged,
        council=accreditation.council_name,
        region=region or "",
        cycle=accreditation.cycle,
        summary=draft.summary,
        strengths=draft.strengths,
        improvements=draft.improvements,
        result=result,
    )


def add_report(
    accreditation: Accreditation,
    document: dict[str, Any],
    *,
    kind: str,
    number: int,
    closes_on: date | None,
    by: Actor,
) -> Report:
    """Keep a version for good, with the SHA-256 of its canonical JSON."""
    report = Report(
        council_id=accreditation.council_id,
        id=new_id(),
        region_id=accreditation.region_id,
        accreditation_id=accreditation.id,
        kind=kind,
        number=number,
        document=document,
        hash=hashlib.sha256(sealing.canonical_json(document)).hexdigest(),
        opened_at=clock.now(),
        closes_on=closes_on,
        opened_by_name=by.name,
    )
    db.session.add(report)
    db.session.flush()
    return report


def comment(accreditation_id: UUID, report_id: UUID, *, has_none: bool, words: str, by: Actor) -> ReportComment:
    """The council's one comment on a version, or that it has none (`words` then stay empty).

    Raises Conflict for a version that is no longer open or has its comment, Invalid (words).
    """
    accreditation = get_accreditation(accreditation_id, share=True)
    versions = list_versions(accreditation_id)
    report = next((each.report for each in versions if each.report.id == report_id), None)
    if report is None:
        raise NotFound
    if not may_comment_on_report(Stage(accreditation.stage)) or report.kind != "fact_check":
        raise Conflict("The fact check is over: nothing more can be said of this report.")
    if report.id != versions[0].report.id:
        raise Conflict("The region has opened a newer version. Read that one and comment on it.")
    if report.closes_on is not None and clock.today() > report.closes_on:
        raise Conflict(f"The fact check closed on {report.closes_on.day} {report.closes_on:%B %Y}.")
    if not has_none and not words.strip():
        raise Invalid({"words": ["Enter what is factually wrong, or say that you have no comments"]})
    said = ReportComment(
        council_id=report.council_id,
        id=new_id(),
        region_id=report.region_id,
        accreditation_id=accreditation_id,
        report_id=report.id,
        has_none=has_none,
        words="" if has_none else words,
        commented_at=clock.now(),
        commented_by=by.id,
        commented_by_name=by.name,
    )
    late = "Your council has commented on this version already."
    with turning("uq_report_comments_council_id_report_id_number", lambda: Conflict(late)):
        db.session.add(said)
    payload = {"number": report.number, "has_none": has_none}
    events.record("report.commented", said, by=by, audience="shared", payload=payload)
    return said


def answer_comment(accreditation_id: UUID, comment_id: UUID, *, words: str, by: Actor) -> ReportCommentAnswer:
    """The region's answer resolves a comment. Raises NotFound, Invalid (words), Conflict when it has one."""
    accreditation = get_accreditation(accreditation_id, share=True)
    asked = next(
        (each for each in list_versions(accreditation_id) if each.comment and each.comment.id == comment_id), None
    )
    if asked is None:
        raise NotFound
    if not may_comment_on_report(Stage(accreditation.stage)):
        raise Conflict("The fact check is over.")
    if not words.strip():
        raise Invalid({"words": ["Enter your answer to the council"]})
    answered = ReportCommentAnswer(
        council_id=accreditation.council_id,
        id=new_id(),
        region_id=accreditation.region_id,
        accreditation_id=accreditation_id,
        comment_id=comment_id,
        words=words,
        answered_at=clock.now(),
        answered_by_name=by.name,
    )
    late = "This comment was answered already."
    with turning("uq_report_comment_answers_council_id_comment_id", lambda: Conflict(late)):
        db.session.add(answered)
    events.record("report.comment_answered", answered, by=by, audience="shared", payload={})
    return answered

"""The fact check: versions opened to the council, what it says of their facts, and the region's answers."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from assessment.models.accreditations import Accreditation
from assessment.models.reports import Report, ReportComment, ReportCommentAnswer, ReportDraft
from assessment.queries.accreditations import get_accreditation, process_of
from assessment.queries.assignments import list_empty_places, list_interests
from assessment.queries.frameworks import get_framework
from assessment.queries.reports import count_clarifications, find_draft, find_newest, list_versions
from assessment.rules import reports, sealing, teams
from assessment.rules.report_paragraphs import paragraphs_of
from assessment.rules.report_words import interest_words
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
    if list_empty_places(accreditation):
        raise Conflict(teams.INCOMPLETE)
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
    lacking = reports.problems(draft.summary, draft.improvements, draft.good_practice)
    if lacking:
        raise Invalid({"_form": lacking})
    return preview_of(accreditation, draft, result)


def preview_of(
    accreditation: Accreditation, draft: ReportDraft, result: dict[str, Any] | None = None
) -> dict[str, Any]:
    """The report as it would read now, finished or not; in region scope."""
    framework = get_framework(accreditation.framework_id)
    judged = judged_by_code(accreditation, framework)
    region = db.session.scalar(select(Region.name).where(Region.id == accreditation.region_id))
    before = find_newest(accreditation.id, "fact_check")
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
        good_practice=draft.good_practice,
        around=reports.Around(team_of(accreditation.id), asdict(count_clarifications(accreditation.id))),
        before=before.document if before is not None else None,
        result=result,
    )


def team_of(accreditation_id: UUID) -> list[dict[str, str]]:
    """Everybody who was ever asked to assess, and what became of it; what was declared stays in the region's files."""
    return [
        {
            "name": each.name,
            "capacity": teams.LABELS[each.capacity],
            "home_council": each.home_council,
            "interest": interest_words(
                each.interest,
                scores=each.duty == "scorer",
                declared_on=_day(each.declared_at),
                conflicted_on=_day(each.conflicted_at),
                left_on=_day(each.withdrawn_at),
            ),
        }
        for each in list_interests(accreditation_id)
    ]


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


def comment(
    accreditation_id: UUID, report_id: UUID, *, has_none: bool, words: str, by: Actor, paragraph: str = ""
) -> ReportComment:
    """One comment of the council on a version; or, with `has_none`, that there is nothing (more) to correct.

    paragraph: its key in the version's document, "" for the report as a whole; its words are kept as quoted.
    Raises Conflict for a version that is no longer open or whose check the council has ended, Invalid (words),
    NotFound for another's version, and for a paragraph that is not in it or is a judgement without a reason.
    """
    accreditation = get_accreditation(accreditation_id, share=True)
    versions = list_versions(accreditation_id)
    version = next((each for each in versions if each.report.id == report_id), None)
    if version is None:
        raise NotFound
    report = version.report
    if not may_comment_on_report(Stage(accreditation.stage)) or report.kind != "fact_check":
        raise Conflict("The fact check is over: nothing more can be said of this report.")
    if report.id != versions[0].report.id:
        raise Conflict("The region has opened a newer version. Read that one and comment on it.")
    if report.closes_on is not None and clock.today() > report.closes_on:
        raise Conflict(f"The fact check closed on {report.closes_on.day} {report.closes_on:%B %Y}.")
    if version.closing is not None:
        raise Conflict(f"{version.closing.commented_by_name} has ended the fact check of this version already.")
    named = paragraphs_of(report.document)
    if paragraph and (paragraph not in named or named[paragraph].states == "nothing"):
        raise NotFound
    if not has_none and not words.strip():
        raise Invalid({"words": ["Enter what is factually wrong and what is right."]})
    said = ReportComment(
        council_id=report.council_id,
        id=new_id(),
        region_id=report.region_id,
        accreditation_id=accreditation_id,
        report_id=report.id,
        number=len(version.said) + 1,
        paragraph="" if has_none else paragraph,
        quoted=named[paragraph].words if paragraph and not has_none else "",
        has_none=has_none,
        words="" if has_none else words,
        commented_at=clock.now(),
        commented_by=by.id,
        commented_by_name=by.name,
    )
    late = "Somebody else of your council commented at the same moment. Read what they wrote and send yours again."
    with turning("uq_report_comments_council_id_report_id_number", lambda: Conflict(late)):
        db.session.add(said)
    payload = {"number": report.number, "has_none": has_none, "comments": len(version.comments)}
    events.record("report.commented", said, by=by, audience="shared", payload=payload)
    return said


def answer_comment(
    accreditation_id: UUID, comment_id: UUID, *, words: str, by: Actor, changed: bool = False
) -> ReportCommentAnswer:
    """The region's answer resolves a comment; `changed` says whether the report was changed for it.

    Raises NotFound, Invalid (words: a report that stays as it is needs a reason), Conflict when it has an answer.
    """
    accreditation = get_accreditation(accreditation_id, share=True)
    known = {each.comment.id for version in list_versions(accreditation_id) for each in version.comments}
    if comment_id not in known:
        raise NotFound
    if not may_comment_on_report(Stage(accreditation.stage)):
        raise Conflict("The fact check is over.")
    if not changed and not words.strip():
        raise Invalid({"words": ["Enter why the report stays as it is."]})
    answered = ReportCommentAnswer(
        council_id=accreditation.council_id,
        id=new_id(),
        region_id=accreditation.region_id,
        accreditation_id=accreditation_id,
        comment_id=comment_id,
        words=words,
        changed=changed,
        answered_at=clock.now(),
        answered_by_name=by.name,
    )
    late = "This comment was answered already."
    with turning("uq_report_comment_answers_council_id_comment_id", lambda: Conflict(late)):
        db.session.add(answered)
    events.record("report.comment_answered", answered, by=by, audience="shared", payload={"changed": changed})
    return answered


def _day(moment: datetime | None) -> date | None:
    return moment.astimezone(clock.LONDON).date() if moment else None

"""The statement that asks what is known of accreditations: one row for each, every fact a column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, literal, or_, select
from sqlalchemy.orm import aliased

from assessment.models.accreditations import Accreditation
from assessment.models.answers import Answer
from assessment.models.appeals import Appeal, AppealDecision
from assessment.models.assignments import Assignment
from assessment.models.awards import Award, Decision
from assessment.models.clarifications import Clarification
from assessment.models.frameworks import Framework
from assessment.models.improvements import Improvement, ImprovementProgress, Reply
from assessment.models.releases import Release, ReleaseItem
from assessment.models.reports import Report, ReportComment, ReportCommentAnswer
from assessment.models.scores import Moderation
from assessment.models.signings import SignatureRequest, Signing
from assessment.models.submissions import SealRequest, Submission, SubmissionDecision
from assessment.models.visits import Visit, VisitPeople
from assessment.queries.chair_confirmations import chair_asked, unconfirmed
from assessment.queries.decisions import stands
from assessment.queries.late import is_late, unanswered
from assessment.queries.moderations import standing
from assessment.queries.releases import OF_RELEASE
from assessment.rules.stages import BEFORE_DECISION, Stage
from saas import clock


def wanted() -> Any:
    """One row for each accreditation; what the scope may not see counts as nothing."""
    newest = _newest(Submission, Submission.sealed_at)
    report = _newest(Report, Report.opened_at)
    award = _newest(Award, Award.awarded_on)
    commented = _exists(ReportComment, ReportComment.report_id == report.id, ReportComment.has_none)
    answered = exists().where(
        ReportCommentAnswer.council_id == ReportComment.council_id,
        ReportCommentAnswer.comment_id == ReportComment.id,
    )
    waits = _exists(ReportComment, ReportComment.report_id == report.id, ~ReportComment.has_none, ~answered)
    to_be_sent = [Signing.about == "readiness", Signing.used_at.is_(None), Signing.called_off_at.is_(None)]
    current = [Assignment.withdrawn_at.is_(None), Assignment.duty == "scorer"]
    team = [Assignment.withdrawn_at.is_(None)]
    return (
        select(
            Accreditation,
            award,
            Framework.title,
            Framework.version,
            newest.id.label("submission_id"),
            newest.kind.label("sent"),
            newest.sealed_at,
            SubmissionDecision.outcome.label("sent_outcome"),
            SubmissionDecision.decided_at.label("sent_decided_at"),
            _exists(SealRequest, SealRequest.done_at.is_(None), SealRequest.failed_at.is_(None)).label("sealing"),
            _exists(Signing, *to_be_sent, Signing.complete_at.is_(None)).label("signing"),
            _exists(Signing, *to_be_sent, Signing.complete_at.is_not(None)).label("signed"),
            _signatures(*to_be_sent).label("signatures"),
            unconfirmed().label("unconfirmed"),
            chair_asked().label("chair_asked"),
            _standings().label("standings"),
            _count(Assignment, *current).label("scorers"),
            _count(Assignment, *team, Assignment.interest == "conflict").label("conflicts"),
            _count(Assignment, *current, Assignment.submitted_at.is_not(None)).label("submitted"),
            _lead().label("lead"),
            report.closes_on.label("report_closes_on"),
            and_(report.kind == "fact_check", commented).label("commented"),
            and_(report.kind == "fact_check", waits).label("comment_waits"),
            _exists(Decision, stands()).correlate(Accreditation).label("decided"),
            _count(Improvement, *_unreplied()).label("replies_missing"),
            _of(Improvement, func.min(Improvement.reply_due_on), *_unreplied()).label("reply_due_on"),
            _to_verify().label("to_verify"),
            _later().label("later_id"),
            _count(Assignment, Assignment.withdrawn_at.is_(None), Assignment.duty == "lead").label("leads"),
            _count(Assignment, *current, Assignment.declared_at.is_(None)).label("undeclared"),
            _of(Moderation, func.count(Moderation.requirement_id.distinct()), *standing()).label("judged"),
            _count(Clarification, *unanswered()).label("questions"),
            _of(Clarification, func.min(Clarification.due_on), *unanswered()).label("question_due_on"),
            _appealed().label("appealed"),
            _interim_waits().label("interim_waits"),
            _of(ReportComment, func.max(ReportComment.commented_at), ReportComment.report_id == report.id)
            .correlate(Accreditation, report)
            .label("commented_at"),
            _of(Appeal, func.max(Appeal.lodged_at)).label("appealed_at"),
            case((report.kind == "issued", report.opened_at)).label("issued_at"),
            _first_released().label("first_released"),
            is_late().label("late"),
            _stayed_back().label("stayed_back"),
            _of(Assignment, func.jsonb_object_agg(Assignment.user_id, Assignment.duty)).label("duties"),
            _of(Decision, func.array_agg(Decision.decided_by), Decision.decided_by.is_not(None)).label("deciders"),
            _of(Visit, Visit.held_on, *_to_come()).label("visit_on"),
            _of(VisitPeople, func.jsonb_build_object("people", VisitPeople.people, "groups", VisitPeople.groups)).label(
                "visit_people"
            ),
        )
        .join(Framework, Framework.id == Accreditation.framework_id)
        .outerjoin(newest, literal(True))
        .outerjoin(
            SubmissionDecision,
            and_(
                SubmissionDecision.council_id == Accreditation.council_id,
                SubmissionDecision.submission_id == newest.id,
            ),
        )
        .outerjoin(report, literal(True))
        .outerjoin(award, literal(True))
    )


def to_watch() -> ColumnElement[bool]:
    """Of an accreditation: it is under way, late, or has something open after the decision."""
    under_way = Accreditation.stage.in_([stage.value for stage in BEFORE_DECISION])
    runs = _exists(Award, Award.ending.is_(None), Award.grace_to_on >= clock.today())
    unreplied = _exists(Improvement, *_unreplied())
    return or_(under_way, runs, unreplied, _to_verify() > 0, _appealed(), is_late())


def _standings() -> Any:
    """What counting the judged answers needs of each; a scope that sees no drafts has none."""
    of_each = func.jsonb_build_object(
        "requirement", Answer.requirement_id,
        "judgement", Answer.judgement,
        "reasoned", func.trim(Answer.not_applicable_reason) != "",
        "carried", Answer.carried.is_not(None) | Answer.imported.is_not(None),
        "confirmed", Answer.confirmed_at.is_not(None),
    )  # fmt: skip
    return _of(Answer, func.jsonb_agg(of_each), Answer.judgement.is_not(None))


def _mine(model: Any) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return model.council_id == Accreditation.council_id, model.accreditation_id == Accreditation.id


def _newest(model: Any, at: Any) -> Any:
    """The newest row of a model that belongs to the accreditation, to be joined sideways."""
    newest = select(model).where(*_mine(model)).order_by(at.desc(), model.id.desc()).limit(1)
    return aliased(model, newest.correlate(Accreditation).lateral(), name=f"newest_{model.__tablename__}")


def _of(model: Any, what: Any, *conditions: Any) -> Any:
    return select(what).where(*_mine(model), *conditions).correlate(Accreditation).scalar_subquery()


def _count(model: Any, *conditions: Any) -> Any:
    return _of(model, func.count(), *conditions)


def _exists(model: Any, *conditions: Any) -> Any:
    return exists().where(*_mine(model), *conditions)


def _unreplied() -> Sequence[ColumnElement[bool]]:
    replied = exists().where(Reply.council_id == Improvement.council_id, Reply.improvement_id == Improvement.id)
    return Improvement.ending.is_(None), ~replied


def _appealed() -> Any:
    """Whether an appeal waits to be decided."""
    decided = exists().where(
        AppealDecision.council_id == Appeal.council_id,
        AppealDecision.appeal_id == Appeal.id,
    )
    return _exists(Appeal, Appeal.ended_at.is_(None), ~decided)


def _lead() -> Any:
    lead = (Assignment.withdrawn_at.is_(None), Assignment.duty == "lead")
    return _of(Assignment, func.string_agg(Assignment.name, ", "), *lead)


def _signatures(*current: ColumnElement[bool]) -> Any:
    """How many offices have signed what is with those who sign, by the conditions of that signing."""
    signed = or_(SignatureRequest.signed_at.is_not(None), SignatureRequest.paper_signed_on.is_not(None))
    of_it = _exists(Signing, Signing.id == SignatureRequest.signing_id, *current).correlate(
        Accreditation, SignatureRequest
    )
    return _count(SignatureRequest, SignatureRequest.ended_at.is_(None), signed, of_it)


def _later() -> Any:
    """The accreditation of the same level to which the council committed once more, while it is on its way."""
    later = aliased(Accreditation)
    return (
        select(later.id)
        .where(
            later.council_id == Accreditation.council_id,
            later.level == Accreditation.level,
            later.committed_at > Accreditation.committed_at,
            later.stage.in_([stage.value for stage in BEFORE_DECISION]),
        )
        .order_by(later.committed_at.desc(), later.id)
        .limit(1)
        .correlate(Accreditation)
        .scalar_subquery()
    )


def _first_released() -> Any:
    """When and with what result the outcome came out first: the term of an appeal runs from that day."""
    first = func.jsonb_build_object("at", Report.opened_at, "result", Report.document["result"])
    wanted = select(first).where(*_mine(Report), Report.kind == "issued").order_by(Report.number).limit(1)
    return wanted.correlate(Accreditation).scalar_subquery()


def _to_come() -> Sequence[ColumnElement[bool]]:
    return Visit.state.in_(("planned", "invited")), Visit.held_on >= clock.today()


def _to_verify() -> Any:
    """How many improvements the council reported complete last, and the region has not ended."""
    newest = (
        select(ImprovementProgress.state)
        .where(
            ImprovementProgress.council_id == Improvement.council_id,
            ImprovementProgress.improvement_id == Improvement.id,
        )
        .order_by(ImprovementProgress.reported_at.desc(), ImprovementProgress.id.desc())
        .limit(1)
        .correlate(Improvement)
        .scalar_subquery()
    )
    return _count(Improvement, Improvement.ending.is_(None), newest == "claimed_complete")


def _interim_waits() -> Any:
    """Whether an interim return is with the region, which has not decided on it."""
    decided = exists().where(
        SubmissionDecision.council_id == Submission.council_id, SubmissionDecision.submission_id == Submission.id
    )
    return _exists(Submission, Submission.kind == "interim", ~decided)


def _stayed_back() -> Any:
    """Why the outcome that is decided stayed back at the time last set for it; NULL or "" where it did not."""
    newest = (
        select(ReleaseItem.failure)
        .join(Release, OF_RELEASE)
        .join(Decision, and_(Decision.council_id == ReleaseItem.council_id, Decision.id == ReleaseItem.decision_id))
        .where(*_mine(ReleaseItem), stands(), Accreditation.stage == Stage.FACT_CHECK)
        .order_by(Release.set_at.desc(), Release.id.desc())
        .limit(1)
    )
    return newest.correlate(Accreditation).scalar_subquery()

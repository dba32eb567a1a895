"""Everything that is known of accreditations at a glance, in one statement for any number of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, exists, func, literal, or_, select
from sqlalchemy.orm import aliased

from assessment.models.accreditations import Accreditation
from assessment.models.answers import Answer
from assessment.models.appeals import Appeal, AppealDecision
from assessment.models.assignments import Assignment
from assessment.models.awards import Award, Decision
from assessment.models.clarifications import Clarification, ClarificationAnswer
from assessment.models.frameworks import Framework
from assessment.models.improvements import Improvement, ImprovementProgress, Reply
from assessment.models.reports import Report, ReportComment, ReportCommentAnswer
from assessment.models.scores import Moderation
from assessment.models.signings import SignatureRequest, Signing
from assessment.models.submissions import SealRequest, Submission, SubmissionDecision
from assessment.models.visits import Visit, VisitPeople
from assessment.queries.accreditations import of_open_council, process_of
from assessment.queries.decisions import stands
from assessment.queries.frameworks import PublishedFramework, get_framework
from assessment.queries.moderations import standing
from assessment.rules import appeals, interim
from assessment.rules.answering import Progress, Standing, progress_of
from assessment.rules.clarifications import OPEN as QUESTIONS_OPEN
from assessment.rules.processes import DEFAULT
from assessment.rules.stages import BEFORE_DECISION, DECIDED, Stage, may_lapse
from assessment.rules.visits import missing_groups
from assessment.rules.waiting import Facts
from saas import clock
from saas.db import db
from saas.errors import NotFound


@dataclass(frozen=True, slots=True)
class Case:
    """An accreditation with its facts, its award if it led to one, and its newest submission.

    later_id: the accreditation under way to which the council committed after this one.
    """

    accreditation: Accreditation
    framework_title: str
    framework_version: str
    level_title: str
    award: Award | None
    submission_id: UUID | None
    lead: str | None
    facts: Facts
    later_id: UUID | None


def list_cases_of_council(council_id: UUID) -> list[Case]:
    """Every accreditation of a council, newest first."""
    return _cases(Accreditation.council_id == council_id)


def list_cases_to_watch(region_id: UUID) -> list[Case]:
    """A region's accreditations that may need somebody: under way, or with something open after the decision.

    Open are improvements without a reply or to verify, an interim return, an appeal, and an award that still runs.
    Oldest stage first; one statement, however many there are.
    """
    under_way = Accreditation.stage.in_([stage.value for stage in BEFORE_DECISION])
    runs = _exists(Award, Award.ending.is_(None), Award.grace_to_on >= clock.today())
    unreplied = _exists(Improvement, *_unreplied())
    found = _cases(
        and_(Accreditation.region_id == region_id, or_(under_way, runs, unreplied, _to_verify() > 0, _appealed()))
    )
    return sorted(found, key=lambda case: case.accreditation.stage_since)


def get_case(accreditation_id: UUID) -> Case:
    """One accreditation, in any scope that sees it; raises NotFound."""
    found = _cases(and_(Accreditation.id == accreditation_id, of_open_council()))
    if not found:
        raise NotFound
    return found[0]


def _cases(condition: ColumnElement[bool]) -> list[Case]:
    rows = db.session.execute(_wanted().where(condition).order_by(Accreditation.committed_at.desc())).all()
    return [_case(row) for row in rows]


def _case(row: Any) -> Case:
    accreditation: Accreditation = row.Accreditation
    published = get_framework(accreditation.framework_id)
    framework = published.tree
    progress = _progress(published, accreditation.level, row.standings or [])
    award: Award | None = row.newest_awards
    visit_on = row.visit_on if Stage(accreditation.stage) in BEFORE_DECISION else None
    named = row.visit_people or {"people": [], "groups": []}
    facts = Facts(
        stage=Stage(accreditation.stage),
        next_due_on=accreditation.next_due_on,
        answered=progress.done,
        to_answer=progress.total,
        plan_step=bool(accreditation.process["plan_approval"]),
        sent=row.sent or "",
        sent_outcome=row.sent_outcome,
        sealing=row.sealing,
        signing=row.signing,
        signed=row.signed,
        signatures=row.signatures,
        scorers=row.scorers,
        conflicts=row.conflicts,
        submitted=row.submitted,
        report_closes_on=row.report_closes_on,
        commented=row.commented or False,
        comment_waits=row.comment_waits or False,
        decided=row.decided,
        replies_missing=row.replies_missing,
        reply_due_on=row.reply_due_on,
        to_verify=row.to_verify,
        reassessment_opens_on=award.reassessment_opens_on if award else None,
        valid_to_on=award.valid_to_on if award else None,
        award_ended=award is not None and award.ending is not None,
        begun_again=row.later_id is not None,
        empty_places=_empty_places(accreditation, row.scorers, row.leads),
        undeclared=row.undeclared,
        judged=row.judged,
        to_judge=len(framework.requirements_of(accreditation.level)),
        questions=row.questions,
        question_due_on=row.question_due_on,
        appealed=row.appealed,
        interim_opens_on=_interim_opens_on(accreditation, award),
        interim_due_on=award.interim_due_on if award else None,
        interim_waits=row.interim_waits,
        interim_reviewed=award is not None and award.interim_reviewed_on is not None,
        past_deadline=_past_deadline(accreditation),
        sent_on=_day(row.sealed_at),
        answered_on=_day(row.sent_decided_at),
        commented_on=_day(row.commented_at),
        appealed_on=_day(row.appealed_at),
        released_on=_day(row.issued_at),
        appeal_by=_appeal_by(accreditation, award, row),
        visit_on=visit_on,
        visit_missing=missing_groups(named["groups"], named["people"]) if visit_on else (),
        visit_unnamed=visit_on is not None and not named["people"],
    )
    level_title = framework.level(accreditation.level).title
    about = (accreditation, row.title, row.version, level_title)
    return Case(*about, award, row.submission_id, row.lead, facts, row.later_id)


def _wanted() -> Any:
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
            _count(Clarification, *_unanswered()).label("questions"),
            _of(Clarification, func.min(Clarification.due_on), *_unanswered()).label("question_due_on"),
            _appealed().label("appealed"),
            _interim_waits().label("interim_waits"),
            _of(ReportComment, func.max(ReportComment.commented_at), ReportComment.report_id == report.id)
            .correlate(Accreditation, report)
            .label("commented_at"),
            _of(Appeal, func.max(Appeal.lodged_at)).label("appealed_at"),
            case((report.kind == "issued", report.opened_at)).label("issued_at"),
            _first_released().label("first_released"),
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


def _standings() -> Any:
    """What counting the judged answers needs of each; a scope that sees no drafts has none."""
    of_each = func.jsonb_build_object(
        "requirement", Answer.requirement_id,
        "judgement", Answer.judgement,
        "reasoned", func.trim(Answer.not_applicable_reason) != "",
        "carried", Answer.carried.is_not(None),
        "confirmed", Answer.confirmed_at.is_not(None),
    )  # fmt: skip
    return _of(Answer, func.jsonb_agg(of_each), Answer.judgement.is_not(None))


def _progress(framework: PublishedFramework, level: str, found: Sequence[dict[str, Any]]) -> Progress:
    standings = {
        framework.codes[UUID(each["requirement"])]: Standing(
            each["judgement"], reasoned=each["reasoned"], carried=each["carried"], confirmed=each["confirmed"]
        )
        for each in found
    }
    return progress_of(framework.tree, level, standings)


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


def _unanswered() -> Sequence[ColumnElement[bool]]:
    """Of a question: the council has not answered it, and still can."""
    answered = exists().where(
        ClarificationAnswer.council_id == Clarification.council_id,
        ClarificationAnswer.clarification_id == Clarification.id,
    )
    return ~answered, Accreditation.stage.in_([stage.value for stage in QUESTIONS_OPEN])


def _appealed() -> Any:
    """Whether an appeal waits to be decided."""
    decided = exists().where(
        AppealDecision.council_id == Appeal.council_id,
        AppealDecision.appeal_id == Appeal.id,
    )
    return _exists(Appeal, Appeal.ended_at.is_(None), ~decided)


def _empty_places(accreditation: Accreditation, scorers: int, leads: int) -> int:
    """How many places of its process's team nobody sits in."""
    seats = [seat for seat in accreditation.process["team"] if seat["scores"] or seat["leads"]]
    wanted = sum(seat["number"] for seat in seats if seat["scores"])
    leading = sum(seat["number"] for seat in seats if not seat["scores"])
    return max(0, wanted - scorers) + max(0, leading - leads)


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


def _interim_opens_on(accreditation: Accreditation, award: Award | None) -> date | None:
    if award is None or award.interim_due_on is None:
        return None
    months = accreditation.process.get("interim_opens_months", DEFAULT.interim_opens_months)
    return interim.opens_on(award.interim_due_on, months)


def _past_deadline(accreditation: Accreditation) -> date | None:
    """The last day to be assessed, where it is over and the council has sent no submission."""
    deadline = accreditation.deadline_on
    open_still = may_lapse(Stage(accreditation.stage))
    return deadline if deadline is not None and open_still and deadline < clock.today() else None


def _appeal_by(accreditation: Accreditation, award: Award | None, row: Any) -> date | None:
    """The last day of an appeal, where the council may still make one."""
    if row.first_released is None or Stage(accreditation.stage) not in DECIDED:
        return None
    released = appeals.Released(
        outcome=row.first_released["result"]["outcome"],
        conditions=row.first_released["result"]["conditions"],
        released_on=datetime.fromisoformat(row.first_released["at"]).astimezone(clock.LONDON).date(),
        ended=award is not None and award.ending is not None,
    )
    process, lodged = process_of(accreditation), row.appealed_at is not None
    if appeals.why_not_lodge(released, lodged=lodged, today=clock.today(), process=process) is not None:
        return None
    return appeals.last_day(released.released_on, process)


def _day(at: datetime | None) -> date | None:
    """The day of an instant, in London."""
    return at.astimezone(clock.LONDON).date() if at is not None else None

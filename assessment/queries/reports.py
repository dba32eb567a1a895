"""Reports: the region's draft, the versions that left it, and what the council said of their facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import and_, func, select

from assessment.models.clarifications import Clarification, ClarificationAnswer
from assessment.models.reports import Report, ReportComment, ReportCommentAnswer, ReportDraft, ReportDraftVersion
from saas.db import db
from saas.errors import NotFound


@dataclass(frozen=True, slots=True)
class Said:
    """One comment of the council, and the region's answer where there is one."""

    comment: ReportComment
    answer: ReportCommentAnswer | None


@dataclass(frozen=True, slots=True)
class Version:
    """A version with the council's comments on it in their order, each with the region's answer."""

    report: Report
    said: tuple[Said, ...] = ()

    @property
    def comments(self) -> tuple[Said, ...]:
        """What the council says is wrong."""
        return tuple(each for each in self.said if not each.comment.has_none)

    @property
    def closing(self) -> ReportComment | None:
        """The council's word that nothing, or nothing more, is to be corrected."""
        return next((each.comment for each in self.said if each.comment.has_none), None)

    @property
    def unresolved(self) -> tuple[Said, ...]:
        """The comments that have no answer yet."""
        return tuple(each for each in self.comments if each.answer is None)

    @property
    def is_unresolved(self) -> bool:
        """A comment has no answer yet."""
        return bool(self.unresolved)

    @property
    def is_finished(self) -> bool:
        """The council has said that nothing more is to come."""
        return self.closing is not None

    def checked_until(self, today: date) -> date | None:
        """The last day on which the council may correct its facts; None where that is past or it has ended it."""
        closes_on = self.report.closes_on
        return closes_on if closes_on is not None and today <= closes_on and not self.is_finished else None


@dataclass(frozen=True, slots=True)
class Clarified:
    """How many questions the team and the region asked of the council, and how many have an answer."""

    asked: int
    answered: int


def find_draft(accreditation_id: UUID, *, lock: bool = False) -> ReportDraft | None:
    """The report while the region writes it."""
    wanted = select(ReportDraft).where(ReportDraft.accreditation_id == accreditation_id)
    return db.session.scalar(wanted.with_for_update() if lock else wanted)


def get_draft(accreditation_id: UUID) -> ReportDraft:
    """The same; raises NotFound where it is not begun."""
    found = find_draft(accreditation_id)
    if found is None:
        raise NotFound
    return found


def list_draft_versions(accreditation_id: UUID, *, most: int = 100) -> list[ReportDraftVersion]:
    """What the draft said after each change, newest first; in region scope."""
    wanted = select(ReportDraftVersion).where(ReportDraftVersion.accreditation_id == accreditation_id)
    return list(db.session.scalars(wanted.order_by(ReportDraftVersion.number.desc()).limit(most)))


def get_draft_version(accreditation_id: UUID, number: int) -> ReportDraftVersion:
    """What the draft said in one version; raises NotFound."""
    found = db.session.scalar(
        select(ReportDraftVersion).where(
            ReportDraftVersion.accreditation_id == accreditation_id, ReportDraftVersion.number == number
        )
    )
    if found is None:
        raise NotFound
    return found


def count_clarifications(accreditation_id: UUID) -> Clarified:
    """Questions asked and answered about this accreditation, in one statement; in region scope."""
    row = db.session.execute(
        select(func.count(Clarification.id), func.count(ClarificationAnswer.id))
        .outerjoin(
            ClarificationAnswer,
            and_(
                ClarificationAnswer.council_id == Clarification.council_id,
                ClarificationAnswer.clarification_id == Clarification.id,
            ),
        )
        .where(Clarification.accreditation_id == accreditation_id)
    ).one()
    return Clarified(*row)


def list_versions(accreditation_id: UUID) -> list[Version]:
    """Every version that left the region, newest first, each with all that was said of it, in one statement."""
    rows = db.session.execute(
        select(Report, ReportComment, ReportCommentAnswer)
        .outerjoin(
            ReportComment,
            and_(ReportComment.council_id == Report.council_id, ReportComment.report_id == Report.id),
        )
        .outerjoin(
            ReportCommentAnswer,
            and_(
                ReportCommentAnswer.council_id == ReportComment.council_id,
                ReportCommentAnswer.comment_id == ReportComment.id,
            ),
        )
        .where(Report.accreditation_id == accreditation_id)
        .order_by(Report.opened_at.desc(), Report.id.desc(), ReportComment.number)
    )
    found: dict[UUID, tuple[Report, list[Said]]] = {}
    for report, comment, answer in rows:
        _, said = found.setdefault(report.id, (report, []))
        if comment is not None:
            said.append(Said(comment, answer))
    return [Version(report, tuple(said)) for report, said in found.values()]


def get_version(accreditation_id: UUID, report_id: UUID) -> Version:
    """One version of this accreditation's report; raises NotFound."""
    found = next((each for each in list_versions(accreditation_id) if each.report.id == report_id), None)
    if found is None:
        raise NotFound
    return found


def find_newest(accreditation_id: UUID, kind: str) -> Report | None:
    """The newest version of a kind (fact_check or issued)."""
    wanted = select(Report).where(Report.accreditation_id == accreditation_id, Report.kind == kind)
    return db.session.scalar(wanted.order_by(Report.number.desc()).limit(1))


def find_issued(accreditation_id: UUID) -> Report | None:
    """The issued report, frozen with its hash; None before release."""
    return find_newest(accreditation_id, "issued")


def get_issued(accreditation_id: UUID) -> Report:
    """The same; raises NotFound before release."""
    found = find_issued(accreditation_id)
    if found is None:
        raise NotFound
    return found

"""Reports: the region's draft, the versions that left it, and what the council said of their facts."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, select

from assessment.models.reports import Report, ReportComment, ReportCommentAnswer, ReportDraft
from saas.db import db
from saas.errors import NotFound


@dataclass(frozen=True, slots=True)
class Version:
    """A version with the council's comment on it and the region's answer, where there are such."""

    report: Report
    comment: ReportComment | None
    answer: ReportCommentAnswer | None

    @property
    def is_unresolved(self) -> bool:
        """The council commented and has no answer yet; having none to make needs no answer."""
        return self.comment is not None and not self.comment.has_none and self.answer is None


def find_draft(accreditation_id: UUID, *, lock: bool = False) -> ReportDraft | None:
    """The report while the region writes it."""
    wanted = select(ReportDraft).where(ReportDraft.accreditation_id == accreditation_id)
    return db.session.scalar(wanted.with_for_update() if lock else wanted)


def list_versions(accreditation_id: UUID) -> list[Version]:
    """Every version that left the region, newest first, in one statement."""
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
        .order_by(Report.opened_at.desc(), Report.id.desc())
    )
    return [Version(*row) for row in rows]


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

"""The interim review of an award: what the council wrote and sent, and what the region made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import and_, select

from assessment.models.accreditations import Accreditation
from assessment.models.awards import Award
from assessment.models.interim import InterimDraft, InterimReview
from assessment.models.submissions import Submission, SubmissionDecision
from assessment.queries.accreditations import process_of
from assessment.queries.awards import find_award
from assessment.queries.improvements import ImprovementLine
from assessment.queries.submissions import find_open_request
from assessment.rules import interim
from assessment.rules.interim import WHOLE, Cited, Line
from saas.db import db
from tenants.models.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the interim review of one award is: its newest return, what the region decided, and the letter."""

    award: Award | None
    opens_on: date | None
    is_sealing: bool
    sent: Submission | None
    decision: SubmissionDecision | None
    review: InterimReview | None

    @property
    def is_with_region(self) -> bool:
        """Whether a return waits for the region."""
        return self.sent is not None and self.decision is None

    @property
    def is_returned(self) -> bool:
        """Whether the region asked for it once more."""
        return self.decision is not None and self.decision.outcome == "returned"


def find_standing(accreditation: Accreditation) -> Standing:
    """The interim review of one accreditation, in any scope that sees it; three statements."""
    award = find_award(accreditation.id)
    due_on = award.interim_due_on if award else None
    opens_on = interim.opens_on(due_on, process_of(accreditation).interim_opens_months) if due_on else None
    newest = db.session.execute(
        select(Submission, SubmissionDecision, InterimReview)
        .outerjoin(
            SubmissionDecision,
            and_(
                SubmissionDecision.council_id == Submission.council_id,
                SubmissionDecision.submission_id == Submission.id,
            ),
        )
        .outerjoin(
            InterimReview,
            and_(InterimReview.council_id == Submission.council_id, InterimReview.submission_id == Submission.id),
        )
        .where(Submission.accreditation_id == accreditation.id, Submission.kind == "interim")
        .order_by(Submission.number.desc())
        .limit(1)
    ).one_or_none()
    sent, decision, review = newest or (None, None, None)
    return Standing(award, opens_on, find_open_request(accreditation.id) is not None, sent, decision, review)


def find_review(accreditation_id: UUID) -> InterimReview | None:
    """The region's letter after the interim review, or None."""
    wanted = select(InterimReview).where(InterimReview.accreditation_id == accreditation_id)
    return db.session.scalar(wanted.order_by(InterimReview.reviewed_at.desc()).limit(1))


def find_draft(accreditation: Accreditation, number: int) -> InterimDraft | None:
    """What the council has written of one improvement (0: of the return as a whole); in council scope only."""
    return db.session.scalar(
        select(InterimDraft).where(
            InterimDraft.council_id == accreditation.council_id,
            InterimDraft.accreditation_id == accreditation.id,
            InterimDraft.number == number,
        )
    )


def list_drafts(accreditation: Accreditation) -> dict[int, InterimDraft]:
    """Everything the council has written, by the number of the improvement; in council scope only."""
    wanted = select(InterimDraft).where(
        InterimDraft.council_id == accreditation.council_id, InterimDraft.accreditation_id == accreditation.id
    )
    return {draft.number: draft for draft in db.session.scalars(wanted)}


def list_cited(drafts: Mapping[int, InterimDraft]) -> dict[int, list[Evidence]]:
    """The evidence in each of these drafts, in the order it was added; one statement."""
    wanted = {UUID(each) for draft in drafts.values() for each in draft.evidence}
    if not wanted:
        return {number: [] for number in drafts}
    council_id = next(iter(drafts.values())).council_id
    rows = db.session.scalars(select(Evidence).where(Evidence.council_id == council_id, Evidence.id.in_(wanted)))
    known = {str(row.id): row for row in rows}
    return {number: [known[each] for each in draft.evidence if each in known] for number, draft in drafts.items()}


def lines_of(
    improvements: list[ImprovementLine], drafts: Mapping[int, InterimDraft], cited: Mapping[int, list[Evidence]]
) -> list[Line]:
    """The return as it stands, for the rules that say what it lacks."""
    return [_line(each, drafts.get(each.improvement.number), cited) for each in improvements]


def words_of(drafts: Mapping[int, InterimDraft]) -> str:
    """The words about the return as a whole."""
    return drafts[WHOLE].words if WHOLE in drafts else ""


def _line(line: ImprovementLine, draft: InterimDraft | None, cited: Mapping[int, list[Evidence]]) -> Line:
    number = line.improvement.number
    return Line(
        number,
        line.improvement.ending,
        line.reply.answer if line.reply else None,
        line.progress.state if line.progress else None,
        draft.state if draft else "",
        draft.words if draft else "",
        tuple(
            Cited(each.title, each.removed_at is not None, each.scan == "quarantined") for each in cited.get(number, ())
        ),
    )

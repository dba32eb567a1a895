"""What the region has accepted."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from assessment.models.submissions import Submission, SubmissionDecision
from saas.db import db


def find_accepted(accreditation_id: UUID, kind: str) -> UUID | None:
    """The id of the newest submission of this kind that was accepted."""
    return db.session.scalar(
        select(Submission.id)
        .join(
            SubmissionDecision,
            (SubmissionDecision.council_id == Submission.council_id)
            & (SubmissionDecision.submission_id == Submission.id),
        )
        .where(
            Submission.accreditation_id == accreditation_id,
            Submission.kind == kind,
            SubmissionDecision.outcome == "accepted",
        )
        .order_by(Submission.number.desc())
        .limit(1)
    )

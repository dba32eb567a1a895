"""Submissions: what was asked to be sealed, and what was sealed and sent."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, case, exists, select

from assessment.models.frameworks import Requirement
from assessment.models.signings import Signing
from assessment.models.submissions import (
    SealRequest,
    Submission,
    SubmissionAnswer,
    SubmissionDecision,
    SubmissionFile,
)
from saas.db import db
from saas.errors import NotFound


def rest_of(accreditation_id: UUID | ColumnElement[UUID]) -> ColumnElement[str]:
    """In SQL: why answers rest whatever the stage: "sealing", "signing", or "" while they do not."""
    being_sealed = exists().where(
        SealRequest.accreditation_id == accreditation_id,
        SealRequest.done_at.is_(None),
        SealRequest.failed_at.is_(None),
    )
    being_signed = exists().where(
        Signing.accreditation_id == accreditation_id,
        Signing.about == "readiness",
        Signing.used_at.is_(None),
        Signing.called_off_at.is_(None),
    )
    return case((being_sealed, "sealing"), (being_signed, "signing"), else_="")


def is_open(accreditation_id: UUID | ColumnElement[UUID]) -> ColumnElement[bool]:
    """In SQL: what is to be sent is being signed or sealed; while that is so, answers rest."""
    return rest_of(accreditation_id) != ""


def find_rest(accreditation_id: UUID) -> str:
    """Why answers rest whatever the stage: "sealing", "signing", or ""; one statement."""
    return db.session.scalar(select(rest_of(accreditation_id))) or ""


def find_open_request(accreditation_id: UUID) -> SealRequest | None:
    """The seal that was asked for and is not made yet."""
    return db.session.scalar(
        select(SealRequest).where(
            SealRequest.accreditation_id == accreditation_id,
            SealRequest.done_at.is_(None),
            SealRequest.failed_at.is_(None),
        )
    )


def find_latest_request(accreditation_id: UUID, kind: str | None = None) -> SealRequest | None:
    """The seal asked for last (of this kind), however it ended."""
    wanted = select(SealRequest).where(SealRequest.accreditation_id == accreditation_id)
    if kind is not None:
        wanted = wanted.where(SealRequest.kind == kind)
    return db.session.scalar(wanted.order_by(SealRequest.asked_at.desc(), SealRequest.id.desc()).limit(1))


def get_request(request_id: UUID, *, lock: bool = False) -> SealRequest:
    """The request; raises NotFound."""
    wanted = select(SealRequest).where(SealRequest.id == request_id)
    found = db.session.scalar(wanted.with_for_update() if lock else wanted)
    if found is None:
        raise NotFound
    return found


def find_sealed(request_id: UUID) -> UUID | None:
    """The id of the submission that a seal asked for has become, or None."""
    return db.session.scalar(select(Submission.id).where(Submission.seal_request_id == request_id))


def find_latest(accreditation_id: UUID, kind: str) -> Submission | None:
    """The newest submission of a kind, or None."""
    wanted = select(Submission).where(Submission.accreditation_id == accreditation_id, Submission.kind == kind)
    return db.session.scalar(wanted.order_by(Submission.number.desc()).limit(1))


def list_submissions(accreditation_id: UUID) -> Sequence[Any]:
    """Everything that was sent, newest first; a row has id, kind, number, sealed_at, sent_by_name, hash, sent_at and
    late_days (None where it was in time) as sealed, and of the region's decision outcome, reason, decided_at and
    decided_by_name (None while there is none).
    """
    return db.session.execute(_submissions(), {"accreditation_id": accreditation_id}).all()


@cache
def _submissions() -> Any:
    """Put together once: that takes longer than asking it."""
    return (
        select(
            Submission.id,
            Submission.kind,
            Submission.number,
            Submission.sealed_at,
            Submission.sent_by_name,
            Submission.hash,
            Submission.document["sent"]["at"].as_string().label("sent_at"),
            Submission.document["late_days"].as_integer().label("late_days"),
            SubmissionDecision.outcome,
            SubmissionDecision.reason,
            SubmissionDecision.decided_at,
            SubmissionDecision.decided_by_name,
        )
        .outerjoin(
            SubmissionDecision,
            (SubmissionDecision.council_id == Submission.council_id)
            & (SubmissionDecision.submission_id == Submission.id),
        )
        .where(Submission.accreditation_id == bindparam("accreditation_id"))
        .order_by(Submission.sealed_at.desc(), Submission.id.desc())
    )


def get_submission(submission_id: UUID) -> Submission:
    """The submission, in any scope that sees it; raises NotFound."""
    found = db.session.scalar(select(Submission).where(Submission.id == submission_id))
    if found is None:
        raise NotFound
    return found


def find_decision(submission_id: UUID) -> SubmissionDecision | None:
    """What the region decided of a submission, or None."""
    return db.session.scalar(select(SubmissionDecision).where(SubmissionDecision.submission_id == submission_id))


def list_answers(submission_id: UUID) -> list[SubmissionAnswer]:
    """Every answer as sent, in the order of the framework."""
    wanted = (
        select(SubmissionAnswer)
        .join(Requirement, Requirement.id == SubmissionAnswer.requirement_id)
        .where(SubmissionAnswer.submission_id == submission_id)
    )
    return list(db.session.scalars(wanted.order_by(Requirement.position)))


def list_files(submission_id: UUID) -> list[SubmissionFile]:
    """Every file as sent, by title."""
    wanted = select(SubmissionFile).where(SubmissionFile.submission_id == submission_id)
    return list(db.session.scalars(wanted.order_by(SubmissionFile.title, SubmissionFile.id)))


def get_file(file_id: UUID) -> SubmissionFile:
    """One file as sent, in any scope that sees it; raises NotFound."""
    found = db.session.scalar(select(SubmissionFile).where(SubmissionFile.id == file_id))
    if found is None:
        raise NotFound
    return found

"""What the region said of single requirements: what it asked to have changed, and whether that has happened since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from assessment.models.accreditations import Accreditation
from assessment.models.answers import Answer, AnswerAction, Citation
from assessment.models.submissions import ReturnedRequirement, Submission, SubmissionAnswer, SubmissionDecision
from assessment.queries.frameworks import get_framework
from assessment.rules.returning import is_open, only_words
from assessment.rules.seal_differences import Sealed, differ
from saas.db import db
from tenants.models.evidence import Evidence
from tenants.models.plans import Action


@dataclass(frozen=True, slots=True)
class Returned:
    """What the region asked for in one requirement, and whether the draft differs by now from what was sent."""

    words: str
    changed_since: bool


@dataclass(frozen=True, slots=True)
class Said:
    """What the region said of one requirement when it decided on something that was sent."""

    kind: str
    number: int
    outcome: str
    words: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """What the region said of one requirement, newest first, and what that means for it now.

    `changed_since` is None while nothing is asked of it. `closed_words` says why it rests, "" while it is open.
    """

    said: list[Said]
    changed_since: bool | None
    closed_words: str


def list_returned(accreditation: Accreditation) -> dict[str, Returned]:
    """The requirements the region wants changed, by code: only these are open. Empty while all are.

    One statement; none where nothing was named. Runs in the council's own scope, which alone sees drafts.
    """
    if accreditation.reopened is None:
        return {}
    codes = get_framework(accreditation.framework_id).codes
    rows = db.session.execute(_returned(accreditation)).all()
    return {codes[row.requirement_id]: Returned(row.words, _has_changed(row)) for row in rows}


def list_said(accreditation_id: UUID, requirement_id: UUID) -> list[Said]:
    """Everything the region said of one requirement in this accreditation, newest first."""
    rows = db.session.execute(
        select(
            Submission.kind,
            Submission.number,
            SubmissionDecision.outcome,
            ReturnedRequirement.words,
            SubmissionDecision.decided_by_name,
            SubmissionDecision.decided_at,
        )
        .join(SubmissionDecision, _same_submission(SubmissionDecision, ReturnedRequirement))
        .join(
            Submission,
            (Submission.council_id == ReturnedRequirement.council_id)
            & (Submission.id == ReturnedRequirement.submission_id),
        )
        .where(
            ReturnedRequirement.accreditation_id == accreditation_id,
            ReturnedRequirement.requirement_id == requirement_id,
        )
        .order_by(SubmissionDecision.decided_at.desc(), ReturnedRequirement.id)
    )
    return [Said(*row) for row in rows]


def find_asked(accreditation: Accreditation, code: str) -> Asked:
    """What the region said of the requirement with this code; two statements at most."""
    returned = list_returned(accreditation).get(code)
    said = list_said(accreditation.id, get_framework(accreditation.framework_id).ids[code])
    closed = "" if is_open(code, accreditation.reopened) else only_words(accreditation.reopened or ())
    return Asked(said, returned.changed_since if returned else None, closed)


def list_words(submission_id: UUID) -> dict[UUID, str]:
    """What the region said of single requirements when it decided on this submission, by requirement id."""
    rows: Sequence[Any] = db.session.execute(
        select(ReturnedRequirement.requirement_id, ReturnedRequirement.words).where(
            ReturnedRequirement.submission_id == submission_id
        )
    ).all()
    return {row.requirement_id: row.words for row in rows}


def _same_submission(one: Any, other: Any) -> Any:
    return (one.council_id == other.council_id) & (one.submission_id == other.submission_id)


def _returned(accreditation: Accreditation) -> Any:
    """What the last return named, with the answer as it was sent and as it is drafted now."""
    last = (
        select(SubmissionDecision.submission_id)
        .where(
            SubmissionDecision.council_id == accreditation.council_id,
            SubmissionDecision.accreditation_id == accreditation.id,
            SubmissionDecision.outcome == "returned",
        )
        .order_by(SubmissionDecision.decided_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(
            ReturnedRequirement.requirement_id,
            ReturnedRequirement.words,
            SubmissionAnswer,
            Answer,
            _cited().label("evidence"),
            _planned().label("actions"),
        )
        .join(
            SubmissionAnswer,
            _same_submission(SubmissionAnswer, ReturnedRequirement)
            & (SubmissionAnswer.requirement_id == ReturnedRequirement.requirement_id),
        )
        .outerjoin(
            Answer,
            (Answer.council_id == ReturnedRequirement.council_id)
            & (Answer.accreditation_id == ReturnedRequirement.accreditation_id)
            & (Answer.requirement_id == ReturnedRequirement.requirement_id),
        )
        .where(ReturnedRequirement.council_id == accreditation.council_id, ReturnedRequirement.submission_id == last)
    )


def _cited() -> Any:
    """The citations of a draft in the shape of a sealed answer's evidence."""
    entry = func.jsonb_build_object(
        "title", Evidence.title, "pinpoint", Citation.pinpoint, "why", Citation.why,
        "sha256", Evidence.sha256, "url", Evidence.url, "measure", Evidence.measure,
    )  # fmt: skip
    return (
        select(func.jsonb_agg(aggregate_order_by(entry, Citation.cited_at, Citation.id)))
        .join(Evidence, (Evidence.council_id == Citation.council_id) & (Evidence.id == Citation.evidence_id))
        .where(Citation.council_id == Answer.council_id, Citation.answer_id == Answer.id)
        .correlate(Answer)
        .scalar_subquery()
    )


def _planned() -> Any:
    """The actions of a draft in the shape of a sealed answer's actions."""
    entry = func.jsonb_build_object(
        "ref", Action.ref, "action", Action.action, "timescale", Action.timescale,
        "responsibility", Action.responsibility, "status", Action.status,
    )  # fmt: skip
    return (
        select(func.jsonb_agg(aggregate_order_by(entry, Action.position)))
        .join(AnswerAction, (AnswerAction.council_id == Action.council_id) & (AnswerAction.action_id == Action.id))
        .where(AnswerAction.council_id == Answer.council_id, AnswerAction.answer_id == Answer.id)
        .correlate(Answer)
        .scalar_subquery()
    )


def _has_changed(row: Any) -> bool:
    sent: SubmissionAnswer = row.SubmissionAnswer
    draft: Answer | None = row.Answer
    if draft is None:
        return False
    before = Sealed(
        sent.judgement,
        sent.narrative,
        sent.not_applicable_reason,
        [{**each, "measure": _code(each.get("measure"))} for each in sent.evidence],
        sent.actions,
    )
    # A reason is sealed only where the judgement is "not applicable": elsewhere the draft's is not compared.
    reason = draft.not_applicable_reason if sent.not_applicable_reason else ""
    after = Sealed(draft.judgement, draft.narrative, reason, row.evidence or [], row.actions or [])
    return differ(before, after).is_any


def _code(measure: Any) -> Any:
    """A live measure moves by itself: whether it is cited counts here, not what it says today."""
    return measure.get("code") if isinstance(measure, dict) else measure

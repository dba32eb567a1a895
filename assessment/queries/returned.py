"""What the region said of single requirements: what it asked to have changed, and whether that has happened since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, select
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
    rows = db.session.execute(select_returned().where(Accreditation.id == accreditation.id))
    return {codes[row.requirement_id]: Returned(row.words, has_changed(row.compared)) for row in rows}


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


def find_decision_and_words(submission_id: UUID) -> tuple[SubmissionDecision | None, dict[UUID, str]]:
    """What the region decided of a submission, and what it said of single requirements then, by requirement id.

    One statement; None and {} while nothing is decided.
    """
    said = func.jsonb_object_agg(ReturnedRequirement.requirement_id, ReturnedRequirement.words)
    words = select(said).where(_same_submission(SubmissionDecision, ReturnedRequirement)).scalar_subquery()
    row = db.session.execute(
        select(SubmissionDecision, words.label("words")).where(SubmissionDecision.submission_id == submission_id)
    ).one_or_none()
    return (None, {}) if row is None else (row[0], {UUID(each): text for each, text in (row.words or {}).items()})


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


def select_returned() -> Any:
    """In SQL: what the last return of each accreditation named, with both sides of `has_changed` in `compared`.

    Rows have accreditation_id, requirement_id, words and compared; none of an accreditation of which all is open.
    """
    last = (
        select(SubmissionDecision.submission_id)
        .where(
            SubmissionDecision.council_id == Accreditation.council_id,
            SubmissionDecision.accreditation_id == Accreditation.id,
            SubmissionDecision.outcome == "returned",
        )
        .order_by(SubmissionDecision.decided_at.desc())
        .limit(1)
        .correlate(Accreditation)
        .scalar_subquery()
    )
    sent = _side(SubmissionAnswer, SubmissionAnswer.evidence, SubmissionAnswer.actions)
    drafted = case((Answer.id.is_not(None), _side(Answer, _cited(), _planned())))
    return (
        select(
            ReturnedRequirement.accreditation_id,
            ReturnedRequirement.requirement_id,
            ReturnedRequirement.words,
            func.jsonb_build_object("sent", sent, "drafted", drafted).label("compared"),
        )
        .join(
            Accreditation,
            (Accreditation.council_id == ReturnedRequirement.council_id)
            & (Accreditation.id == ReturnedRequirement.accreditation_id),
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
        .where(Accreditation.reopened.is_not(None), ReturnedRequirement.submission_id == last)
    )


def _side(answer: Any, evidence: Any, actions: Any) -> Any:
    """One answer in the shape of `Sealed`."""
    return func.jsonb_build_object(
        "judgement", answer.judgement, "narrative", answer.narrative,
        "not_applicable_reason", answer.not_applicable_reason, "evidence", evidence, "actions", actions,
    )  # fmt: skip


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


def has_changed(compared: Mapping[str, Any]) -> bool:
    """Whether a draft differs from what was sent. compared: of `select_returned`."""
    sent, drafted = compared["sent"], compared["drafted"]
    if drafted is None:
        return False
    before = Sealed(
        **{**sent, "evidence": [{**each, "measure": _code(each.get("measure"))} for each in sent["evidence"]]}
    )
    # A reason is sealed only where the judgement is "not applicable": elsewhere the draft's is not compared.
    reason = drafted["not_applicable_reason"] if sent["not_applicable_reason"] else ""
    lists = {name: drafted[name] or [] for name in ("evidence", "actions")}
    return differ(before, Sealed(**{**drafted, **lists, "not_applicable_reason": reason})).is_any


def _code(measure: Any) -> Any:
    """A live measure moves by itself: whether it is cited counts here, not what it says today."""
    return measure.get("code") if isinstance(measure, dict) else measure

"""Answers: what a council has drafted so far, with the evidence it cites and the actions it plans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select

from assessment.models.accreditations import Accreditation
from assessment.models.answers import Answer, AnswerAction, Citation
from assessment.queries.submissions import is_open
from saas.db import db
from saas.errors import NotFound
from tenants.models.evidence import Evidence
from tenants.models.plans import Action


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """How far one answer is: its judgement (None while open), whether anything is written, and counts."""

    requirement_id: UUID
    judgement: str | None
    written: bool
    evidence: int
    actions: int


def find_answer(accreditation: Accreditation, requirement_id: UUID) -> Answer | None:
    """The answer to one requirement, or None while nobody has written one."""
    return db.session.scalar(
        select(Answer).where(
            Answer.council_id == accreditation.council_id,
            Answer.accreditation_id == accreditation.id,
            Answer.requirement_id == requirement_id,
        )
    )


def find_answer_and_rest(accreditation: Accreditation, requirement_id: UUID) -> tuple[Answer | None, bool]:
    """The answer to one requirement, and whether a seal is being made; one statement."""
    row = db.session.execute(
        select(Answer, is_open(accreditation.id).label("sealing"))
        .select_from(Accreditation)
        .outerjoin(
            Answer,
            (Answer.council_id == Accreditation.council_id)
            & (Answer.accreditation_id == Accreditation.id)
            & (Answer.requirement_id == requirement_id),
        )
        .where(Accreditation.council_id == accreditation.council_id, Accreditation.id == accreditation.id)
    ).one()
    return row.Answer, row.sealing


def get_accreditation_and_rest(accreditation_id: UUID) -> tuple[Accreditation, bool]:
    """The accreditation, and whether a seal is being made; one statement. Raises NotFound."""
    row = db.session.execute(
        select(Accreditation, is_open(accreditation_id).label("sealing")).where(Accreditation.id == accreditation_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row.Accreditation, row.sealing


def list_answer_lines(accreditation: Accreditation) -> dict[UUID, AnswerLine]:
    """How far every answer is, by requirement id, in one statement."""
    same_citation = (Citation.council_id == Answer.council_id, Citation.answer_id == Answer.id)
    same_action = (AnswerAction.council_id == Answer.council_id, AnswerAction.answer_id == Answer.id)
    rows = db.session.execute(
        select(
            Answer.requirement_id,
            Answer.judgement,
            (Answer.narrative + Answer.not_applicable_reason != "").label("written"),
            select(func.count()).select_from(Citation).where(*same_citation).scalar_subquery().label("evidence"),
            select(func.count()).select_from(AnswerAction).where(*same_action).scalar_subquery().label("actions"),
        ).where(Answer.council_id == accreditation.council_id, Answer.accreditation_id == accreditation.id)
    )
    return {row.requirement_id: AnswerLine(*row) for row in rows}


def list_answers(accreditation: Accreditation) -> dict[UUID, Answer]:
    """Every answer with its text, by requirement id."""
    rows = db.session.scalars(
        select(Answer).where(Answer.council_id == accreditation.council_id, Answer.accreditation_id == accreditation.id)
    )
    return {answer.requirement_id: answer for answer in rows}


def list_citations(accreditation: Accreditation, answer_id: UUID | None = None) -> dict[UUID, list[Row[Any]]]:
    """What the answers (or the one given) cite, by answer id, in the order cited.

    A row has `id`, `pinpoint`, `why` of the citation and `Evidence`, also when that was removed from the library.
    """
    wanted = (
        select(Citation.answer_id, Citation.id, Citation.pinpoint, Citation.why, Evidence)
        .join(Evidence, (Evidence.council_id == Citation.council_id) & (Evidence.id == Citation.evidence_id))
        .order_by(Citation.cited_at, Citation.id)
    )
    return _by_answer(db.session.execute(_of(wanted, accreditation, answer_id, Citation)).all())


def list_planned_actions(accreditation: Accreditation, answer_id: UUID | None = None) -> dict[UUID, list[Row[Any]]]:
    """The actions the answers (or the one given) need, by answer id, in the order of the plan; a row has `Action`."""
    wanted = (
        select(AnswerAction.answer_id, Action)
        .join(Action, (Action.council_id == AnswerAction.council_id) & (Action.id == AnswerAction.action_id))
        .order_by(Action.position)
    )
    return _by_answer(db.session.execute(_of(wanted, accreditation, answer_id, AnswerAction)).all())


def list_judged(accreditation: Accreditation) -> set[UUID]:
    """The ids of the requirements that have a judgement."""
    wanted = select(Answer.requirement_id).where(
        Answer.council_id == accreditation.council_id,
        Answer.accreditation_id == accreditation.id,
        Answer.judgement.is_not(None),
    )
    return set(db.session.scalars(wanted))


def _of(wanted: Any, accreditation: Accreditation, answer_id: UUID | None, link: type[Citation | AnswerAction]) -> Any:
    """The rows of one answer, or of every answer of the accreditation."""
    wanted = wanted.where(link.council_id == accreditation.council_id)
    if answer_id is not None:
        return wanted.where(link.answer_id == answer_id)
    return wanted.join(Answer, (Answer.council_id == link.council_id) & (Answer.id == link.answer_id)).where(
        Answer.accreditation_id == accreditation.id
    )


def _by_answer(rows: Sequence[Row[Any]]) -> dict[UUID, list[Row[Any]]]:
    found: dict[UUID, list[Row[Any]]] = {}
    for row in rows:
        found.setdefault(row.answer_id, []).append(row)
    return found

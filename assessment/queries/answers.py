"""Answers: what a council has drafted so far, with the evidence it cites and the actions it plans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, exists, false, func, null, select

from assessment.models.accreditations import Accreditation
from assessment.models.answers import Answer, AnswerAction, AnswerComment, Citation, ElementOwner
from assessment.models.frameworks import Requirement
from assessment.queries.returned import has_changed, select_returned
from assessment.queries.submissions import is_open, rest_of
from assessment.rules.answering import Standing
from assessment.rules.stages import Stage, may_edit_answers
from saas.db import db
from saas.errors import NotFound
from saas.policy import Permission
from tenants.models.access import Access
from tenants.models.evidence import Evidence
from tenants.models.plans import Action
from tenants.queries.access import roles_with

OPEN = [stage.value for stage in Stage if may_edit_answers(stage)]


@dataclass(frozen=True, slots=True)
class Owner:
    """Who answers an element, and by when; `is_here` while that person may write answers in this council.

    Nobody is named where `user_id` is None: then there is only a day.
    """

    user_id: UUID | None
    name: str
    due_on: date | None
    version: int
    is_here: bool


@dataclass(frozen=True, slots=True)
class AnswerLine(Standing):
    """How far one answer is, touched or not, with counts, and the owner of its element.

    written: there are words. comments: those that nobody has settled.
    """

    requirement_id: UUID = field(kw_only=True)
    written: bool = field(kw_only=True)
    evidence: int = field(kw_only=True)
    actions: int = field(kw_only=True)
    comments: int = field(kw_only=True)
    owner: Owner | None = field(kw_only=True)


def find_answer(accreditation: Accreditation, requirement_id: UUID) -> Answer | None:
    """The answer to one requirement, or None while nobody has written one."""
    return db.session.scalar(
        select(Answer).where(
            Answer.council_id == accreditation.council_id,
            Answer.accreditation_id == accreditation.id,
            Answer.requirement_id == requirement_id,
        )
    )


def find_answer_and_rest(accreditation: Accreditation, requirement_id: UUID) -> tuple[Answer | None, str]:
    """The answer to one requirement, and why answers rest ("sealing", "signing", "" while they do not)."""
    values = {
        "council_id": accreditation.council_id,
        "accreditation_id": accreditation.id,
        "requirement_id": requirement_id,
    }
    row = db.session.execute(_answer_and_rest(), values).one()
    return row.Answer, row.rest


@cache
def _answer_and_rest() -> Any:
    """Put together once, as the two below: that takes longer than asking it."""
    there = (
        (Answer.council_id == Accreditation.council_id)
        & (Answer.accreditation_id == Accreditation.id)
        & (Answer.requirement_id == bindparam("requirement_id"))
    )
    return (
        select(Answer, rest_of(Accreditation.__table__.c.id).label("rest"))
        .select_from(Accreditation)
        .outerjoin(Answer, there)
        .where(Accreditation.council_id == bindparam("council_id"), Accreditation.id == bindparam("accreditation_id"))
    )


def get_accreditation_and_rest(accreditation_id: UUID) -> tuple[Accreditation, str]:
    """The accreditation, and why its answers rest ("sealing", "signing", "" while they do not). Raises NotFound."""
    council_id = db.session.info["scope"].council_id
    values = {"accreditation_id": accreditation_id, "council_id": council_id}
    row = db.session.execute(_accreditation_and_rest(in_council=council_id is not None), values).one_or_none()
    if row is None:
        raise NotFound
    return row.Accreditation, row.rest


@cache
def _accreditation_and_rest(*, in_council: bool) -> Any:
    """in_council: only its own, without the record of councils that merged into it."""
    wanted = select(Accreditation, rest_of(Accreditation.__table__.c.id).label("rest"))
    wanted = wanted.where(Accreditation.id == bindparam("accreditation_id"))
    return wanted.where(Accreditation.council_id == bindparam("council_id")) if in_council else wanted


def list_answer_lines(accreditation: Accreditation) -> dict[UUID, AnswerLine]:
    """A line for every requirement of the framework by its id, answered or not, in one statement."""
    wanted = _lines_of_one(reopened=accreditation.reopened is not None)
    rows = db.session.execute(wanted, {"accreditation_id": accreditation.id})
    return {row.requirement_id: _line(row) for row in rows}


@cache
def _lines_of_one(*, reopened: bool) -> Any:
    return _lines(reopened=reopened).where(Accreditation.id == bindparam("accreditation_id"))


def list_open_lines(council_id: UUID) -> dict[UUID, dict[UUID, AnswerLine]]:
    """The lines of every accreditation whose answers may be changed: accreditation id → requirement id → line."""
    under_way = (Accreditation.stage.in_(OPEN), ~is_open(Accreditation.__table__.c.id))
    wanted = _lines().where(Accreditation.council_id == council_id, *under_way)
    found: dict[UUID, dict[UUID, AnswerLine]] = {}
    for row in db.session.execute(wanted):
        found.setdefault(row.accreditation_id, {})[row.requirement_id] = _line(row)
    return found


def _lines(*, reopened: bool = True) -> Any:
    """One row for each requirement of each accreditation's framework.

    reopened: whether any may have been returned for some of them alone; to plan for it is half of the work.
    """
    cited = (Citation.council_id == Answer.council_id, Citation.answer_id == Answer.id)
    planned = (AnswerAction.council_id == Answer.council_id, AnswerAction.answer_id == Answer.id)
    said = (
        AnswerComment.council_id == Accreditation.council_id,
        AnswerComment.accreditation_id == Accreditation.id,
        AnswerComment.requirement_id == Requirement.id,
        AnswerComment.settled_at.is_(None),
    )
    is_here = exists().where(
        Access.council_id == ElementOwner.council_id,
        Access.user_id == ElementOwner.user_id,
        Access.ended_at.is_(None),
        Access.role.in_(roles_with(Permission.ANSWER_WRITE)),
    )
    lines = (
        select(
            Accreditation.id.label("accreditation_id"),
            Requirement.id.label("requirement_id"),
            Answer.judgement,
            func.coalesce(func.trim(Answer.not_applicable_reason) != "", false()).label("reasoned"),
            func.coalesce(Answer.narrative + Answer.not_applicable_reason != "", false()).label("written"),
            (Answer.carried.is_not(None) | Answer.imported.is_not(None)).label("carried"),
            Answer.confirmed_at.is_not(None).label("confirmed"),
            select(func.count()).select_from(Citation).where(*cited).scalar_subquery().label("evidence"),
            select(func.count()).select_from(AnswerAction).where(*planned).scalar_subquery().label("actions"),
            select(func.count()).select_from(AnswerComment).where(*said).scalar_subquery().label("comments"),
            ElementOwner.user_id,
            ElementOwner.name,
            ElementOwner.due_on,
            ElementOwner.version,
            is_here.label("is_here"),
        )
        .select_from(Accreditation)
        .join(Requirement, Requirement.framework_id == Accreditation.framework_id)
        .outerjoin(
            Answer,
            (Answer.council_id == Accreditation.council_id)
            & (Answer.accreditation_id == Accreditation.id)
            & (Answer.requirement_id == Requirement.id),
        )
        .outerjoin(
            ElementOwner,
            (ElementOwner.council_id == Accreditation.council_id)
            & (ElementOwner.accreditation_id == Accreditation.id)
            & (ElementOwner.element_code == Requirement.element_code),
        )
    )
    if not reopened:
        return lines.add_columns(null().label("compared"))
    named = select_returned().subquery()
    here = (named.c.accreditation_id == Accreditation.id) & (named.c.requirement_id == Requirement.id)
    return lines.outerjoin(named, here).add_columns(named.c.compared)


def _line(row: Any) -> AnswerLine:
    named = row.version is not None
    return AnswerLine(
        judgement=row.judgement,
        reasoned=row.reasoned,
        touched=row.written or row.evidence > 0 or row.actions > 0,
        carried=row.carried,
        confirmed=row.confirmed,
        asked=row.compared is not None,
        changed=row.compared is not None and has_changed(row.compared),
        requirement_id=row.requirement_id,
        written=row.written,
        evidence=row.evidence,
        actions=row.actions,
        comments=row.comments,
        owner=Owner(row.user_id, row.name, row.due_on, row.version, row.is_here) if named else None,
    )


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

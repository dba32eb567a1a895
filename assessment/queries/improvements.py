"""Improvements with the newest reply and progress of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from assessment.models.improvements import (
    Improvement,
    ImprovementAction,
    ImprovementProgress,
    Reply,
    ReplyDraft,
)
from assessment.rules.improvements import CLOSED, ImprovementState, state_of
from saas.db import db
from saas.errors import NotFound


@dataclass(frozen=True, slots=True)
class ImprovementLine:
    """An improvement, and the newest the council said of it."""

    improvement: Improvement
    reply: Reply | None
    progress: ImprovementProgress | None

    @property
    def state(self) -> ImprovementState:
        """How far it is."""
        answer = self.reply.answer if self.reply else None
        progress = self.progress.state if self.progress else None
        return state_of(answer, progress, self.improvement.ending)

    @property
    def is_closed(self) -> bool:
        """Nothing more is waited for."""
        return self.state in CLOSED


def _newest(model: Any, at: str) -> Any:
    """The condition that joins the newest row of a model to its improvement."""
    other = aliased(model)
    newest = (
        select(other.id)
        .where(other.council_id == Improvement.council_id, other.improvement_id == Improvement.id)
        .order_by(getattr(other, at).desc(), other.id.desc())
        .limit(1)
        .correlate(Improvement)
        .scalar_subquery()
    )
    return and_(model.council_id == Improvement.council_id, model.id == newest)


def _lines() -> Any:
    return (
        select(Improvement, Reply, ImprovementProgress)
        .select_from(Improvement)
        .outerjoin(Reply, _newest(Reply, "replied_at"))
        .outerjoin(ImprovementProgress, _newest(ImprovementProgress, "reported_at"))
        .order_by(Improvement.number)
    )


def list_improvements(accreditation_id: UUID) -> list[ImprovementLine]:
    """The issued improvements of an accreditation by number, with reply and progress, in one statement."""
    rows = db.session.execute(_lines().where(Improvement.accreditation_id == accreditation_id))
    return [ImprovementLine(*row) for row in rows]


def list_improvements_of(council_id: UUID) -> list[ImprovementLine]:
    """Every issued improvement of a council, of all its accreditations, in one statement."""
    wanted = _lines().where(Improvement.council_id == council_id)
    return [ImprovementLine(*row) for row in db.session.execute(wanted)]


def get_improvement(accreditation_id: UUID, number: int) -> ImprovementLine:
    """One issued improvement by its number in the report; raises NotFound."""
    wanted = _lines().where(Improvement.accreditation_id == accreditation_id, Improvement.number == number)
    found = db.session.execute(wanted).one_or_none()
    if found is None:
        raise NotFound
    return ImprovementLine(*found)


def hold_improvement(accreditation_id: UUID, number: int) -> Improvement:
    """The improvement, held for the region's word on it; raises NotFound."""
    wanted = select(Improvement).where(Improvement.accreditation_id == accreditation_id, Improvement.number == number)
    found = db.session.scalar(wanted.with_for_update())
    if found is None:
        raise NotFound
    return found


def list_replies(improvement: Improvement) -> list[Reply]:
    """Every reply to one improvement, newest first."""
    wanted = select(Reply).where(Reply.council_id == improvement.council_id, Reply.improvement_id == improvement.id)
    return list(db.session.scalars(wanted.order_by(Reply.replied_at.desc(), Reply.id.desc())))


def find_reply_draft(improvement: Improvement) -> ReplyDraft | None:
    """The council's reply while it is written; in council scope only."""
    return db.session.scalar(
        select(ReplyDraft).where(
            ReplyDraft.council_id == improvement.council_id, ReplyDraft.improvement_id == improvement.id
        )
    )


def list_drafted(accreditation_id: UUID) -> set[UUID]:
    """The improvements to which the council has begun a reply; in council scope only."""
    wanted = (
        select(ReplyDraft.improvement_id)
        .join(
            Improvement,
            and_(Improvement.council_id == ReplyDraft.council_id, Improvement.id == ReplyDraft.improvement_id),
        )
        .where(Improvement.accreditation_id == accreditation_id)
    )
    return set(db.session.scalars(wanted))


def actions_of(accreditation_id: UUID) -> dict[UUID, UUID]:
    """Improvement → the action it stands as in the council's plan; in council scope only."""
    wanted = (
        select(ImprovementAction.improvement_id, ImprovementAction.action_id)
        .join(
            Improvement,
            and_(
                Improvement.council_id == ImprovementAction.council_id,
                Improvement.id == ImprovementAction.improvement_id,
            ),
        )
        .where(Improvement.accreditation_id == accreditation_id)
    )
    return {row.improvement_id: row.action_id for row in db.session.execute(wanted)}

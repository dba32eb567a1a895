"""Action plans of a council and their lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, case, func, or_, select

from saas.db import db
from saas.errors import NotFound
from tenants.models.plans import Action, Plan
from tenants.rules.action_words import CLOSED, UNREAD

TO_CONFIRM = "to_confirm"
EFFECTIVE: ColumnElement[str | None] = func.coalesce(
    Action.status,
    case(
        (Action.status_proposed == "outstanding", "not_started"),
        (Action.status_proposed.in_(UNREAD), None),
        else_=Action.status_proposed,
    ),
)
"""tenants.rules.action_words.effective_status, in SQL."""


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A plan and how far it is: actions in all, closed, overdue, and with a status that nobody has confirmed."""

    plan: Plan
    total: int
    closed: int
    overdue: int
    to_confirm: int


def is_overdue(today: date) -> ColumnElement[bool]:
    """tenants.rules.action_words.is_overdue, in SQL."""
    return (Action.latest_on < today) & or_(EFFECTIVE.is_(None), EFFECTIVE.not_in(CLOSED))


def list_plans(council_id: UUID, *, today: date, kind: str = "") -> list[PlanLine]:
    """Every plan of the council with its counts, newest first; `kind` narrows to gap, improvements or own."""
    wanted = _counted(today).where(Plan.council_id == council_id)
    if kind:
        wanted = wanted.where(Plan.kind == kind)
    rows = db.session.execute(wanted.order_by(Plan.created_at.desc(), Plan.id))
    return [PlanLine(*row) for row in rows]


def get_plan_line(council_id: UUID, plan_id: UUID, *, today: date) -> PlanLine:
    """One plan with its counts; raises NotFound."""
    found = db.session.execute(_counted(today).where(Plan.council_id == council_id, Plan.id == plan_id)).one_or_none()
    if found is None:
        raise NotFound
    return PlanLine(*found)


def _counted(today: date) -> Any:
    return (
        select(
            Plan,
            func.count(Action.id),
            func.count(Action.id).filter(EFFECTIVE.in_(CLOSED)),
            func.count(Action.id).filter(is_overdue(today)),
            func.count(Action.id).filter(Action.status.is_(None)),
        )
        .outerjoin(Action, (Action.council_id == Plan.council_id) & (Action.plan_id == Plan.id))
        .group_by(Plan.council_id, Plan.id)
    )


def get_plan(council_id: UUID, plan_id: UUID, *, lock: bool = False) -> Plan:
    """One plan; raises NotFound. `lock` holds it for a change."""
    wanted = select(Plan).where(Plan.council_id == council_id, Plan.id == plan_id)
    found = db.session.scalar(wanted.with_for_update() if lock else wanted)
    if found is None:
        raise NotFound
    return found


def find_plan(
    council_id: UUID, kind: str, *, accreditation_id: UUID | None = None, title: str | None = None
) -> Plan | None:
    """The newest plan of this kind, of this accreditation and of this title where they are given."""
    wanted = select(Plan).where(Plan.council_id == council_id, Plan.kind == kind)
    if accreditation_id is not None:
        wanted = wanted.where(Plan.accreditation_id == accreditation_id)
    if title is not None:
        wanted = wanted.where(Plan.title == title)
    return db.session.scalar(wanted.order_by(Plan.created_at.desc()).limit(1))


def list_actions(plan: Plan, *, status: str = "", overdue_on: date | None = None) -> Sequence[Row[Any]]:
    """The lines of a plan in their order, as rows with every column of Action.

    status: one of ACTION_STATUSES (confirmed, or proposed while none is), TO_CONFIRM for those without a confirmed one,
    "" for all. overdue_on: only those overdue on that day.
    """
    wanted = select(*Action.__table__.columns).where(Action.council_id == plan.council_id, Action.plan_id == plan.id)
    if status == TO_CONFIRM:
        wanted = wanted.where(Action.status.is_(None))
    elif status:
        wanted = wanted.where(EFFECTIVE.in_([status]))
    if overdue_on is not None:
        wanted = wanted.where(is_overdue(overdue_on))
    return db.session.execute(wanted.order_by(Action.position, Action.id)).all()


def get_action(council_id: UUID, action_id: UUID, *, lock: bool = False) -> Action:
    """One action; raises NotFound. `lock` holds it for a change."""
    wanted = select(Action).where(Action.council_id == council_id, Action.id == action_id)
    found = db.session.scalar(wanted.with_for_update() if lock else wanted)
    if found is None:
        raise NotFound
    return found

"""Action plans of a council and their lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, case, exists, func, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from saas.db import db
from saas.errors import NotFound
from tenants.models.action_details import ActionOwner, Priority
from tenants.models.imports import Import
from tenants.models.plans import Action, Plan
from tenants.rules.action_words import CLOSED, SOON, UNREAD

TO_CONFIRM = "to_confirm"
OPEN = "open"
OVERDUE, DUE_SOON, UNDATED = DUES = ("overdue", "soon", "undated")
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
    """A plan and how far it is.

    total: its actions. closed: completed, decided against or transferred. overdue: open after their last day.
    due_soon: open, and due within SOON. undated: open, without a last day. to_confirm: with no status that a person
    confirmed. unowned: open, with no owner that a person confirmed other than one to be agreed.
    """

    plan: Plan
    total: int
    closed: int
    overdue: int
    due_soon: int
    undated: int
    to_confirm: int
    unowned: int


@dataclass(frozen=True, slots=True)
class PlanPage:
    """A plan with what its page offers to narrow it by, and whether any document was taken into it.

    sources: what its lines came from, in order. priorities: (id, title) of the council's, those that are past last.
    """

    line: PlanLine
    sources: list[str]
    priorities: list[tuple[UUID, str]]
    imported: bool


def is_open() -> ColumnElement[bool]:
    """Whether nothing says that an action is closed."""
    return or_(EFFECTIVE.is_(None), EFFECTIVE.not_in(CLOSED))


def is_overdue(today: date) -> ColumnElement[bool]:
    """tenants.rules.action_words.is_overdue, in SQL."""
    return (Action.latest_on < today) & is_open()


def is_due_soon(today: date) -> ColumnElement[bool]:
    """tenants.rules.action_words.is_due_soon, in SQL."""
    return Action.latest_on.between(today, today + SOON) & is_open()


def is_unowned() -> ColumnElement[bool]:
    """Whether nobody confirmed an owner of an action, or only that one is to be agreed."""
    return ~exists().where(
        ActionOwner.council_id == Action.council_id,
        ActionOwner.action_id == Action.id,
        ActionOwner.kind != "to_be_agreed",
    )


def list_plans(council_id: UUID, *, today: date, kind: str = "", put_away: bool | None = False) -> list[PlanLine]:
    """Every plan of the council with its counts, newest first; `kind` narrows to gap, improvements or own.

    put_away: those that are worked on (False), those put away (True), or all (None).
    """
    wanted = _counted(today).where(Plan.council_id == council_id)
    if kind:
        wanted = wanted.where(Plan.kind == kind)
    if put_away is not None:
        wanted = wanted.where(Plan.put_away_at.is_not(None) if put_away else Plan.put_away_at.is_(None))
    rows = db.session.execute(wanted.order_by(Plan.created_at.desc(), Plan.id))
    return [PlanLine(*row) for row in rows]


def get_plan_line(council_id: UUID, plan_id: UUID, *, today: date) -> PlanLine:
    """One plan with its counts; raises NotFound."""
    found = db.session.execute(_counted(today).where(Plan.council_id == council_id, Plan.id == plan_id)).one_or_none()
    if found is None:
        raise NotFound
    return PlanLine(*found)


def get_plan_page(council_id: UUID, plan_id: UUID, *, today: date) -> PlanPage:
    """One plan with its counts and what its page offers, in one statement; raises NotFound."""
    found = db.session.execute(_page(today), {"council": council_id, "plan": plan_id}).one_or_none()
    if found is None:
        raise NotFound
    *counts, sources, listed, was_imported = found
    return PlanPage(PlanLine(*counts), sources, [(UUID(each), title) for each, title in listed or ()], was_imported)


@lru_cache(maxsize=4)
def _page(today: date) -> Any:
    """The statement of one day, put together once: that takes longer than asking it."""
    lines = select(Action.source).where(
        Action.council_id == Plan.council_id, Action.plan_id == Plan.id, Action.source != ""
    )
    named = func.jsonb_build_array(Priority.id, Priority.title)
    order = (Priority.past, Priority.position, Priority.title)
    priorities = select(func.jsonb_agg(aggregate_order_by(named, *order))).where(Priority.council_id == Plan.council_id)
    imported = exists().where(
        Import.council_id == Plan.council_id, Import.plan_id == Plan.id, Import.taken_in_at.is_not(None)
    )
    return (
        _counted(today)
        .add_columns(
            func.array(lines.distinct().order_by(Action.source).correlate(Plan).scalar_subquery()),
            priorities.correlate(Plan).scalar_subquery(),
            imported.correlate(Plan),
        )
        .where(Plan.council_id == bindparam("council"), Plan.id == bindparam("plan"))
    )


def _counted(today: date) -> Any:
    number = func.count(Action.id)
    return (
        select(
            Plan,
            number,
            number.filter(EFFECTIVE.in_(CLOSED)),
            number.filter(is_overdue(today)),
            number.filter(is_due_soon(today)),
            number.filter(Action.latest_on.is_(None) & is_open()),
            number.filter(Action.status.is_(None)),
            number.filter(is_open() & is_unowned()),
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


def list_held_actions(plan: Plan) -> list[Action]:
    """The lines of a plan in their order, each held for a change; one statement."""
    wanted = select(Action).where(Action.council_id == plan.council_id, Action.plan_id == plan.id)
    return list(db.session.scalars(wanted.order_by(Action.position, Action.id).with_for_update()))


def get_action(council_id: UUID, action_id: UUID, *, lock: bool = False) -> Action:
    """One action; raises NotFound. `lock` holds it for a change."""
    wanted = select(Action).where(Action.council_id == council_id, Action.id == action_id)
    found = db.session.scalar(wanted.with_for_update() if lock else wanted)
    if found is None:
        raise NotFound
    return found

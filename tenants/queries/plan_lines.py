"""The lines of a plan as its table shows them: narrowed, in order, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, exists, func, select

from saas.db import db
from tenants.models.action_details import ActionOwner, ActionPriority
from tenants.models.plans import Action, Plan
from tenants.queries.plans import (
    EFFECTIVE,
    OPEN,
    OVERDUE,
    TO_CONFIRM,
    UNDATED,
    is_due_soon,
    is_open,
    is_overdue,
    is_unowned,
)

LINES_ON_A_PAGE = 75
"""Keeps the page of long actions under 120 kB, the weight that was promised (design: quality)."""


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which lines of a plan are wanted, and in which order.

    status: one of ACTION_STATUSES (confirmed, or proposed while none is), TO_CONFIRM for those without a confirmed one,
    OPEN for those that nothing says are closed, "" for all. due: one of DUES, on the day `today`. owner: words in the
    name of an owner or, where nobody confirmed any, in the text of the responsibility. unowned: see PlanLine.
    source: the whole of it. sort: due, status, who or changed; with "-" before it the other way round.
    """

    status: str = ""
    due: str = ""
    today: date | None = None
    owner: str = ""
    unowned: bool = False
    priority_id: UUID | None = None
    source: str = ""
    sort: str = ""


EVERY_LINE = Narrowed()


@dataclass(frozen=True, slots=True)
class ActionsPage:
    """One page of the lines that are wanted: its rows, how many are found in all, and its number of so many pages."""

    rows: Sequence[Row[Any]]
    found: int
    page: int
    pages: int


def list_actions(plan: Plan, narrowed: Narrowed = EVERY_LINE) -> Sequence[Row[Any]]:
    """The lines of a plan in their order, as rows with every column of Action; one statement."""
    return db.session.execute(_in_order(select(*Action.__table__.columns), plan, narrowed)).all()


def list_actions_page(plan: Plan, narrowed: Narrowed, *, page: int = 1, at: UUID | None = None) -> ActionsPage:
    """The page of this number, from 1, or the last; or the page where the line `at` is. One statement for a page that
    there is, two else.
    """
    if at is not None:
        page = _page_of(at, plan, narrowed) or page
    columns = select(*Action.__table__.columns, func.count().over().label("found"))
    wanted = _in_order(columns, plan, narrowed).limit(LINES_ON_A_PAGE)
    page = max(1, page)
    rows = db.session.execute(wanted.offset((page - 1) * LINES_ON_A_PAGE)).all()
    if not rows and page > 1:
        last = _page_of(None, plan, narrowed) or 1
        return list_actions_page(plan, narrowed, page=last)
    found = rows[0].found if rows else 0
    return ActionsPage(rows, found, page, max(1, -(-found // LINES_ON_A_PAGE)))


def _page_of(action_id: UUID | None, plan: Plan, narrowed: Narrowed) -> int | None:
    """The page where a line is, or the last one for None; None where the line is not among those wanted."""
    ids = db.session.scalars(_in_order(select(Action.id), plan, narrowed)).all()
    if action_id is None:
        return -(-len(ids) // LINES_ON_A_PAGE)
    return ids.index(action_id) // LINES_ON_A_PAGE + 1 if action_id in ids else None


def _in_order(wanted: Any, plan: Plan, narrowed: Narrowed) -> Any:
    wanted = wanted.where(Action.council_id == plan.council_id, Action.plan_id == plan.id)
    if narrowed.status == TO_CONFIRM:
        wanted = wanted.where(Action.status.is_(None))
    elif narrowed.status == OPEN:
        wanted = wanted.where(is_open())
    elif narrowed.status:
        wanted = wanted.where(EFFECTIVE.in_([narrowed.status]))
    if narrowed.due:
        wanted = wanted.where(_is_due(narrowed.due, narrowed.today))
    if narrowed.owner:
        wanted = wanted.where(_is_owned_by(narrowed.owner))
    if narrowed.unowned:
        wanted = wanted.where(is_open() & is_unowned())
    if narrowed.priority_id is not None:
        wanted = wanted.where(_serves(narrowed.priority_id))
    if narrowed.source:
        wanted = wanted.where(Action.source == narrowed.source)
    return wanted.order_by(*_order(narrowed.sort), Action.position, Action.id)


def _is_due(due: str, today: date | None) -> ColumnElement[bool]:
    if due == UNDATED:
        return Action.latest_on.is_(None) & is_open()
    if today is None:
        raise ValueError("what is due is told for a day")
    return is_overdue(today) if due == OVERDUE else is_due_soon(today)


def _is_owned_by(words: str) -> ColumnElement[bool]:
    mine = (ActionOwner.council_id == Action.council_id) & (ActionOwner.action_id == Action.id)
    named = exists().where(mine, ActionOwner.name.icontains(words, autoescape=True))
    return named | (~exists().where(mine) & Action.responsibility.icontains(words, autoescape=True))


def _serves(priority_id: UUID) -> ColumnElement[bool]:
    return exists().where(
        ActionPriority.council_id == Action.council_id,
        ActionPriority.action_id == Action.id,
        ActionPriority.priority_id == priority_id,
    )


def _order(sort: str) -> list[Any]:
    column = {
        "due": Action.latest_on,
        "status": EFFECTIVE,
        "who": func.lower(Action.responsibility),
        "changed": Action.updated_at,
    }.get(sort.removeprefix("-"))
    if column is None:
        return []
    return [(column.desc() if sort.startswith("-") else column.asc()).nulls_last()]
